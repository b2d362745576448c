"""The board of reserve cadres: who stands at which step, and since when."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cadres.choices_development import STEPS_OF, TRAINING_FROM, Pipeline, ReserveStage, StepResult
from cadres.models import Reserve, ReserveStep
from cadres.places import place_of
from cadres.registers.reserve import next_step_url
from core import rights
from core.clock import today
from core.pages import page
from core.roles import READERS

#: Cards shown in a column; the rest is in the register.
SHOWN = 30


@dataclass
class Card:
    reserve: Reserve
    since: date
    days: int
    next_url: str


@dataclass
class Column:
    """Those whose last passed step is `stage` ("": none yet). `training`: who stands here is in training."""

    stage: str
    label: str
    total: int
    training: bool
    cards: list[Card] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


@require_GET
@page(READERS)
def show_board(request):
    """`?place=`, `?pipeline=`."""
    day, place = today(), place_of(request.user, request.GET.get("place", ""))
    asked = request.GET.get("pipeline", "")
    pipeline = Pipeline(asked) if asked in Pipeline else Pipeline.THREE_TWO_ONE
    rows = Reserve.objects.visible_to(request.user).on(day).filter(village__in=place.villages)
    totals = Counter(dict(rows.order_by().values_list("pipeline").annotate(n=Count("pk"))))
    standing = rows.filter(pipeline=pipeline).standing_on(day).select_related("person", "village")
    failed = standing.filter(at_result=StepResult.FAILED)
    may_add = rights.can(request.user, "add", ReserveStep)
    context = {
        "place": place,
        "pipeline": pipeline,
        "pipelines": [(one, one.label, totals[one]) for one in Pipeline],
        "columns": _columns(pipeline, standing.exclude(at_result=StepResult.FAILED), day, may_add),
        "failed": failed[:SHOWN],
        "failed_total": failed.count(),
        "total": sum(totals.values()),
        "training": rows.in_training_on(day).count(),
        "may_add": rights.can(request.user, "add", Reserve),
    }
    return render(request, "cadres/reserve_board.html", context)


def _columns(pipeline: Pipeline, standing: QuerySet, day: date, may_add: bool) -> list[Column]:
    """A column a step, before them those who have taken none; one query for the counts, one a column that has cards."""
    counts = Counter(dict(standing.order_by().values_list("at_step").annotate(n=Count("pk"))))
    stages = STEPS_OF[pipeline]
    begins = stages.index(TRAINING_FROM[pipeline])
    columns = [Column("", _("No step yet"), counts[None], training=False)]
    columns += [
        Column(stage, ReserveStage(stage).label, counts[stage], training=at >= begins)
        for at, stage in enumerate(stages)
    ]
    for column in columns:
        if column.total:
            here = (
                standing.filter(at_step=column.stage or None) if column.stage else standing.filter(at_step__isnull=True)
            )
            column.cards = [_card(one, day, may_add) for one in here.order_by("at_since", "entered_on", "pk")[:SHOWN]]
    return columns


def _card(reserve: Reserve, day: date, may_add: bool) -> Card:
    since = reserve.at_since or reserve.entered_on
    return Card(reserve, since, (day - since).days, next_step_url(reserve) if may_add and reserve.next_stage else "")


urlpatterns = [path("reserve-board/", show_board, name="reserve_board")]
