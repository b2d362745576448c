"""Elections of the committees, of representatives and group leaders; who represents whom since when."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.choices import COMMITTEE_OF, SINGLE_POSITIONS, Position
from cadres.choices_supervision import COMMITTEES, TERM_OF, ElectionBody, ElectionKind, ElectionMethod, ElectionState
from cadres.models.people import Person, Term
from core.records import Record
from core.roles import Role
from core.scoping import ScopedQuerySet
from core.workflow.models import Flowing
from villages.models import Hamlet, Village


class ElectionQuerySet(ScopedQuerySet):
    #: The way to the election from a row of this model.
    election = ""

    def visible_to(self, user, verb: str = "view"):
        """What the township has before it, or has confirmed, is not changed under its hands."""
        rows = super().visible_to(user, verb)
        if verb not in ("change", "delete"):
            return rows
        open_states = [ElectionState.DRAFT, ElectionState.RETURNED]
        if user and Role.CLERK in user.roles:
            open_states.append(ElectionState.SUBMITTED)
        return rows.filter(**{f"{self.election}state__in": open_states})


class CandidateQuerySet(ElectionQuerySet):
    election = "election__"


class Election(Flowing, Record):
    """One election on one day. What it elects follows when the township confirms it (`cadres.actions.elections`)."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="elections", verbose_name=_("Village or community")
    )
    body = models.CharField(_("Elected body"), max_length=15, choices=ElectionBody.choices)
    kind = models.CharField(_("Kind"), max_length=12, choices=ElectionKind.choices, default=ElectionKind.GENERAL)
    method = models.CharField(_("Method"), max_length=15, choices=ElectionMethod.choices)
    term = models.ForeignKey(
        Term, models.PROTECT, null=True, blank=True, related_name="elections", verbose_name=_("Term")
    )
    hamlet = models.ForeignKey(
        Hamlet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="elections",
        verbose_name=_("Group that votes"),
        help_text=_("Of representatives and group leaders; empty: the whole village."),
    )
    held_on = models.DateField(_("Election day"))
    seats = models.PositiveSmallIntegerField(_("Seats"), validators=[MinValueValidator(1)])
    entitled = models.PositiveIntegerField(
        pgettext_lazy("election", "Entitled to vote"), validators=[MinValueValidator(1)]
    )
    voted = models.PositiveIntegerField(_("Voted"))
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    state = models.CharField(
        _("State"), max_length=12, choices=ElectionState.choices, default=ElectionState.DRAFT, editable=False
    )

    objects = ElectionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Election")
        verbose_name_plural = _("Elections")
        ordering = ["-held_on", "village__code", "body"]
        constraints = [
            models.CheckConstraint(
                condition=Q(voted__lte=F("entitled")),
                name="election_votes_add_up",
                violation_error_message=_("Those who voted are at most those entitled: correct one of the two."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.get_body_display()} {self.held_on:%Y-%m}"

    @property
    def is_of_committee(self) -> bool:
        return self.body in COMMITTEES

    def clean(self) -> None:
        if self.term_id and self.body and self.term.committee != TERM_OF[self.body]:
            raise ValidationError({"term": _("This is a term of the other committee: choose one of this body's.")})
        if self.body == ElectionBody.LEADERS and (not self.hamlet_id or self.seats != 1):
            raise ValidationError({"hamlet": _("Each group elects its own leader: choose the group, with one seat.")})
        if self.hamlet_id and self.is_of_committee:
            raise ValidationError({"hamlet": _("A committee is elected by the whole village: leave the group empty.")})
        if self.hamlet_id and self.village_id and self.hamlet.village_id != self.village_id:
            raise ValidationError({"hamlet": _("This group is of another village: choose one of this village.")})


class Candidate(Record):
    """Somebody who stood in an election, his votes, and whether he was declared elected."""

    territory = "election__village"

    election = models.ForeignKey(Election, models.CASCADE, related_name="candidates", verbose_name=_("Election"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies", verbose_name=_("Person"))
    position = models.CharField(
        _("Stands for"),
        max_length=20,
        choices=Position.choices,
        blank=True,
        help_text=_("Of a committee; empty for representatives and group leaders."),
    )
    hamlet = models.ForeignKey(
        Hamlet, models.PROTECT, null=True, blank=True, related_name="candidates", verbose_name=_("Villagers' group")
    )
    households = models.PositiveIntegerField(_("Households represented"), null=True, blank=True)
    votes = models.PositiveIntegerField(_("Votes"), default=0)
    elected = models.BooleanField(_("Elected"), default=False)

    objects = CandidateQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Candidate")
        verbose_name_plural = _("Candidates")
        ordering = ["election", "-elected", "-votes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "person", "position"],
                name="candidate_once",
                violation_error_message=_("This person stands for that position already: keep one of the two lines."),
            ),
            models.UniqueConstraint(
                fields=["election", "position"],
                condition=Q(elected=True, position__in=[p.value for p in SINGLE_POSITIONS]),
                name="candidate_single_elected",
                violation_error_message=_("One secretary and one director are elected: take the mark off the other."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_position_display()}" if self.position else str(self.person)

    def clean(self) -> None:
        problems = {}
        body = self.election.body if self.election_id else ""
        if body in COMMITTEES and COMMITTEE_OF.get(self.position) != TERM_OF[body]:
            problems["position"] = _("Say for which position of this committee the person stands.")
        if body and body not in COMMITTEES and self.position:
            problems["position"] = _(
                "Representatives and group leaders hold no position of a committee: leave it empty."
            )
        if body and self.person_id and self.person.village_id != self.election.village_id:
            problems["person"] = _("This person is of another village: choose one of this village.")
        if body and self.hamlet_id and self.hamlet.village_id != self.election.village_id:
            problems["hamlet"] = _("This group is of another village: choose one of this village.")
        if body and self.election.voted is not None and (self.votes or 0) > self.election.voted:
            problems["votes"] = _("More votes than voters (%(n)d): correct one of the two.") % {
                "n": self.election.voted
            }
        if problems:
            raise ValidationError(problems)


class ElectedQuerySet(ScopedQuerySet):
    def entitled_on(self, day: date):
        """Who may vote as such on the day: the base of every later vote."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class Elected(Record):
    """Somebody elected to speak for others from a day on. `ends_on` is the first day out of it; empty: in it."""

    starts_on = models.DateField(_("Since"))
    ends_on = models.DateField(_("Until"), null=True, blank=True)

    objects = ElectedQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.person)

    def clean(self) -> None:
        if self.person_id and self.village_id and self.person.village_id != self.village_id:
            raise ValidationError({"person": _("This person is of another village: choose one of this village.")})
        if self.hamlet_id and self.village_id and self.hamlet.village_id != self.village_id:
            raise ValidationError({"hamlet": _("This group is of another village: choose one of this village.")})


class Representative(Elected):
    """A representative of villagers or residents: votes in the representatives' meeting."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="representatives", verbose_name=_("Village or community")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="represents", verbose_name=_("Person"))
    hamlet = models.ForeignKey(
        Hamlet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="representatives",
        verbose_name=_("Villagers' group"),
    )
    households = models.PositiveIntegerField(_("Households represented"), null=True, blank=True)
    election = models.ForeignKey(
        Election,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="representatives",
        verbose_name=_("Election"),
    )

    class Meta(Elected.Meta):
        verbose_name = _("Representative")
        verbose_name_plural = _("Representatives")
        ordering = ["village__code", "hamlet__name", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ends_on__isnull=True),
                name="representative_once",
                violation_error_message=_("This person is a representative already: open that record instead."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="representative_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]


class GroupLeader(Elected):
    """The leader of a villagers' group: one a hamlet on any day."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="group_leaders", verbose_name=_("Village or community")
    )
    hamlet = models.ForeignKey(Hamlet, models.PROTECT, related_name="leaders", verbose_name=_("Villagers' group"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="leads", verbose_name=_("Person"))
    election = models.ForeignKey(
        Election,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="leaders",
        verbose_name=_("Election"),
    )

    class Meta(Elected.Meta):
        verbose_name = _("Group leader")
        verbose_name_plural = _("Group leaders")
        ordering = ["village__code", "hamlet__name", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["hamlet"],
                condition=Q(ends_on__isnull=True),
                name="group_leader_once",
                violation_error_message=_("This group has a leader already: end that record first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="group_leader_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]
