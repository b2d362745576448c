"""The numbers of a vote: those entitled, present and in favour; one rule wherever a vote is recorded."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def votes_add_up(name: str) -> models.CheckConstraint:
    """All three numbers or none, none above the one before. For models with entitled, present and in_favour."""
    return models.CheckConstraint(
        # A comparison with nothing is neither true nor false, and a check passes what is not false.
        condition=Q(entitled__isnull=True, present__isnull=True, in_favour__isnull=True)
        | Q(
            entitled__isnull=False,
            present__isnull=False,
            in_favour__isnull=False,
            present__lte=F("entitled"),
            in_favour__lte=F("present"),
        ),
        name=name,
        violation_error_message=_(
            "A vote has three numbers: those in favour are at most those present, and those present at most "
            "those entitled."
        ),
    )
