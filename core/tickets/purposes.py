"""What links are for: the registry of the pages behind them."""

from collections.abc import Callable

_purposes: dict[str, Callable] = {}


def purpose(name: str):
    """Decorator: `page(request, slip)` is what a link of this purpose opens."""

    def declare(page: Callable) -> Callable:
        if name in _purposes:
            raise ValueError(f"the purpose {name!r} is declared twice")
        _purposes[name] = page
        return page

    return declare


def page_of(name: str) -> Callable:
    """KeyError for a purpose that nobody declared."""
    return _purposes[name]
