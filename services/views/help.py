"""Three-to-one help: who must be visited in a quarter, what is lacking, and writing down a visit on a phone."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cadres.places import Place, place_of
from core import rights
from core.clock import today
from core.pages import page
from core.roles import EDITORS, READERS
from services.actions.help import record_visit
from services.choices_help import HelperTier
from services.help import Helped, Quarter, helped_in
from services.models import HelpedPerson, Helper, HelpVisit
from services.places import code_asked, is_number
from services.quick import QuickForm, chips, quick_form, save_once, show, was_sent

#: People on a page.
ROWS = 20


@dataclass
class PlaceHelp:
    """How a township or village stands in a quarter, in numbers that name nobody."""

    code: str
    name: str
    total: int = 0
    complete: int = 0
    due: int = 0
    visited: int = 0
    lacking: dict[str, int] = field(default_factory=lambda: dict.fromkeys(HelperTier, 0))

    def take(self, one: Helped, quarter: Quarter) -> None:
        self.total += 1
        self.complete += not one.lacking
        for tier in one.lacking:
            self.lacking[tier] += 1
        if one.asked_in(quarter):
            self.due += 1
            self.visited += quarter in one.visits

    @property
    def open(self) -> int:
        return self.due - self.visited


@require_GET
@page(READERS)
def show_board(request):
    """`?place=` or `?village=` (a number), `?quarter=2013-4`, `?page=` of the names.

    Numbers for all, by township or village; names for those who may read them.
    """
    user, day = request.user, today()
    place = place_of(user, code_asked(user, request.GET.get("village", "")) or request.GET.get("place", ""))
    quarter = Quarter.read(request.GET.get("quarter", ""), day)
    as_of = min(day, quarter.end)
    everybody = helped_in(place.villages.order_by(), as_of, [quarter])
    standing = set(place.villages.on(day).order_by().values_list("pk", flat=True))
    rows = _numbers(place, [one for one in everybody if one.person.village_id in standing], quarter)
    named = _named(user, everybody, place) if rights.can(user, "view", HelpedPerson) else None
    context = {
        "place": place,
        "quarter": quarter,
        "is_over": quarter.end < day,
        "tiers": HelperTier,
        "rows": rows,
        "only": next(iter(standing)) if len(standing) == 1 else None,
        "total": sum(row.total for row in rows),
        "complete": sum(row.complete for row in rows),
        "due": sum(row.due for row in rows),
        "visited": sum(row.visited for row in rows),
        "page": Paginator(_lines(named, quarter), ROWS).get_page(request.GET.get("page"))
        if named is not None
        else None,
        "unnamed": len(everybody) - len(named) if named is not None else 0,
        "may_visit": rights.can(user, "add", HelpVisit),
    }
    return render(request, "services/help_board.html", context)


def _numbers(place: Place, everybody: list[Helped], quarter: Quarter) -> list[PlaceHelp]:
    """Each part of the place where somebody is helped; where most visits are still due first."""
    own = {code: PlaceHelp(code, name) for code, name in place.parts}
    digits = len(next(iter(own)))
    for one in everybody:
        own[one.person.village.scope_code[:digits]].take(one, quarter)
    found = [row for row in own.values() if row.total]
    return sorted(found, key=lambda row: (-row.open, -sum(row.lacking.values())))


def _named(user, everybody: list[Helped], place) -> list[Helped]:
    """Those whose records the person reads."""
    seen = HelpedPerson.objects.visible_to(user).filter(village__in=place.villages.order_by())
    seen = set(seen.order_by().values_list("pk", flat=True))
    return [one for one in everybody if one.person.pk in seen]


def _lines(people: list[Helped], quarter: Quarter) -> list[tuple]:
    """(who, helpers by tier, the visit's day or None, is a visit due): who waits first."""
    lines = [
        (one, [one.helpers.get(tier) for tier in HelperTier], one.visits.get(quarter), one.asked_in(quarter))
        for one in people
    ]
    return sorted(lines, key=lambda line: (line[2] is not None, not line[3], line[0].person.village.code))


# ---- a visit ----


class VisitForm(QuickForm):
    """Four inputs: by which of the three, when, what was done, what is still needed."""

    def __init__(self, *args, helped: HelpedPerson, day, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.helped = helped
        who = self.fields["helper"]
        who.queryset = Helper.objects.visible_to(self.user).filter(helped=helped).on(day).select_related("person")
        who.empty_label, who.label = None, _("Who visited")
        who.label_from_instance = _helper_label
        chips(who)
        if not self.is_bound:
            self.initial |= {"on": day}


def _helper_label(helper: Helper) -> str:
    return f"{helper}（{helper.get_tier_display()}）"


@require_http_methods(["GET", "POST"])
@page(EDITORS)
def visit(request):
    """`?helped=`: the person who was visited; without one, whom to choose from."""
    user, day = request.user, today()
    if not request.GET.get("helped"):
        return redirect("services:help_board")
    if not is_number(request.GET["helped"]):
        raise Http404(_("There is no such record in your territory."))
    people = HelpedPerson.objects.visible_to(user).select_related("village", "hamlet")
    helped = get_object_or_404(people, pk=int(request.GET["helped"]))
    board = f"{reverse('services:help_board')}?village={helped.village_id}"
    if was_sent(request, HelpVisit):
        return redirect(board)
    form_class = quick_form(HelpVisit, ("helper", "on", "done", "still"), VisitForm)
    form = form_class(request.POST or None, user=user, helped=helped, day=day)
    if request.method == "POST" and form.is_valid():
        row = save_once(request, form, lambda row: record_visit(user, row, day))
        if row or not form.errors:
            if row:
                messages.success(request, _("Visit recorded: %(name)s") % {"name": helped})
            return redirect(board)
    context = {"helped": helped, "helpers": form.fields["helper"].queryset}
    return show(request, "services/help_visit.html", form, context)


urlpatterns = [
    path("help/", show_board, name="help_board"),
    path("help/visit/", visit, name="help_visit"),
]
