"""A questionnaire, its versions, and the questions of a version with their options, rows and conditions.

A version is written while it is a draft and never again once it is published: the door says so (`VersionQuerySet`), and
so does the database (`0002_published_is_frozen`). What the same question is called in every version is its `key`.
"""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.records import RegionalRecord, Saved
from core.rights import Rights, declare
from core.roles import DISTRICT, READERS
from surveys.choices import OF_OPTIONS, WITH_NUMBERS, WITH_OPTIONS, FigureNumber, Kind, Operator, VersionState
from surveys.querysets import OfQuestionQuerySet, OfVersionQuerySet, VersionQuerySet

FROZEN = _("This version is published and never changes: begin a new version.")

#: A key stands in the names of form fields and in the headings of workbooks.
is_key = RegexValidator(
    r"^[a-z][a-z0-9_]{0,29}\Z", _("Small letters, digits and _ only, a letter first: q1, sex, time_taken.")
)


class Questionnaire(RegionalRecord):
    """What is asked, whatever its wording in a version."""

    title = models.CharField(pgettext_lazy("questionnaire", "Title"), max_length=80)
    purpose = models.TextField(pgettext_lazy("survey", "Purpose"), max_length=500, blank=True)
    used_for = models.CharField(
        _("Used for"), max_length=80, blank=True, help_text=_("As: figure 1 of the report, the yearly evaluation.")
    )
    figure = models.PositiveSmallIntegerField(
        _("Feeds the figure"),
        choices=FigureNumber.choices,
        null=True,
        blank=True,
        help_text=_("The options of its questions are the bars; of a table question the positive share of each row."),
    )

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Questionnaire")
        verbose_name_plural = _("Questionnaires")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code", "title"],
                name="questionnaire_title_once",
                violation_error_message=_(
                    "A questionnaire of this title exists already: open it, or choose another title."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:questionnaires_detail", args=[self.pk])


class QuestionnaireVersion(Saved):
    questionnaire = models.ForeignKey(
        Questionnaire, models.CASCADE, related_name="versions", verbose_name=_("Questionnaire")
    )
    number = models.PositiveSmallIntegerField(_("Number of the version"), default=1, editable=False)
    state = models.CharField(
        _("State"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT, editable=False
    )
    published_on = models.DateField(_("Published on"), null=True, blank=True, editable=False)
    introduction = models.TextField(
        _("Introduction"), max_length=500, blank=True, help_text=_("Stands above the first question.")
    )
    closing = models.TextField(_("Closing words"), max_length=300, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Version of a questionnaire")
        verbose_name_plural = _("Versions of a questionnaire")
        ordering = ["questionnaire", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["questionnaire"],
                condition=Q(state=VersionState.DRAFT),
                name="version_one_draft",
                violation_error_message=_("This questionnaire has a draft already: go on with that one."),
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(published_on__isnull=False), name="version_published_when"
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)d") % {"title": self.questionnaire.title, "number": self.number}

    @property
    def territory_code(self) -> str:
        """Where the audit files the row."""
        return self.questionnaire.territory_code

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT


class Question(Saved):
    """One question. `order` counts through the whole version; `section` is the heading that begins here, "" to go on."""

    edition = models.ForeignKey(
        QuestionnaireVersion, models.CASCADE, related_name="questions", verbose_name=_("Version of a questionnaire")
    )
    key = models.CharField(
        _("Question key"),
        max_length=30,
        validators=[is_key],
        help_text=_("Its name in every version: answers are compared by it. Small letters, digits and _."),
    )
    order = models.PositiveSmallIntegerField(_("Order"), default=1, editable=False)
    section = models.CharField(
        _("Begins the section"), max_length=60, blank=True, help_text=_("Leave empty to go on with the one before.")
    )
    kind = models.CharField(_("Kind of question"), max_length=10, choices=Kind.choices, default=Kind.SINGLE)
    text = models.CharField(_("Question"), max_length=200)
    help = models.CharField(_("Explanation"), max_length=200, blank=True)
    required = models.BooleanField(_("Must be answered"), default=True)
    scale_min = models.SmallIntegerField(_("Lowest step"), default=1)
    scale_max = models.SmallIntegerField(_("Highest step"), default=5)
    low_label = models.CharField(_("Words at the lowest"), max_length=20, blank=True)
    high_label = models.CharField(_("Words at the highest"), max_length=20, blank=True)
    number_min = models.DecimalField(_("Not below"), max_digits=12, decimal_places=2, null=True, blank=True)
    number_max = models.DecimalField(_("Not above"), max_digits=12, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("Unit of the number"), max_length=12, blank=True)
    is_stratum = models.BooleanField(
        _("Divides the results"), default=False, help_text=_("As sex, age band, kind of respondent.")
    )
    is_indicator = models.BooleanField(
        _("Is an indicator"), default=False, help_text=_("The share of positive answers is measured.")
    )
    positive_from = models.DecimalField(
        _("Positive from"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("For scales and numbers: from which figure on an answer counts as positive."),
    )

    objects = OfVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Question")
        verbose_name_plural = _("Questions")
        ordering = ["edition", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "key"],
                name="question_key_once",
                violation_error_message=_("Another question of this version has that key: choose another."),
            ),
            models.CheckConstraint(
                condition=Q(scale_min__lt=F("scale_max")),
                name="question_scale_in_order",
                violation_error_message=_("The lowest step must lie below the highest: correct one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(number_min__isnull=True) | Q(number_max__isnull=True) | Q(number_min__lte=F("number_max")),
                name="question_limits_in_order",
                violation_error_message=_("The lower limit lies above the upper one: correct one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def territory_code(self) -> str:
        return self.edition.territory_code

    @property
    def has_options(self) -> bool:
        return self.kind in WITH_OPTIONS

    @property
    def steps(self) -> range:
        """The steps of a scale."""
        return range(self.scale_min, self.scale_max + 1)

    def clean(self) -> None:
        if self.edition_id and not self.edition.is_draft:
            raise ValidationError(FROZEN)
        if self.kind == Kind.SCALE and self.scale_max - self.scale_min > 10:
            raise ValidationError({"scale_max": _("A scale has eleven steps at most: bring the two closer together.")})


class OfQuestion(Saved):
    """A part of a question, in its own order."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name=_("Question"))

    objects = OfQuestionQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def territory_code(self) -> str:
        return self.question.edition.territory_code

    def clean(self) -> None:
        if self.question_id and not self.question.edition.is_draft:
            raise ValidationError(FROZEN)


class Option(OfQuestion):
    """An answer to choose. `exclusive` ones stand alone (“none of these”); `other` ones take a text."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options", verbose_name=_("Question"))
    key = models.CharField(_("Short key"), max_length=30, validators=[is_key])
    order = models.PositiveSmallIntegerField(_("Order"), default=1)
    label = models.CharField(_("Option"), max_length=80)
    exclusive = models.BooleanField(_("Stands alone"), default=False)
    other = models.BooleanField(_("Takes a text"), default=False)
    is_positive = models.BooleanField(_("Counts as positive"), default=False)

    class Meta(OfQuestion.Meta):
        verbose_name = _("Option")
        verbose_name_plural = _("Options")
        ordering = ["question", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "key"],
                name="option_key_once",
                violation_error_message=_("Another option of this question has that key: choose another."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class MatrixRow(OfQuestion):
    """A line of a table question; all lines share the question's options."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="rows", verbose_name=_("Question"))
    key = models.CharField(_("Short key"), max_length=30, validators=[is_key])
    order = models.PositiveSmallIntegerField(_("Order"), default=1)
    label = models.CharField(_("Row"), max_length=80)

    class Meta(OfQuestion.Meta):
        verbose_name = _("Row of a table question")
        verbose_name_plural = _("Rows of a table question")
        ordering = ["question", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "key"],
                name="matrix_row_key_once",
                violation_error_message=_("Another row of this question has that key: choose another."),
            )
        ]

    def __str__(self) -> str:
        return self.label


class Condition(OfQuestion):
    """The question is shown if an earlier answer is so. Conditions on one source are alternatives; sources add up.

    A source that was not answered, or not shown, fulfils none of them.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="conditions", verbose_name=_("Question"))
    source = models.ForeignKey(Question, models.CASCADE, related_name="leads_to", verbose_name=_("Earlier question"))
    operator = models.CharField(
        _("What is answered there"), max_length=10, choices=Operator.choices, default=Operator.HAS
    )
    option = models.ForeignKey(
        Option, models.CASCADE, null=True, blank=True, related_name="leads_to", verbose_name=_("Option")
    )
    number = models.DecimalField(_("How much"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta(OfQuestion.Meta):
        verbose_name = _("Condition of a question")
        verbose_name_plural = _("Conditions")
        ordering = ["question", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "source", "operator", "option"],
                name="condition_once",
                violation_error_message=_("This condition stands already."),
            ),
            models.CheckConstraint(
                condition=Q(operator__in=OF_OPTIONS, option__isnull=False, number__isnull=True)
                | (~Q(operator__in=OF_OPTIONS) & Q(option__isnull=True, number__isnull=False)),
                name="condition_option_or_number",
                violation_error_message=_("Name the option that was chosen, or the number that is reached."),
            ),
        ]

    def __str__(self) -> str:
        what = self.option or f"{self.number:g}"
        return f"{self.source} {self.get_operator_display()} {what}"

    def clean(self) -> None:
        super().clean()
        if problem := self.problem():
            raise ValidationError(problem)

    def problem(self) -> str:
        """Why the condition can't stand, in a sentence; "" where it can."""
        source, asked = self.source, self.question
        if source.edition_id != asked.edition_id or (source.order, source.pk) >= (asked.order, asked.pk or 0):
            return _("A condition looks back: choose a question that stands before this one.")
        if source.kind in (Kind.TEXT, Kind.MATRIX):
            return _("Texts and tables can't be a condition: choose a question with options or a number.")
        if (self.operator in OF_OPTIONS) == (source.kind in WITH_NUMBERS):
            return _("Options go with “has chosen”, numbers with “is at least”: choose the one that fits the question.")
        if self.option_id and self.option.question_id != source.pk:
            return _("This option belongs to another question: choose one of the earlier question's.")
        return ""


for _part in (Question, Option, MatrixRow, Condition):
    declare(_part, Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT))
declare(
    QuestionnaireVersion,
    Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT, publish=DISTRICT, retire=DISTRICT),
)
