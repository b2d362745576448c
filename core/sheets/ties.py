"""What ties the rows of a sheet together. A row's judgement follows from its own cells, from the database, and from the
rows that it shares a tie with: one record, or what may be there only once. From no other row.

A tie is a number of 32 bits, 0 for none. Two that are equal by chance cost a row that is judged for nothing.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from numbers import Number
from zlib import crc32

from core.sheets.plan import Plan
from core.sheets.unique import rules_of

#: Kind of tie → that of each row, in the order of the sheet.
Ties = Mapping[str, array]


def ties_of(found: Plan) -> dict[str, array]:
    """Which records each row names; by each rule, what the row and the record that it changes must not share."""
    about, ties = [row.line.meets for row in found.rows], {}
    for number in range(max(map(len, about), default=0)):
        ties[f"record{number}"] = _array([pks[number : number + 1] or None for pks in about])
    weighed = [(at, row) for at, row in enumerate(found.rows) if row.is_weighed]
    changing = [(at, row) for at, row in weighed if row.line.current is not None]
    for number, rule in enumerate(rules_of(found.register.model)):
        for kind, rows, of in (("new", weighed, "row"), ("old", changing, "current")):
            keys: list[tuple | None] = [None] * len(found.rows)
            for (at, _row), key in zip(rows, rule.keys([getattr(row.line, of) for _at, row in rows]), strict=True):
                keys[at] = key
            ties[f"{kind}{number}"] = _array(keys)
    return ties


def tied(ties: Ties, fresh: Ties, positions: Collection[int]) -> set[int]:
    """The positions of rows that share a tie with those at `positions`, as it was or as it is now (`fresh`)."""
    found = set()
    for kinds in _families([*ties, *fresh]):
        own = [ties[kind] for kind in kinds if kind in ties]
        wanted = {numbers[at] for numbers in own for at in positions}
        wanted = wanted.union(*(fresh.get(kind, ()) for kind in kinds)) - {0}
        if wanted:
            found |= {at for numbers in own for at, number in enumerate(numbers) if number in wanted}
    return found


def _families(kinds: Iterable[str]) -> Iterable[set[str]]:
    """Kinds whose ties are compared with each other: what a row would take and what a record would leave."""
    found: dict[str, set[str]] = {}
    for kind in kinds:
        found.setdefault("" if kind.startswith("record") else kind[len("new") :], set()).add(kind)
    return found.values()


def _array(keys: Iterable[Sequence | None]) -> array:
    return array("I", [0 if key is None else crc32(_text(key).encode()) or 1 for key in keys])


def _text(key: Sequence) -> str:
    """Equal for equal keys, in every process."""
    return "\0".join(value if type(value) is str else _plain(value) for value in key)


def _plain(value) -> str:
    return str(hash(value)) if isinstance(value, Number) else str(value)
