"""The chain: each seal is an HMAC over the one before it, its own position and its row.

Rows are sealed in the order in which they are found, not by their numbers: a transaction that commits late brings
lower numbers than are sealed already, and takes its place behind them. So writing an audit row waits for nobody.
What can't be found in the database alone is that its end was cut off: the newest link is therefore kept outside too
(the anchor, a file beside the database's machine).
"""

import hmac
import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from core.models import AuditRow
from core.seal.models import AuditSeal

logger = logging.getLogger(__name__)

BATCH = 500  # rows of one transaction
MANY = 20_000  # rows that are looked for at a time: the question is dearer than the answer
GENESIS = "0" * 64  # what stands before the first link
#: No transaction stays open for longer: rows older than the last sealed one by this much are sealed.
LONGEST_TRANSACTION = timedelta(days=1)


class Anchor(NamedTuple):
    """A link as it is kept outside the database: `123:9f86d0…`."""

    position: int
    digest: str

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """Raises ValueError."""
        position, digest = text.strip().split(":")
        return cls(int(position), digest)


def canonical(row: Mapping[str, object]) -> str:
    """An audit row's columns as text. Empty ones are left out: a column that is added later leaves old rows as sealed."""
    return json.dumps({k: _plain(v) for k, v in row.items() if v not in (None, "", {})}, sort_keys=True)


def _plain(value):
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def link(key: str, before: str, position: int, row: Mapping[str, object]) -> str:
    """The digest of a link (64 hex digits)."""
    return hmac.new(key.encode(), f"{before}\n{position}\n{canonical(row)}".encode(), "sha256").hexdigest()


def proof_of_retention(key: str, position: int, digest: str) -> str:
    return hmac.new(key.encode(), f"retired\n{position}\n{digest}".encode(), "sha256").hexdigest()


def unsealed() -> QuerySet[AuditRow]:
    return AuditRow.objects.filter(~Exists(AuditSeal.objects.filter(row_id=OuterRef("pk"))))


def newest() -> AuditSeal | None:
    return AuditSeal.objects.order_by("-position").first()


def seal() -> int:
    """Append every committed row that isn't sealed yet, then move the anchor. Returns how many."""
    sealed = 0
    try:
        while numbers := list(_waiting()[:MANY]):
            for first in range(0, len(numbers), BATCH):
                sealed += _seal(numbers[first : first + BATCH])
    except IntegrityError:
        logger.info("Another sealer was faster.")
    move_anchor()
    return sealed


def _seal(numbers: list[int]) -> int:
    """Seal these rows. Raises IntegrityError where one of them is sealed already."""
    with transaction.atomic():
        hold_chain()
        last = newest()
        position, before = (last.position, last.digest) if last else (0, GENESIS)
        links = []
        for row in AuditRow.objects.filter(pk__in=numbers).order_by("pk").values():
            position += 1
            before = link(settings.AUDIT_KEYS[0], before, position, row)
            links.append(AuditSeal(position=position, row_id=row["id"], digest=before))
        AuditSeal.objects.bulk_create(links)
    return len(links)


def _waiting() -> QuerySet[AuditRow, int]:
    """The numbers of unsealed rows in order. Only those are looked through that may still be unsealed."""
    last, rows = newest(), unsealed().order_by("pk").values_list("pk", flat=True)
    sealed = AuditRow.objects.filter(pk=last.row_id).first() if last else None
    return rows.filter(at__gte=sealed.at - LONGEST_TRANSACTION) if sealed else rows


def hold_chain() -> None:
    """For this transaction nobody else adds to the chain. SQLite's one write lock is held already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('core.seal'))")


# ---- the anchor ----


def read_anchor() -> Anchor | None:
    """The newest link as it was kept, None where none was. Raises ValueError for a file that holds something else."""
    path = Path(settings.AUDIT_ANCHOR)
    return Anchor.parse(path.read_text()) if path.exists() else None


def holds(anchor: Anchor) -> bool:
    """Whether the chain still has that link."""
    return AuditSeal.objects.filter(position=anchor.position, digest=anchor.digest).exists()


def move_anchor() -> None:
    """Keep the newest link; but an anchor that the chain no longer holds stays: it is what proves the loss."""
    last, path = newest(), Path(settings.AUDIT_ANCHOR)
    try:
        kept = read_anchor()
        lost = kept is not None and not holds(kept)
    except ValueError:
        lost = True
    if lost:
        logger.critical("The audit chain no longer holds the link kept in %s. Run manage.py verify_audit.", path)
    elif last and (kept is None or kept.position < last.position):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(f"{last.position}:{last.digest}\n")
        fresh.replace(path)
        logger.info("Audit sealed up to %s:%s", last.position, last.digest)
