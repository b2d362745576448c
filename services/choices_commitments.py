"""What the records of party members' commitments may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CommitmentKind(TextChoices):
    """The four kinds that the document names."""

    PEOPLE = "people", _("Help people")
    DEEDS = "deeds", _("Do practical things")
    ECONOMY = "economy", _("Develop the economy")
    STABILITY = "stability", _("Keep stability")


class CommitmentState(TextChoices):
    PROMISED = "promised", _("Promised")
    FULFILLED = "fulfilled", _("Fulfilled")
    APPRAISED = "appraised", _("Appraised")


class Grade(TextChoices):
    GOOD = "good", _("Grade: good")
    FAIR = "fair", _("Grade: fairly good")
    PLAIN = "plain", _("Grade: middling")
    POOR = "poor", _("Grade: poor")


class ExemptionReason(TextChoices):
    """Why a member is not asked for a commitment in a year."""

    OLD = "old", _("Of great age")
    ILL = "ill", _("Ill")
    AWAY = "away", _("Away for work all year")
    OTHER = "other", _("Another reason")
