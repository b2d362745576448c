"""Three-to-one help: one who needs it, three who give it, and the visits."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.choices import Sex
from cadres.identity import check_numbers
from cadres.models import Person
from core.records import Record
from core.sensitive import Mask, SensitiveField
from services.choices_help import CHILD_AGE, HelperTier, HelpKind
from services.querysets_help import HelpedPersonQuerySet, HelpOfPersonQuerySet
from villages.models import Hamlet, Village


class HelpedPerson(Record):
    """A left-behind child, an elder alone, a five-guarantees or hardship household. `ends_on`: the first day without.

    The least that is needed to visit and to help. `of_age_on`, the day on which a child is no longer one, follows
    from the birth date.
    """

    derived = ("born_on", "of_age_on")

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="helped_people", verbose_name=_("Village or community")
    )
    hamlet = models.ForeignKey(
        Hamlet, models.PROTECT, null=True, blank=True, related_name="helped_people", verbose_name=_("Hamlet")
    )
    kind = models.CharField(pgettext_lazy("kind of person", "Who is helped"), max_length=10, choices=HelpKind.choices)
    name = models.CharField(
        _("Full name"),
        max_length=40,
        help_text=_(
            "Written down for visits and help alone. Numbers and address stay masked; each look at them is noted with "
            "its reason."
        ),
    )
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("Born on"), null=True, blank=True)
    of_age_on = models.DateField(_("No longer a child on"), null=True, blank=True, editable=False)
    id_number = SensitiveField(_("ID number"), mask=Mask.ID_NUMBER, max_length=18, blank=True)
    phone = SensitiveField(_("Telephone"), mask=Mask.PHONE, max_length=20, blank=True)
    address = SensitiveField(_("Home address"), mask=Mask.ALL, max_length=120, blank=True)
    guardian = SensitiveField(_("Guardian"), mask=Mask.NAME, max_length=40, blank=True)
    guardian_agreed_on = models.DateField(_("Guardian agreed on"), null=True, blank=True)
    need = models.CharField(_("What is needed"), max_length=200, blank=True)
    starts_on = models.DateField(_("Helped since"))
    ends_on = models.DateField(_("Helped until"), null=True, blank=True)
    ended_why = models.CharField(_("Why it ended"), max_length=120, blank=True)

    objects = HelpedPersonQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Person who is helped")
        verbose_name_plural = _("People who are helped")
        ordering = ["village__code", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=~Q(id_number_index="") & Q(ends_on__isnull=True),
                name="helped_person_once",
                violation_error_message=_("Somebody with this ID number is helped already: open that record."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="helped_person_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=HelpKind.CHILD) | Q(born_on__isnull=False, of_age_on__isnull=False),
                name="helped_child_has_birth_date",
                violation_error_message=_("Of a child the birth date is needed: it says how its record is kept."),
            ),
            models.CheckConstraint(
                condition=Q(of_age_on__isnull=True)
                | Q(of_age_on__lte=F("starts_on"))
                | (~Q(guardian="") & Q(guardian_agreed_on__isnull=False)),
                name="helped_child_has_guardian",
                violation_error_message=_(
                    "Under 14 years a guardian agrees before anything is written down: enter the guardian and the day."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        problems = check_numbers(self)
        self.of_age_on = of_age_from(self.born_on) if self.born_on else None
        if self.born_on and self.starts_on and self.born_on > self.starts_on:
            problems["born_on"] = _("It can't begin before the birth: correct one of the two dates.")
        if self.hamlet_id and self.village_id and self.hamlet.village_id != self.village_id:
            problems["hamlet"] = _("This hamlet is of another village: choose one of this village.")
        if self.is_child_on_entry and not (self.guardian and self.guardian_agreed_on):
            field = "guardian_agreed_on" if self.guardian else "guardian"
            problems[field] = _(
                "Under 14 years a guardian agrees before anything is written down: enter the guardian and the day."
            )
        if problems:
            raise ValidationError(problems)

    @property
    def is_child_on_entry(self) -> bool:
        return bool(self.of_age_on and self.starts_on and self.of_age_on > self.starts_on)


def of_age_from(born_on: date) -> date:
    """The birthday on which a child is no longer one; who was born on 29 February has it on 1 March."""
    try:
        return born_on.replace(year=born_on.year + CHILD_AGE)
    except ValueError:
        return born_on.replace(year=born_on.year + CHILD_AGE, month=3, day=1)


class OfHelped(Record):
    """A row about a person who is helped."""

    territory = "helped__village"

    class Meta(Record.Meta):
        abstract = True


class Helper(OfHelped):
    """One of the three: an official of district or township by name, a village's cadre by record."""

    helped = models.ForeignKey(
        HelpedPerson, models.CASCADE, related_name="helpers", verbose_name=_("Person who is helped")
    )
    tier = models.CharField(_("From where"), max_length=10, choices=HelperTier.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="helps", verbose_name=_("Village cadre")
    )
    name = models.CharField(_("Official's name"), max_length=40, blank=True)
    office = models.CharField(_("Office"), max_length=60, blank=True)
    starts_on = models.DateField(_("Helps since"))
    ends_on = models.DateField(_("Helps until"), null=True, blank=True)

    objects = HelpOfPersonQuerySet.as_manager()

    class Meta(OfHelped.Meta):
        verbose_name = _("Helper")
        verbose_name_plural = _("Helpers")
        ordering = ["helped", "tier", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["helped", "tier"],
                condition=Q(ends_on__isnull=True),
                name="helper_one_a_tier",
                violation_error_message=_("Somebody of this tier helps already: enter the day on which that ended."),
            ),
            models.CheckConstraint(
                condition=Q(tier=HelperTier.VILLAGE, person__isnull=False, name="")
                | (~Q(tier=HelperTier.VILLAGE) & Q(person__isnull=True) & ~Q(name="")),
                name="helper_person_or_name",
                violation_error_message=_(
                    "A village cadre is chosen from the record, an official of district or township is typed by name."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="helper_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)

    def clean(self) -> None:
        if self.person_id and self.helped_id and self.person.village_id != self.helped.village_id:
            raise ValidationError({"person": _("This person is of another village: choose one of this village.")})


class HelpVisit(OfHelped):
    """A visit: on which day, by which of the three, what was done."""

    helped = models.ForeignKey(
        HelpedPerson, models.CASCADE, related_name="visits", verbose_name=_("Person who is helped")
    )
    helper = models.ForeignKey(Helper, models.PROTECT, related_name="visits", verbose_name=_("Who visited"))
    on = models.DateField(_("Visited on"))
    done = models.CharField(_("What was done"), max_length=200)
    still = models.CharField(_("What is still needed"), max_length=200, blank=True)

    objects = HelpOfPersonQuerySet.as_manager()

    class Meta(OfHelped.Meta):
        verbose_name = _("Visit")
        verbose_name_plural = _("Visits")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["helper", "on"],
                name="help_visit_once_a_day",
                violation_error_message=_("This visit of the day is on record already: open that record."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.helped} {self.on}"

    def clean(self) -> None:
        problems = {}
        if self.helper_id and self.helped_id and self.helper.helped_id != self.helped_id:
            problems["helper"] = _("This helper belongs to somebody else: choose one of the three of this person.")
        if self.helped_id and self.on and not self._is_helped():
            problems["on"] = _("The person is not helped on that day: correct the date.")
        elif self.helper_id and self.on and not self._helps():
            problems["on"] = _("This helper was not helping on that day: correct the date or choose another.")
        if problems:
            raise ValidationError(problems)

    def _is_helped(self) -> bool:
        helped = self.helped
        return helped.starts_on <= self.on and (helped.ends_on is None or self.on < helped.ends_on)

    def _helps(self) -> bool:
        helper = self.helper
        return helper.starts_on <= self.on and (helper.ends_on is None or self.on < helper.ends_on)
