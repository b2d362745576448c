"""What can be measured of surveys, one file a subject; every file of this folder is loaded."""

from importlib import import_module
from pkgutil import iter_modules

for part in iter_modules(__path__):
    import_module(f"{__name__}.{part.name}")
