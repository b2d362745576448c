"""What workflows keep: every move, and the dated data that time limits need."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.records import CatalogueRecord
from core.scoping import Held


class Flowing(models.Model):
    """A row that moves through a workflow. The concrete model adds `state` with its choices."""

    state_since = models.DateField(_("In this state since"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("Due on"), null=True, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True


class Move(Held):
    """One move of one record: from, to, who, when, why. Added, never changed."""

    model = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    transition = models.CharField(_("Move"), max_length=40)
    source = models.CharField(_("From"), max_length=40)
    target = models.CharField(_("To"), max_length=40)
    by = models.CharField(_("Person"), max_length=60)
    on = models.DateField(_("Date"))
    #: By when the state that was left had to be left; None where no limit ran.
    due_on = models.DateField(_("Due on"), null=True, blank=True)
    at = models.DateTimeField(_("Time"), auto_now_add=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Move")
        verbose_name_plural = _("Moves")
        ordering = ["id"]
        indexes = [models.Index(fields=["model", "object_id"], name="move_object")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}: {self.source} → {self.target}"


class Reminder(Held):
    """That a record's time limit was near or past on a day: written by schedule, once for each limit and kind."""

    class Kind(models.TextChoices):
        SOON = "soon", _("Due soon")
        LATE = "late", _("Late")

    model = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    kind = models.CharField(_("Kind"), max_length=4, choices=Kind.choices)
    due_on = models.DateField(_("Due on"))
    on = models.DateField(_("Reminded on"), db_index=True)

    class Meta:
        verbose_name = _("Reminder")
        verbose_name_plural = _("Reminders")
        ordering = ["-on", "id"]
        constraints = [models.UniqueConstraint(fields=["model", "object_id", "due_on", "kind"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} {self.kind}"


class Holiday(CatalogueRecord):
    """A day that departs from the five-day week: a holiday, or a Saturday or Sunday that is worked."""

    day = models.DateField(_("Date"), unique=True)
    is_workday = models.BooleanField(_("Worked"), default=False)
    name = models.CharField(_("Name"), max_length=40)

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Holiday or worked weekend")
        verbose_name_plural = _("Holidays and worked weekends")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class TimeLimit(CatalogueRecord):
    """How many working days a step may take, from a day on. Data: the district may change it."""

    key = models.SlugField(_("Key"), max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    workdays = models.PositiveSmallIntegerField(_("Working days"), validators=[MinValueValidator(1)])
    remind_before = models.PositiveSmallIntegerField(_("Remind so many working days before"), default=1)
    in_force_from = models.DateField(_("In force from"))
    in_force_until = models.DateField(_("In force until"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Time limit")
        verbose_name_plural = _("Time limits")
        ordering = ["key", "in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "in_force_from"],
                name="time_limit_once_a_day",
                violation_error_message=_("This limit already has a value from that day: edit that one."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gte=F("in_force_from")),
                name="time_limit_until_after_from",
                violation_error_message=_("It can't end before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.workdays}"
