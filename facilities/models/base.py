"""What every fact of a village has in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from villages.models import Village


def village_field(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(Village, models.PROTECT, related_name=related_name, verbose_name=_("Village or community"))
