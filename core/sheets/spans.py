"""What calamine doesn't tell of an OpenDocument sheet: merged cells, cells that could not be worked out, hidden rows."""

import re
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from core.sheets.errors import Fault
from core.sheets.untold import Untold

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|Err:\d{3}")
#: Of a row that is repeated to the end of the sheet, no more are told.
MOST_HIDDEN = 30_000
ROW, CELL, COVERED = f"{TABLE}table-row", f"{TABLE}table-cell", f"{TABLE}covered-table-cell"


class _Walker:
    """Counts rows and cells; a row or cell that is repeated counts as often."""

    def __init__(self):
        self.sheets: dict[str, Untold] = {}
        self.sheet = Untold()
        self.row, self.column, self.repeated = 0, 0, 1
        self.formula, self.text = "", ""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == f"{TABLE}table":
            self.sheet, self.row, self.repeated = Untold(), 0, 1
            self.sheets[attrs.get(f"{TABLE}name", "")] = self.sheet
        elif tag == ROW:
            self.column, self.repeated = 0, int(attrs.get(f"{TABLE}number-rows-repeated", 1))
            if attrs.get(f"{TABLE}visibility") in ("collapse", "filter"):
                self.sheet.hidden |= set(range(self.row, self.row + min(self.repeated, MOST_HIDDEN)))
        elif tag in (CELL, COVERED):
            down = int(attrs.get(f"{TABLE}number-rows-spanned", 1))
            across = int(attrs.get(f"{TABLE}number-columns-spanned", 1))
            if down * across > 1:
                span = (self.row, self.column, self.row + down - 1, self.column + across - 1)
                self.sheet.merged.append(span)
            self.formula, self.text = attrs.get(f"{TABLE}formula", ""), ""
            self.column += int(attrs.get(f"{TABLE}number-columns-repeated", 1))

    def characters(self, text: str) -> None:
        if self.formula:
            self.text += text

    def end(self, tag: str) -> None:
        if tag == ROW:
            self.row += self.repeated
        elif tag == CELL and self.formula and ERROR.fullmatch(self.text.strip()):
            self.sheet.faults[self.row, self.column - 1] = Fault(self.text.strip())


def untold_in(content: bytes) -> dict[str, Untold]:
    """By the name of the sheet. `core.sheets.limits` has let the file pass."""
    walker = _Walker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = walker.start, walker.end
    parser.CharacterDataHandler = walker.characters
    try:
        with ZipFile(BytesIO(content)) as package:
            parser.Parse(package.read("content.xml"), True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise ValueError("content.xml is not well-formed") from error
    return walker.sheets
