"""One group, two meetings: a hamlet's party group, householders' meeting and council; and the households behind them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.models import PartyMember, Person
from core.pinyin import PinyinField
from core.records import Record
from services.choices_bodies import HEADS, BodyKind, Office
from services.querysets_bodies import BodyQuerySet, DatedQuerySet, HouseholdQuerySet
from villages.models import Hamlet


class Household(Record):
    """A household of a hamlet: the least that a vote by households needs. `ends_on` is the first day without it."""

    territory = "hamlet__village"

    hamlet = models.ForeignKey(Hamlet, models.PROTECT, related_name="household_rows", verbose_name=_("Hamlet"))
    householder = models.CharField(_("Householder"), max_length=40)
    pinyin = PinyinField(source="householder")
    mark = models.CharField(
        _("Told apart by"),
        max_length=40,
        blank=True,
        help_text=_("House number or byname, where two householders have the same name."),
    )
    people = models.PositiveSmallIntegerField(_("People"), validators=[MinValueValidator(1)])
    adults = models.PositiveSmallIntegerField(_("Adults entitled to vote"))
    starts_on = models.DateField(pgettext_lazy("household", "Since"))
    ends_on = models.DateField(pgettext_lazy("household", "Until"), null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Household")
        verbose_name_plural = _("Registered households")
        ordering = ["hamlet__village__code", "hamlet__name", "householder", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hamlet", "householder", "mark"],
                condition=Q(ends_on__isnull=True),
                name="household_once",
                violation_error_message=_(
                    "This hamlet has a household of that name already: open it, or say what tells the two apart."
                ),
            ),
            models.CheckConstraint(
                condition=Q(adults__lte=F("people")),
                name="household_adults_of_people",
                violation_error_message=_("More adults than people: correct one of the two numbers."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="household_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.householder}（{self.mark}）" if self.mark else self.householder


class HamletBody(Record):
    """One of the three bodies of a hamlet, formed for a term. `ended_on` is the first day without it."""

    territory = "hamlet__village"

    hamlet = models.ForeignKey(Hamlet, models.PROTECT, related_name="bodies", verbose_name=_("Hamlet"))
    kind = models.CharField(_("Body"), max_length=12, choices=BodyKind.choices)
    of_representatives = models.BooleanField(
        _("Of householders' representatives"),
        default=False,
        help_text=_("The households send representatives: those entered here are entitled, not every household."),
    )
    formed_on = models.DateField(_("Formed on"))
    term_ends_on = models.DateField(_("Term ends on"), null=True, blank=True)
    ended_on = models.DateField(pgettext_lazy("body", "Until"), null=True, blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Body of a hamlet")
        verbose_name_plural = _("Bodies of hamlets")
        ordering = ["hamlet__village__code", "hamlet__name", "kind", "-formed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["hamlet", "kind"],
                condition=Q(ended_on__isnull=True),
                name="hamlet_body_once",
                violation_error_message=_("This hamlet has that body already: end the old one first, or edit it."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("formed_on")),
                name="hamlet_body_ends_after_formed",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on__isnull=True) | Q(term_ends_on__gt=F("formed_on")),
                name="hamlet_body_term_after_formed",
                violation_error_message=_("The term ends before it begins: correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=Q(of_representatives=False) | Q(kind=BodyKind.HOUSEHOLDERS),
                name="hamlet_body_representatives_of_householders",
                violation_error_message=_("Only the householders' meeting may be one of representatives."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hamlet} {self.get_kind_display()}"

    def is_expired(self, day: date) -> bool:
        """Whether the term had run out by the day and nobody was elected anew."""
        return self.term_ends_on is not None and self.term_ends_on <= day


class BodyMember(Record):
    """Somebody in a body: a party member or person on record, else by name alone."""

    territory = "body__hamlet__village"

    body = models.ForeignKey(HamletBody, models.CASCADE, related_name="members", verbose_name=_("Body of a hamlet"))
    office = models.CharField(_("Office held"), max_length=10, choices=Office.choices, default=Office.MEMBER)
    party_member = models.ForeignKey(
        PartyMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hamlet_bodies",
        verbose_name=pgettext_lazy("member", "Party membership"),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hamlet_bodies",
        verbose_name=pgettext_lazy("on record", "Person on record"),
    )
    name = models.CharField(
        _("Or by name"), max_length=40, blank=True, help_text=_("Where the person is not on record.")
    )
    starts_on = models.DateField(_("Since"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Member of a body")
        verbose_name_plural = _("Members of bodies")
        ordering = ["body", "office", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(party_member__isnull=False, person__isnull=True, name="")
                | Q(party_member__isnull=True, person__isnull=False, name="")
                | (Q(party_member__isnull=True, person__isnull=True) & ~Q(name="")),
                name="body_member_named_one_way",
                violation_error_message=_("Name the member in one way: a party member, a person on record, or a name."),
            ),
            models.UniqueConstraint(
                fields=["body"],
                condition=Q(ends_on__isnull=True, office=Office.HEAD),
                name="body_one_head",
                violation_error_message=_("This body has a head already: end that line first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="body_member_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.party_member or self.person or self.name)

    @property
    def title(self) -> str:
        """The office by its name in this body."""
        return str(HEADS[self.body.kind]) if self.office == Office.HEAD else self.get_office_display()

    def clean(self) -> None:
        if self.body_id and self.body.kind == BodyKind.PARTY_GROUP and not self.party_member_id:
            raise ValidationError({"party_member": _("The party group has party members alone: choose one of them.")})
