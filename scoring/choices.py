"""The fixed words of scoring: groups, rules, states."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """The four standardisations, in the order in which they are always shown."""

    FUNCTIONS = "functions", _("Functions and affairs")
    TEAM = "team", _("Team management")
    FACILITIES = "facilities", _("Facilities and rooms")
    RULES = "rules", _("Rules and regulations")


class RuleKind(TextChoices):
    """How a measured value becomes points."""

    AT_LEAST = "at_least", _("Full points from the mark on, else none")
    LINEAR = "linear", _("Linear between two marks")
    STEPS = "steps", _("Steps")


class Unmeasured(TextChoices):
    """What a criterion does where there is no fact to measure."""

    LEAVE_OUT = "leave_out", _("Leaves points and maximum of its group")
    COUNT_AS_ZERO = "zero", _("Counts as zero")


class StandardState(TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Verdict(TextChoices):
    """Three states everywhere: facts missing are not facts bad."""

    MEETS = "meets", _("Meets")
    FAILS = "fails", _("Fails")
    UNDETERMINED = "undetermined", _("Undetermined")
