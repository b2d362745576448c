"""Sheets of a workbook that are read as one: rows are numbered on from sheet to sheet, and an address says its sheet.

A cell is "C17" where one sheet is read, "梁村!C17" where several are.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: More rows than a file may hold.
MOST = 2**31 - 1


@dataclass(frozen=True)
class Page:
    """`start`: how many rows of the sheets before it are numbered. `at`: which one it is, from 0."""

    name: str
    start: int
    at: int = 0


class Pages:
    """In the order of the workbook; at least one."""

    def __init__(self, named: Iterable[tuple[str, int]]):
        self.all = [Page(name, start, at) for at, (name, start) in enumerate(named)] or [Page("", 0)]
        self.starts = [page.start for page in self.all]

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Page]:
        return iter(self.all)

    @property
    def names(self) -> str:
        return "、".join(page.name for page in self.all)

    def of(self, number: int) -> Page:
        """The sheet that a row is in."""
        return self.all[max(0, bisect_right(self.starts, number - 1) - 1)]

    def named(self, name: str) -> Page | None:
        return next((page for page in self.all if page.name == name), None)

    def end(self, page: Page) -> int:
        """The last number that a row of the sheet may have."""
        return self.starts[page.at + 1] if page.at + 1 < len(self) else MOST

    def own(self, number: int) -> int:
        """The number that the row has in its sheet."""
        return number - self.of(number).start

    def said(self, number: int) -> str:
        """The row, in a sentence."""
        facts = {"number": self.own(number), "sheet": self.of(number).name}
        return (_("row %(number)d of “%(sheet)s”") if len(self) > 1 else _("row %(number)d")) % facts

    def key(self, number: int, address: str) -> str:
        """The address of a cell of that row, as nothing else in the workbook is called; "" for none."""
        return f"{self.of(number).name}!{address}" if address and len(self) > 1 else address

    def split(self, key: str) -> tuple[Page | None, str]:
        """The sheet and the address in it; no sheet where there is none of that name."""
        if len(self) == 1:
            return self.all[0], key
        name, _mark, address = key.rpartition("!")
        return self.named(name), address

    def number(self, key: str) -> int:
        """The row that a cell is in; 0 for none."""
        page, address = self.split(key)
        return page.start + row_of(address) if page else 0

    def cells(self, page: Page, mended: Mapping[str, str]) -> dict[str, str]:
        """Those of one sheet, by their addresses in it."""
        split = ((self.split(key), text) for key, text in mended.items())
        return {address: text for (one, address), text in split if one == page}

    def counted(self, states: Iterable[tuple[int, str]]) -> list[Counter]:
        """Of each sheet, how many of its rows are in each state. `states`: (number, state)."""
        found = [Counter() for _page in self.all]
        for number, state in states:
            found[self.of(number).at][state] += 1
        return found


def pages_of(kept: Sequence[Mapping]) -> Pages:
    """As an import keeps them: [{"name", "start", …}, …]."""
    return Pages((page["name"], page["start"]) for page in kept)


def row_of(address: str) -> int:
    """
    >>> row_of("C17"), row_of("")
    (17, 0)
    """
    return int("".join(filter(str.isdigit, address)) or 0)
