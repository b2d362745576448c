"""The fixed words of questionnaires and field work."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class VersionState(TextChoices):
    DRAFT = "draft", _("Draft version")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Kind(TextChoices):
    """What an answer is made of."""

    SINGLE = "single", _("One choice")
    MULTIPLE = "multiple", _("Choose several")
    SCALE = "scale", _("Scale")
    NUMBER = "number", _("Number to fill in")
    TEXT = "text", _("Words to write")
    MATRIX = "matrix", _("Table: choose one in each row")


#: Kinds whose answers are options; and those whose answers are figures.
WITH_OPTIONS = (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX)
WITH_NUMBERS = (Kind.SCALE, Kind.NUMBER)


class Operator(TextChoices):
    """How a condition looks at an earlier answer. What was not answered holds for none of them."""

    HAS = "has", _("has chosen")
    LACKS = "lacks", _("has not chosen")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")


#: The operators that name an option; the others name a figure.
OF_OPTIONS = (Operator.HAS, Operator.LACKS)


class Unit(TextChoices):
    """Who or what one sheet of answers stands for."""

    RESIDENT = "resident", _("One resident")
    HOUSEHOLD = "household", _("Household")
    VILLAGE = "village", _("Village or community")
    CADRE = "cadre", _("Cadre")


class Form(TextChoices):
    """The forms of study that the document names."""

    ON_THE_SPOT = "on_the_spot", _("On-the-spot study")
    VISIT = "visit", _("Door-to-door visits")
    MEETING = "meeting", _("Discussion meeting")
    QUESTIONNAIRE = "questionnaire", _("Questionnaire survey")
    INTERVIEW = "interview", _("Interviews with people")


class Round(TextChoices):
    """Where a survey stands in a comparison."""

    ONCE = "once", _("Once")
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")


class FigureNumber(IntegerChoices):
    """The figures of the portal that are counted from answers."""

    PROBLEMS = 1, _("Outstanding problems of the village organisation")
    PREMISES = 4, _("Problems of the premises")
    EFFECT = 5, _("Effect of the standardisation")


class Source(TextChoices):
    """By which way a sheet of answers came in."""

    STAFF = "staff", _("Entered by staff")
    PAPER = "paper", _("Paper, entered by the batch")
    IMPORT = "import", _("Imported from a workbook")
    LINK = "link", _("One-time link")
    OPEN = "open", _("Open link")


#: Given by residents themselves: nothing is kept of who.
BY_RESIDENTS = (Source.LINK, Source.OPEN)


class BatchState(TextChoices):
    OPEN = "open", _("Being entered")
    READING = "reading", _("Being read")
    CHECKED = "checked", _("Checked, nothing written yet")
    WRITING = "writing", _("Being written")
    PARTLY = "partly", _("Written but for wrong rows")
    WRITTEN = "written", _("Written")
    DROPPED = "dropped", _("Dropped")


#: A workbook with rows that may still be mended and written.
PENDING = (BatchState.CHECKED, BatchState.PARTLY)
#: A worker is at it.
IN_WORK = (BatchState.READING, BatchState.WRITING)
