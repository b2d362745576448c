"""The duty rota: a village's month, the check-in of a day, what the township sees of days missed."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from cadres import duty
from cadres.actions.duty import Wish, arrange, check_in, generate
from cadres.models import DutyDay
from cadres.places import place_of
from core import rights
from core.clock import now, today
from core.pages import number_in, page
from core.roles import EDITORS, READERS
from villages.models import Village

#: Days missed or late that a page shows; the rest is in the register.
SHOWN = 60


def month_of(text: str) -> date:
    """The first day of "2013-11"; what is no month is taken for this one."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today().replace(day=1)


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _village(user, asked: str) -> Village:
    """The village with the number asked for, else the person's first. 404 where he sees none."""
    rows = Village.objects.visible_to(user).on(today()).select_related("township")
    found = rows.filter(pk=number_in(asked)).first()
    if asked and found is None:
        raise Http404(_("There is no such place in your territory."))
    found = found or rows.first()
    if found is None:
        raise Http404(_("There is no such place in your territory."))
    return found


@require_GET
@page(READERS)
def show_month(request):
    """`?village=` number, `?month=` 2013-11, `?edit=1` to change by hand."""
    day, month = today(), month_of(request.GET.get("month", ""))
    village = _village(request.user, request.GET.get("village", ""))
    weeks = duty.weeks_of(village, month, day)
    cells = [cell for week in weeks for cell in week if cell.in_month]
    may_arrange = rights.can(request.user, "arrange", DutyDay)
    still = [cell for cell in cells if cell.open]
    context = {
        "village": village,
        "villages": Village.objects.visible_to(request.user).on(day).order_by("code").values_list("pk", "name"),
        "month": month,
        "before": month - timedelta(days=1),
        "after": _next(month),
        "weeks": weeks,
        "edit": request.GET.get("edit") == "1" and may_arrange and bool(still),
        "people": list(duty.on_rota(village, max(month, day))),
        "may_arrange": may_arrange and bool(still),
        "may_clear": rights.can(request.user, "delete", DutyDay),
        "unfilled": sum(1 for cell in still if cell.is_workday and cell.duty is None),
        "planned": sum(1 for cell in cells if cell.duty),
        "kept": sum(1 for cell in cells if cell.duty and cell.duty.is_kept),
        "missed": sum(1 for cell in cells if cell.duty and cell.look == "bad"),
    }
    return render(request, "cadres/duty_month.html", context)


@require_POST
@page(EDITORS)
def make_rota(request):
    """`village` number (or "all" that one sees at `place`) and `month`: fills the working days that have nobody yet."""
    month, user = month_of(request.POST.get("month", "")), request.user
    if request.POST.get("village") == "all":
        villages = list(place_of(user, request.POST.get("place", "")).villages.on(today()))
        back = f"{reverse('cadres:duty_faults')}?month={month:%Y-%m}"
    else:
        villages = [_village(user, request.POST.get("village", ""))]
        back = _month_url(villages[0], month)
    try:
        rows = generate(user, villages, month, today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(n)d duty day put on the rota.", "%(n)d duty days put on the rota.", len(rows))
        messages.success(request, text % {"n": len(rows)}) if rows else messages.info(
            request, _("Nothing to fill: every working day has somebody, or nobody is in post.")
        )
    return redirect(back)


def _month_url(village: Village, month: date) -> str:
    return f"{reverse('cadres:duty')}?village={village.pk}&month={month:%Y-%m}"


@require_POST
@page(EDITORS)
def change_rota(request):
    """`village`, `month`, and for each day a person's number as `d2013-11-25`; "" for nobody."""
    month, village = month_of(request.POST.get("month", "")), _village(request.user, request.POST.get("village", ""))
    people = {str(one.pk): one for one in duty.on_rota(village, max(month, today()))}
    wishes = []
    for name, value in request.POST.items():
        try:
            wished = date.fromisoformat(name[1:]) if name.startswith("d2") else None
        except ValueError:
            wished = None
        if wished and (value == "" or value in people):
            wishes.append(Wish(wished, people.get(value)))
    try:
        changed = arrange(request.user, village, wishes, today())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(n)d day of the rota changed.", "%(n)d days of the rota changed.", changed)
        messages.success(request, text % {"n": changed})
    return redirect(_month_url(village, month))


@require_GET
@page(READERS)
def show_today(request):
    """Who is on duty today; whoever keeps the rota checks in with one button."""
    day = today()
    rows = DutyDay.objects.visible_to(request.user).filter(day=day).select_related("person", "village__township")
    coming = DutyDay.objects.visible_to(request.user).filter(day__gt=day).select_related("person", "village")
    context = {
        "day": day,
        "rows": list(rows.order_by("village__code")[:SHOWN]),
        "coming": list(coming.order_by("day", "village__code")[:5]),
        "may_check_in": rights.can(request.user, "check_in", DutyDay),
    }
    return render(request, "cadres/duty_today.html", context)


@require_POST
@page(EDITORS)
def take_duty(request):
    """`duty`: the number of the duty day."""
    rows = DutyDay.objects.visible_to(request.user, "check_in").filter(day=today())
    row = rows.filter(pk=number_in(request.POST.get("duty", ""))).first()
    if row is None:
        messages.error(request, _("Nobody of yours is on duty today: put somebody on the rota first."))
        return redirect("cadres:duty_today")
    try:
        check_in(request.user, [row], now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        facts = {"person": row.person, "state": row.get_state_display()}
        messages.success(request, _("%(person)s: %(state)s") % facts)
    return redirect("cadres:duty_today")


@require_GET
@page(READERS)
def show_faults(request):
    """`?place=`, `?month=`: how each village keeps its days, and which were missed or late."""
    day, month = today(), month_of(request.GET.get("month", ""))
    place = place_of(request.user, request.GET.get("place", ""))
    last = _next(month) - timedelta(days=1)
    villages = place.villages.on(day)
    rows = duty.kept_by(villages, month, last, day)
    faults = duty.faults(villages, month, last, day).order_by("-day", "village__code")
    context = {
        "place": place,
        "month": month,
        "before": month - timedelta(days=1),
        "after": _next(month),
        "rows": rows,
        "faults": list(faults[:SHOWN]),
        "faults_total": faults.count(),
        "kept": sum(own.kept for own in rows),
        "due": sum(own.due for own in rows),
        "late": sum(own.late for own in rows),
        "without": sum(1 for own in rows if not own.planned),
        "may_generate": rights.can(request.user, "arrange", DutyDay) and last >= day,
        "may_change": rights.can(request.user, "change", DutyDay),
    }
    return render(request, "cadres/duty_faults.html", context)


urlpatterns = [
    path("duty/", show_month, name="duty"),
    path("duty/generate/", make_rota, name="duty_generate"),
    path("duty/arrange/", change_rota, name="duty_arrange"),
    path("duty/today/", show_today, name="duty_today"),
    path("duty/check-in/", take_duty, name="duty_check_in"),
    path("duty/missed/", show_faults, name="duty_faults"),
]
