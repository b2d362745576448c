"""Cells typed in the place of wrong ones: of a long sheet only the rows are judged again that they bear on.

These are the rows of the cells, and those tied with them as they were or as they are now. The result is that of judging
the whole sheet, for the same answers of the database.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping

from core.registers.base import named
from core.sheets.limits import column_number
from core.sheets.lookups import Lookups
from core.sheets.matching import Matching
from core.sheets.models import SheetImport
from core.sheets.parts import of_text, packed, part_of, rows_of, unpacked
from core.sheets.plan import Plan, plan
from core.sheets.reading import Sheet
from core.sheets.table import Table
from core.sheets.texts import text_of
from core.sheets.ties import tied, ties_of
from core.sheets.trial import has_own_rules

#: With more rows than these the whole sheet is judged: it is not much more.
MOST = 2000


def may_judge_some(sheet: SheetImport) -> bool:
    """Whether the rows that cells bear on are known: a register's own actions judge all rows beside each other."""
    return bool(sheet.layout) and not has_own_rules(named(sheet.register))


def judge_some(sheet: SheetImport, user, cells: Mapping[str, str]) -> Plan | None:
    """The rows that the mended cells bear on, judged; None where these are too many.

    `sheet.mended` holds the cells; `sheet.layout` is given the ties of now.
    """
    numbers = unpacked(sheet.layout["rows"])
    place = {number: at for at, number in enumerate(numbers)}
    ties = {kind: unpacked(text) for kind, text in sheet.layout["ties"].items()}
    rows = Rows(sheet)
    judge = _judge_of(sheet, user, rows)
    chosen = {place[number] for number in map(row_of, cells) if number in place}
    chosen |= {place[number] for number in _below(sheet, cells, rows, place, numbers)} | tied(ties, {}, chosen)
    while len(chosen) <= MOST:
        found = judge([numbers[at] for at in sorted(chosen)])
        fresh = ties_of(found)
        more = tied(ties, fresh, chosen) - chosen
        if not more:
            _tie_anew(sheet, ties, fresh, sorted(chosen))
            return found
        chosen |= more
    return None


def row_of(address: str) -> int:
    return int("".join(filter(str.isdigit, address)) or 0)


def _column_of(address: str) -> int:
    return column_number(address.rstrip("0123456789")) - 1


class Rows(dict):
    """Position → raw cells with what was typed; rows are fetched with their part, and what is no row is empty."""

    def __init__(self, sheet: SheetImport):
        super().__init__()
        self.sheet, self.top = sheet, of_text(sheet.layout["top"])
        self.given = sheet.layout["given"].values()
        self.width = max([*self.given, *sheet.layout["columns"].values()]) + 1
        self.typed: dict[int, list[str]] = {}
        for address in sheet.mended:
            self.typed.setdefault(row_of(address) - 1, []).append(address)

    def fetch(self, numbers: Iterable[int]) -> None:
        wanted = [number for number in numbers if number - 1 not in self]
        for number, (_name, cells) in rows_of(self.sheet, wanted).items():
            self._take(number - 1, cells)

    def _take(self, at: int, cells: list) -> None:
        self[at] = cells
        for address in self.typed.get(at, ()):
            column = _column_of(address)
            if 0 <= column < len(cells) and column not in self.given:
                cells[column] = self.sheet.mended[address]

    def __getitem__(self, at):
        return self.top[at] if isinstance(at, slice) else super().__getitem__(at)

    def __missing__(self, at: int) -> list:
        for number, (_name, cells) in part_of(self.sheet, at + 1).items():
            if number - 1 not in self:
                self._take(number - 1, cells)
        return self.setdefault(at, [""] * self.width)


def _judge_of(sheet: SheetImport, user, rows: Rows) -> Callable[[list[int]], Plan]:
    """What judges the rows of these numbers; places and records are read once, however often it is asked."""
    register, lookups = named(sheet.register), Lookups(user, sheet.day)
    layout = sheet.layout
    page, first = Sheet(layout["name"], rows), len(rows.top)
    own, read = layout["columns"], layout["columns"] | layout["given"]

    def judge(numbers: list[int]) -> Plan:
        rows.fetch(numbers)
        body = [number - 1 for number in numbers]
        table = Table(page, first, read, layout["headings"], body=body)
        matching = Matching(register, user, table, sheet.day, lookups)
        return plan(register, user, Table(page, first, own, layout["headings"], body=body), matching.lines())

    return judge


def _below(sheet: SheetImport, cells: Mapping[str, str], rows: Rows, place: Mapping[int, int], numbers) -> set[int]:
    """Rows whose empty cell below a typed village is proposed to be the same."""
    column = sheet.layout["columns"].get(getattr(named(sheet.register).model, "territory", None) or "")
    found = set()
    for address in cells:
        number = row_of(address)
        if column is None or _column_of(address) != column or number not in place:
            continue
        for lower in numbers[place[number] + 1 :]:
            if text_of(rows[lower - 1][column]):
                break
            found.add(lower)
    return found


def _tie_anew(sheet: SheetImport, ties: dict[str, array], fresh: Mapping[str, array], positions: list[int]) -> None:
    length = len(unpacked(sheet.layout["rows"]))
    for kind in ties.keys() - fresh.keys():  # nothing of the kind is left
        for at in positions:
            ties[kind][at] = 0
    for kind, numbers in fresh.items():
        known = ties.setdefault(kind, array("I", [0]) * length)
        for at, number in zip(positions, numbers, strict=True):
            known[at] = number
    sheet.layout = sheet.layout | {"ties": {kind: packed(numbers) for kind, numbers in ties.items()}}
