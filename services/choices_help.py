"""What the records of three-to-one help may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HelpKind(TextChoices):
    """The four kinds that the document names."""

    CHILD = "child", _("Left-behind child")
    ELDER = "elder", _("Empty-nest elder")
    WUBAO = "wubao", _("Five-guarantees household")
    HARDSHIP = "hardship", _("Household in great hardship")


class HelperTier(TextChoices):
    """The three who help one."""

    DISTRICT = "district", _("District official")
    TOWNSHIP = "township", _("Township official")
    VILLAGE = "village", _("Village cadre")


#: Below this age a person's record takes a guardian and his consent, and fewer people read it.
CHILD_AGE = 14
