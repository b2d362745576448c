"""Pages of rooms beside the registers: the matrix, its cells, and what may be done to a room set."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.clock import today
from core.pages import page
from core.roles import EDITORS, READERS, Role
from facilities import actions, matrix
from facilities.choices import State
from facilities.forms import CellForm
from facilities.matrix import MARKS, Show
from facilities.models import RoomSet, RoomType
from villages.models import Village

EVERYWHERE = "all"
#: In the order of their keys.
KEYS = [state for state in sorted(State) if state != State.EMPTY]


@require_GET
@page(READERS)
def room_matrix(request):
    """`?township=` code or "all" (the first, where there are several), `?show=` which rows."""
    day = today()
    villages = Village.objects.visible_to(request.user).on(day)
    townships = list(villages.order_by("township__code").values_list("township__code", "township__name").distinct())
    codes = [code for code, _name in townships]
    chosen = request.GET.get("township", "")
    if chosen not in (*codes, EVERYWHERE):
        chosen = codes[0] if codes else EVERYWHERE
    show = request.GET.get("show") if request.GET.get("show") in Show.values else Show.ALL
    if chosen != EVERYWHERE:
        villages = villages.filter(township__code=chosen)
    tables = matrix.build(request.user, villages, day)
    rows = [row for table in tables for row in table.rows]
    for row in rows:
        row.when = matrix.when(row.last.saved_at, day) if row.last else ""
    context = {
        "tables": [table for table in (table.narrowed(show) for table in tables) if table.rows],
        "townships": townships,
        "chosen": chosen,
        "place": rows[0].village.name if len(rows) == 1 else dict(townships).get(chosen, ""),
        "show": show,
        "seg": [(value, label, sum(row.shown(value) for row in rows)) for value, label in Show.choices],
        "villages": len(rows),
        "filled": sum(row.filled for row in rows),
        "cells": sum(len(row.cells) for row in rows),
        "editable": any(row.editable for row in rows),
        "legend": [(state, MARKS.get(state), state.label) for state in KEYS],
    }
    return render(request, "facilities/matrix.html", context)


@require_POST
@page(EDITORS)
def save_cell(request):
    """One cell: what stands now, as pieces of the page; or an `error` in a sentence (400; 409: saved meanwhile)."""
    form = CellForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": form.sentence()}, status=400)
    day, values = today(), form.cleaned_data
    village = get_object_or_404(Village.objects.visible_to(request.user), pk=values["village"])
    room_type = get_object_or_404(RoomType.objects.visible_to(request.user), pk=values["room_type"])
    cell = actions.Cell(village, room_type, form.facts(), values["version"])
    try:
        actions.set_rooms(request.user, [cell], day=day)
    except actions.Stale as stale:
        return JsonResponse({"error": " ".join(stale.messages)} | _pieces(request, cell, day), status=409)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    saved = _("Saved %(time)s") % {"time": f"{timezone.localtime():%H:%M:%S}"}
    return JsonResponse({"saved": saved} | _pieces(request, cell, day))


def _pieces(request, cell: actions.Cell, day) -> dict:
    """The cell and its row's figures as they stand now."""
    (table,) = matrix.build(request.user, Village.objects.filter(pk=cell.village.pk), day)
    (row,) = table.rows
    (own,) = [one for one in row.cells if one.room.key == cell.room_type.key]
    when = f"{matrix.when(row.last.saved_at, day)} {row.last.saved_by}" if row.last else ""
    html = render_to_string("facilities/cell.html", {"cell": own})
    return {"cell": html, "there": row.there, "low": row.is_low, "when": when}


@require_POST
@page({Role.DISTRICT})
def publish_room_set(request, pk: int):
    room_set = get_object_or_404(RoomSet.objects.visible_to(request.user), pk=pk)
    try:
        actions.publish_set(request.user, room_set)
        messages.success(request, _("Published: %(what)s") % {"what": room_set})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("facilities:room_sets_detail", pk)


@require_POST
@page({Role.DISTRICT})
def new_room_set_edition(request, pk: int):
    room_set = get_object_or_404(RoomSet.objects.visible_to(request.user), pk=pk)
    try:
        draft = actions.new_edition(request.user, room_set)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("facilities:room_sets_detail", pk)
    return redirect("facilities:room_sets_edit", draft.pk)
