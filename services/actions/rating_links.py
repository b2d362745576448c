"""Ratings by link: slips for a matter or a request that is done, and the one answer that each brings."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions, audit, tickets
from services.actions.ratings import Answer, name_subject, record_ratings
from services.choices_matters import DONE, MatterState
from services.choices_ratings import Source
from services.choices_stations import RequestState
from services.models import Matter, MatterYear, RatingNote, ServiceRequest

Rated = Matter | ServiceRequest

audit.name_verbs(ask=gettext_lazy("Gave slips out"))

PURPOSES = {Matter: "services.matter", ServiceRequest: "services.request"}
#: How long slips are good at most where the district has set no day for the year.
AT_MOST = timedelta(days=90)


def is_done(subject: Rated) -> bool:
    return subject.state in DONE if isinstance(subject, Matter) else subject.state == RequestState.FINISHED


def last_day(subject: Rated, day: date) -> date:
    """Until when slips given out on the day may be good: for a matter, until its year is to be rated."""
    days = MatterYear.of([subject.year]) if isinstance(subject, Matter) else None
    by = days[subject.year].rate_by if days else None
    return by if by and by >= day else day + AT_MOST


def give_slips(by, subject: Rated, *, number: int, expires_on: date, day: date):
    """As `tickets.issue`; a matter that waits for ratings is to be closed when the slips have run out.

    Raises Refused, Invisible, ValidationError.
    """
    if not is_done(subject):
        raise ValidationError(_("This is not done yet: residents rate it when it is."))
    with transaction.atomic():
        given = tickets.issue(
            by,
            PURPOSES[type(subject)],
            subject.pk,
            subject.village.scope_code,
            title=str(subject),
            number=number,
            day=day,
            expires_on=expires_on,
        )
        if isinstance(subject, Matter) and subject.state == MatterState.FINISHED:
            subject.due_on = expires_on
            actions.update(by, [subject], ["due_on"], verb="ask")
    return given


def give_for_all(by, matters: Sequence[Matter], *, number: int, expires_on: date, day: date) -> list:
    """So many slips for each of the matters, all or none. Raises as `give_slips`."""
    if number * len(matters) > tickets.MOST_SLIPS:
        facts = {"most": tickets.MOST_SLIPS, "each": tickets.MOST_SLIPS // len(matters), "n": len(matters)}
        raise ValidationError(
            {
                "number": _(
                    "Between 1 and %(most)d slips at a time: for %(n)d matters at most %(each)d each. For more, give slips "
                    "out from the matter's own page."
                )
                % facts
            }
        )
    with transaction.atomic():
        return [give_slips(by, one, number=number, expires_on=expires_on, day=day) for one in matters]


def rate_by_link(slip: tickets.Slip, subject: Rated, answer: Answer, note: str, day: date) -> None:
    """The slip is spent, the answer counted, both or neither; nothing leads from one to the other.

    Raises Spent, ValidationError.
    """
    with transaction.atomic():
        slip.spend()
        record_ratings(None, subject, [answer], Source.LINK, day)
        if note:
            RatingNote.objects.create(**name_subject(subject), text=note)
