"""`python -m bench [word]`: run every benchmark whose name holds the word, on a database made for it."""

import importlib
import os
import pkgutil
import sys
import tempfile

import django

import bench
from bench import frame


def main() -> int:
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for module in pkgutil.iter_modules(bench.__path__):
            if module.name.startswith("bench_"):
                importlib.import_module(f"bench.{module.name}")
        missed = 0
        for function in frame.ENTERED:
            if word in function.__name__:
                missed += not report(function)
    return 1 if missed else 0


def report(function) -> bool:
    """Run one benchmark, print it in a line, tell whether it reached its goal."""
    result = function()
    reached = result.value >= result.goal
    print(
        f"{function.__name__}: {result.value:.2f} × the limit (goal {result.goal:.2f}{'' if reached else ', MISSED'}); "
        f"limit {result.told(result.limit)}, product {result.told(result.product)}. {function.__doc__}",
        *([f"{result.note}."] if result.note else []),
        flush=True,
    )
    return reached


if __name__ == "__main__":
    sys.exit(main())
