"""One village, one cadre, one matter, one appraisal: the practical matters that cadres take on for a year."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models import Person
from core.records import Record
from core.workflow.models import Flowing
from services.choices_matters import CONFIRMED, DONE, MatterKind, MatterState
from services.models.years import YearDays
from services.querysets_matters import MatterNoteQuerySet, MatterQuerySet
from villages.models import Hamlet, Village


class MatterYear(YearDays):
    """The district's days for one year: registered, finished and rated by when."""

    register_by = models.DateField(_("Registered by"))
    finish_by = models.DateField(_("Finished by"))
    rate_by = models.DateField(_("Rated by"))

    class Meta(YearDays.Meta):
        verbose_name = _("Days of the practical matters of a year")
        verbose_name_plural = _("Days of the yearly practical matters")
        constraints = [
            models.CheckConstraint(
                condition=Q(register_by__lte=F("finish_by"), finish_by__lte=F("rate_by")),
                name="matter_year_in_order",
                violation_error_message=_(
                    "First registered, then finished, then rated: correct the days that stand before the others."
                ),
            )
        ]


class Matter(Flowing, Record):
    """Something practical that a cadre does for people in a year.

    The days are set by the steps (`services.actions.matters`): registered when it is handed in, confirmed by the
    township, finished when it was done.
    """

    derived = ("registered_on", "confirmed_on", "finished_on")

    village = models.ForeignKey(Village, models.PROTECT, related_name="matters", verbose_name=_("Village or community"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="matters", verbose_name=_("Cadre"))
    year = models.PositiveSmallIntegerField(_("Year"), validators=[MinValueValidator(2000)])
    title = models.CharField(_("What is done"), max_length=60)
    kind = models.CharField(
        _("Kind of practical matter"), max_length=10, choices=MatterKind.choices, default=MatterKind.OTHER
    )
    hamlet = models.ForeignKey(
        Hamlet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="matters",
        verbose_name=_("Hamlet"),
        help_text=_("Empty: for the whole village."),
    )
    people = models.CharField(_("Who benefits"), max_length=80, blank=True)
    planned_by = models.DateField(_("To be done by"))
    money = models.DecimalField(
        _("Money (yuan)"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    note = models.TextField(_("Explanation"), max_length=500, blank=True)
    registered_on = models.DateField(_("Registered on"), null=True, blank=True, editable=False)
    confirmed_on = models.DateField(_("Confirmed on"), null=True, blank=True, editable=False)
    finished_on = models.DateField(_("Finished on"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("What came of it"), max_length=300, blank=True)
    state = models.CharField(
        _("State"), max_length=10, choices=MatterState.choices, default=MatterState.DRAFT, editable=False
    )

    objects = MatterQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Practical matter")
        verbose_name_plural = _("Practical matters")
        ordering = ["-year", "village__code", "person__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year", "title"],
                name="matter_once",
                violation_error_message=_("This cadre has that matter for the year already: open that record."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in CONFIRMED])
                | Q(registered_on__isnull=False, confirmed_on__isnull=False, confirmed_on__gte=F("registered_on")),
                name="matter_confirmed_has_days",
                violation_error_message=_("The township confirms what was registered before: correct the dates."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in DONE]) | Q(finished_on__isnull=False),
                name="matter_finished_has_day",
                violation_error_message=_("A finished matter has the day on which it was done: enter it."),
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(finished_on__gte=F("registered_on")),
                name="matter_finished_after_registered",
                violation_error_message=_("It can't be done before it was registered: correct one of the dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        problems = {}
        if self.person_id and self.village_id and self.person.village_id != self.village_id:
            problems["person"] = _("This person is of another village: choose one of this village.")
        if self.hamlet_id and self.village_id and self.hamlet.village_id != self.village_id:
            problems["hamlet"] = _("This hamlet is of another village: choose one of this village.")
        if self.planned_by and self.year and self.planned_by.year != self.year:
            problems["planned_by"] = _("A matter of %(year)d is done in that year: correct the day or the year.") % {
                "year": self.year
            }
        if problems:
            raise ValidationError(problems)


class MatterNote(Record):
    """How far a matter has come, in a sentence and with its day."""

    territory = "matter__village"

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="notes", verbose_name=_("Practical matter"))
    on = models.DateField(_("Date"))
    text = models.CharField(_("How far it has come"), max_length=200)

    objects = MatterNoteQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Progress of a matter")
        verbose_name_plural = _("Progress of matters")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.text}"

    def clean(self) -> None:
        if self.matter_id and self.on and self.matter.registered_on and self.on < self.matter.registered_on:
            raise ValidationError({"on": _("The matter was not registered yet on that day: correct the date.")})
