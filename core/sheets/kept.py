"""Exports too large to wait for: written by a worker, kept for a day for the one who asked.

The job is the record: its key begins with the account's number, its payload says what is asked for (the query string
encrypted, since somebody may have searched for a name). The file and how far it has come lie in VAR_DIR/exports, for
the service's own account alone, and go after a day (`core.tasks.tidy_exports`).
"""

import hashlib
import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.http import QueryDict
from django.utils import timezone, translation

from core import audit
from core.actions import require
from core.jobs import Busy, handler, start
from core.jobs.models import Job
from core.registers.base import named
from core.sensitive.cipher import decrypt, encrypt
from core.sheets import books, export
from core.sheets.writing import Sheet

KIND = "sheets.export"
COLUMN = "core_chunk.payload"
KEPT_FOR = timedelta(days=1)


def begin(user, *, name: str, day: date, kind: str = "xlsx", label: str = "", query: str = "", code: str = "") -> Job:
    """Ask for a list (`label` of the model, `query` string of its page) or for the book of a place (`code`).

    Raises Busy while the same is being written for the same person.
    """
    asked = {"label": label, "query": encrypt(query, COLUMN), "code": code, "kind": kind, "name": name}
    asked |= {"by": user.pk, "language": translation.get_language(), "file": export.file_name(name, day, kind)}
    what = hashlib.sha256(f"{label} {query} {code} {kind}".encode()).hexdigest()[:16]
    held = user.scopes(user.roles)
    return start(
        KIND,
        by=user,
        key=f"{user.pk}:{what}",
        payloads=[asked],
        ref=name[:120],
        territory_code=code or (held[0] if held else ""),
    )


def begin_or_find(user, **asked) -> Job:
    """The job that begins, or the one that is at it already."""
    try:
        return begin(user, **asked)
    except Busy as busy:
        if busy.job is None:
            raise
        return busy.job


def of_user(user) -> models.QuerySet:
    """The person's own exports, the newest first; nobody sees another's."""
    return Job.objects.filter(kind=KIND, key__startswith=f"{user.pk}:") if user.pk else Job.objects.none()


# ---- the worker's side ----


@handler(KIND, lease=timedelta(minutes=15))
def record(job: Job, done: dict) -> None:
    """That it was given out, to whom, how much."""
    audit.write_event(_asker(done), "export", name=done["name"], reason=str(done["rows"]))


@record.compute
def write_file(job: Job, asked: dict) -> dict:
    """Write the file beside its place, then put it there: a second worker does the same again, without harm."""
    user = _asker(asked)
    with translation.override(asked["language"]):
        sheets, total = _sheets(user, asked)
        _tell(job, 0, total)
        making = path_of(job, "part")
        with open_private(making) as target:
            rows = export.write(target, asked["kind"], sheets, lambda rows: _tell(job, rows, total))
    making.replace(path_of(job, asked["kind"]))
    return asked | {"rows": rows}


@record.finish
def keep(job: Job) -> dict:
    asked = job.chunks.get(number=0).payload
    path_of(job, "rows").unlink(missing_ok=True)
    return {"file": asked["file"], "kind": asked["kind"], "bytes": path_of(job, asked["kind"]).stat().st_size}


def _asker(asked: dict):
    """The person, with the rights of now; who has lost the right or the account gets nothing."""
    user = get_user_model()._default_manager.get(pk=asked["by"], is_active=True)
    if asked["label"]:
        require(user, "view", named(asked["label"]).model)
    return user


def _sheets(user, asked: dict) -> tuple[Iterable[Sheet], int]:
    if asked["code"]:
        return books.book_of(user, asked["code"]), books.size_of(user, asked["code"])
    register = named(asked["label"])
    rows = export.list_rows(register, user, QueryDict(decrypt(asked["query"], COLUMN)))
    return [export.sheet_of(register, rows)], rows.count()


# ---- files ----


def folder() -> Path:
    found = settings.VAR_DIR / "exports"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def path_of(job: Job, kind: str) -> Path:
    return folder() / f"{job.pk}.{kind}"


def open_private(path: Path | str) -> IO[bytes]:
    """The file, written anew, for its owner alone."""
    Path(path).unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _tell(job: Job, rows: int, total: int) -> None:
    path_of(job, "rows").write_text(f"{rows}/{total}")


def progress_of(job: Job) -> tuple[int, int]:
    """Rows written, and of how many; (0, 0) before it is known."""
    try:
        rows, total = path_of(job, "rows").read_text().split("/")
    except (OSError, ValueError):
        return 0, 0
    return int(rows), int(total)


def file_of(job: Job) -> Path | None:
    """The finished file, as long as it is kept."""
    if job.state != Job.State.DONE or timezone.now() - job.finished_at > KEPT_FOR:
        return None
    path = path_of(job, job.result["kind"])
    return path if path.exists() else None


def tidy(now: float) -> int:
    """Delete what is older than a day; how many files."""
    old = [path for path in folder().iterdir() if now - path.stat().st_mtime > KEPT_FOR.total_seconds()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
