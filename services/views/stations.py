"""The three tiers of stations at a glance, and the desk where a request is accepted."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cadres.places import place_of
from core import rights
from core.clock import today
from core.pages import page
from core.registers.flow import due_of
from core.roles import EDITORS, READERS
from services.actions.stations import accept, accept_and_finish
from services.choices_stations import Tier
from services.models import ServiceItem, ServiceRequest, Station
from services.places import village_of, villages_of
from services.quick import QuickForm, quick_form, save_once, show
from services.stations import network

#: Villages whose stations are shown in full; of more, their number and what is lacking.
DETAILED = 40
#: Late requests that the network's page names; the rest is in the register.
LATE = 10


@require_GET
@page(READERS)
def show_network(request):
    """`?place=`: township station, village stations, hamlet points, with staff and hours; what is late."""
    place, day = place_of(request.user, request.GET.get("place", "")), today()
    branches = network(request.user, place.villages, day)
    late = ServiceRequest.objects.visible_to(request.user).filter(village__in=place.villages.order_by(), due_on__lt=day)
    late = late.select_related("item", "village", "station").order_by("due_on")
    total = sum(len(branch.villages) for branch in branches)
    context = {
        "place": place,
        "branches": branches,
        "total": total,
        "lacking": sum(branch.lacking for branch in branches),
        "detailed": total <= DETAILED,
        "late": [(row, due_of(row, day)) for row in late[:LATE]],
        "late_total": late.count(),
        "may_add": rights.can(request.user, "add", Station),
        "may_accept": rights.can(request.user, "add", ServiceRequest),
    }
    return render(request, "services/network.html", context)


# ---- the desk ----


class DeskForm(QuickForm):
    """Four inputs: what, for whom, telephone, where; the village is the page's."""

    def __init__(self, *args, village, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.village, self.instance.accepted_on = village, day
        self.fields["item"].queryset = ServiceItem.objects.visible_to(self.user).on(day)
        stations = Station.objects.visible_to(self.user).on(day).serving(village).order_by("-tier", "name")
        self.fields["station"].queryset = stations
        own = [station for station in stations if station.tier == Tier.VILLAGE] or list(stations)
        if not self.is_bound and own:
            self.initial["station"] = own[0].pk
        for name in ("resident", "phone"):
            self.fields[name].help_text = ""


@require_http_methods(["GET", "POST"])
@page(EDITORS)
def accept_at_desk(request):
    """`?village=`; the second button records what was done on the spot."""
    user, day = request.user, today()
    village = village_of(user, request.GET.get("village", ""), day)
    form_class = quick_form(ServiceRequest, ("item", "resident", "phone", "station"), DeskForm)
    form = form_class(request.POST or None, user=user, village=village, day=day)

    def write(row):
        return accept_and_finish(user, row, day) if "finish" in request.POST else accept(user, [row])[0]

    if request.method == "POST" and form.is_valid():
        row = save_once(request, form, write)
        if row:
            messages.success(request, _said(row))
        if not form.errors:
            return redirect(_page_of(row))
    context = {"village": village, "villages": villages_of(user, day), "items": form.fields["item"].queryset}
    return show(request, "services/desk.html", form, context)


def _page_of(row: ServiceRequest | None) -> str:
    """None: the same form had been sent before."""
    return reverse("services:service_requests_detail", args=[row.pk]) if row else reverse("services:desk")


def _said(row: ServiceRequest) -> str:
    if row.finished_on:
        return _("Done on the spot: %(what)s") % {"what": row.item.label}
    if row.promised_by:
        return _("Accepted; promised by %(day)s") % {"day": row.promised_by.isoformat()}
    return _("Accepted: %(what)s") % {"what": row.item.label}


urlpatterns = [
    path("network/", show_network, name="network"),
    path("desk/", accept_at_desk, name="desk"),
]
