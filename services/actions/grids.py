"""Grids: what their closing does to the hamlets in them, and hamlets put into grids from the list of those without."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from core import actions
from services.models import Grid, GridHamlet
from villages.models import Hamlet


def update_grids(by, grids: Sequence[Grid], fields: Iterable[str], **how) -> list[Grid]:
    """As the kit's update. A grid that closes leaves its hamlets on that day; one that opens again takes them back."""
    before = dict(Grid.objects.filter(pk__in=[grid.pk for grid in grids]).values_list("pk", "closed_on"))
    with transaction.atomic():
        changed = actions.update(by, grids, fields, **how)
        moved = {grid.pk: grid for grid in changed if grid.closed_on != before[grid.pk]}
        rows = []
        for row in GridHamlet.objects.filter(grid__in=moved).select_related("grid", "hamlet"):
            if row.ends_on == before[row.grid_id]:
                row.ends_on = moved[row.grid_id].closed_on
                rows.append(row)
        actions.update(by, rows, ["ends_on"])
    return changed


def cover(by, wishes: Mapping[int, int], day: date) -> list[GridHamlet]:
    """Put hamlets into grids: hamlet's number → grid's number, from the day on. Raises Invisible for another's."""
    actions.require(by, "add", GridHamlet)
    hamlets = Hamlet.objects.visible_to(by).in_bulk(wishes.keys())
    grids = Grid.objects.visible_to(by, "change").on(day).in_bulk(set(wishes.values()))
    if len(hamlets) != len(wishes) or len(grids) != len(set(wishes.values())):
        raise actions.Invisible(_("The record referred to is not in your territory."))
    rows = [
        GridHamlet(hamlet=hamlets[hamlet], grid=grids[grid], starts_on=max(day, grids[grid].opened_on))
        for hamlet, grid in wishes.items()
    ]
    return actions.create(by, rows)
