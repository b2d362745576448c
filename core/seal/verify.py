"""Looking through the whole chain: what is wrong, and where."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Min
from django.utils.translation import gettext as _

from core.models import AuditRow
from core.seal import chain
from core.seal.chain import BATCH, GENESIS, Anchor
from core.seal.door import is_open, missing_triggers
from core.seal.models import AuditSeal

MOST = 50  # findings that are told one by one


@dataclass(frozen=True)
class Finding:
    """`kind`: changed, removed, gap, cut, no_anchor, forged, unguarded. Numbers are None where there is none."""

    kind: str
    text: str
    position: int | None = None
    row_id: int | None = None


@dataclass
class Verdict:
    sealed: int = 0
    waiting: int = 0  # committed rows that the sealer has still to take
    end: str = ""  # the newest link, as an anchor
    findings: list[Finding] = field(default_factory=list)
    count: int = 0  # of all findings, the first of which are told

    @property
    def is_whole(self) -> bool:
        return not self.count

    def add(self, kind: str, text: str, position: int | None = None, row_id: int | None = None) -> None:
        self.count += 1
        if len(self.findings) < MOST:
            self.findings.append(Finding(kind, text, position, row_id))


def verify(anchor: Anchor | None = None) -> Verdict:
    """Look through every link; `anchor` is one that was kept elsewhere, beside that of this machine."""
    verdict = Verdict()
    anchors = _anchors(verdict, anchor)  # read first: the chain may grow meanwhile
    for name in missing_triggers():
        verdict.add("unguarded", _("The trigger %(name)s is missing or off.") % {"name": name})
    if is_open():
        verdict.add("unguarded", _("The door stands open: core_audit_door holds a row. Remove it."))
    _walk(verdict)
    for kept in anchors:
        if not chain.holds(kept):
            text = _(
                "The chain no longer holds the link %(link)s, which was kept outside: its end was cut or rewritten."
            )
            verdict.add("cut", text % {"link": kept}, kept.position)
    verdict.waiting = chain.unsealed().count()
    return verdict


def _anchors(verdict: Verdict, given: Anchor | None) -> list[Anchor]:
    try:
        own = chain.read_anchor()
    except ValueError:
        own = None
        verdict.add("no_anchor", _("The anchor's file is unreadable: %(path)s") % {"path": settings.AUDIT_ANCHOR})
    else:
        if own is None and given is None and AuditSeal.objects.exists():
            text = _("No link was kept in %(path)s, so a cut end can't be found. Give one with --anchor.")
            verdict.add("no_anchor", text % {"path": settings.AUDIT_ANCHOR})
    return [anchor for anchor in (own, given) if anchor]


def _walk(verdict: Verdict) -> None:
    """Go along the chain. A wrong link is named once: what comes after it is measured against what the link says."""
    expected, before = 1, GENESIS
    for seal, row in _links():
        if seal.retired and expected == 1:
            expected = seal.position
            if not _fits(seal.retired, lambda key, s=seal: chain.proof_of_retention(key, s.position, s.digest)):
                verdict.add("forged", _("The beginning was removed, not by retention."), seal.position)
        elif seal.position != expected:
            text = _("The links %(first)d to %(last)d are missing.")
            verdict.add("gap", text % {"first": expected, "last": seal.position - 1}, expected)
        elif row is None:
            text = _("Audit row %(row)d (link %(position)d) was removed.")
            verdict.add("removed", text % {"row": seal.row_id, "position": seal.position}, seal.position, seal.row_id)
        elif not _fits(seal.digest, lambda key, b=before, s=seal, r=row: chain.link(key, b, s.position, r)):
            text = _("Audit row %(row)d (link %(position)d) isn't what was sealed: it was changed, or moved here.")
            verdict.add("changed", text % {"row": seal.row_id, "position": seal.position}, seal.position, seal.row_id)
        expected, before = seal.position + 1, seal.digest
        verdict.sealed += 1
        verdict.end = f"{seal.position}:{seal.digest}"


def _links() -> Iterator[tuple[AuditSeal, dict | None]]:
    """Every seal in order with its row."""
    last = AuditSeal.objects.aggregate(first=Min("position"))["first"]
    last = -1 if last is None else last - 1
    while seals := list(AuditSeal.objects.filter(position__gt=last).order_by("position")[:BATCH]):
        rows = {row["id"]: row for row in AuditRow.objects.filter(pk__in=[s.row_id for s in seals]).values()}
        for seal in seals:
            yield seal, rows.get(seal.row_id)
        last = seals[-1].position


def _fits(digest: str, reckon) -> bool:
    """Whether one of the keys gives that digest; the newest is asked first."""
    return any(hmac.compare_digest(digest, reckon(key)) for key in settings.AUDIT_KEYS)
