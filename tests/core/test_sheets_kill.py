"""A worker killed while it writes an import: nothing of it stands, and the next one writes it once and whole."""

import random
import time
from datetime import date

import pytest
from django.utils import timezone

from core.jobs.models import Chunk
from core.models import AuditRow, SheetImport
from core.registers.base import for_model
from core.sheets import imports
from tests import cast as stage
from tests.core.test_jobs_kill import leave_no_message, wait_until, worker  # noqa: F401
from tests.core.test_sheets_plan import headings, workbook
from villages.models import Hamlet

pytestmark = [pytest.mark.slow, pytest.mark.worker, pytest.mark.django_db(transaction=True)]
ROWS = 3000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kill_9_writes_nothing_or_everything(settings, seed):
    user = stage.build()["clerk"]
    content = workbook(
        *(["梁村", f"第{n}坡", n % 90] for n in range(ROWS)), heads=headings(("village", "name", "households"))
    )
    sheet = imports.send(user, for_model(Hamlet), "坡.xlsx", content, date(2013, 11, 24), wait=True)
    settings.SHEETS_AT_ONCE = 0
    imports.write(user, sheet, "all")
    part = Chunk.objects.filter(job=sheet.job, final=False)
    with worker() as process:
        wait_until(process, lambda: part.get().state != "waiting")
        time.sleep(random.Random(seed).uniform(0, 3))
    assert Hamlet.objects.count() in (0, ROWS), "half an import stands"
    # The time that the lease would take to run out.
    part.filter(state="leased").update(lease_until=timezone.now())
    with worker() as process:
        wait_until(process, lambda: SheetImport.objects.get().state == SheetImport.State.WRITTEN, seconds=120)
    assert Hamlet.objects.count() == ROWS
    assert AuditRow.objects.filter(verb="create", model="villages.Hamlet").count() == ROWS
