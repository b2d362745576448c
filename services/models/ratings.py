"""What residents say of a matter, a service request, or the services of a village: time, result, attitude.

A rating says nothing of who gave it: no name, no number, no hour, and a key that tells no order (`core.records.Ballot`).
"""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.records import Ballot, Record, RegionalRecord
from services.choices_ratings import BEST, WORST, Aspect, Phase, Source, Step, TimeStep
from services.models.matters import Matter
from services.models.stations import ServiceRequest
from services.querysets_ratings import RatingBatchQuerySet, RatingQuerySet
from villages.models import Village

#: What a rating may be about: one of these columns is filled.
SUBJECTS = ("matter", "request", "round")


def _one_subject() -> Q:
    """Exactly one of the subjects is named."""
    return reduce(or_, (Q(**{f"{name}__isnull": name != named for name in SUBJECTS}) for named in SUBJECTS))


def _in_scale(name: str) -> Q:
    return Q(**{f"{name}__gte": WORST, f"{name}__lte": BEST})


class RatingRound(RegionalRecord):
    """A sample of a comparison: residents of some villages asked about the services as a whole, before or after."""

    year = models.PositiveSmallIntegerField(_("Year of the comparison"), validators=[MinValueValidator(2000)])
    phase = models.CharField(_("Before or after"), max_length=6, choices=Phase.choices)
    name = models.CharField(pgettext_lazy("round", "Name"), max_length=60)
    starts_on = models.DateField(pgettext_lazy("round", "From"))
    ends_on = models.DateField(pgettext_lazy("round", "Until"))
    is_inferred = models.BooleanField(
        _("Reconstructed"),
        default=False,
        help_text=_("The answers were not typed from slips but reconstructed from printed figures."),
    )
    source = models.CharField(_("Source"), max_length=120, blank=True)

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Round of ratings")
        verbose_name_plural = _("Rounds of ratings")
        ordering = ["-year", "territory_code", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory_code", "year", "phase"],
                name="rating_round_once",
                violation_error_message=_("This comparison has a round of that kind already: open that record."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="rating_round_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundVillage(Record):
    """A village that takes part in a round."""

    round = models.ForeignKey(
        RatingRound, models.CASCADE, related_name="takes_part", verbose_name=_("Round of ratings")
    )
    village = models.ForeignKey(
        Village, models.PROTECT, related_name="rating_rounds", verbose_name=_("Village or community")
    )

    class Meta(Record.Meta):
        verbose_name = _("Village of a round")
        verbose_name_plural = _("Villages of a round")
        ordering = ["round", "village__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village"],
                name="round_village_once",
                violation_error_message=_("This village takes part already: keep one of the two lines."),
            )
        ]

    def __str__(self) -> str:
        return str(self.village)


class OnSubject(models.Model):
    """What is rated: a matter, a service request, or the services of a village in a round."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="+", verbose_name=_("Village or community"))
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="%(class)s_set", verbose_name=_("Practical matter")
    )
    request = models.ForeignKey(
        ServiceRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)s_set",
        verbose_name=_("Service request"),
    )
    round = models.ForeignKey(
        RatingRound,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)s_set",
        verbose_name=_("Round of ratings"),
    )

    class Meta:
        abstract = True

    @property
    def subject(self) -> models.Model | None:
        return self.matter or self.request or self.round

    def clean(self) -> None:
        own = self.matter or self.request
        if own and self.village_id and own.village_id != self.village_id:
            raise ValidationError({"village": _("What is rated is of another village: choose one of this village.")})


class RatingBatch(OnSubject, Record):
    """Paper slips that were typed in together. A withdrawn batch stays on record and doesn't count."""

    collected_on = models.DateField(_("Collected on"))
    handed_out = models.PositiveIntegerField(_("Slips handed out"), validators=[MinValueValidator(1)])
    returned = models.PositiveIntegerField(_("Slips returned"))
    typed = models.PositiveIntegerField(_("Slips typed in"), editable=False)
    corrections = models.PositiveSmallIntegerField(_("Times corrected"), default=0, editable=False)
    typed_twice = models.BooleanField(_("Typed twice"), default=False, editable=False)
    note = models.CharField(_("Note"), max_length=120, blank=True)
    withdrawn_on = models.DateField(_("Batch withdrawn on"), null=True, blank=True, editable=False)
    withdrawn_why = models.CharField(_("Why"), max_length=200, blank=True, editable=False)

    objects = RatingBatchQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Batch of paper ratings")
        verbose_name_plural = _("Batches of paper ratings")
        ordering = ["-collected_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=_one_subject(),
                name="rating_batch_one_subject",
                violation_error_message=_("Slips are about one thing: a matter, a request, or a round."),
            ),
            models.CheckConstraint(
                condition=Q(typed__lte=F("returned"), returned__lte=F("handed_out")),
                name="rating_batch_adds_up",
                violation_error_message=_(
                    "No more slips are typed than came back, no more came back than were handed out: correct a number."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_why=""),
                name="rating_batch_withdrawn_why",
                violation_error_message=_("Say why the batch is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.collected_on:%m-%d}"


class Rating(OnSubject, Ballot):
    """One resident's answer. Written by `services.actions.ratings` alone, shown only as counts."""

    batch = models.ForeignKey(
        RatingBatch, models.CASCADE, null=True, blank=True, related_name="ratings", verbose_name=_("Batch")
    )
    source = models.CharField(_("Source of the answer"), max_length=5, choices=Source.choices)
    on = models.DateField(_("Date"))
    time = models.PositiveSmallIntegerField(Aspect.TIME.label, choices=TimeStep.choices)
    result = models.PositiveSmallIntegerField(Aspect.RESULT.label, choices=Step.choices)
    attitude = models.PositiveSmallIntegerField(Aspect.ATTITUDE.label, choices=Step.choices)

    objects = RatingQuerySet.as_manager()

    class Meta(Ballot.Meta):
        verbose_name = _("Rating")
        verbose_name_plural = _("Ratings")
        constraints = [
            models.CheckConstraint(condition=_one_subject(), name="rating_one_subject"),
            models.CheckConstraint(
                condition=_in_scale("time") & _in_scale("result") & _in_scale("attitude"),
                name="rating_in_scale",
                violation_error_message=_("A step is a digit from 1 to 5: correct it by the slip."),
            ),
            models.CheckConstraint(
                condition=Q(source=Source.PAPER, batch__isnull=False) | Q(source=Source.LINK, batch__isnull=True),
                name="rating_paper_has_batch",
                violation_error_message=_("Paper slips belong to a batch, answers by link to none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.time}{self.result}{self.attitude}"


class RatingNote(OnSubject, Ballot):
    """What a resident wrote beside a rating: a row of its own, so that words lead to no steps and to no day.

    Shown from as many ratings on as the results are (`services.ratings.notes_on`).
    """

    text = models.CharField(_("What else to say"), max_length=200)

    class Meta(Ballot.Meta):
        verbose_name = _("Note beside a rating")
        verbose_name_plural = _("Notes beside ratings")
        constraints = [
            models.CheckConstraint(condition=_one_subject(), name="rating_note_one_subject"),
            models.CheckConstraint(condition=~Q(text=""), name="rating_note_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
