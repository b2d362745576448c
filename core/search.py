"""Searching everything that a person may see: each register's own search lookups, through the door."""

import operator
from dataclasses import dataclass
from functools import reduce
from urllib.parse import urlencode

from django.db.models import Q

from core import rights
from core.registers.base import Register, all_registers
from core.registers.filters import word_in
from core.registers.values import value_of
from core.sought import veiled

#: Rows shown of each register; the rest is a click away in its list.
SHOWN = 6


@dataclass(frozen=True)
class Hit:
    """A record that was found: what it is called, where it is, and what tells it from its namesakes."""

    title: str
    url: str
    facts: list[str]


@dataclass(frozen=True)
class Found:
    """What one register holds of it. `more_url`: its list, searched for the same words."""

    register: type[Register]
    hits: list[Hit]
    more: bool
    more_url: str


def matching(register: type[Register], text: str) -> Q:
    """Every word must be in one of the register's search lookups."""
    return reduce(operator.and_, (word_in(register, word) for word in text.split()), Q())


def search(user, text: str) -> list[Found]:
    """The person's own rows that match, by register; one query a register that he may view."""
    if not text.strip():
        return []
    found = []
    for register in all_registers():
        if not (register.search and rights.can(user, "view", register.model)):
            continue
        rows = register.queryset(user).filter(matching(register, text))
        rows = list(rows.select_related(*register.related(register.columns))[: SHOWN + 1])
        if rows:
            url = f"{register.url('list')}?{urlencode({'q': veiled(user, text)})}"
            found.append(Found(register, [_hit(register, row) for row in rows[:SHOWN]], len(rows) > SHOWN, url))
    return found


def _hit(register: type[Register], row) -> Hit:
    first, *others = register.columns
    facts = [str(value_of(register, row, path)) for path in others[:3]]
    return Hit(str(value_of(register, row, first)), register.url("detail", row), facts)
