"""The embedded portal under one process: web server, worker and schedule, started, watched and stopped together.

`make run` runs it. HOST and PORT move it. A child that dies is started again after a pause; Ctrl-C, a closed
terminal, SIGTERM and even the death of this process end every child, each with its whole process group.
"""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")

from django.conf import settings  # noqa: E402  (needs the line above)

from config.prepare import take_lock  # noqa: E402

PATIENCE = 10  # seconds that a child may take to stop
LONGEST_PAUSE = 30  # seconds between two starts of a child that keeps dying
LOG_LIMIT = 5_000_000  # bytes; a longer log is put aside at the next start
PR_SET_PDEATHSIG = 1  # linux/prctl.h
CELERY = [sys.executable, "-m", "celery", "--app", "config"]


class Stop(Exception):
    """Somebody asked the portal to stop."""


def die_with(parent: int, number: int = signal.SIGTERM) -> None:
    """Ask Linux to signal this process when its parent dies; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died before the request was made
            os.kill(os.getpid(), number)


class Child:
    """One program, started again whenever it dies; its output goes to var/log/<name>.log."""

    def __init__(self, name: str, command: list[str], keep: tuple[int, ...] = ()):
        self.name, self.command, self.keep = name, command, keep
        self.log = settings.VAR_DIR / "log" / f"{name}.log"
        self.process: subprocess.Popen | None = None
        self.pause = 1.0
        self.due = 0.0  # monotonic seconds of the next start

    def start(self) -> None:
        parent = os.getpid()
        scratch = settings.VAR_DIR / "tmp"  # the filesystem broker moves messages there: not the machine's /tmp
        scratch.mkdir(mode=0o700, exist_ok=True)
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | {"TMPDIR": str(scratch)},
                pass_fds=self.keep,
                start_new_session=True,  # Ctrl-C reaches this process alone, which stops the others in order
                preexec_fn=lambda: die_with(parent),
            )
        self.began = time.monotonic()

    def watch(self) -> None:
        """Start what is due; note a death, clear what the dead one left and set the hour of its return."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start()
        elif self.process.poll() is not None:
            code = self.process.returncode
            self.kill_group()
            self.process = None
            self.pause = 1.0 if time.monotonic() - self.began > 60 else min(self.pause * 2, LONGEST_PAUSE)
            self.due = time.monotonic() + self.pause
            print(f"{self.name} ended ({code}), starts again in {self.pause:.0f} s; see {short(self.log)}", flush=True)

    def kill_group(self) -> None:
        """End whatever of the child's process group is left."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def wait(self, until: float) -> None:
        """Give the child, asked to stop, until then (monotonic seconds); afterwards nothing of it is left."""
        try:
            self.process.wait(max(0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        self.kill_group()
        self.process.wait()


def short(path: Path) -> str:
    return os.path.relpath(path)


def listen(host: str, port: str) -> socket.socket:
    """The listening socket, taken before any work is done, so that a busy port is told at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        server = socket.socket(family, kind, protocol)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
    except (OSError, ValueError, OverflowError) as error:
        sys.exit(
            f"Cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}. "
            "Another program may be there already; choose another port: make run PORT=8001"
        )
    server.listen(128)
    return server


def children(server: socket.socket) -> list[Child]:
    """Web server, worker and schedule. One worker process: SQLite has one writer at a time."""
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{server.fileno()}", "--no-control-socket"]
    web += ["--workers", "1", "--threads", "8", "--graceful-timeout", "5", "--access-logfile", "-"]
    worker = [*CELERY, "worker", "--pool", "prefork", "--concurrency", "1", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    beat = [*CELERY, "beat", "--pidfile", "", "--loglevel", "WARNING"]
    return [Child("web", web, (server.fileno(),)), Child("worker", worker), Child("schedule", beat)]


def answers(server: socket.socket) -> bool:
    """Whether the web server answers anything yet."""
    host, port = server.getsockname()[:2]
    connection = http.client.HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=1)  # noqa: S104
    try:
        connection.request("GET", "/")
        return bool(connection.getresponse().status)
    except OSError:
        return False
    finally:
        connection.close()


def supervise(server: socket.socket, announce: Callable[[], None]) -> None:
    """Watch the children until somebody stops the portal; none of them is left afterwards."""
    crew = children(server)
    told = False
    try:
        while True:
            for child in crew:
                child.watch()
            if not told and answers(server):
                announce()
                told = True
            time.sleep(0.5)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        print("\nStopping …", flush=True)
        running = [child for child in crew if child.process]
        for child in running:
            child.process.terminate()  # itself alone: a worker lets its own finish what they are at
        until = time.monotonic() + PATIENCE
        for child in running:
            child.wait(until)


def main() -> None:
    os.umask(0o077)  # database, logs and messages are the owner's

    def stop(number, frame):
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if "MAKELEVEL" in os.environ:
        die_with(os.getppid())
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    lock = take_lock()
    if lock is None:
        sys.exit("The portal is running already from this folder. Stop it first (Ctrl-C where it runs).")
    server = listen(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{server.getsockname()[1]}"
    os.environ.setdefault("BASE_URL", address)
    logs = settings.VAR_DIR / "log"
    logs.mkdir(mode=0o700, exist_ok=True)
    for log in logs.glob("*.log"):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
    try:
        subprocess.run([sys.executable, "-m", "config.prepare"], check=True)
        supervise(server, lambda: print(f"Portal: {address}   (Ctrl-C stops it; logs: {short(logs)}/)", flush=True))
    except Stop:
        print("Stopped.", flush=True)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)


if __name__ == "__main__":
    main()
