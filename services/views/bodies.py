"""One group, two meetings: where bodies are missing, and the three bodies of one hamlet."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_GET

from cadres.places import place_of
from core import rights
from core.clock import today
from core.pages import page
from core.roles import READERS
from services.bodies import bodies_on, ranked, whole_by
from services.choices_bodies import BodyKind
from services.models import Deliberation, HamletBody, Household
from villages.models import Hamlet

#: Hamlets on a page.
ROWS = 20


@require_GET
@page(READERS)
def show_gaps(request):
    """`?place=`, `?page=`: how many hamlets have all three bodies, and each with its own, the worst first."""
    place = place_of(request.user, request.GET.get("place", ""))
    hamlets = Hamlet.objects.visible_to(request.user).filter(village__in=place.villages.on(today()))
    rows = ranked(hamlets, today())
    parts = whole_by(place.parts, rows)
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "parts": parts,
        "page": found,
        "rows": bodies_on(found, today()),
        "total": sum(part.total for part in parts),
        "whole": sum(part.whole for part in parts),
        "kinds": BodyKind,
        "may_add": rights.can(request.user, "add", HamletBody),
    }
    return render(request, "services/bodies.html", context)


@require_GET
@page(READERS)
def show_hamlet(request, pk: int):
    """The three bodies of a hamlet with who sits in them, and its households against its own figure."""
    hamlets = Hamlet.objects.visible_to(request.user)
    hamlet = get_object_or_404(hamlets.select_related("village__township"), pk=pk)
    context = {
        "hamlet": hamlet,
        "row": bodies_on([hamlet], today())[0],
        "may_add": rights.can(request.user, "add", HamletBody),
        "may_start": rights.can(request.user, "add", Deliberation),
        "may_add_household": rights.can(request.user, "add", Household),
    }
    return render(request, "services/hamlet_bodies.html", context)


urlpatterns = [
    path("bodies/", show_gaps, name="bodies"),
    path("hamlets/<int:pk>/bodies/", show_hamlet, name="hamlet_bodies"),
]
