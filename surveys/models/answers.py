"""Sheets of answers, and the answers in them.

Nothing here says who answered: no name, no token, no time, and keys drawn by chance, so that neither a key nor the order
of the rows ties a sheet to a link that was used. Sex, age band and the like are answers themselves, where they are asked.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.records import Ballot, Saved
from core.rights import Rights, declare
from core.roles import CLERKS, DISTRICT, EDITORS, READERS
from core.scoping import Held
from core.sensitive.sealed import SealedField
from surveys.choices import BY_RESIDENTS, BatchState, Source
from surveys.models.questionnaires import MatrixRow, Option, Question
from surveys.models.surveys import Survey
from surveys.querysets import ResponseQuerySet
from villages.models import Village


class AnswersField(models.JSONField):
    """Answers that are not yet rows: the audit, which keeps every other column, keeps none of them."""

    sensitive = True


class Batch(Saved, Held):
    """Sheets that came together: a pile of paper, or a workbook.

    Until a workbook is written, `grid` is its sheet without who answered (`surveys.importing.grid`), and `rows` what was
    read in it. `marks` are those of the rows that were written, in no order, and `whole` that of the file: a row that
    comes again is not written again.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="batches", verbose_name=_("Survey"))
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Village or community")
    )
    name = models.CharField(_("Name"), max_length=80)
    source = models.CharField(_("Came in by"), max_length=10, choices=Source.choices, default=Source.PAPER)
    state = models.CharField(
        _("State"), max_length=10, choices=BatchState.choices, default=BatchState.OPEN, editable=False
    )
    expected = models.PositiveSmallIntegerField(_("Sheets in the pile"), null=True, blank=True)
    day = models.DateField(_("Date"))
    grid = SealedField(_("Sheet as it was sent"))
    rows = AnswersField(default=list, blank=True, editable=False)
    marks = SealedField(_("Marks of its rows"))
    whole = models.CharField(_("Mark of its file"), max_length=20, blank=True, editable=False)
    problem = models.CharField(_("Problem"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("Batch of answers")
        verbose_name_plural = _("Batches of answers")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return self.name


class Response(Ballot):
    """One sheet. `entered_by` names the staff who typed it in, and nobody where residents answered themselves."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name=_("Survey"))
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="survey_responses", verbose_name=_("Village or community")
    )
    source = models.CharField(_("Came in by"), max_length=10, choices=Source.choices)
    day = models.DateField(_("Date"))
    entered_by = models.CharField(_("Entered by"), max_length=60, blank=True, editable=False)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="responses", verbose_name=_("Batch of answers")
    )

    objects = ResponseQuerySet.as_manager()

    class Meta(Ballot.Meta):
        verbose_name = _("Sheet of answers")
        verbose_name_plural = _("Sheets of answers")
        indexes = [models.Index(fields=["survey", "village", "source"], name="response_by_village")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source__in=BY_RESIDENTS) | Q(entered_by="", batch__isnull=True),
                name="response_of_a_resident_is_nameless",
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.village} {self.day:%Y-%m-%d}"


class Answer(Ballot):
    """One choice, figure or text. A question of several choices has a row for each; a table one for each line.

    The first index answers “how often was each option chosen” without touching the table.
    """

    territory = "response__village"

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="answers", db_index=False, verbose_name=_("Sheet of answers")
    )
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="answers", db_index=False, verbose_name=_("Question")
    )
    row = models.ForeignKey(
        MatrixRow,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        db_index=False,
        verbose_name=_("Row"),
    )
    option = models.ForeignKey(
        Option,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        db_index=False,
        verbose_name=_("Option"),
    )
    number = models.DecimalField(_("How much"), max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.CharField(_("Text of the answer"), max_length=500, blank=True)

    class Meta(Ballot.Meta):
        verbose_name = _("Answer to a question")
        verbose_name_plural = _("Answers to questions")
        indexes = [
            models.Index(fields=["question", "option", "row", "response"], name="answer_counts"),
            # A sheet's answers, and its answer to the question by which a table is divided.
            models.Index(fields=["response", "question", "option"], name="answer_of_sheet"),
        ]
        constraints = [
            # Nothing equals NULL in an index, so that each way of leaving one empty has its own.
            models.UniqueConstraint(
                fields=["response", "question", "option"], condition=Q(row__isnull=True), name="answer_option_once"
            ),
            models.UniqueConstraint(fields=["response", "row"], condition=Q(row__isnull=False), name="answer_row_once"),
            models.UniqueConstraint(
                fields=["response", "question"], condition=Q(option__isnull=True), name="answer_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(option__isnull=False) | Q(number__isnull=False) | ~Q(text=""), name="answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.option or self.number)


declare(Batch, Rights(view=EDITORS, add=EDITORS, change=EDITORS, delete=CLERKS))
#: `rows`: to read sheets one by one. Others get tables of them (`surveys.masks`).
declare(Response, Rights(view=READERS, add=EDITORS, delete=CLERKS, rows=DISTRICT))
declare(Answer, Rights(view=READERS, add=EDITORS, delete=CLERKS))
