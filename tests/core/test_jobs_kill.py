"""A real worker, killed with all its processes at random points, then another: the same as a clean run, no doubles."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from conftest import forget_messages
from core import jobs
from core.jobs import tasks
from core.jobs.models import Chunk, Job

from .toy_jobs import written

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

PARTS = 40


@contextmanager
def worker():
    """A Celery worker of two processes on this test's database and broker; killed at the end, nothing said to it."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "TEST_RUN": settings.TEST_RUN,
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "TMPDIR": str(settings.VAR_DIR.parent),
    }
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency=2", "--loglevel=WARNING"]
    process = subprocess.Popen(
        [*command, "--include=tests.core.toy_jobs"], cwd=settings.BASE_DIR, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def leave_no_message():
    yield
    forget_messages()


def wait_until(process, condition, seconds=60):
    """Sweep as the schedule would, only more often, until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < end, "waited too long"
        tasks.sweep()
        time.sleep(0.3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kill_9_loses_nothing_and_doubles_nothing(seed):
    rng = random.Random(seed)
    job = jobs.start("toy.slow", by=None, key="k", payloads=range(PARTS))
    for _round in range(3):
        with worker() as process:
            so_far = jobs.progress(job).done
            wait_until(process, lambda seen=so_far: jobs.progress(job).done > seen)
            time.sleep(rng.uniform(0, 0.6))
    assert Chunk.objects.filter(final=False).exclude(state=jobs.ChunkState.DONE).exists(), "killed too late to matter"
    with worker() as process:
        wait_until(process, lambda: not Job.objects.get().is_active)
    assert Job.objects.get().result == {"sum": sum(range(PARTS))}
    assert written() == list(range(PARTS))
    assert written("toy.finish") == [0]
