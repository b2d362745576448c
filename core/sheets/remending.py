"""Cells typed in the place of wrong ones: of a long sheet only the rows are judged again that they bear on.

These are the rows of the cells, and those tied with them as they were or as they are now. The result is that of judging
the whole sheet, for the same answers of the database.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

from core.registers.base import named
from core.sheets.limits import column_number
from core.sheets.lookups import Lookups
from core.sheets.matching import matched
from core.sheets.models import SheetImport
from core.sheets.pages import Page, pages_of, row_of
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
    return "pages" in (sheet.layout or {}) and not has_own_rules(named(sheet.register))


def judge_some(sheet: SheetImport, user, cells: Mapping[str, str]) -> Plan | None:
    """The rows that the mended cells bear on, judged; None where these are too many.

    `sheet.mended` holds the cells; `sheet.layout` is given the ties of now.
    """
    numbers = unpacked(sheet.layout["rows"])
    place = {number: at for at, number in enumerate(numbers)}
    ties = {kind: unpacked(text) for kind, text in sheet.layout["ties"].items()}
    pages = pages_of(sheet.layout["pages"])
    rows = [Rows(sheet, page, pages.cells(page, sheet.mended)) for page in pages]
    judge = _judge_of(sheet, user, rows)
    chosen = {place[number] for number in map(pages.number, cells) if number in place}
    for page, own in zip(pages, rows, strict=True):
        chosen |= {place[number] for number in _below(sheet, pages.cells(page, cells), own, place, numbers)}
    chosen |= tied(ties, {}, chosen)
    while len(chosen) <= MOST:
        found = judge([numbers[at] for at in sorted(chosen)])
        fresh = ties_of(found)
        more = tied(ties, fresh, chosen) - chosen
        if not more:
            _tie_anew(sheet, ties, fresh, sorted(chosen))
            return found
        chosen |= more
    return None


def _column_of(address: str) -> int:
    return column_number(address.rstrip("0123456789")) - 1


class Rows(dict):
    """Of one sheet: position → raw cells with what was typed; rows are fetched with their part, and what is no row is
    empty. `mended`: the sheet's own cells.
    """

    def __init__(self, sheet: SheetImport, page: Page, mended: Mapping[str, str]):
        super().__init__()
        self.sheet, self.page, self.mended = sheet, page, mended
        self.layout = sheet.layout["pages"][page.at]
        self.top = of_text(self.layout["top"])
        self.given = self.layout["given"].values()
        self.width = max([*self.given, *self.layout["columns"].values()], default=0) + 1
        self.typed: dict[int, list[str]] = {}
        for address in mended:
            self.typed.setdefault(row_of(address) - 1, []).append(address)

    def fetch(self, numbers: Iterable[int]) -> None:
        """`numbers` as the import counts them."""
        first = self.page.start + 1
        wanted = [number for number in numbers if number - first not in self]
        for number, (_name, cells) in rows_of(self.sheet, wanted).items():
            self._take(number - first, cells)

    def _take(self, at: int, cells: list) -> None:
        self[at] = cells
        for address in self.typed.get(at, ()):
            column = _column_of(address)
            if 0 <= column < len(cells) and column not in self.given:
                cells[column] = self.mended[address]

    def table(self, numbers: list[int], *kinds: str) -> Table:
        """The table of these rows, with the columns of these kinds."""
        self.fetch(numbers)
        columns = {name: at for kind in kinds for name, at in self.layout[kind].items()}
        body = [number - self.page.start - 1 for number in numbers]
        page = Sheet(self.page.name, self)
        return Table(page, len(self.top), columns, self.layout["headings"], body=body, start=self.page.start)

    def __getitem__(self, at):
        return self.top[at] if isinstance(at, slice) else super().__getitem__(at)

    def __missing__(self, at: int) -> list:
        first = self.page.start + 1
        for number, (_name, cells) in part_of(self.sheet, at + first).items():
            if number - first not in self:
                self._take(number - first, cells)
        return self.setdefault(at, [""] * self.width)


def _judge_of(sheet: SheetImport, user, rows: Sequence[Rows]) -> Callable[[list[int]], Plan]:
    """What judges the rows of these numbers; places and records are read once, however often it is asked."""
    register, lookups = named(sheet.register), Lookups(user, sheet.day)
    pages = pages_of(sheet.layout["pages"])

    def table_of(numbers: list[int], *kinds: str) -> Table:
        """Of these rows; with the columns of its own, or with the given ones too."""
        wanted: list[list[int]] = [[] for _page in pages]
        for number in numbers:
            wanted[pages.of(number).at].append(number)
        first, *more = [own.table(some, *kinds) for own, some in zip(rows, wanted, strict=True)]
        first.more = more
        return first

    def judge(numbers: list[int]) -> Plan:
        _read, lines = matched(register, user, table_of(numbers, "columns", "given"), sheet.day, lookups)
        return plan(register, user, table_of(numbers, "columns"), lines)

    return judge


def _below(sheet: SheetImport, cells: Mapping[str, str], rows: Rows, place: Mapping[int, int], numbers) -> set[int]:
    """Rows of a sheet whose empty cell below a typed village is proposed to be the same."""
    column = rows.layout["columns"].get(getattr(named(sheet.register).model, "territory", None) or "")
    found, start, pages = set(), rows.page.start, pages_of(sheet.layout["pages"])
    for address in cells:
        number = start + row_of(address)
        if column is None or _column_of(address) != column or number not in place:
            continue
        for lower in numbers[place[number] + 1 :]:
            if pages.of(lower) != rows.page or text_of(rows[lower - start - 1][column]):
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
