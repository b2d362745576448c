"""The chapters of a village's file: rooms, regulations, hamlets, services, what was saved last. Each asks for its own rows."""

from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from core import indicators, rights
from core.periods import Period
from core.records import Record
from core.registers import all_registers
from core.scoping import scopes
from dashboards import files, mechanisms
from facilities import matrix
from facilities.models import Building, Equipment, Room
from services.stations import network, paces_of
from villages.choices import AppliesTo
from villages.models import Adoption, Hamlet, Regulation, Village

LATEST = 30  # records named under "changes"


class Tab(NamedTuple):
    key: str
    label: str
    count: str = ""
    lacks: bool = False


def chapters(user, village: Village, day: date, query) -> dict:
    """The tabs with their counts, and the rows of the one that was asked for."""
    own = Village.objects.filter(pk=village.pk)
    file = next(iter(files.completeness(own, day)), None)
    building = Building.objects.on(day).filter(village=village).first()
    hamlets = Hamlet.objects.filter(village=village, closed_on__isnull=True)
    there = {
        "rooms": Room.objects.filter(village=village, present=True).count(),
        "regulations": Adoption.objects.required_on(day).filter(village=village).count(),
    }
    asked = {part.key: part.asked for part in file.parts} if file else {}
    tabs = [
        Tab("", _("Score")),
        _tab("rooms", _("Rooms"), there["rooms"], asked.get("rooms")),
        _tab("regulations", _("Regulations"), there["regulations"], asked.get("regulations")),
        Tab("hamlets", _("Hamlets"), str(hamlets.count())),
        Tab("services", _("Services")),
        Tab("changes", _("Last changes")),
    ]
    chosen = query.get("tab", "")
    tab = chosen if chosen in {one.key for one in tabs} else ""
    rows = CHAPTERS[tab](user, village, day) if tab in CHAPTERS else {}
    return {"tabs": tabs, "tab": tab, "file": file, "building": building, **rows}


def _tab(key: str, label: str, there: int, asked: int | None) -> Tab:
    return Tab(key, label, f"{there}/{asked}", there < asked) if asked else Tab(key, label)


def _rooms(user, village: Village, day: date) -> dict:
    """The rooms of its set as the room matrix has them, and the equipment that its set asks for."""
    tables = matrix.build(user, Village.objects.filter(pk=village.pk), day)
    if not tables:
        return {"cells": []}
    (table,) = tables
    there = {row.key: row for row in Equipment.objects.visible_to(user).filter(village=village)}
    items = [(item, there.get(item.key)) for item in table.room_set.equipment.all()]
    row = table.rows[0]
    return {
        "room_set": table.room_set,
        "cells": row.cells,
        "items": items,
        "editable": row.editable,
    }


class Line(NamedTuple):
    """A regulation that the village must have, and its adoption, if there is one."""

    regulation: Regulation
    adoption: Adoption | None
    url: str
    vote_wrong: bool = False


def _regulations(user, village: Village, day: date) -> dict:
    asked = AppliesTo.COMMUNITY if village.is_community else AppliesTo.VILLAGE
    required = Regulation.objects.required_on(day).filter(applies_to__in=(AppliesTo.ALL, asked))
    adopted = Adoption.objects.visible_to(user).in_force_on(day).filter(village=village)
    there = {adoption.regulation_id: adoption for adoption in adopted}
    own = Village.objects.filter(pk=village.pk)
    unvoted = indicators.get("charter_voted").find_shortfalls(own, Period(day.year, day)).get(village.pk, [])
    wrong = {record.url for record in unvoted}
    editable = village.scope_code.startswith(scopes(user, "change", Adoption))
    return {"regulations": [_line(row, there.get(row.pk), village, editable, wrong) for row in required]}


def _line(regulation: Regulation, adoption: Adoption | None, village: Village, editable: bool, wrong: set) -> Line:
    if adoption:
        edit = reverse("villages:adoptions_edit", args=[adoption.pk])
        url = edit if editable else reverse("villages:adoptions_detail", args=[adoption.pk])
        return Line(regulation, adoption, url, edit in wrong)
    new = f"{reverse('villages:adoptions_new')}?village={village.pk}&regulation={regulation.pk}"
    return Line(regulation, None, new if editable else "")


def _hamlets(user, village: Village, day: date) -> dict:
    return {"hamlets": Hamlet.objects.visible_to(user).filter(village=village, closed_on__isnull=True)}


def _services(user, village: Village, day: date) -> dict:
    """How far each mechanism is, and where the people are served: township's station, village's, points of hamlets."""
    own = Village.objects.filter(pk=village.pk).select_related("township")
    now = mechanisms.standing(user, own, day)
    return {
        "now": now.total(),
        "lines": mechanisms.lines_of(user, village, now, day),
        "branches": network(user, Village.objects.filter(pk=village.pk), day),
        "paces": paces_of(user, village, day),
    }


class Saved(NamedTuple):
    record: Record
    kind: str
    url: str


def _changes(user, village: Village, day: date) -> dict:
    """The records of the village that were saved last by a person, of every register that the reader may read."""
    found = []
    for register in all_registers():
        model = register.model
        if issubclass(model, Record) and model.territory == "village" and rights.can(user, "view", model):
            rows = model.objects.visible_to(user).filter(village=village).exclude(saved_by="").order_by("-saved_at")
            rows = rows.select_related(*(f.name for f in model._meta.fields if f.is_relation))[:LATEST]
            found += [Saved(row, model._meta.verbose_name, register.url("detail", row)) for row in rows]
    return {"saved": sorted(found, key=lambda saved: saved.record.saved_at, reverse=True)[:LATEST]}


CHAPTERS = {
    "rooms": _rooms,
    "regulations": _regulations,
    "hamlets": _hamlets,
    "services": _services,
    "changes": _changes,
}
