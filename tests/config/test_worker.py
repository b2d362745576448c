"""A real worker process on the broker that this run of the tests was given."""

from django.conf import settings

from config.celery import app
from conftest import wait_for


def test_a_worker_does_what_it_is_sent(worker):
    log = settings.VAR_DIR / "worker.log"
    app.send_task("core.jobs.tasks.sweep")
    wait_for(lambda: "core.jobs.tasks.sweep" in log.read_text() and "succeeded" in log.read_text())


def test_the_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
