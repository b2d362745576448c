"""Three-to-one help: visits are written down with their day, whoever of the three made them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import actions
from services.models import HelpVisit


def record_visit(by, visit: HelpVisit, day: date) -> HelpVisit:
    """Raises Refused, Invisible, ValidationError for a day that lies ahead."""
    if visit.on and visit.on > day:
        raise ValidationError({"on": _("This day lies ahead: enter the day of the visit.")})
    return actions.create(by, [visit])[0]
