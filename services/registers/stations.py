"""The registers of stations, of what they do for people, and of what people asked."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import menu, rights
from core.clock import today
from core.menu import Group
from core.registers import Choice, Inline, Register, register
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, READERS
from core.templatetags.portal import tag
from services.actions.stations import REQUEST_FLOW, accept, correct
from services.choices_stations import OPEN_STATES, RequestState
from services.models import OpeningHours, RatingBatch, ServiceItem, ServiceRequest, Station, StationStaff

OF_STATION = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)

rights.declare(StationStaff, OF_STATION)
rights.declare(OpeningHours, OF_STATION)
menu.add("services:network", _("Three tiers of stations"), Group.SERVICE, 20, READERS)
menu.add("services:desk", _("Accept a request"), Group.SERVICE, 22, EDITORS)


@register
class StationRegister(Register):
    model = Station
    path = "stations"
    sheet_key = ("village", "name")
    sheet_months = ("opened_on", "closed_on")
    sheet_words = {
        "tier": ("站点层级", "级别"),
        "name": ("站点名称", "服务点名称", "服务站名称"),
        "phone": ("联系电话", "电话"),
        "opened_on": ("设立时间", "成立时间"),
        "place": ("设置地点", "办公地点"),
    }
    columns = ("name", "tier", "township", "village", "hamlet", "place", "phone", "people", "opened_on")
    card = ("name", "tier", "village", "place", "phone")
    search = ("name", "place", "village__name", "village__pinyin", "hamlet__name")
    filters = ("tier", "village__township", "village")
    sections = (
        (_("Station"), ("tier", "name", "township", "village", "hamlet")),
        (_("Where and since when"), ("place", "phone", "opened_on", "closed_on")),
    )
    inlines = (
        Inline(StationStaff, ("person", "name", "duty", "phone", "starts_on", "ends_on"), title=_("Who serves here")),
        Inline(OpeningHours, ("weekday", "opens", "closes"), extra=2),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.SERVICE, 24)
    empty = _("Enter the township’s station, then each village’s, then the points of the hamlets.")

    @classmethod
    def queryset(cls, user, verb: str = "view"):
        serving = Count("staff", filter=Q(staff__ends_on__isnull=True))
        return Station.objects.visible_to(user, verb).annotate(n_people=serving)

    @computed(_("Staff"), order=("n_people",), number=True)
    def show_people(row: Station) -> str:
        return str(row.n_people)


@register
class ServiceItemRegister(Register):
    model = ServiceItem
    path = "service-items"
    columns = ("label", "tier", "workdays", "papers", "in_force_from", "in_force_until", "source")
    card = ("label", "tier", "workdays", "papers")
    search = ("name", "name_en", "key", "papers")
    filters = ("tier",)
    sections = (
        (_("Service item"), ("key", "name", "name_en", "tier", "workdays", "papers", "position")),
        (_("Validity"), ("in_force_from", "in_force_until", "source")),
    )
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 70)

    @computed(_("Name"), order=("name",))
    def show_label(row: ServiceItem) -> str:
        return row.label


def _narrow(rows, value: str):
    if value == "late":
        return rows.late_on(today())
    return rows.filter(state__in=OPEN_STATES) if value == "open" else rows


@register
class ServiceRequestRegister(Register):
    model = ServiceRequest
    path = "service-requests"
    sheet_key = ("village", "item", "accepted_on", "resident")
    sheet_words = {
        "station": ("站点", "服务站", "受理点"),
        "item": ("办理事项", "事项", "事项名称"),
        "accepted_on": ("受理时间", "办理时间", "申请时间"),
        "resident": ("申请人", "办事人", "群众姓名", "姓名"),
        "note": ("备注",),
        "carried_by": ("代办员", "代办人员"),
        "result": ("办理结果", "结果"),
    }
    columns = ("item", "village", "station", "resident", "accepted_on", "promised_by", "taken", "state", "due_on")
    card = ("item", "village", "accepted_on", "taken", "due_on")
    search = ("item__name", "village__name", "village__pinyin", "phone")
    filters = (
        "village__township",
        "village",
        "item",
        "state",
        Choice(
            "which", _("Which requests"), (("open", _("Still open")), ("late", _("Past the promised day"))), _narrow
        ),
    )
    sections = (
        (_("What is asked"), ("village", "station", "item", "accepted_on", "note")),
        (_("For whom"), ("resident", "phone")),
        (_("Carried up and done"), ("carried_by", "result")),
    )
    facts = ("promised_by", "carried_on", "finished_on", "taken", "rated")
    workflow = REQUEST_FLOW
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.SERVICE, 26)
    add_label = _("Accept a request in full")
    empty = _("Accept the first request at a station: finished on the spot, or carried up for the resident.")
    create = staticmethod(accept)
    update = staticmethod(correct)

    @classmethod
    def list_actions(cls, user) -> list[dict]:
        if not rights.can(user, "add", ServiceRequest):
            return []
        return [{"label": gettext("Accept a request"), "url": reverse("services:desk")}]

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        """What is finished is rated: by a slip with a link, or by paper slips that are typed in."""
        if row.state != RequestState.FINISHED or not rights.can(user, "add", RatingBatch):
            return []
        return [
            {"label": gettext("Give slips with links out"), "url": reverse("services:request_links", args=[row.pk])},
            {"label": gettext("Type in rating slips"), "url": f"{reverse('services:rating_slips')}?request={row.pk}"},
        ]

    @classmethod
    def summary(cls, rows) -> str:
        """“共12件，办结9件，逾期2件”"""
        asked = rows.order_by()
        late = asked.late_on(today()).count()
        facts = asked.aggregate(n=Count("pk"), done=Count("pk", filter=Q(state=RequestState.FINISHED))) | {"late": late}
        text = ngettext(
            "%(n)d request, %(done)d finished, %(late)d past the promised day",
            "%(n)d requests, %(done)d finished, %(late)d past the promised day",
            facts["n"],
        )
        return text % facts if facts["n"] else ""

    @computed(_("Working days taken"), order=("workdays_taken",))
    def show_taken(row: ServiceRequest) -> str:
        """“3/5”, red with a word where it came, or still waits, after the promised day."""
        if row.finished_on is None:
            waits = row.state in OPEN_STATES and row.promised_by and row.promised_by < today()
            return tag("bad", gettext("past the promised day")) if waits else EMPTY
        promised = f"/{row.item.workdays}" if row.item.workdays else ""
        text = f"{row.workdays_taken}{promised}"
        late = row.promised_by and row.finished_on > row.promised_by
        return tag("bad", gettext("%(days)s, late") % {"days": text}) if late else text

    @computed(pgettext_lazy("request", "Rated by"), number=True)
    def show_rated(row: ServiceRequest) -> str:
        """How many rated it; asked for on the record's own page alone."""
        n = row.rating_set.count()
        return ngettext("%(n)d slip", "%(n)d slips", n) % {"n": n} if n else EMPTY
