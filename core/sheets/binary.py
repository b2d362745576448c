"""The old binary workbook (.xls): what its records say before a reader lays it out. Nothing is read from its cells.

A compound file is a small file system of sectors (MS-CFB); the stream "Workbook" is a row of records of two bytes of
type, two of length (MS-XLS).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as StructError
from struct import iter_unpack, unpack_from

from core.sheets.errors import Fault
from core.sheets.untold import Untold

END = 0xFFFFFFFE
FILEPASS, SUPBOOK = 0x2F, 0x1AE
#: Records of a cell: row and column are their first two numbers. MULRK and MULBLANK end with their last column.
CELLS = {0x06, 0x04, 0xFD, 0xD6, 0x203, 0x204, 0x205, 0x27E, 0x02, 0x03, 0x05}
MULTIPLE = {0xBD}
#: A row's own record; a bit of its options says that it is not shown.
ROW, NOT_SHOWN = 0x208, 0x20
BOF, BOUNDSHEET, BOOLERR, FORMULA = 0x809, 0x85, 0x205, 0x06
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
#: Books that a SUPBOOK may name: this one itself, or add-in functions.
OWN_BOOK, ADD_IN = b"\x01\x04", b"\x01\x3a"


class Broken(Exception):
    """The file doesn't hold together."""


@dataclass
class Facts:
    locked: bool = False
    foreign: bool = False
    rows: int = 0
    columns: int = 0


def examine(content: bytes) -> Facts:
    """Whether it is locked or draws on other files, and how far out its cells stand. Raises Broken."""
    facts = Facts()
    try:
        for kind, body in _records(_workbook(content)):
            if kind == FILEPASS:
                facts.locked = True
                return facts  # what follows can't be read
            if kind == SUPBOOK and body[2:4] not in (OWN_BOOK, ADD_IN):
                facts.foreign = True
            elif (kind in CELLS or kind in MULTIPLE) and len(body) >= 4:
                row, column = unpack_from("<HH", body)
                if kind in MULTIPLE:
                    column = unpack_from("<H", body, len(body) - 2)[0]
                facts.rows, facts.columns = max(facts.rows, row + 1), max(facts.columns, column + 1)
    except (StructError, IndexError, OverflowError) as error:
        raise Broken from error
    return facts


def untold_in(content: bytes) -> dict[str, Untold]:
    """Name of each sheet → its cells that hold an error, its hidden rows. Raises Broken."""
    found: dict[str, Untold] = {}
    try:
        stream = _workbook(content)
        names, name, at = {}, "", 0
        for kind, body in _records(stream):
            if kind == BOUNDSHEET:
                names[unpack_from("<I", body)[0]] = _name_of(body)
            elif kind == BOF:
                name = names.get(at, "")
            elif (code := _error_code(kind, body)) is not None:
                found.setdefault(name, Untold()).faults[unpack_from("<HH", body)] = Fault(ERRORS.get(code, "#?"))
            elif kind == ROW and body[12] & NOT_SHOWN:
                found.setdefault(name, Untold()).hidden.add(unpack_from("<H", body)[0])
            at += 4 + len(body)
    except (StructError, IndexError, OverflowError) as error:
        raise Broken from error
    return found


def _name_of(body: bytes) -> str:
    """Of a sheet: its length in characters, whether they have two bytes, the characters."""
    wide = body[7] & 1
    return body[8 : 8 + body[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _error_code(kind: int, body: bytes) -> int | None:
    """The error of a cell or of a formula's result; None for any other value."""
    if kind == BOOLERR and body[7]:
        return body[6]
    is_error = kind == FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
    return body[8] if is_error else None


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(content: bytes) -> bytes:
    """The stream that holds the workbook."""
    shift, small_shift = unpack_from("<HH", content, 30)
    if not (shift in (9, 12) and small_shift == 6):
        raise Broken
    size = 1 << shift
    table = _table(content, size)
    directory = _chain(content, table, unpack_from("<I", content, 48)[0], size, size)
    small_limit, small_start = unpack_from("<II", content, 56)
    root = directory[:128]
    for at in range(0, len(directory), 128):
        entry = directory[at : at + 128]
        name = entry[: max(0, unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, length = unpack_from("<II", entry, 116)
            if length >= small_limit:
                return _chain(content, table, start, size, size)[:length]
            small = _chain(content, table, unpack_from("<I", root, 116)[0], size, size)
            small_table = [n for (n,) in iter_unpack("<I", _chain(content, table, small_start, size, size))]
            return _chain(small, small_table, start, 64, 0)[:length]
    raise Broken


def _table(content: bytes, size: int) -> list[int]:
    """The sector that follows each sector."""
    places = [n for (n,) in iter_unpack("<I", content[76:512]) if n < END]
    following = unpack_from("<I", content, 68)[0]
    passed: set[int] = set()
    while following < END and following not in passed:
        passed.add(following)
        block = content[(following + 1) * size : (following + 2) * size]
        numbers = [n for (n,) in iter_unpack("<I", block)]
        places += [n for n in numbers[:-1] if n < END]
        following = numbers[-1]
    blocks = (content[(place + 1) * size : (place + 2) * size] for place in places)
    return [n for block in blocks for (n,) in iter_unpack("<I", block[: len(block) // 4 * 4])]


def _chain(content: bytes, table: list[int], start: int, size: int, offset: int) -> bytes:
    """The sectors from `start` on, joined; a ring is broken."""
    parts, passed, sector = [], 0, start
    while sector < END:
        at = offset + sector * size
        parts.append(content[at : at + size])
        passed += 1
        if passed > len(table):
            raise Broken
        sector = table[sector]
    return b"".join(parts)
