"""The registers of practical matters and of the district's days, and the pages beside them."""

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cadres.registers.states import FlowRegister
from core import menu, once, rights, tickets
from core.clock import today
from core.menu import Group
from core.registers import Register, register
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, LOCAL, READERS
from services.actions.matters import MATTER_FLOW, correct, plan
from services.actions.rating_links import PURPOSES
from services.choices_matters import CONFIRMED, DONE, MatterState
from services.models import Matter, MatterNote, MatterYear, Rating, RatingBatch
from services.ratings import NOTHING, notes_on, results_by

rights.declare(MatterNote, Rights(view=READERS, add=LOCAL))
menu.add("services:matter_board", _("Cadres and their matters"), Group.SERVICE, 40, READERS)


@register
class MatterRegister(FlowRegister):
    model = Matter
    path = "matters"
    sheet_month_ends = ("planned_by",)
    sheet_words = {
        "person": ("干部姓名", "姓名", "责任人"),
        "year": ("年份",),
        "title": ("实事内容", "实事名称", "事项", "办实事内容"),
        "kind": ("实事类别", "类型"),
        "people": ("受益人群", "受益对象"),
        "planned_by": ("计划完成时间", "完成时限", "完成时间"),
        "money": ("资金", "投入资金", "所需资金"),
        "note": ("备注",),
    }
    columns = (
        "title",
        "person",
        "village",
        "village__township",
        "year",
        "kind",
        "registered_on",
        "planned_by",
        "finished_on",
        "state",
        "due_on",
    )
    card = ("title", "person", "planned_by", "state")
    search = ("title", "person__name", "person__pinyin", "village__name", "people")
    filters = ("village__township", "village", "kind", "state")
    sections = (
        (_("Practical matter"), ("village", "person", "year", "title", "kind")),
        (_("For whom and until when"), ("hamlet", "people", "planned_by", "money", "note")),
    )
    facts = ("registered_on", "confirmed_on", "finished_on", "outcome")
    workflow = MATTER_FLOW
    evidence = True
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS, ask=CLERKS)
    menu = (Group.SERVICE, 42)
    add_label = _("Register a matter in full")
    empty = _("Register what each cadre does for people this year; the township confirms it.")
    create = staticmethod(plan)
    update = staticmethod(correct)

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        if not user.roles & LOCAL:
            return []
        return [{"label": gettext("Register a matter"), "url": reverse("services:matter_register")}]

    @classmethod
    def summary(cls, rows) -> str:
        """“实事32件，已确认30件，已办结21件”"""
        facts = rows.order_by().aggregate(
            n=Count("pk"),
            confirmed=Count("pk", filter=Q(state__in=CONFIRMED)),
            done=Count("pk", filter=Q(state__in=DONE)),
        )
        text = ngettext(
            "%(n)d matter, %(confirmed)d confirmed, %(done)d done",
            "%(n)d matters, %(confirmed)d confirmed, %(done)d done",
            facts["n"],
        )
        return text % facts if facts["n"] else ""

    @classmethod
    def more(cls, request, row: Matter) -> str:
        """How far it has come, and what residents said of it."""
        ratings = Rating.objects.visible_to(request.user).counted().filter(matter=row)
        under_way = row.state == MatterState.UNDER_WAY and rights.can(request.user, "add", MatterNote)
        result = results_by(ratings, "matter").get(row.pk, NOTHING)
        done = row.state in DONE
        context = {
            "matter": row,
            "notes": list(MatterNote.objects.visible_to(request.user).filter(matter=row)),
            "may_note": under_way,
            "day": today(),
            "once": once.new_key(),
            "done": done,
            "result": result,
            "said": notes_on(request.user, row, result),
            "may_type": done and rights.can(request.user, "add", RatingBatch),
            "batches": tickets.listed(request.user, PURPOSES[Matter], row.pk) if done else (),
            "next": request.get_full_path(),
        }
        return render_to_string("services/_matter.html", context, request)


@register
class MatterYearRegister(Register):
    model = MatterYear
    path = "matter-years"
    columns = ("year", "register_by", "finish_by", "rate_by", "source")
    sections = ((_("Days of the year"), ("year", "register_by", "finish_by", "rate_by", "source")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 74)
    empty = _("Enter by when the matters of a year are registered, done and rated.")
