"""Files by the digest of their bytes, outside the static tree: ab/ab12….jpg in settings.EVIDENCE_DIR, thumbnail beside.

A file is written whole under a temporary name before its row, and gets its own name when the row is committed: what is
rolled back leaves nothing, and no file is taken away from a row that another person writes at the same time. Should the
machine stop between the two, the next reader puts the file in place.
"""

import contextlib
import os
import time
import uuid
import weakref
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

LEFT_OVER = 24 * 3600  # seconds after which a temporary file belongs to nobody


def path_of(digest: str, extension: str) -> Path:
    return Path(settings.EVIDENCE_DIR) / digest[:2] / f"{digest}.{extension}"


def thumbnail_of(digest: str) -> Path:
    return path_of(digest, "thumb.jpg")


def open_file(path: Path) -> BinaryIO:
    """Raises FileNotFoundError where the store has lost it."""
    if not path.exists():
        for staged in path.parent.glob(f"{path.name}.*.part"):
            with contextlib.suppress(FileNotFoundError):  # another reader was quicker
                staged.replace(path)
    return path.open("rb")


class Batch:
    """Files that are attached together.

    with Batch() as batch:
        digest = batch.add(content, "jpg", thumbnail)
        with transaction.atomic():
            …  # the rows
            transaction.on_commit(batch.place)

    An exception inside takes the temporary files away, and so does a rollback that comes later: with the callback the
    batch goes, and with the batch its files.
    """

    def __init__(self):
        self._staged: list[tuple[Path, Path]] = []
        self._clean_up = weakref.finalize(self, _remove, self._staged)

    def __enter__(self) -> "Batch":
        return self

    def __exit__(self, kind, _error, _trace) -> None:
        if kind:
            self._clean_up()

    def add(self, content: bytes, extension: str, thumbnail: bytes = b"") -> str:
        """Write a file under its temporary name. Returns its digest; raises OSError where there is no room."""
        digest = sha256(content).hexdigest()
        self._stage(path_of(digest, extension), content)
        if thumbnail:
            self._stage(thumbnail_of(digest), thumbnail)
        return digest

    def _stage(self, final: Path, content: bytes) -> None:
        for folder in (final.parent.parent, final.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = final.with_name(f"{final.name}.{uuid.uuid4().hex}.part")
        self._staged.append((temporary, final))
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())  # on the disk before its row is

    def place(self) -> None:
        """Give the files their own names. The same bytes may be there already."""
        self._clean_up.detach()  # rows refer to them from now on
        for temporary, final in self._staged:
            try:
                temporary.replace(final)
            except FileNotFoundError:  # a reader has put it in place
                if not final.exists():
                    raise


def _remove(staged: list[tuple[Path, Path]]) -> None:
    for temporary, _final in staged:
        temporary.unlink(missing_ok=True)


def remove_left_over() -> int:
    """Take away temporary files that no transaction waits for any more. Returns how many."""
    before = time.time() - LEFT_OVER
    old = [path for path in Path(settings.EVIDENCE_DIR).glob("??/*.part") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def digest_of(path: Path) -> str:
    """The digest of a stored file's bytes; raises FileNotFoundError."""
    digest = sha256()
    with open_file(path) as stream:
        while part := stream.read(1024 * 1024):
            digest.update(part)
    return digest.hexdigest()
