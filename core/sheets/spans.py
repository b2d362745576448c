"""What calamine doesn't tell of an OpenDocument sheet: merged cells, and cells that could not be worked out."""

import re
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from core.sheets.errors import Fault

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
ERROR = re.compile(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|Err:\d{3}")
ROW, CELL, COVERED = f"{TABLE}table-row", f"{TABLE}table-cell", f"{TABLE}covered-table-cell"


class _Walker:
    """Counts rows and cells; a row or cell that is repeated counts as often."""

    def __init__(self):
        self.spans: dict[str, list[tuple[int, int, int, int]]] = {}
        self.faults: dict[str, dict[tuple[int, int], Fault]] = {}
        self.name, self.row, self.column, self.repeated = "", 0, 0, 1
        self.formula, self.text = "", ""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == f"{TABLE}table":
            self.name, self.row, self.repeated = attrs.get(f"{TABLE}name", ""), 0, 1
        elif tag == ROW:
            self.column, self.repeated = 0, int(attrs.get(f"{TABLE}number-rows-repeated", 1))
        elif tag in (CELL, COVERED):
            down = int(attrs.get(f"{TABLE}number-rows-spanned", 1))
            across = int(attrs.get(f"{TABLE}number-columns-spanned", 1))
            if down * across > 1:
                span = (self.row, self.column, self.row + down - 1, self.column + across - 1)
                self.spans.setdefault(self.name, []).append(span)
            self.formula, self.text = attrs.get(f"{TABLE}formula", ""), ""
            self.column += int(attrs.get(f"{TABLE}number-columns-repeated", 1))

    def characters(self, text: str) -> None:
        if self.formula:
            self.text += text

    def end(self, tag: str) -> None:
        if tag == ROW:
            self.row += self.repeated
        elif tag == CELL and self.formula and ERROR.fullmatch(self.text.strip()):
            self.faults.setdefault(self.name, {})[self.row, self.column - 1] = Fault(self.text.strip())


def untold(
    content: bytes,
) -> tuple[dict[str, list[tuple[int, int, int, int]]], dict[str, dict[tuple[int, int], Fault]]]:
    """Name of the sheet → its merged ranges; and → its cells with an error. `core.sheets.limits` has let the file pass."""
    walker = _Walker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = walker.start, walker.end
    parser.CharacterDataHandler = walker.characters
    try:
        with ZipFile(BytesIO(content)) as package:
            parser.Parse(package.read("content.xml"), True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise ValueError("content.xml is not well-formed") from error
    return walker.spans, walker.faults
