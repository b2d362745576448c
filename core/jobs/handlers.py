"""Which function does which kind of work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.module_loading import autodiscover_modules

LEASE = timedelta(minutes=2)

_handlers: dict[str, "Handler"] = {}


@dataclass
class Handler:
    """What a kind of work does for each chunk, and once at its end. Callable like the function it was made of."""

    kind: str
    work: Callable
    lease: timedelta
    prepare: Callable | None = None
    close: Callable | None = None

    def __call__(self, job, payload) -> None:
        self.work(job, payload)

    def compute(self, prepare: Callable) -> Callable:
        """Decorator: `prepare(job, payload)` runs before the transaction; `work` gets its answer as the payload.

        Reading and reckoning belong here: SQLite has one write lock, and `work` holds it.
        """
        self.prepare = prepare
        return prepare

    def finish(self, close: Callable) -> Callable:
        """Decorator: `close(job) -> dict | None` runs once, when all chunks are done; its answer is kept as result."""
        self.close = close
        return close


def handler(kind: str, *, lease: timedelta = LEASE) -> Callable[[Callable], Handler]:
    """Decorator for `work(job, payload) -> None`, in an app's `tasks.py`.

    It runs in one transaction that is rolled back when the chunk was given to another worker meanwhile, and it may run
    again: write by upserts on natural keys. `lease` must be several times the longest chunk.
    """

    def register(work: Callable) -> Handler:
        known = _handlers.get(kind)
        if known and (known.work.__module__, known.work.__qualname__) != (work.__module__, work.__qualname__):
            raise ValueError(f"two handlers for the work {kind!r}")
        _handlers[kind] = Handler(kind, work, lease)
        return _handlers[kind]

    return register


def get(kind: str) -> Handler:
    """The handler of a kind; LookupError when no app declares it."""
    if kind not in _handlers:
        # Celery's workers read every tasks.py at their start; a web process or a command first needs one here.
        autodiscover_modules("tasks")
    return _handlers[kind]
