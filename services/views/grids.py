"""The hamlets of each village with their grids; those without one are put into a grid here."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from cadres.places import place_of
from core import rights
from core.clock import today
from core.pages import page
from core.roles import EDITORS, READERS
from services.actions.grids import cover
from services.grids import grounds_on
from services.models import Grid, GridHamlet
from services.places import is_number, village_of


@require_GET
@page(READERS)
def show_gaps(request):
    """`?place=`: every hamlet of the place; of one village, with the grids that it could be put into."""
    place, day = place_of(request.user, request.GET.get("place", "")), today()
    grounds = grounds_on(place.villages, day)
    only = grounds[0].village if len(grounds) == 1 else None
    may_cover = rights.can(request.user, "add", GridHamlet)
    grids = Grid.objects.visible_to(request.user, "change").on(day).filter(village=only) if only and may_cover else ()
    context = {
        "place": place,
        "grounds": sorted(grounds, key=lambda ground: -len(ground.without)),
        "only": only,
        "grids": list(grids),
        "total": sum(len(ground.cells) for ground in grounds),
        "covered": sum(ground.covered for ground in grounds),
        "without": sum(len(ground.without) for ground in grounds),
        "may_add": rights.can(request.user, "add", Grid),
    }
    return render(request, "services/grid_gaps.html", context)


@require_POST
@page(EDITORS)
def put_into_grids(request):
    """`village` number, and for each hamlet the number of a grid as `h71`; "" leaves it without."""
    day = today()
    village = village_of(request.user, request.POST.get("village", ""), day)
    without = {f"h{cell.hamlet.pk}": cell.hamlet.pk for cell in _without(request.user, village, day)}
    wishes = {without[name]: int(value) for name, value in request.POST.items() if name in without and is_number(value)}
    try:
        rows = cover(request.user, wishes, day)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(n)d hamlet put into a grid.", "%(n)d hamlets put into grids.", len(rows)) % {"n": len(rows)}
        messages.success(request, text)
    return redirect(f"{reverse('services:grid_gaps')}?place={village.code}")


def _without(user, village, day):
    (ground,) = grounds_on(type(village).objects.visible_to(user).filter(pk=village.pk), day)
    return ground.without


urlpatterns = [
    path("grids/gaps/", show_gaps, name="grid_gaps"),
    path("grids/cover/", put_into_grids, name="grid_cover"),
]
