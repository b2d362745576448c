"""Workers on SQLite take turns, so that people can write during a long run.

SQLite has one write lock and no queue for it: who waits looks again every 0.1 s, and between two workers that take it
again at once never finds it free (measured: a page's save waited until the run's end). So workers pass one gate, and
leave the lock alone for as long as the last of them held it. Where rows are locked one by one there is no gate.
"""

import fcntl
import time
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

LONGEST_REST = 0.1  # seconds; whoever waits has looked by then


@contextmanager
def turn():
    """Around a transaction that writes much. Nothing happens inside another transaction: it holds the lock already."""
    if connection.features.has_select_for_update or connection.in_atomic_block:
        yield
        return
    with (settings.VAR_DIR / "jobs.turn").open("a+") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        gate.seek(0)
        rest_until = float(gate.read() or 0)
        time.sleep(min(max(rest_until - time.monotonic(), 0.0), LONGEST_REST))
        began = time.monotonic()
        try:
            yield
        finally:
            gate.truncate(0)
            gate.write(str(2 * time.monotonic() - began))
