"""Links for residents: of a survey and a village, good no longer than the survey runs."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import tickets
from core.actions import Invisible
from surveys.choices import Source, Unit
from surveys.models import Survey
from villages.models import Village

PURPOSE = "surveys.survey"


def takes_links(survey: Survey, day: date) -> bool:
    """Not where one sheet stands for the whole village, nor after the end."""
    return survey.unit != Unit.VILLAGE and day <= survey.ends_on


def give_links(by, survey: Survey, village: Village, *, number: int, kind: str, expires_on: date, day: date):
    """As `tickets.issue`. The batch carries the village's code: by it an answer finds its village.

    Raises Refused, Invisible, ValidationError.
    """
    if not village.scope_code.startswith(survey.territory_code):
        raise Invisible(_("This village lies outside the survey's territory: choose another."))
    if survey.unit == Unit.VILLAGE:
        raise ValidationError(_("One sheet stands for the whole village here: enter it yourself, without a link."))
    if expires_on > survey.ends_on:
        until = f"{survey.ends_on:%Y-%m-%d}"
        raise ValidationError(
            {"expires_on": _("The survey ends on %(day)s: choose that day or earlier.") % {"day": until}}
        )
    title = f"{village} {survey}"
    return tickets.issue(
        by, PURPOSE, survey.pk, village.code, title=title, number=number, day=day, expires_on=expires_on, kind=kind
    )


def source_of(slip: tickets.Slip) -> Source:
    return Source.OPEN if slip.batch.is_open else Source.LINK
