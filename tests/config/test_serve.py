"""The supervisor: it answers on its port, brings a dead child back and leaves no process however it ends.

The whole portal would take long to start, so the children here are small programs that write their pid.
"""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

from conftest import wait_for

PROGRAM = """
import os, subprocess, sys, time
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])  # as web servers and workers have
open(sys.argv[1], "w").write(f"{os.getpid()} {helper.pid}")
try:
    time.sleep(600)
except KeyboardInterrupt:
    pass
"""
SUPERVISOR = """
import socket, sys
from config import serve
program, *files = sys.argv[1:]
serve.children = lambda server: [serve.Child(f"c{i}", [sys.executable, "-c", program, f]) for i, f in enumerate(files)]
serve.subprocess.run = lambda *a, **k: None  # nothing to prepare
serve.answers = lambda server: True
serve.main()
"""


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody has reaped yet counts as dead."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def portal(tmp_path):
    """A running supervisor with two children: (process, the files in which they write their pids)."""
    files = [tmp_path / "one", tmp_path / "two"]
    environment = os.environ | {
        "VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
        "HOST": "127.0.0.1",
        "PORT": "0",
    }
    environment.pop("MAKELEVEL", None)
    command = [sys.executable, "-c", SUPERVISOR, PROGRAM, *map(str, files)]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for(lambda: all(file.exists() and file.read_text() for file in files))
    yield process, files
    if process.poll() is None:
        process.terminate()  # not killed: the helpers' groups end with it
    process.wait(15)
    process.stdout.close()


def pids(files) -> list[int]:
    return [int(pid) for file in files for pid in file.read_text().split()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(portal, number):
    process, files = portal
    running = pids(files)
    process.send_signal(number)
    assert process.wait(15) == 0
    assert not [pid for pid in running if alive(pid)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_children_follow_a_killed_supervisor(portal):
    process, files = portal
    mains = [pids([file])[0] for file in files]
    helpers = [pids([file])[1] for file in files]
    process.kill()
    process.wait()
    wait_for(lambda: not any(alive(pid) for pid in mains))
    for pid in helpers:  # these stand for the children's own, which gunicorn and celery end themselves
        os.kill(pid, signal.SIGKILL)


def test_a_dead_child_comes_back_and_leaves_nothing(portal):
    process, (one, two) = portal
    main, helper = pids([one])
    os.kill(main, signal.SIGKILL)
    began = time.monotonic()
    wait_for(lambda: one.read_text() and pids([one])[0] != main)
    assert time.monotonic() - began < 10
    assert not alive(helper)
    assert process.poll() is None and alive(pids([two])[0])


def test_a_busy_port_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = os.environ | {
            "VAR_DIR": str(tmp_path / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
            "PORT": port,
        }
        command = [sys.executable, "-m", "config.serve"]
        done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert port in done.stderr and "choose another port" in done.stderr and "Traceback" not in done.stderr


def test_a_second_portal_from_the_same_folder_is_refused(portal, tmp_path):
    environment = os.environ | {
        "VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
        "PORT": "0",
    }
    command = [sys.executable, "-m", "config.serve"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "running already" in done.stderr
