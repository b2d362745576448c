"""The register of grids, with the hamlets that each covers."""

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import menu, rights
from core.menu import Group
from core.registers import Choice, Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, EDITORS, READERS
from core.templatetags.portal import tag
from services.actions.grids import update_grids
from services.models import Case, Grid, GridHamlet

#: Cases that a grid's page names; the rest is in their register.
SHOWN = 10

rights.declare(GridHamlet, Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS))
menu.add("services:grid_gaps", _("Hamlets without a grid"), Group.SERVICE, 12, READERS)


def _narrow(rows, value: str):
    return rows.filter(closed_on__isnull=value == "open") if value != "all" else rows


@register
class GridRegister(Register):
    model = Grid
    path = "grids"
    sheet_months = ("opened_on", "closed_on")
    sheet_words = {
        "leader": ("网格长", "网格员"),
        "phone": ("联系电话", "电话", "网格长电话"),
        "opened_on": ("设立时间", "划分时间"),
        "has_board": ("是否有公示牌", "公示牌"),
        "board_place": ("公示牌地点", "公示牌位置"),
    }
    columns = ("name", "village", "village__township", "hamlets", "led_by", "phone", "households", "board", "opened_on")
    card = ("name", "village", "hamlets", "led_by", "board")
    search = ("name", "pinyin", "leader__name", "leader_name", "village__name")
    filters = (
        "village__township",
        "village",
        "has_board",
        Choice(
            "standing",
            _("Standing"),
            (("open", _("Open grids")), ("closed", _("Closed grids")), ("all", _("All grids"))),
            _narrow,
            initial="open",
        ),
    )
    sections = (
        (_("Grid"), ("village", "name", "households", "opened_on", "closed_on")),
        (_("Leader and board"), ("leader", "leader_name", "phone", "has_board", "board_place")),
    )
    inlines = (Inline(GridHamlet, ("hamlet", "starts_on", "ends_on"), title=_("Hamlets it covers"), extra=2),)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.SERVICE, 10)
    empty = _("Draw the first grid: one or more hamlets under a leader, with a notice board.")
    update = staticmethod(update_grids)

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        rows = Grid.objects.visible_to(user, verb).select_related("leader")
        return rows.annotate(
            n_hamlets=Count("covers", filter=Q(covers__ends_on__isnull=True)),
            led=Coalesce("leader__name", "leader_name"),
        )

    @classmethod
    def summary(cls, rows) -> str:
        grids = rows.order_by()
        facts = {"n": grids.count(), "complete": grids.complete().count()}
        text = ngettext(
            "%(n)d grid, %(complete)d with leader and board", "%(n)d grids, %(complete)d with both", facts["n"]
        )
        return text % facts if facts["n"] else ""

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        if row.closed_on or not rights.can(user, "add", Case):
            return []
        url = f"{reverse('services:case_hear')}?grid={row.pk}"
        return [{"label": gettext("Report what people say"), "url": url}]

    @classmethod
    def more(cls, request, row) -> str:
        """What was raised from the grid, the newest first."""
        cases = Case.objects.visible_to(request.user).filter(grid=row).order_by("-heard_on", "-pk")
        context = {"grid": row, "cases": cases[:SHOWN], "total": cases.count()}
        return render_to_string("services/_grid.html", context, request)

    @computed(_("Hamlets"), order=("n_hamlets",), number=True)
    def show_hamlets(row: Grid) -> str:
        return str(row.n_hamlets)

    @computed(_("Leader"), order=("led",))
    def show_led_by(row: Grid) -> str:
        return row.led_by or tag("bad", gettext("no leader"))

    @computed(_("Notice board"), order=("has_board",))
    def show_board(row: Grid) -> str:
        return (row.board_place or gettext("Yes")) if row.has_board else tag("bad", gettext("no board"))
