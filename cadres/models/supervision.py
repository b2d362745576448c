"""The discipline supervision group of a village, and admonishments of cadres."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices_supervision import AdmonishmentState, SupervisorState
from cadres.models.people import Person
from core.records import Record
from core.roles import Role
from core.scoping import ScopedQuerySet
from core.workflow.models import Flowing
from villages.models import Village


class SupervisorQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What the members' meeting recommended is corrected before the next step alone; the township may later."""
        rows = super().visible_to(user, verb)
        if verb not in ("change", "delete"):
            return rows
        own = [SupervisorState.RECOMMENDED, SupervisorState.REFUSED]
        if user and user.roles & {Role.CLERK, Role.DISTRICT}:
            own.append(SupervisorState.PROPOSED)
        return rows.filter(state__in=own)

    def in_post_on(self, day: date):
        """The members of the groups on the day."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Supervisor(Flowing, Record):
    """A party member of standing on his way into the group of the village, in it, or out of it.

    `starts_on` and `ends_on` (the first day out) are set by the steps (`cadres.actions.supervision`).
    """

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="supervisors", verbose_name=_("Village or community")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="supervises", verbose_name=_("Person"))
    recommended_on = models.DateField(_("Recommended on"))
    present = models.PositiveIntegerField(_("Present"), null=True, blank=True)
    in_favour = models.PositiveIntegerField(_("In favour"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    starts_on = models.DateField(_("In the group since"), null=True, blank=True, editable=False)
    ends_on = models.DateField(_("Until"), null=True, blank=True, editable=False)
    state = models.CharField(
        _("State"), max_length=12, choices=SupervisorState.choices, default=SupervisorState.RECOMMENDED, editable=False
    )

    objects = SupervisorQuerySet.as_manager()
    #: Set by the effects of the steps.
    derived = ("starts_on", "ends_on")

    class Meta(Record.Meta):
        verbose_name = _("Discipline supervisor")
        verbose_name_plural = _("Discipline supervision groups")
        ordering = ["village__code", "state", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=~Q(state__in=[SupervisorState.ENDED.value, SupervisorState.REFUSED.value]),
                name="supervisor_once",
                violation_error_message=_("This person is in a group or on the way into one: open that record."),
            ),
            models.CheckConstraint(
                condition=~Q(state=SupervisorState.APPOINTED) | Q(starts_on__isnull=False),
                name="supervisor_appointed_since",
                violation_error_message=_("Whoever is appointed has a first day."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="supervisor_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True, in_favour__isnull=True)
                | Q(present__isnull=False, in_favour__isnull=False, in_favour__lte=F("present")),
                name="supervisor_votes_add_up",
                violation_error_message=_("A vote has two numbers here: those in favour are at most those present."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def clean(self) -> None:
        if self.person_id and self.village_id and self.person.village_id != self.village_id:
            raise ValidationError({"person": _("This person is of another village: choose one of this village.")})


class AdmonishmentQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What is closed is not changed any more."""
        rows = super().visible_to(user, verb)
        return rows.filter(state=AdmonishmentState.OPEN) if verb in ("change", "delete") else rows


class Admonishment(Flowing, Record):
    """A talk of admonishment with a cadre, the day on which it is followed up, and what came of it."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="admonishments", verbose_name=_("Village or community")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="admonishments", verbose_name=_("Person"))
    talked_on = models.DateField(_("Talked on"))
    talked_by = models.CharField(_("Who talked"), max_length=60)
    grounds = models.TextField(_("Grounds"), max_length=500)
    measures = models.TextField(_("What is to be put right"), max_length=500, blank=True)
    follow_up_on = models.DateField(_("Follow-up on"))
    state = models.CharField(
        _("State"), max_length=12, choices=AdmonishmentState.choices, default=AdmonishmentState.OPEN, editable=False
    )

    objects = AdmonishmentQuerySet.as_manager()
    #: The follow-up is the time limit of an open one.
    derived = ("due_on",)

    class Meta(Record.Meta):
        verbose_name = _("Admonishment")
        verbose_name_plural = _("Admonishments")
        ordering = ["-talked_on", "village__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(follow_up_on__gte=F("talked_on")),
                name="admonishment_follow_up_after_talk",
                violation_error_message=_("The follow-up can't be before the talk: correct one of the two dates."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.talked_on:%Y-%m}"

    def clean(self) -> None:
        self.due_on = self.follow_up_on if self.state == AdmonishmentState.OPEN else None
