"""Toy works for the tests of jobs: what they write are audit rows, one each time that a chunk's writes were kept.

A worker process that a test starts imports this file (`celery worker --include tests.core.toy_jobs`).
"""

import time
from datetime import timedelta

from django.db import connection

from core.jobs import handler
from core.models import AuditRow


def write(verb, name):
    AuditRow.objects.create(verb=verb, object_name=str(name), request_id="toy")


def written(verb="toy"):
    """The payloads whose writes were kept, in order, doubles included."""
    return sorted(int(name) for name in AuditRow.objects.filter(verb=verb).values_list("object_name", flat=True))


@handler("toy.write", lease=timedelta(seconds=30))
def write_number(job, payload):
    write("toy", payload)


@write_number.finish
def add_up(job):
    write("toy.finish", 0)
    return {"sum": sum(written())}


@handler("toy.slow", lease=timedelta(seconds=3))
def write_slowly(job, payload):
    write("toy", payload)
    time.sleep(0.1)


@write_slowly.finish
def add_up_slowly(job):
    return add_up(job)


PERSONAL = "resident 450109199001011234 has no house\nDETAIL: her whole row"


@handler("toy.broken")
def break_down(job, payload):
    write("toy", payload)
    if payload == 1:
        raise ValueError(PERSONAL)


@handler("toy.computed")
def write_square(job, square):
    assert connection.in_atomic_block
    write("toy", square)


@write_square.compute
def square(job, number):
    assert not connection.in_atomic_block
    return number**2


@handler("toy.unfinished")
def do_nothing(job, payload):
    pass


@do_nothing.finish
def never(job):
    write("toy.finish", 0)
    raise RuntimeError("no room for the seal")
