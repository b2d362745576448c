"""Moving records through their workflow: one action over a set, all or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import actions, rights
from core.workflow.days import Calendar
from core.workflow.models import Move, TimeLimit
from core.workflow.table import Transition, Workflow


def available(flow: Workflow, row: models.Model, user) -> list[Transition]:
    """The moves that the row's state allows and the person's role covers; needs are told when it is tried."""
    model = type(row)
    return [
        transition
        for transition in flow.leaving(row.state)
        if rights.can(user, transition.name, model)
        and model._default_manager.visible_to(user, transition.name).filter(pk=row.pk).exists()
    ]


def move(
    by,
    flow: Workflow,
    rows: Sequence[models.Model],
    name: str,
    day: date,
    *,
    reason: str = "",
    values: Mapping[str, object] | None = None,
) -> list[models.Model]:
    """Move rows of one model. Raises Refused, Invisible; ValidationError with a sentence for each row that can't.

    `values`: what is written into each row with the move, such as the answer that the step asks for.
    """
    if not rows:
        return []
    transition, model = flow.get(name), type(rows[0])
    actions.require(by, name, model)
    with transaction.atomic():
        locked = actions.lock(by, name, model, rows)
        models.prefetch_related_objects(locked, *actions.references(model))  # what the needs ask of each row
        for row, (field, value) in product(locked, (values or {}).items()):
            setattr(row, field, value)
        _refuse(flow, transition, locked, reason)
        before = {row.pk: (row.state, row.due_on) for row in locked}
        due = due_on(flow, transition.target, day)
        for row in locked:
            row.state, row.state_since, row.due_on = transition.target, day, due
        if transition.effect:
            transition.effect(by, locked, day)
        fields = {f.name for f in model._meta.concrete_fields if f.editable and not f.primary_key} | {
            "state",
            "state_since",
            "due_on",
        }
        actions.update(by, locked, sorted(fields), verb=name, reason=reason)
        _keep(by, transition, locked, before, day, reason)
    return locked


def _refuse(flow: Workflow, transition: Transition, rows: Sequence[models.Model], reason: str) -> None:
    problems = []
    if transition.reason and not reason.strip():
        problems.append(_("Say why: the people concerned read it."))
    for row in rows:
        if row.state not in transition.sources:
            names = dict(row._meta.get_field("state").flatchoices)
            problems.append(
                _("%(what)s is “%(state)s” now: “%(move)s” is not possible from there.")
                % {"what": row, "state": names.get(row.state, row.state), "move": transition.label}
            )
            continue
        problems += [f"{row}：{sentence}" for need in transition.needs if (sentence := need(row))]
    if problems:
        raise ValidationError(problems)


def due_on(flow: Workflow, state: str, day: date) -> date | None:
    """The day by which the state must be left, or None where no limit runs."""
    key = flow.limits.get(state)
    limit = limit_on(key, day) if key else None
    return Calendar.load().add(day, limit.workdays) if limit else None


def limit_on(key: str, day: date) -> TimeLimit | None:
    """The limit in force on the day."""
    return (
        TimeLimit.objects.filter(key=key, in_force_from__lte=day)
        .filter(models.Q(in_force_until__isnull=True) | models.Q(in_force_until__gte=day))
        .order_by("-in_force_from")
        .first()
    )


def _keep(by, transition: Transition, rows, before: dict, day: date, reason: str) -> None:
    codes = actions.codes_of(type(rows[0]), rows)
    Move.objects.bulk_create(
        Move(
            model=row._meta.label,
            object_id=row.pk,
            transition=transition.name,
            source=before[row.pk][0],
            due_on=before[row.pk][1],
            target=transition.target,
            by=by.name,
            on=day,
            reason=reason[:300],
            territory_code=codes.get(row.pk, ""),
        )
        for row in rows
    )


def trails(model: type[models.Model], pks: Sequence[int]) -> dict[int, list[Move]]:
    """The moves of rows, oldest first; one query. Ask only for rows that the person may see."""
    found = defaultdict(list)
    for kept in Move.objects.filter(model=model._meta.label, object_id__in=pks):
        found[kept.object_id].append(kept)
    return found
