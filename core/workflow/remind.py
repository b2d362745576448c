"""Reminders: what is due soon or late is noted once, by schedule, so that a person sees since when it waits."""

from collections.abc import Iterable
from datetime import date

from django.db import models

from core.registers.base import Register, all_registers
from core.scoping import territory_path
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from core.workflow.models import Reminder


def remind(day: date) -> int:
    """Note every record whose time limit is near or past on the day; returns how many notes are new. Idempotent."""
    before = Reminder.objects.count()
    calendar = Calendar.load()
    for register in all_registers():
        if register.workflow:
            Reminder.objects.bulk_create(_notes(register, day, calendar), batch_size=500, ignore_conflicts=True)
    return Reminder.objects.count() - before


def reminded_since(model: type[models.Model], pks: Iterable[int]) -> dict[int, date]:
    """Primary key → the first day of a reminder; one query. Ask only for rows that the person may see."""
    notes = Reminder.objects.filter(model=model._meta.label, object_id__in=pks)
    return dict(notes.order_by("-on").values_list("object_id", "on"))


def _notes(register: type[Register], day: date, calendar: Calendar) -> Iterable[Reminder]:
    """Two notes at the most for a limit: one when it comes near, one when it is past."""
    path = territory_path(register.model)
    for state, key in register.workflow.limits.items():
        limit = limit_on(key, day)
        near = calendar.add(day, limit.remind_before if limit else 0)
        rows = register.model._default_manager.filter(state=state, due_on__lte=near)
        for pk, due_on, code in rows.values_list("pk", "due_on", path):
            kind = Reminder.Kind.LATE if due_on < day else Reminder.Kind.SOON
            yield Reminder(
                model=register.model._meta.label, object_id=pk, kind=kind, due_on=due_on, on=day, territory_code=code
            )
