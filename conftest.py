"""What every test may ask for: rows come from each test, processes (browser, worker) from here."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHROMIUM_FLAGS = [
    "--no-sandbox",  # root, as in CI, gets no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # without these it calls out to the world at every start
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config):
    from core import messages

    messages.compile_translations()


def pytest_unconfigure(config):
    from django.conf import settings

    if settings.configured and settings.TEST_ROOT_OWNED:
        shutil.rmtree(settings.TEST_ROOT, ignore_errors=True)


#: Fixtures of long tests. These go first, so that no one process works on alone at the end.
LONG = {"browser", "walk", "worker", "demo"}


def pytest_collection_modifyitems(config, items):
    """Mark what starts a process by what it asks for; all browser tests share one Chromium, so one process."""
    leave_out(config, items)
    items.sort(key=lambda item: LONG.isdisjoint(item.fixturenames))
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("browser"))
        if "worker" in item.fixturenames:
            item.add_marker("worker")


def leave_out(config, items):
    """What holds on the other database alone is no test of this one."""
    from django.db import connection

    others = []
    for item in items:
        mark = item.get_closest_marker("only_on")
        if mark and mark.args != (connection.vendor,):
            others.append(item)
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def unavailable(reason: str):
    """Leave a test out, or fail where everything is required (CI)."""
    if os.environ.get("TEST_REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def eager(monkeypatch):
    """Celery tasks run at once in this process instead of going to the broker."""
    from config.celery import app

    monkeypatch.setattr(app.conf, "task_always_eager", True)
    monkeypatch.setattr(app.conf, "task_eager_propagates", True)


@pytest.fixture
def worker(transactional_db):
    """A real Celery worker on this test's database and broker, ended with the test."""
    from django.conf import settings
    from django.db import connection

    log = settings.VAR_DIR / "worker.log"
    environment = os.environ | {
        "TEST_RUN": settings.TEST_RUN,
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "TMPDIR": str(settings.VAR_DIR.parent),
    }
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--pool", "prefork", "--concurrency", "1"]
    command += ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, start_new_session=True)
    try:
        wait_for(lambda: process.poll() is not None or "ready." in log.read_text(), seconds=30)
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        end_group(process)
        forget_messages()
        print(log.read_text())  # pytest shows it beside a failure


def forget_messages():
    """Remove this test process's keys from a shared Redis, and its messages from the filesystem broker."""
    from django.conf import settings

    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    if settings.CELERY_BROKER_URL.startswith("redis"):
        import redis

        with redis.Redis.from_url(settings.CELERY_BROKER_URL) as server:
            for key in server.scan_iter(options["global_keyprefix"] + "*"):
                server.delete(key)
    else:
        for message in Path(options["data_folder_in"]).iterdir():
            message.unlink(missing_ok=True)


def end_group(process: subprocess.Popen, patience: float = 5):
    """Ask a process group to end, then make it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            pass


def wait_for(condition, seconds: float = 20):
    """Poll until `condition()` is true; the value that made it so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.1)
    pytest.fail(f"not within {seconds} s")


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, one for the session."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        unavailable("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread from now on, where Django would refuse the tests' own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, live_server):
    """A page 1440 × 900 on the live portal (`page.goto("/")`); an error in its console fails the test.

    A form that was refused is none, though the browser writes down its 422.
    """
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    errors = []
    page.on(
        "console",
        lambda message: (
            errors.append(message.text) if message.type == "error" and "status of 422" not in message.text else None
        ),
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors
