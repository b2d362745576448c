"""Pages that are no register. A file of this folder names its addresses in `urlpatterns`; all are taken in."""

from importlib import import_module
from pkgutil import iter_modules


def patterns() -> list:
    """The addresses of every file, in the order of their names."""
    parts = (import_module(f"{__name__}.{part.name}") for part in iter_modules(__path__))
    return [pattern for part in parts for pattern in getattr(part, "urlpatterns", ())]
