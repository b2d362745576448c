"""Pages of rooms beside the registers: the matrix, its cells, and what may be done to a room set."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.actions import Invisible, Stale
from core.clock import today
from core.pages import page
from core.roles import EDITORS, READERS, Role
from facilities import actions, matrix, reviews
from facilities.choices import State
from facilities.forms import CellForm, read_cells
from facilities.matrix import MARKS, Show, View
from facilities.models import RoomSet, RoomType
from villages.models import Village

EVERYWHERE = "all"
#: In the order of their keys.
KEYS = [state for state in sorted(State) if state != State.EMPTY]


@require_GET
@page(READERS)
def room_matrix(request):
    """`?township=` code or "all" (the first, where there are several), `?show=` which rows, `?view=` what of a room."""
    day = today()
    villages = Village.objects.visible_to(request.user).on(day)
    townships = list(villages.order_by("township__code").values_list("township__code", "township__name").distinct())
    codes = [code for code, _name in townships]
    chosen = request.GET.get("township", "")
    if chosen not in (*codes, EVERYWHERE):
        chosen = codes[0] if codes else EVERYWHERE
    show, view = _one_of(Show, request.GET.get("show")), _one_of(View, request.GET.get("view"))
    if chosen != EVERYWHERE:
        villages = villages.filter(township__code=chosen)
    tables = matrix.build(request.user, villages, day)
    matrix.seen_as(view, tables)
    rows = [row for table in tables for row in table.rows]
    for row in rows:
        row.when = _when(row, day)
    context = {
        "tables": [table for table in (table.narrowed(show) for table in tables) if table.rows],
        "townships": townships,
        "chosen": chosen,
        "place": rows[0].village.name if len(rows) == 1 else dict(townships).get(chosen, ""),
        "show": show,
        "view": view,
        "views": View.choices,
        "reviews": reviews.of_own(request.user, [row.village for row in rows], day),
        "to_review": reviews.count_submitted(request.user),
        "seg": [(value, label, sum(row.shown(value) for row in rows)) for value, label in Show.choices],
        "villages": len(rows),
        "filled": sum(row.filled for row in rows),
        "cells": sum(len(row.cells) for row in rows),
        "editable": any(row.editable for row in rows),
        "legend": [(state, MARKS.get(state), state.label) for state in KEYS],
    }
    return render(request, "facilities/matrix.html", context)


def _one_of(choices: type[TextChoices], value: str | None) -> TextChoices:
    """The choice of that value, or the first."""
    return choices(value) if value in choices.values else next(iter(choices))


@require_POST
@page(EDITORS)
def save_cells(request):
    """`cells`: JSON, see `forms.read_cells`; `view`: how they are shown. All of them are written, or none.

    Answers what stands now, as pieces of the page; with an `error` in a sentence where nothing was written (400; 409:
    others saved meanwhile).
    """
    day, view = today(), _one_of(View, request.POST.get("view"))
    try:
        cells = _cells(request.user, read_cells(request.POST.get("cells", "")))
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    try:
        actions.set_rooms(request.user, cells, day=day)
    except (actions.StaleCells, Stale) as stale:
        return JsonResponse({"error": " ".join(stale.messages)} | _pieces(request, cells, view, day), status=409)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=400)
    now = f"{timezone.localtime():%H:%M:%S}"
    said = _("Saved %(n)d cells %(time)s") if len(cells) > 1 else _("Saved %(time)s")
    return JsonResponse({"saved": said % {"n": len(cells), "time": now}} | _pieces(request, cells, view, day))


def _cells(user, read: list[CellForm]) -> list[actions.Cell]:
    """The cells with their villages and rooms. Raises Invisible where one of them is not the person's to see."""
    values = [form.cleaned_data for form in read]
    villages = Village.objects.visible_to(user).in_bulk({one["village"] for one in values})
    rooms = RoomType.objects.visible_to(user).in_bulk({one["room_type"] for one in values})
    if any(one["village"] not in villages or one["room_type"] not in rooms for one in values):
        raise Invisible(_("There is no such village in your territory."))
    return [
        actions.Cell(villages[one["village"]], rooms[one["room_type"]], form.facts(), one["version"])
        for one, form in zip(values, read, strict=True)
    ]


def _pieces(request, cells: list[actions.Cell], view: View, day) -> dict:
    """The cells and their rows' figures as they stand now, by the names that the page's script knows them by."""
    villages = Village.objects.visible_to(request.user).filter(pk__in={cell.village.pk for cell in cells})
    tables = matrix.build(request.user, villages, day)
    matrix.seen_as(view, tables)
    rows = [row for table in tables for row in table.rows]
    asked = {cell.slot for cell in cells}
    shown = [one for row in rows for one in row.cells if (one.village.pk, one.room.key) in asked]
    return {
        "cells": {one.name: render_to_string("facilities/cell.html", {"cell": one}) for one in shown},
        "rows": {row.village.pk: {"there": row.there, "low": row.is_low, "when": _when(row, day)} for row in rows},
    }


def _when(row: matrix.Row, day) -> str:
    return f"{matrix.when(row.last.saved_at, day)} {row.last.saved_by}" if row.last else ""


@require_POST
@page({Role.SECRETARY})
def hand_in(request, code: str):
    """Hand in the rooms of a village for this year's review."""
    village, day = get_object_or_404(Village.objects.visible_to(request.user), code=code), today()
    try:
        reviews.hand_in(request.user, [village], day.year, day)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, _("Handed in for review: the rooms of %(village)s") % {"village": village})
    return redirect("facilities:matrix")


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
