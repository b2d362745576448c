"""A worker killed while it reads a workbook of answers, or writes it: the next one does it once and whole."""

import random
import time

import pytest
from django.utils import timezone

from core.jobs.models import Chunk
from core.models import Job
from surveys.actions import imports
from surveys.choices import BatchState
from surveys.models import Batch, Response
from tests import cast as stage
from tests import factories
from tests.core.test_jobs_kill import leave_no_message, wait_until, worker  # noqa: F401
from tests.surveys.conftest import fill
from tests.surveys.workbooks import KNOWS, KNOWS_NOT, numbered, send

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
ROWS = 1500


def state_of(batch: Batch) -> str:
    return Batch.objects.values_list("state", flat=True).get(pk=batch.pk)


def killed_then_done(kind: str, seed: int, is_done) -> None:
    part = Chunk.objects.filter(job=Job.objects.get(kind=kind), final=False)
    with worker() as process:
        wait_until(process, lambda: part.get().state != "waiting")
        time.sleep(random.Random(seed).uniform(0, 2))
    # The time that the lease would take to run out.
    part.filter(state="leased").update(lease_until=timezone.now())
    with worker() as process:
        wait_until(process, is_done, seconds=120)


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_leaves_a_workbook_to_be_read_and_written_once(settings, seed):
    settings.SHEETS_AT_ONCE = 0
    cast = stage.build()
    survey = factories.SurveyFactory(edition=fill(factories.QuestionnaireVersionFactory(number=1)))
    batch = send(cast, survey, numbered([KNOWS, KNOWS_NOT] * (ROWS // 2)))
    killed_then_done(imports.READ, seed, lambda: state_of(batch) == BatchState.CHECKED)
    batch = Batch.objects.get(pk=batch.pk)
    assert len(imports.good(batch)) == ROWS and not Response.objects.exists()
    imports.start_import(cast["clerk"], batch, only_good=False)
    killed_then_done(imports.IMPORT, seed, lambda: state_of(batch) == BatchState.WRITTEN)
    assert Response.objects.count() == ROWS
