"""Grids: one or more hamlets of a village under a leader who knows every household, with a board that says who he is."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.identity import phone_mistake
from cadres.models import Person
from core.pinyin import PinyinField
from core.records import Record
from core.sensitive.values import normalise
from services.querysets_grids import GridHamletQuerySet, GridQuerySet
from villages.models import Hamlet, Village


class Grid(Record):
    """A grid (网格) of one village. Its leader is somebody on record, or a name; `closed_on` is the first day without."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="grids", verbose_name=_("Village or community"))
    name = models.CharField(_("Grid"), max_length=40)
    pinyin = PinyinField()
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="grids_led", verbose_name=_("Leader on record")
    )
    leader_name = models.CharField(
        _("Leader’s name"), max_length=40, blank=True, help_text=_("Of a leader who is not among the people on record.")
    )
    phone = models.CharField(
        _("Telephone on the board"), max_length=20, blank=True, help_text=_("For everybody: as the board says it.")
    )
    households = models.PositiveIntegerField(_("Households"), null=True, blank=True)
    has_board = models.BooleanField(_("Notice board"), default=False)
    board_place = models.CharField(_("Where the board stands"), max_length=60, blank=True)
    opened_on = models.DateField(_("Opened on"))
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    objects = GridQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Grid")
        verbose_name_plural = _("Grids")
        ordering = ["village__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "name"],
                condition=Q(closed_on__isnull=True),
                name="grid_once_in_a_village",
                violation_error_message=_("This village has an open grid of that name already: open that record."),
            ),
            models.CheckConstraint(
                condition=Q(leader__isnull=True) | Q(leader_name=""),
                name="grid_one_leader",
                violation_error_message=_(
                    "A grid has one leader: choose somebody on record or type a name, and leave the other empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                name="grid_closed_after_opened",
                violation_error_message=_("It can't be closed before it was opened: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def led_by(self) -> str:
        return str(self.leader) if self.leader_id else self.leader_name

    def clean(self) -> None:
        problems = {}
        self.phone = normalise(self.phone)
        if self.phone and (mistake := phone_mistake(self.phone)):
            problems["phone"] = mistake
        if self.leader_id and self.village_id and self.leader.village_id != self.village_id:
            problems["leader"] = _("This person is of another village: choose one of this village, or type the name.")
        if problems:
            raise ValidationError(problems)


class GridHamlet(Record):
    """A hamlet that a grid covers, from a day on; `ends_on` is the first day out of it. In one open grid at the most."""

    territory = "grid__village"
    derived = ("starts_on", "ends_on")

    grid = models.ForeignKey(Grid, models.CASCADE, related_name="covers", verbose_name=_("Grid"))
    hamlet = models.ForeignKey(Hamlet, models.PROTECT, related_name="in_grids", verbose_name=_("Hamlet"))
    starts_on = models.DateField(_("In the grid since"), blank=True, help_text=_("Empty: since the grid was opened."))
    ends_on = models.DateField(_("In the grid until"), null=True, blank=True)

    objects = GridHamletQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Hamlet of a grid")
        verbose_name_plural = _("Hamlets of grids")
        ordering = ["grid", "hamlet__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["hamlet"],
                condition=Q(ends_on__isnull=True),
                name="grid_hamlet_in_one_grid",
                violation_error_message=_(
                    "This hamlet lies in an open grid already: take it out there first, or close that grid."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="grid_hamlet_ends_after_start",
                violation_error_message=_("It ends before it begins: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.hamlet)

    def clean(self) -> None:
        if not self.grid_id:
            return  # a line of a new grid: asked again when the grid is there
        if self.starts_on is None:
            self.starts_on = self.grid.opened_on
        if self.hamlet_id and self.hamlet.village_id != self.grid.village_id:
            raise ValidationError({"hamlet": _("This hamlet is of another village: a grid covers one village’s own.")})
        if self.starts_on < self.grid.opened_on:
            raise ValidationError({"starts_on": _("The grid was not open yet: correct the date.")})
        if (closed_on := self.grid.closed_on) and (self.ends_on is None or self.ends_on > closed_on):
            self.ends_on = closed_on  # no hamlet lies in a grid that is closed
