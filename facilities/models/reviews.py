"""The yearly review of a village's rooms: handed in by the village, confirmed or returned by the township."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.records import Record
from core.workflow.models import Flowing
from facilities.choices import ReviewState
from facilities.models.base import village_field


class RoomReview(Flowing, Record):
    """How far the review of a village's rooms is in a year (`facilities.reviews.ROOM_REVIEW`)."""

    village = village_field("room_reviews")
    year = models.PositiveSmallIntegerField(_("Year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    state = models.CharField(
        _("State"), max_length=12, choices=ReviewState.choices, default=ReviewState.FILING, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = _("Review of rooms")
        verbose_name_plural = _("Reviews of rooms")
        ordering = ["-year", "village__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year"],
                name="room_review_once_a_year",
                violation_error_message=_(
                    "The rooms of this village have a review in that year already: open that one."
                ),
            )
        ]

    def __str__(self) -> str:
        return _("Rooms of %(village)s, %(year)d") % {"village": self.village, "year": self.year}
