"""Territory from the district down to the hamlet, and regulations.

Codes are the statistical division codes of 12 digits (2 province, 4 city, 6 county, 9 township, 12 village), kept as
text and dated: they change every year. A merged or renamed village keeps its record, its old code and an end date.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.fields import FractionField
from core.pinyin import PinyinField
from core.records import CatalogueRecord, Named, Record
from core.scoping import SCOPE_FIELD
from core.workflow.models import Flowing
from villages.choices import (
    COMMUNITIES,
    AdoptionState,
    AppliesTo,
    Body,
    Confidence,
    LegalRuleKey,
    RegulationField,
    VillageKind,
    Voters,
)
from villages.querysets import AdoptionQuerySet, LegalRuleQuerySet, RegulationQuerySet, VillageQuerySet
from villages.votes import votes_add_up


class Division(Record):
    """A node of territory with a code. `scope_code` is its own code, or that of what it became at last."""

    territory = ""
    code_length = 0
    #: Columns that `clean` sets from the code and the successor; an update writes them along.
    derived = (SCOPE_FIELD,)

    code = models.CharField(_("Code"), max_length=12, unique=True)
    scope_code = models.CharField(max_length=12, db_index=True, editable=False)
    name = models.CharField(_("Name"), max_length=60)
    pinyin = PinyinField()
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("Successor")
    )

    class Meta(Record.Meta):
        abstract = True
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="%(class)s_closed_after_opened",
                violation_error_message=_("It can't be closed before it was opened: correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False),
                name="%(class)s_successor_when_closed",
                violation_error_message=_("Only a closed place has a successor: enter the day on which it was closed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a code of another length. Sets what follows from the code."""
        if not (self.code.isascii() and self.code.isdigit() and len(self.code) == self.code_length):
            raise ValidationError(
                {"code": _("The code has %(length)d digits, without spaces.") % {"length": self.code_length}}
            )
        node, passed = self.successor, {self.code}
        while node:
            if node.code in passed:
                raise ValidationError({"successor": _("A place can't become part of itself: choose what it became.")})
            passed.add(node.code)
            node = node.successor
        setattr(self, SCOPE_FIELD, self.successor.scope_code if self.successor else self.code)

    def above(self, name: str) -> "Division | None":
        """The division at relation `name` whose code this one's begins with; asked for unless it is there already."""
        model = self._meta.get_field(name).related_model
        code = self.code[: model.code_length]
        given = getattr(self, name) if getattr(self, f"{name}_id") else None
        return given if given and given.code == code else model.objects.filter(code=code).first()


class District(Division):
    """County-level district (城区)."""

    code_length = 6

    class Meta(Division.Meta):
        verbose_name = _("District")
        verbose_name_plural = _("Districts")


class Township(Division):
    code_length = 9
    derived = (*Division.derived, "district")

    district = models.ForeignKey(
        District, models.PROTECT, related_name="townships", editable=False, verbose_name=_("District")
    )
    former_name = models.CharField(
        _("Former name"), max_length=60, blank=True, help_text=_("As older documents write it.")
    )

    class Meta(Division.Meta):
        verbose_name = _("Township")
        verbose_name_plural = _("Townships")

    def clean(self) -> None:
        super().clean()
        district = self.above("district")
        if district is None:
            raise ValidationError({"code": _("No district has the first six digits of this code.")})
        self.district = district


class Village(Division):
    """A village (行政村) or community (社区)."""

    code_length = 12
    derived = (*Division.derived, "township")

    official_name = models.CharField(_("Official name"), max_length=60)
    township = models.ForeignKey(
        Township, models.PROTECT, related_name="villages", editable=False, verbose_name=_("Township")
    )
    kind = models.CharField(_("Kind"), max_length=20, choices=VillageKind.choices)
    in_plan = models.BooleanField(_("In the three-year plan"), default=False)
    households = models.PositiveIntegerField(_("Households"), null=True, blank=True)
    population = models.PositiveIntegerField(_("Registered population"), null=True, blank=True)
    main_industry = models.CharField(_("Main industry"), max_length=60, blank=True)

    objects = VillageQuerySet.as_manager()

    class Meta(Division.Meta):
        verbose_name = _("Village or community")
        verbose_name_plural = _("Villages and communities")

    @property
    def is_community(self) -> bool:
        """Governed by a residents' committee, under another law."""
        return self.kind in COMMUNITIES

    def clean(self) -> None:
        super().clean()
        township = self.above("township")
        if township is None:
            raise ValidationError({"code": _("No township has the first nine digits of this code.")})
        self.township = township


class Hamlet(Record):
    """A natural village (坡/屯) of a village."""

    village = models.ForeignKey(Village, models.CASCADE, related_name="hamlets", verbose_name=_("Village or community"))
    name = models.CharField(_("Name"), max_length=60)
    pinyin = PinyinField()
    households = models.PositiveIntegerField(_("Households"), null=True, blank=True)
    opened_on = models.DateField(_("Opened on"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Hamlet")
        verbose_name_plural = _("Hamlets")
        ordering = ["village__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "name"],
                condition=Q(closed_on__isnull=True),
                name="hamlet_once_in_a_village",
                violation_error_message=_("This village already has a hamlet of that name: open that record instead."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="hamlet_closed_after_opened",
                violation_error_message=_("It can't be closed before it was opened: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Regulation(CatalogueRecord, Named):
    """A regulation that the villages of one kind must have: a row of the district's catalogue."""

    key = models.SlugField(_("Key"), max_length=40, unique=True)
    field = models.CharField(_("Field"), max_length=20, choices=RegulationField.choices)
    applies_to = models.CharField(_("Applies to"), max_length=10, choices=AppliesTo.choices, default=AppliesTo.ALL)
    needs_vote = models.BooleanField(
        _("Needs the vote of the meeting"),
        default=False,
        help_text=_("The law asks for the vote of the villagers' or residents' meeting."),
    )
    position = models.PositiveSmallIntegerField(_("Position"), default=0)
    required_from = models.DateField(_("Required from"))
    required_until = models.DateField(_("Required until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    objects = RegulationQuerySet.as_manager()

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Regulation")
        verbose_name_plural = _("Regulation catalogue")
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(required_until__isnull=True) | Q(required_until__gte=F("required_from")),
                name="regulation_until_after_from",
                violation_error_message=_("“Required until” lies before “required from”: correct one of the two."),
            )
        ]


class Adoption(Flowing, Record):
    """A regulation adopted by a village: when, by which body, with which vote, on the wall since when.

    What the township enters is in force; what a village files is reviewed first (`villages.actions.ADOPTION_FLOW`).
    """

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="adoptions", verbose_name=_("Village or community")
    )
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="adoptions", verbose_name=_("Regulation"))
    adopted_on = models.DateField(_("Adopted on"))
    body = models.CharField(_("Adopted by"), max_length=20, choices=Body.choices)
    voters = models.CharField(
        _("Votes counted by"), max_length=12, choices=Voters.choices, default=Voters.ADULTS, blank=True
    )
    entitled = models.PositiveIntegerField(_("Entitled to vote"), null=True, blank=True)
    present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("In favour"), null=True, blank=True)
    posted_on = models.DateField(_("On the wall since"), null=True, blank=True)
    reviewed_on = models.DateField(_("Reviewed on"), null=True, blank=True)
    abolished_on = models.DateField(_("Abolished on"), null=True, blank=True)
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    state = models.CharField(
        _("State"), max_length=12, choices=AdoptionState.choices, default=AdoptionState.IN_FORCE, editable=False
    )

    objects = AdoptionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Adopted regulation")
        verbose_name_plural = _("Adopted regulations")
        ordering = ["village__code", "regulation__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "regulation"],
                condition=Q(abolished_on__isnull=True),
                name="adoption_in_force_once",
                violation_error_message=_(
                    "This village already has that regulation in force: abolish the old one first, or edit it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(posted_on__isnull=True) | Q(posted_on__gte=F("adopted_on")),
                name="adoption_posted_after_adopted",
                violation_error_message=_("It can't be on the wall before it was adopted: correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True) | Q(reviewed_on__gte=F("adopted_on")),
                name="adoption_reviewed_after_adopted",
                violation_error_message=_("It can't be reviewed before it was adopted: correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(abolished_on__isnull=True) | Q(abolished_on__gte=F("adopted_on")),
                name="adoption_abolished_after_adopted",
                violation_error_message=_("It can't be abolished before it was adopted: correct one of the dates."),
            ),
            votes_add_up("adoption_votes_add_up"),
        ]

    def __str__(self) -> str:
        return f"{self.village} · {self.regulation}"

    def clean(self) -> None:
        if not (self.village_id and self.regulation_id):
            return  # the field itself says that it is missing
        wrong = AppliesTo.VILLAGE if self.village.is_community else AppliesTo.COMMUNITY
        if self.regulation.applies_to == wrong:
            raise ValidationError(
                {"regulation": _("The catalogue asks for this regulation from the other kind alone.")}
            )


class LegalRule(CatalogueRecord):
    """A figure of law or of the place: dated, with its source, never a constant in code."""

    key = models.CharField(_("Rule"), max_length=40, choices=LegalRuleKey.choices)
    applies_to = models.CharField(_("Applies to"), max_length=10, choices=AppliesTo.choices)
    place = models.CharField(_("Place"), max_length=12, blank=True, help_text=_("Division code; empty: everywhere."))
    value = FractionField(_("Value"))
    inclusive = models.BooleanField(
        _("The figure itself is enough"),
        default=False,
        help_text=_("“Two thirds or more” is met by two thirds; “more than half” is not met by a half."),
    )
    in_force_from = models.DateField(_("In force from"))
    in_force_until = models.DateField(_("In force until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=120)
    confidence = models.CharField(_("Known from"), max_length=12, choices=Confidence.choices)

    objects = LegalRuleQuerySet.as_manager()

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Rule of law")
        verbose_name_plural = _("Rules of law")
        ordering = ["key", "applies_to", "in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "applies_to", "place", "in_force_from"],
                name="legal_rule_once_a_day",
                violation_error_message=_("This rule already has a value from that day: edit that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} {self.in_force_from}"

    def met(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is enough."""
        asked = self.value * whole
        return part >= asked if self.inclusive else part > asked

    @staticmethod
    def pick(rules: Iterable["LegalRule"], key: str, day: date, applies_to: str, code: str = "") -> "LegalRule | None":
        """The rule in force on the day at a place, or None; that of the smallest place that covers it wins."""
        holding = [
            rule
            for rule in rules
            if rule.key == key
            and rule.applies_to in (applies_to, AppliesTo.ALL)
            and code.startswith(rule.place)
            and rule.in_force_from <= day
            and (rule.in_force_until is None or day <= rule.in_force_until)
        ]
        return max(holding, key=lambda rule: (len(rule.place), rule.in_force_from), default=None)
