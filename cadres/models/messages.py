"""Integrity messages: plans that say when and what, and the outbox of what was written to whom."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.choices_supervision import MessageState, PlanKind
from cadres.models.people import Person
from core.records import Record, RegionalRecord
from core.workflow.models import Flowing


class MessagePlan(RegionalRecord):
    """A text, and when it goes to the cadres in post and the reserves of a territory."""

    name = models.CharField(_("Name"), max_length=60)
    kind = models.CharField(_("When it is sent"), max_length=10, choices=PlanKind.choices, default=PlanKind.MONTHLY)
    day = models.PositiveSmallIntegerField(
        _("Day of the month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("A day that a month lacks is the month's last."),
    )
    festival = models.CharField(
        _("Festival"),
        max_length=40,
        blank=True,
        help_text=_("As the holiday table names it; its first day off counts."),
    )
    days_before = models.PositiveSmallIntegerField(
        _("So many days before"), default=0, validators=[MaxValueValidator(30)]
    )
    text = models.TextField(_("Text"), max_length=300)
    to_cadres = models.BooleanField(_("To cadres in post"), default=True)
    to_reserves = models.BooleanField(_("To reserve cadres"), default=True)
    starts_on = models.DateField(pgettext_lazy("messages", "In force from"))
    ends_on = models.DateField(pgettext_lazy("messages", "In force until"), null=True, blank=True)

    #: `clean` empties what belongs to the other kind.
    derived = ("festival", "days_before", "day")

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Plan of integrity messages")
        verbose_name_plural = _("Plans of integrity messages")
        ordering = ["territory_code", "kind", "day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PlanKind.MONTHLY, day__isnull=False, festival="")
                | (Q(kind=PlanKind.FESTIVAL, day__isnull=True) & ~Q(festival="")),
                name="message_plan_has_a_day",
                violation_error_message=_("A monthly plan has a day of the month, one for a festival its festival."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        problems = {}
        if self.kind == PlanKind.MONTHLY:
            self.festival, self.days_before = "", 0
            if self.day is None:
                problems["day"] = _("Say on which day of the month.")
        elif self.kind == PlanKind.FESTIVAL:
            self.day = None
            if not self.festival:
                problems["festival"] = _("Say before which festival.")
        code = self.territory_code
        if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
            problems["territory_code"] = _("A territory code has 6 digits (district), 9 (township) or 12 (village).")
        if not (self.to_cadres or self.to_reserves):
            problems["to_cadres"] = _("Say to whom: cadres, reserves, or both.")
        if problems:
            raise ValidationError(problems)


class Message(Flowing, Record):
    """One text to one person for one day of a plan. It is handed to the sender once, or nobody knows."""

    territory = "person__village"

    plan = models.ForeignKey(
        MessagePlan, models.PROTECT, related_name="messages", verbose_name=_("Plan of integrity messages")
    )
    on = models.DateField(_("Day of the plan"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="messages", verbose_name=_("Person"))
    text = models.CharField(_("Text"), max_length=300)
    attempts = models.PositiveSmallIntegerField(_("Attempts"), default=0, editable=False)
    error = models.CharField(_("What went wrong"), max_length=80, blank=True, editable=False)
    state = models.CharField(
        _("State"), max_length=12, choices=MessageState.choices, default=MessageState.QUEUED, editable=False
    )

    #: Set by whoever hands it over, and taken back when it is put into the outbox again.
    derived = ("attempts", "error")

    class Meta(Record.Meta):
        verbose_name = _("Integrity message")
        verbose_name_plural = _("Integrity messages")
        ordering = ["-on", "person__village__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "on", "person"],
                name="message_once",
                violation_error_message=_("This person has this message already."),
            )
        ]
        indexes = [models.Index(fields=["state", "on"], name="message_state")]

    def __str__(self) -> str:
        return f"{self.person} {self.on}"
