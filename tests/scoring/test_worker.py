"""A run through a real worker and broker, also through one that is killed: the figures of a run in this process."""

import random
import time
from datetime import date
from random import Random

import pytest
from django.utils import timezone

from conftest import forget_messages, wait_for
from core import jobs
from core.jobs import ChunkState
from core.jobs.models import Chunk
from scoring import actions, demo
from scoring.models import Breakdown, Run, Standard
from tests.core.test_jobs_kill import wait_until
from tests.core.test_jobs_kill import worker as mortal_worker
from tests.scoring.conftest import DAY, DISTRICT_CODE
from villages.demo import build

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def official(transactional_db, villages, district):
    """The district's villages with their invented regulations, scored in this process."""
    build(Random(2013), villages, DAY)
    actions.load_shipped(district, DISTRICT_CODE)
    return demo.score(district, DISTRICT_CODE, DAY)


def start(district):
    standard = Standard.objects.get(name="2013年标准")
    return actions.start_run(
        district, standard=standard, year=2013, territory_code=DISTRICT_CODE, cutoff=date(2013, 11, 24)
    )


def test_a_run_in_the_background_gives_the_figures_of_one_in_this_process(official, district, worker):
    run = start(district)
    wait_for(lambda: Run.objects.get(pk=run.pk).is_sealed, seconds=30)
    run = Run.objects.select_related("job").get(pk=run.pk)
    assert run.digest == official.digest
    assert len(set(run.results.values_list("rules_score", flat=True))) > 5
    assert run.job.result == official.job.result


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kill_9_of_the_workers_changes_no_figure(official, district, monkeypatch, seed):
    rng = random.Random(seed)
    monkeypatch.setattr(actions, "CHUNK", 1)
    run = start(district)
    undone = Chunk.objects.filter(job=run.job, final=False).exclude(state=ChunkState.DONE)
    left = []  # how much each killed worker left to do; a fast machine is done before the third
    while len(left) < 3 and undone.exists():
        with mortal_worker() as process:
            so_far = jobs.progress(run.job).done
            wait_until(process, lambda seen=so_far: jobs.progress(run.job).done > seen)
            time.sleep(rng.uniform(0, 0.1))
        # The dead worker's leases, as if their two minutes had gone by.
        Chunk.objects.filter(state=ChunkState.LEASED).update(lease_until=timezone.now())
        left.append(undone.count())
    assert left[0] > 0, "killed too late"
    with mortal_worker() as process:
        wait_until(process, lambda: Run.objects.get(pk=run.pk).is_sealed, seconds=240)
    assert Run.objects.get(pk=run.pk).digest == official.digest
    assert run.results.count() == 74
    assert Breakdown.objects.filter(result__run=run).count() == 74
    forget_messages()
