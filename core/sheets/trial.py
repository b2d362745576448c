"""What a register's own actions say to rows: they are asked in earnest, and what they wrote is taken back."""

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from core import actions
from core.context import current
from core.models import AuditRow
from core.registers.base import Register
from core.sheets import along
from core.sheets.checks import is_understood

#: After so many refusals the rest is judged when these are mended: each costs a few attempts.
MOST = 50


def has_own_rules(register: type[Register]) -> bool:
    """Whether the actions know more than the model, or the database more than `checks`."""
    plain = register.create is actions.create and register.update is actions.update
    return not (plain and is_understood(register.model))


class Tried(NamedTuple):
    """The rows that the actions refuse, with their sentence; what they write along and nobody can take back."""

    refused: list[tuple[object, str]]
    lasting: list[str]


def tried(register: type[Register], user, planned: Sequence) -> Tried:
    """What the actions say; the rows that they don't refuse go through beside each other.

    A refused set is halved until the row stands alone; a good sheet costs one attempt. Nothing stays written.
    """
    found: list[tuple[object, str]] = []
    kept = _keep(planned)
    with transaction.atomic():
        last = AuditRow.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        _sift(register, user, list(planned), found)
        own = {str(one.row.pk) for one in planned}
        others = along.lasting(along.along(current().request_id, register.model, own, last))
        transaction.set_rollback(True)
    _give_back(kept)
    return Tried(found, list(dict.fromkeys(map(along.said, others)))[:MOST])


def _sift(register: type[Register], user, planned: list, found: list) -> None:
    """Write as many as go; what stays written bears on those that follow."""
    if not planned or len(found) >= MOST:
        return
    kept = _keep(planned)
    try:
        with transaction.atomic():
            write_rows(register, user, planned)
        return
    except (ValidationError, Http404) as error:
        _give_back(kept)
        if len(planned) == 1:
            found.append((planned[0], " ".join(getattr(error, "messages", [str(error)]))))
            return
    middle = len(planned) // 2
    _sift(register, user, planned[:middle], found)
    _sift(register, user, planned[middle:], found)


def _keep(planned: Sequence) -> list[tuple]:
    return [(one.row, one.row.pk, getattr(one.row, "version", None)) for one in planned]


def _give_back(kept: Sequence[tuple]) -> None:
    """Rows whose write was taken back are what they were before it."""
    for row, pk, version in kept:
        row.pk, row._state.adding = pk, pk is None
        if version is not None:
            row.version = version


def write_rows(register: type[Register], user, planned: Sequence, *, reason: str = "") -> None:
    """Through the register's actions: first what changes, which may make room, then what is new. Raises as they do."""
    changed, new = [p for p in planned if p.record], [p for p in planned if not p.record]
    if changed:
        fields = list(dict.fromkeys(name for p in changed for name in p.fields))
        register.update(user, [p.row for p in changed], fields, reason=reason)
    if new:
        register.create(user, [p.row for p in new], reason=reason)
