"""What links are for: the registry of the pages behind them, and of who gives them out."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.urls import get_resolver

from core.roles import EDITORS, Role


class Purpose(NamedTuple):
    page: Callable
    givers: frozenset[Role]


_purposes: dict[str, Purpose] = {}


def purpose(name: str, givers: Iterable[Role] = EDITORS):
    """Decorator: `page(request, slip)` is what a link of this purpose opens; `givers` give links out and withdraw them."""

    def declare(page: Callable) -> Callable:
        if name in _purposes:
            raise ValueError(f"the purpose {name!r} is declared twice")
        _purposes[name] = Purpose(page, frozenset(givers))
        return page

    return declare


def _find(name: str) -> Purpose | None:
    if name not in _purposes:
        get_resolver().url_patterns  # noqa: B018  a command has not loaded the pages yet, and these purposes with them
    return _purposes.get(name)


def page_of(name: str) -> Callable:
    """KeyError for a purpose that nobody declared."""
    if (found := _find(name)) is None:
        raise KeyError(name)
    return found.page


def may_give(user, name: str) -> bool:
    """By role; territory is the batch's. False for a purpose that nobody declared."""
    found = _find(name)
    return found is not None and bool(user.roles & found.givers)
