"""What the records of practical matters may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MatterKind(TextChoices):
    ROAD = "road", _("Roads")
    WATER = "water", _("Drinking water")
    POWER = "power", _("Electricity")
    SCHOOL = "school", _("Schooling")
    NEED = "need", _("Help in need")
    INDUSTRY = "industry", _("Livelihood")
    OTHER = "other", _("Other matter")


class MatterState(TextChoices):
    DRAFT = "draft", _("Drafted")
    SUBMITTED = "submitted", _("Before the township")
    RETURNED = "returned", _("Returned")
    UNDER_WAY = "under_way", _("Being done")
    FINISHED = "finished", _("Finished, to be rated")
    RATED = "rated", _("Rated")


#: While the secretary may still word it anew.
OPEN_TO_EDIT = (MatterState.DRAFT, MatterState.RETURNED)
#: What the township has confirmed.
CONFIRMED = (MatterState.UNDER_WAY, MatterState.FINISHED, MatterState.RATED)
#: What is done.
DONE = (MatterState.FINISHED, MatterState.RATED)
