"""The side menu: what each role may open, in a fixed order of groups.

Entries are added while apps load (`registers.py` and `apps.py`); a page asks `for_user` for its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.urls import get_resolver, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language
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
    SETTINGS = "settings", _("Catalogues and rules")


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
    is_part: bool = False  # a part of the group before it
    folds: bool = False  # shut until one of its pages is open or a person opens it

    @property
    def is_open(self) -> bool:
        return any(item.current for item in self.items)


_entries: dict[str, Entry] = {}
#: group → (order from which on, heading) of its parts.
_parts: dict[Group, list[tuple[int, Any]]] = {}


def add(
    url_name: str,
    label,
    group: Group,
    order: int,
    roles: Iterable[Role],
    count: Callable[[Any], int | None] | None = None,
) -> None:
    """Puts a page into the menu of `roles`. Adding the same page again replaces it."""
    _words.cache_clear()
    _entries[url_name] = Entry(url_name, label, group, order, frozenset(roles), count)


def divide(group: Group, *parts: tuple[int, Any]) -> None:
    """Gives a long group sub-headings: `(10, _("…")), (30, _("…"))` each stand before the entries from that order on."""
    _parts[group] = sorted(parts, key=lambda part: part[0])


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
        label = entry.label(user) if callable(entry.label) else _words(entry.url_name, language)
        return Item(label, _address(entry.url_name, *where), entry is current, count)

    language, where = get_language(), (get_resolver(get_urlconf()), get_script_prefix())
    found = []
    for group in Group:
        own = [entry for entry in mine if entry.group == group]
        if own:
            found += _sections(group, own, item)
    return found


# Every page shows up to a hundred entries, so their addresses and words are kept.


@lru_cache(maxsize=1024)
def _address(url_name: str, _resolver, _prefix: str) -> str:
    return reverse(url_name)


@lru_cache(maxsize=1024)
def _words(url_name: str, _language: str) -> str:
    return str(_entries[url_name].label)


def _sections(group: Group, entries: list[Entry], item: Callable[[Entry], Item]) -> list[Section]:
    """The group's own entries, then its parts that hold some."""
    label, parts = "" if group == Group.WORK else group.label, _parts.get(group, [])
    ends = [*(order for order, _label in parts), None]
    first = [item(entry) for entry in entries if ends[0] is None or entry.order < ends[0]]
    sections = [Section(label, first, folds=group == Group.SETTINGS)]
    for (start, heading), end in zip(parts, ends[1:], strict=True):
        of_part = [item(entry) for entry in entries if entry.order >= start and (end is None or entry.order < end)]
        if of_part:
            sections.append(Section(heading, of_part, is_part=True, folds=True))
    return sections
