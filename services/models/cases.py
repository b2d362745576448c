"""Public-opinion cases: heard, inspected, handled over three tiers, answered, rated."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.identity import phone_mistake
from core.records import Record
from core.sensitive import Mask, SensitiveField
from core.workflow.models import Flowing
from services.choices_cases import TIER_OF, CaseKind, CaseRating, CaseState, HeardHow, Tier
from services.models.grids import Grid
from services.querysets_cases import CaseQuerySet
from villages.models import Hamlet, Village


class CodeHashField(models.CharField):
    """The keyed hash of a code that the person who raised the case holds. Neither the audit nor a form has it."""

    sensitive = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **(kwargs | {"max_length": 64, "blank": True, "default": "", "editable": False}))


class Case(Flowing, Record):
    """What somebody in a village raised. `number` is given at hearing, with a code for asking without an account.

    `tier` follows `state` while the case is in hand and is the tier that handled it afterwards. A case joined to
    another one shares that one's answer and end.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="cases", verbose_name=_("Village or community"))
    hamlet = models.ForeignKey(
        Hamlet, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("Hamlet")
    )
    grid = models.ForeignKey(Grid, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("Grid"))
    number = models.CharField(_("Case number"), max_length=40, unique=True, editable=False)
    heard_on = models.DateField(_("Heard on"))
    heard_by = models.CharField(_("Heard by"), max_length=60, blank=True)
    how = models.CharField(_("How it came"), max_length=8, choices=HeardHow.choices, default=HeardHow.VISIT)
    kind = models.CharField(_("Kind"), max_length=10, choices=CaseKind.choices)
    title = models.CharField(_("What it is about"), max_length=60)
    text = models.TextField(_("In the person's words"), max_length=1000, blank=True)
    raised_by = SensitiveField(
        _("Who raised it"),
        mask=Mask.NAME,
        max_length=40,
        blank=True,
        help_text=_("Left empty, the case is anonymous. Used to answer the person, for nothing else."),
    )
    phone = SensitiveField(_("Telephone"), mask=Mask.PHONE, max_length=20, blank=True)
    findings = models.TextField(_("What was found"), max_length=1000, blank=True)
    handler = models.CharField(_("Handled by"), max_length=60, blank=True)
    answer = models.TextField(_("What was done and answered"), max_length=1000, blank=True)

    state = models.CharField(
        _("State"), max_length=12, choices=CaseState.choices, default=CaseState.HEARD, editable=False
    )
    tier = models.CharField(_("Tier"), max_length=8, choices=Tier.choices, default=Tier.VILLAGE, editable=False)
    joined_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="followers",
        verbose_name=_("Joined to"),
    )
    solved_on = models.DateField(_("Handled on"), null=True, blank=True, editable=False)
    answered_on = models.DateField(_("Answered on"), null=True, blank=True, editable=False)
    rating = models.CharField(
        _("What the person says"), max_length=12, choices=CaseRating.choices, blank=True, editable=False
    )
    rated_on = models.DateField(_("Rated on"), null=True, blank=True, editable=False)
    reopened = models.PositiveSmallIntegerField(
        _("Times reopened"), default=0, editable=False, validators=[MaxValueValidator(1)]
    )
    code_hash = CodeHashField()

    objects = CaseQuerySet.as_manager()
    #: Set by `clean` and by the effects of the steps.
    derived = (
        "tier",
        "joined_to",
        "solved_on",
        "answered_on",
        "rating",
        "rated_on",
        "reopened",
        "code_hash",
    )

    class Meta(Record.Meta):
        verbose_name = _("Public-opinion case")
        verbose_name_plural = _("Public-opinion cases")
        ordering = ["-heard_on", "-pk"]
        indexes = [models.Index(fields=["village", "state"], name="case_village_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[CaseState.TOWNSHIP, CaseState.DISTRICT]) | Q(tier=F("state")),
                name="case_tier_follows_state",
                violation_error_message=_("A case lies with the tier that handles it."),
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.JOINED, joined_to__isnull=False)
                | (~Q(state=CaseState.JOINED) & Q(joined_to__isnull=True)),
                name="case_joined_to_one",
                violation_error_message=_("A joined case names the case that it follows: choose that one."),
            ),
            models.CheckConstraint(
                condition=Q(solved_on__isnull=True) | Q(solved_on__gte=F("heard_on")),
                name="case_solved_after_heard",
                violation_error_message=_("It can't be handled before it was heard: correct the day of hearing."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | ~Q(answer=""),
                name="case_answered_in_words",
                violation_error_message=_("What was answered must not be empty: write it down."),
            ),
            models.CheckConstraint(
                condition=Q(rating="") | Q(rated_on__isnull=False),
                name="case_rated_on_a_day",
                violation_error_message=_("A rating has its day."),
            ),
            models.CheckConstraint(
                condition=Q(reopened__lte=1),
                name="case_reopened_once",
                violation_error_message=_("A case is reopened once: close it, and say why."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def leader(self) -> "Case":
        """The case whose answer and end hold for this one: the one it is joined to, else itself."""
        return self.joined_to or self

    def clean(self) -> None:
        """Raises ValidationError for a wrong telephone, another village's hamlet or grid. Sets the tier."""
        self.tier = TIER_OF.get(self.state, self.tier)
        if self.phone and (mistake := phone_mistake(self.phone.plain)):
            raise ValidationError({"phone": mistake})
        if self.hamlet_id and self.hamlet.village_id != self.village_id:
            raise ValidationError({"hamlet": _("This hamlet is another village's: choose one of this village.")})
        if self.grid_id and self.grid.village_id != self.village_id:
            raise ValidationError({"grid": _("This grid is another village's: choose one of this village.")})
