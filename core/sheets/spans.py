"""The merged cells of an OpenDocument sheet, of which calamine tells nothing."""

from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
ROW, CELL, COVERED = f"{TABLE}table-row", f"{TABLE}table-cell", f"{TABLE}covered-table-cell"


class _Walker:
    """Counts rows and cells; a row or cell that is repeated counts as often."""

    def __init__(self):
        self.spans: dict[str, list[tuple[int, int, int, int]]] = {}
        self.name, self.row, self.column, self.repeated = "", 0, 0, 1

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
            self.column += int(attrs.get(f"{TABLE}number-columns-repeated", 1))

    def end(self, tag: str) -> None:
        if tag == ROW:
            self.row += self.repeated


def spans_of(content: bytes) -> dict[str, list[tuple[int, int, int, int]]]:
    """Name of the sheet → its merged ranges. `core.sheets.limits` has let the file pass."""
    walker = _Walker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = walker.start, walker.end
    try:
        with ZipFile(BytesIO(content)) as package:
            parser.Parse(package.read("content.xml"), True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise ValueError("content.xml is not well-formed") from error
    return walker.spans
