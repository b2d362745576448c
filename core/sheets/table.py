"""Where the table stands in a sheet: its heading below titles, its rows, and what is no row of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.sheets import limits
from core.sheets.columns import RECORD, Column
from core.sheets.errors import Unreadable
from core.sheets.headings import Matcher, bare
from core.sheets.pages import Pages
from core.sheets.reading import ABOVE, Sheet
from core.sheets.texts import compact, text_of

EXAMPLE = re.compile(r"^[(【\[]?(示例|样例|范例|example)|^例[::]")
TOTAL = re.compile(
    r"^(合计|总计|小计|共计|累计|总数|total|subtotal)([::(\d].*)?$|^[^\d]{1,12}(合计|小计|总计|共计)[::]?$",
    re.IGNORECASE,
)
#: What stands below a table, or above it again on the next page, and is no row of it.
FOOT = re.compile(
    r"^(注|备注|说明|填表说明|填表人|填报人|制表|制表人|审核|审核人|复核人|签字|负责人|单位负责人|主要负责人|主管领导|分管领导|联系人|联系电话"
    r"|单位|填报单位|填表单位|报送单位|日期|填报日期|填报时间|填表日期|填表时间|制表日期|上报时间)(\([^()]{1,8}\))?[::]"
)
#: A remark of its own line: “2.出生日期写到日”, “（此页无正文）”, “2013年11月20日”, “花名册（续）”.
LINE = re.compile(
    r"^(\(?[0-9一二三四五六七八九十]{1,2}[.、)](?!\d)|\(此|注|说明)|^\d{4}年\d{1,2}月(\d{1,2}日)?$|\(续.*\)$|^第\d+页"
)
MOST_TOLD = 20  # rows that were passed over, in a remark
NUMBERING = re.compile(r"^(\d{1,2}|[甲乙丙丁戊己庚辛])$")


@dataclass(frozen=True)
class Unknown:
    """A heading that is none of the register's: the person is asked what it means. `proposal`: a column's name or ""."""

    column: int
    heading: str
    proposal: str


@dataclass
class Table:
    """`columns`: name → position from 0. `body`: positions of the rows. `skipped`: (row number, why)."""

    sheet: Sheet
    first: int  # position of the first row below the heading
    columns: dict[str, int]
    headings: list[str]
    unknown: list[Unknown] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    #: What was taken for granted of all rows, in a sentence: `core.sheets.titles`.
    given: str = ""
    #: The table goes on on these other sheets of the workbook.
    more: list["Table"] = field(default_factory=list)
    #: How many rows of the sheets before it are numbered.
    start: int = 0
    #: Sheets that were passed over: (name, why).
    passed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def parts(self) -> list["Table"]:
        """The table of each sheet."""
        return [self, *self.more]

    @property
    def pages(self) -> Pages:
        return Pages((part.sheet.name, part.start) for part in self.parts)

    @property
    def total(self) -> int:
        return sum(len(part.body) for part in self.parts)

    def part_of(self, number: int) -> "Table":
        return self.parts[self.pages.of(number).at]

    @property
    def pattern(self) -> str:
        """The headings as one text: what is answered once holds for all sheets of the same pattern."""
        return "|".join(bare(heading) for heading in self.headings)

    def remarks(self) -> list[str]:
        """What a person should know of how the workbook was read, in sentences."""
        found = self._of_several() if self.more else self._of_one()
        if self.passed:
            sheets = [_("“%(name)s” (%(why)s)") % {"name": name, "why": why} for name, why in self.passed]
            found.append(_("Sheets that were not read: %(sheets)s.") % {"sheets": "、".join(sheets)})
        return found

    def _of_several(self) -> list[str]:
        facts = {"n": len(self.parts), "names": self.pages.names}
        found = [_("%(n)d sheets are read together: %(names)s.") % facts]
        for part in self.parts:
            found += [f"{part.sheet.name}：{sentence}" for sentence in part._of_one()]
        return found

    def _of_one(self) -> list[str]:
        found = [self.given] if self.given else []
        if self.skipped:
            rows = [_("row %(row)d (%(why)s)") % {"row": row, "why": why} for row, why in self.skipped[:MOST_TOLD]]
            rows += ["…"] if len(self.skipped) > MOST_TOLD else []
            found.append(_("Not read as records: %(rows)s.") % {"rows": "、".join(rows)})
        if hidden := self.sheet.hidden_rows.intersection(self.body):
            rows = [str(at + 1) for at in sorted(hidden)[:MOST_TOLD]] + ["…"] * (len(hidden) > MOST_TOLD)
            found.append(_("Rows that are hidden in the workbook are read too: %(rows)s.") % {"rows": "、".join(rows)})
        return found


def find_table(sheet: Sheet, columns: Sequence[Column], remembered: Mapping[str, str] | None = None) -> Table:
    """The table of a sheet. Raises Unreadable where none can be told, or where it has too many rows."""
    matcher = Matcher(columns, remembered)
    heading = _heading(sheet, matcher)
    if heading is None:
        wanted = "、".join(column.heading for column in columns if column.writable)
        sentence = _("No row of headings was found. Write the headings above the rows: %(headings)s.")
        raise Unreadable(sentence % {"headings": wanted})
    first, texts, found = heading
    table = Table(sheet, first, {name: position for position, name in found.items()}, texts)
    table.unknown = [
        Unknown(position, text, matcher.propose(text, set(table.columns)))
        for position, text in enumerate(texts)
        if text and position not in found and not matcher.is_ignored(text) and _has_values(sheet, first, position)
    ]
    table.missing = [c for c in columns if c.required and c.name not in table.columns and c.name != RECORD]
    _sort_rows(table)
    limits.refuse_rows(len(table.body))
    return table


def _heading(sheet: Sheet, matcher: Matcher) -> tuple[int, list[str], dict[int, str]] | None:
    """(first row below the heading, its texts, {position: column}): the row, or two, that most columns are found in."""
    best, score = None, 0.0
    for at in range(min(len(sheet.rows), ABOVE)):
        for texts, below in _readings(sheet, at, matcher):
            if len({text for text in texts if text}) < 2 and sum(map(bool, texts)) > 1:
                continue  # a title, merged over the table's width
            found = matcher.match(texts)
            worth = len(found) - 0.1 * (below - at - 1)  # one row before two, unless two say more
            if worth > score:
                best, score = (below, texts, found), worth
    needed = 1 if len([c for c in matcher.columns.values() if c.writable]) < 3 else 2
    return best if best and len(best[2]) >= needed else _by_shape(sheet, matcher)


def _readings(sheet: Sheet, at: int, matcher: Matcher) -> Iterator[tuple[list[str], int]]:
    """(headings, first row below them): a row alone; then with the row below it, each column as it says most."""
    upper = [_heading_text(cell) for cell in sheet.rows[at]]
    yield upper, at + 1
    if at + 1 >= len(sheet.rows):
        return
    lower = [_heading_text(cell) for cell in sheet.rows[at + 1]]
    if upper != lower and _says_more(sheet.rows[at + 1], upper, lower, matcher):
        yield [_said(matcher, up, low) for up, low in zip(upper, lower, strict=True)], at + 2


def _says_more(row: list, upper: list[str], lower: list[str], matcher: Matcher) -> bool:
    """Whether a row is the second line of a heading: all of it words, one of them a column's that the first has not."""
    if any(
        text[:1].isdigit() or not isinstance(cell, str)
        for cell, text in zip(row, lower, strict=True)
        if cell not in ("", None)
    ):
        return False
    pairs = [(up, low) for up, low in zip(upper, lower, strict=True) if low and low != up]
    return any((matcher.knows(low) or matcher.knows(up + low)) and not matcher.knows(up) for up, low in pairs)


def _said(matcher: Matcher, up: str, low: str) -> str:
    """The heading of two lines: “任职” above “时间” is 任职时间, “表决情况” above “到会” is 到会."""
    both = up if up == low else up + low
    return next((text for text in (both, low, up) if text and matcher.knows(text)), low or up)


def _heading_text(cell) -> str:
    return "".join(text_of(cell).split()) if isinstance(cell, str) else ""


def _by_shape(sheet: Sheet, matcher: Matcher) -> tuple[int, list[str], dict[int, str]] | None:
    """Headings that nobody knows yet: the first row of different short texts with a row below it."""
    for at, row in enumerate(sheet.rows[:ABOVE]):
        texts = [_heading_text(cell) for cell in row]
        there = [text for text in texts if text]
        if (
            len(there) >= 3
            and len(set(there)) == len(there)
            and max(map(len, there)) <= 20
            and at + 1 < len(sheet.rows)
        ):
            return at + 1, texts, matcher.match(texts)
    return None


def _has_values(sheet: Sheet, first: int, position: int) -> bool:
    return any(row[position] not in ("", None) for row in sheet.rows[first:])


def _sort_rows(table: Table) -> None:
    """Rows of the table, and those that are none: examples, totals, numbering, headings again, remarks below it."""
    heads = {bare(text) for text in table.headings if text}
    titles = {compact(cell) for row in table.sheet.rows[: table.first] for cell in row if cell not in ("", None)}
    told = [position for name, position in table.columns.items() if name != RECORD]
    for at in range(table.first, len(table.sheet.rows)):
        row = table.sheet.rows[at]
        texts = [compact(cell) for cell in row if cell not in ("", None)]
        texts = [text for text in texts if text]
        if not texts:
            continue
        is_record = _has_number(row, table.columns.get(RECORD))
        why = "" if is_record else _no_row(texts, heads, at == table.first) or _nothing_of_it(row, texts, told, titles)
        if why:
            table.skipped.append((at + 1, why))
        else:
            table.body.append(at)


def _has_number(row: list, position: int | None) -> bool:
    """Whether a row carries a record's number: then it is one, whatever its texts look like."""
    return position is not None and compact(row[position]).isdigit()


def _nothing_of_it(row: list, texts: list[str], told: list[int], titles: set[str]) -> str:
    """Why a row says nothing of a record: its number alone is filled in, or it is a line across the table."""
    if all(row[position] in ("", None) or not compact(row[position]) for position in told):
        return _("nothing but what is not read")
    if len(set(texts)) == 1 and len(told) > 1 and (texts[0] in titles or LINE.search(texts[0])):
        return _("a line of text")
    return ""


def _no_row(texts: list[str], heads: set[str], is_first: bool) -> str:
    """Why the cells of a row are none of the table's rows; "" where they are one."""
    if any(EXAMPLE.match(text) for text in texts):
        return _("an example")
    if any(TOTAL.match(text) for text in texts[:3]) or {"合", "计"} <= set(texts[:4]):
        return _("a total")
    if is_first and len(texts) > 1 and all(NUMBERING.match(text) for text in texts):
        return _("the numbers of the columns")
    if len(texts) > 1 and all(bare(text) in heads for text in texts):
        return _("the headings again")
    if FOOT.match(texts[0]) and len(set(texts)) <= 4:
        return _("a remark below the table")
    return ""
