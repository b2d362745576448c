"""Toys for the recipes of docs/: what a reader who follows them step by step would have written.

Importing this module declares nothing: `declare()` does, and the fixture `toys` takes everything back.
"""

from collections import defaultdict
from types import SimpleNamespace

import factory
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.indicators import Kind, Measure, Shortfall, indicator
from core.menu import Group
from core.records import Record
from core.registers import Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import EDITORS, READERS, Role
from core.workflow import Transition, Workflow
from core.workflow.models import Flowing
from tests.factories import RowFactory, VillageFactory
from villages.models import Village


def declare() -> SimpleNamespace:
    """The three recipes, followed: Well (register), Repair (workflow), and an indicator on wells."""
    well, repair = make_well(), make_repair()
    return SimpleNamespace(
        Well=well,
        Repair=repair,
        WellRegister=add_a_register(well),
        RepairRegister=add_a_workflow(repair),
        wells_tested=add_an_indicator(well),
        factories=(factory_of(well, "第{}井"), factory_of(repair, "第{}次")),
    )


# ---- add a register: model, register, factory ----


def make_well():
    class Well(Record):
        village = models.ForeignKey(Village, models.CASCADE, related_name="+", verbose_name=_("Village"))
        name = models.CharField("Well", max_length=40)
        depth = models.PositiveIntegerField("Depth", default=10)
        tested_on = models.DateField("Tested on", null=True, blank=True)

        class Meta(Record.Meta):
            app_label = "villages"
            verbose_name = verbose_name_plural = "Wells"
            ordering = ["village__code", "name", "pk"]

        def __str__(self) -> str:
            return self.name

    return Well


def add_a_register(well):
    @register
    class WellRegister(Register):
        model = well
        path = "wells"
        columns = ("name", "village", "village__township", "depth", "deep")
        search = ("name", "village__name")
        filters = ("village__township", "village")
        sections = (("Well", ("village", "name", "depth", "tested_on")),)
        may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete={Role.DISTRICT, Role.CLERK})
        menu = (Group.FOUR, 90)
        bulk = ("tested_on",)
        empty = "Enter the wells of each village."

        @computed("Deep")
        def show_deep(row) -> str:
            return "!" if row.depth > 30 else ""

    return WellRegister


def factory_of(made, pattern: str):
    class Meta:
        model = made

    body = {
        "Meta": Meta,
        "village": factory.SubFactory(VillageFactory),
        "name": factory.Sequence(lambda n: pattern.format(n)),
    }
    return type(f"{made.__name__}Factory", (RowFactory,), body)


# ---- add an indicator ----


def add_an_indicator(well):
    @indicator("wells_tested", name="Wells tested in the year", kind=Kind.SHARE, unit="wells", evidence="The test")
    def wells_tested(villages, period):
        tested = models.Q(tested_on__range=(period.start, period.as_of))
        counts = well.objects.filter(village__in=villages).order_by().values("village")
        rows = counts.annotate(all=models.Count("pk"), met=models.Count("pk", filter=tested))
        return {row["village"]: Measure(row["met"], row["all"]) for row in rows}

    @wells_tested.shortfalls
    def untested(villages, period):
        found = defaultdict(list)
        lacking = well.objects.filter(village__in=villages)
        for row in lacking.exclude(tested_on__range=(period.start, period.as_of)):
            found[row.village_id].append(Shortfall(row.name, f"/villages/wells/{row.pk}/edit/"))
        return found

    return wells_tested


# ---- add a workflow ----


class RepairState(models.TextChoices):
    DRAFT = "draft", "Draft"
    REPORTED = "reported", "Reported"
    DONE = "done", "Done"


def make_repair():
    class Repair(Flowing, Record):
        village = models.ForeignKey(Village, models.CASCADE, related_name="+", verbose_name=_("Village"))
        name = models.CharField("Repair", max_length=40)
        cost = models.PositiveIntegerField("Cost", null=True, blank=True)
        state = models.CharField(
            "State", max_length=10, choices=RepairState.choices, default=RepairState.DRAFT, editable=False
        )

        class Meta(Record.Meta):
            app_label = "villages"
            verbose_name = verbose_name_plural = "Repairs"
            ordering = ["pk"]

        def __str__(self) -> str:
            return self.name

    return Repair


def _costed(row) -> str | None:
    return None if row.cost else "Say what it costs."


def add_a_workflow(repair):
    flow = Workflow(
        Transition(
            "report",
            "Report it",
            sources=(RepairState.DRAFT,),
            target=RepairState.REPORTED,
            roles={Role.SECRETARY},
            needs=(_costed,),
        ),
        Transition(
            "finish", "Confirm it", sources=(RepairState.REPORTED,), target=RepairState.DONE, roles={Role.CLERK}
        ),
        Transition(
            "send_back",
            "Return it",
            sources=(RepairState.REPORTED,),
            target=RepairState.DRAFT,
            roles={Role.CLERK},
            reason=True,
            awaited=False,
        ),
        limits={RepairState.REPORTED: "repair_review"},
        tags={RepairState.DONE: "ok", RepairState.REPORTED: "near"},
    )

    @register
    class RepairRegister(Register):
        model = repair
        path = "repairs"
        columns = ("name", "village", "cost", "state")
        filters = ("state", "village")
        sections = (("Repair", ("village", "name", "cost")),)
        may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete={Role.CLERK})
        workflow = flow

    return RepairRegister
