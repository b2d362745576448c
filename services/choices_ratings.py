"""The scale of the residents' ratings: three aspects, five steps, and the one cut from which on it is “satisfied”."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Aspect(TextChoices):
    """The names of the columns of a rating, in the order of the paper slip."""

    TIME = "time", _("Time taken")
    RESULT = "result", _("Result")
    ATTITUDE = "attitude", _("Attitude")


class TimeStep(IntegerChoices):
    """How fast it went."""

    VERY_SLOW = 1, _("very slow")
    SLOW = 2, _("rather slow")
    SO_SO = 3, _("so-so")
    FAST = 4, _("rather fast")
    VERY_FAST = 5, _("very fast")


class Step(IntegerChoices):
    """How good the result or the attitude was."""

    VERY_BAD = 1, _("very bad")
    BAD = 2, _("rather bad")
    SO_SO = 3, _("so-so")
    GOOD = 4, _("rather good")
    VERY_GOOD = 5, _("very good")


#: Steps run from WORST to BEST; from SATISFIED on an answer counts as satisfied. Declared here and nowhere else.
WORST, BEST = min(Step), max(Step)
SATISFIED = Step.GOOD

STEPS = {Aspect.TIME: TimeStep, Aspect.RESULT: Step, Aspect.ATTITUDE: Step}


class Source(TextChoices):
    PAPER = "paper", _("Paper slip")
    LINK = "link", _("One-time link")


class Phase(TextChoices):
    """A round taken before the mechanism began, or after it had run."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
