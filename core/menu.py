"""The side menu: what each role may open, in a fixed order of groups.

Entries are added while apps load (`registers.py` and `apps.py`); a page asks `for_user` for its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.roles import Role


class Group(TextChoices):
    """In the order in which they stand in the menu."""

    WORK = "work", _("Work")
    FOUR = "four", _("Four standardisations")
    TEAM = "team", _("Team")
    PLACE = "place", _("Facilities")
    SERVICE = "service", _("Services")
    SURVEY = "survey", _("Surveys")
    ADMIN = "admin", _("Administration")


@dataclass(frozen=True)
class Entry:
    """`label` is a text, or a function of the person. `count(user)` gives the small figure at the right, or None; it is
    asked on every page, so it must be cheap.
    """

    url_name: str
    label: Any
    group: Group
    order: int
    roles: frozenset[Role]
    count: Callable[[Any], int | None] | None = None

    def covers(self, view_name: str) -> int:
        """How well the entry stands for a view: the length of the name they share, 0 for not at all.

        A register's list (`app:path_list`) also stands for its other pages (`app:path_edit`, …).
        """
        if view_name == self.url_name:
            return len(view_name) + 1
        stem = self.url_name.removesuffix("list")
        return len(stem) if stem != self.url_name and view_name.startswith(stem) else 0


class Item(NamedTuple):
    label: Any
    url: str
    current: bool
    count: int | None


class Section(NamedTuple):
    label: Any  # "" for the first group, which needs no heading
    items: list[Item]


_entries: dict[str, Entry] = {}


def add(
    url_name: str,
    label,
    group: Group,
    order: int,
    roles: Iterable[Role],
    count: Callable[[Any], int | None] | None = None,
) -> None:
    """Puts a page into the menu of `roles`. Adding the same page again replaces it."""
    _entries[url_name] = Entry(url_name, label, group, order, frozenset(roles), count)


def for_user(user, request) -> list[Section]:
    """The groups that hold something for the person, the current page marked.

    Raises NoReverseMatch when an entry names a page that is not there.
    """
    held = getattr(user, "roles", frozenset())
    mine = [entry for entry in _entries.values() if entry.roles & held]
    mine.sort(key=lambda entry: (entry.order, entry.url_name))
    match = request.resolver_match
    view_name = match.view_name if match else ""
    current = max(mine, key=lambda entry: entry.covers(view_name), default=None)
    if current and not current.covers(view_name):
        current = None

    def item(entry: Entry) -> Item:
        count = entry.count(user) if entry.count else None
        label = entry.label(user) if callable(entry.label) else entry.label
        return Item(label, reverse(entry.url_name), entry is current, count)

    sections = [
        Section("" if group == Group.WORK else group.label, [item(e) for e in mine if e.group == group])
        for group in Group
    ]
    return [section for section in sections if section.items]
