"""What links are for: the registry of the pages behind them, and of who gives them out."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

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


def page_of(name: str) -> Callable:
    """KeyError for a purpose that nobody declared."""
    return _purposes[name].page


def may_give(user, name: str) -> bool:
    """By role; territory is the batch's. False for a purpose that nobody declared."""
    return name in _purposes and bool(user.roles & _purposes[name].givers)
