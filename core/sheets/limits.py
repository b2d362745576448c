"""What is turned away before anything is parsed: each with a sentence that says how to mend it.

The doors of `core.evidence.documents` (macros, locks, embedded programs, foreign parts) stand here too; a sheet is
also unpacked and read, so that its limits are narrower, and no document type or entity may stand in any part of it.
"""

import re
from io import BytesIO
from pathlib import PurePath
from struct import error as StructError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.evidence import documents
from core.evidence.refusal import Unfit
from core.sheets import binary
from core.sheets.errors import Unreadable

UNPACKED = 50 * 1024 * 1024  # bytes, of all members together
RATIO = 100  # unpacked to packed
MEMBERS = 2_000
#: Cells of the rectangle that holds all values of a sheet: the reader lays it out whole.
AREA = 10_000_000
ROWS, COLUMNS = 1_048_576, 16_384

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
KINDS = ("xlsx", "xls", "ods", "csv")
#: Names that a person may give to a kind.
EXTENSIONS = {"xlsx": "xlsx", "xls": "xls", "et": "xls", "ods": "ods", "csv": "csv", "txt": "csv", "tsv": "csv"}
WITH_MACROS = ("xlsm", "xltm", "xlsb", "xlam", "xla")

#: What zipfile raises for bytes that are no zip after all.
BROKEN = (BadZipFile, NotImplementedError, ValueError, OSError, EOFError, ZlibError, StructError)

DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: Cells beyond column Z or row 99,999: where there are none, the rectangle is small.
FAR_CELL = re.compile(rb"\br\s*=\s*[\"'](?:[A-Za-z]{2,3}\d+|[A-Za-z]\d{6,7})[\"']")
NEAR = (99_999, 26)
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
ADDRESS = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
#: A part of a workbook that brings in values from outside.
CONNECTIONS = ("xl/connections.xml", "xl/querytables/", "xl/externallinks/", "customxml/item")
ODS_LINK = re.compile(rb"<table:(?:table-source|cell-range-source)\b|<office:dde-source\b|<table:dde-link\b")
ODS_SCRIPT = re.compile(rb"<(?:script:event-listener|office:script)\b")
ODS_REPEATED = re.compile(rb"number-(rows|columns)-repeated=\"(\d{3,})\"")


def check(name: str, content: bytes) -> str:
    """The kind of the file, one of KINDS. Raises Unreadable."""
    if not content:
        raise Unreadable(_("The file is empty: open it to see whether something is in it, then choose it again."))
    refuse_size(len(content))
    kind = _kind(content)
    _compare(PurePath(name).suffix.lower().lstrip("."), kind)
    try:
        if kind == "xlsx":
            documents.check_ooxml(content, "xlsx")
        if kind in ("xlsx", "ods"):
            _check_package(content, kind)
        if kind == "xls":
            documents.check_ole(content, "xls")
            _check_binary(content)
    except Unfit as refused:
        raise Unreadable(" ".join(refused.messages)) from refused
    return kind


def refuse_size(size: int) -> None:
    """Raises Unreadable for more bytes than any file may have; before it is read."""
    if size > UNPACKED:
        raise Unreadable(_too_large())


def _kind(content: bytes) -> str:
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(_locked())
        return "xls"
    if content.startswith(ZIP):
        return _kind_of_package(content)
    start = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta", b"mime-version")):
        sentence = _(
            "This is a web page with the name of a workbook: open it, save it as .xlsx, then choose that file."
        )
        raise Unreadable(sentence)
    return "csv"


def _kind_of_package(content: bytes) -> str:
    """What kind of zip it is; its sums are checked here, before any member is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as package:
            members = package.infolist()
            _refuse_bomb(members, len(content))
            if any(member.flag_bits & 1 for member in members):
                raise Unreadable(_locked())
            names = {member.filename for member in members}
            if "xl/workbook.bin" in names:
                raise Unreadable(_binary_workbook())
            if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
                return "xlsx"
            if "mimetype" in names and package.read("mimetype").strip() == ODS:
                return "ods"
    except BROKEN as error:
        raise Unreadable(damaged()) from error
    raise Unreadable(_("This is no workbook: choose one in .xlsx, .xls, .ods or .csv."))


def _refuse_bomb(members: list[ZipInfo], packed: int) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MEMBERS or total > UNPACKED:
        raise Unreadable(_too_large())
    inside = sum(member.compress_size for member in members)
    if total > RATIO * max(packed, 1) or inside > packed or len({m.filename for m in members}) < len(members):
        sentence = _("The workbook is packed in a way that no spreadsheet does: open it, save it under a new name.")
        raise Unreadable(sentence)


def _compare(extension: str, kind: str) -> None:
    if extension in WITH_MACROS:
        raise Unreadable(_("A .%(extension)s may hold macros: save it as .xlsx.") % {"extension": extension})
    if extension not in EXTENSIONS:
        sentence = _("Files named .%(extension)s are not taken: save it as .xlsx, .xls, .ods or .csv.")
        raise Unreadable(sentence % {"extension": extension[:12] or "?"})
    if EXTENSIONS[extension] != kind:
        sentence = _("It is named .%(extension)s, but is a .%(kind)s inside: open it, save it as .xlsx.")
        raise Unreadable(sentence % {"extension": extension, "kind": kind})


def _check_package(content: bytes, kind: str) -> None:
    """Each member, unpacked one at a time: its size is as it says, its sum too, and no entity stands in it."""
    try:
        with ZipFile(BytesIO(content)) as package:
            for member in package.infolist():
                if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                    raise Unreadable(damaged())
                _check_member(member.filename.lower(), package.read(member), kind)
    except BROKEN as error:
        raise Unreadable(damaged()) from error


def _check_member(path: str, content: bytes, kind: str) -> None:
    if path.endswith((".xml", ".rels", ".vml")) or path == "content.xml":
        narrow = content.replace(b"\0", b"") if b"\0" in content[:4] else content  # UTF-16
        if DOCTYPE.search(narrow):
            raise Unreadable(_("The workbook holds a document type, which none needs: save it anew as .xlsx."))
    if kind == "xlsx":
        if path.startswith(CONNECTIONS[:3]):
            raise Unreadable(_foreign())
        if path.startswith("xl/worksheets/") and path.endswith(".xml"):
            _check_area(content)
    elif path.startswith(("basic/", "scripts/")) and not path.endswith("/"):
        raise Unreadable(_("The workbook holds macros: save it as .xlsx, which holds none."))
    elif path == "content.xml":
        _check_ods(content)


def _check_area(sheet: bytes) -> None:
    """The rectangle around all values, which a single cell far out would blow up."""
    if not (far := FAR_CELL.findall(sheet)):
        return
    addresses = [ADDRESS.search(cell) for cell in far]
    rows = max(NEAR[0], *(int(found[2]) for found in addresses if found))
    columns = max(NEAR[1], *(column_number(found[1].decode()) for found in addresses if found))
    if rows * columns <= AREA:
        return
    rows = columns = 1
    for attributes, inside in CELL.findall(sheet):
        found = ADDRESS.search(attributes) if inside else None
        if found:
            rows, columns = max(rows, int(found[2])), max(columns, column_number(found[1].decode()))
    if rows * columns > AREA:
        raise Unreadable(_far_out())


def _check_ods(content: bytes) -> None:
    if ODS_LINK.search(content):
        raise Unreadable(_foreign())
    if ODS_SCRIPT.search(content):
        raise Unreadable(_("The workbook holds macros: save it as .xlsx, which holds none."))
    for part in re.split(rb"<table:table-row\b", content)[1:]:
        if b"office:value-type" not in part:
            continue  # empty rows down to the end of the sheet are usual
        head, _close, cells = part.partition(b">")
        times = [int(found[2]) for found in ODS_REPEATED.finditer(head) if found[1] == b"rows"]
        valued = [tag for tag in cells.split(b"<") if b"office:value-type" in tag]
        wide = [int(found[2]) for tag in valued for found in ODS_REPEATED.finditer(tag)]
        if max(times, default=1) > max_rows() or max(wide, default=1) > COLUMNS // 16:
            raise Unreadable(_far_out())


def _check_binary(content: bytes) -> None:
    try:
        facts = binary.examine(content)
    except binary.Broken as error:
        raise Unreadable(damaged()) from error
    if facts.locked:
        raise Unreadable(_locked())
    if facts.foreign:
        raise Unreadable(_foreign())
    if facts.rows * facts.columns > AREA:
        raise Unreadable(_far_out())


def column_number(letters: str) -> int:
    """
    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def max_rows() -> int:
    return settings.IMPORT_MAX_ROWS


def refuse_rows(number: int) -> None:
    """Raises Unreadable for more rows than the setting IMPORT_MAX_ROWS allows."""
    limit = max_rows()
    if number > limit:
        sentence = ngettext(
            "The sheet has %(n)d rows, the limit is %(limit)d row: divide it, then send the parts.",
            "The sheet has %(n)d rows, the limit is %(limit)d rows: divide it, then send the parts.",
            limit,
        )
        raise Unreadable(sentence % {"n": number, "limit": limit})


# ---- the sentences ----


def _too_large() -> str:
    facts = {"limit": UNPACKED // 1024 // 1024}
    return (
        _("Unpacked, the workbook has more than %(limit)d MB: delete pictures and empty sheets, or divide it.") % facts
    )


def damaged() -> str:
    return _("The workbook is damaged: open it, save it under a new name, then choose that file.")


def _locked() -> str:
    return _("The workbook is locked by a password: save it without one, then choose that file.")


def _foreign() -> str:
    return _(
        "The workbook fetches values from other files: break the links (Data, Edit links), save it, choose it again."
    )


def _binary_workbook() -> str:
    return _("A .%(extension)s may hold macros: save it as .xlsx.") % {"extension": "xlsb"}


def _far_out() -> str:
    return _(
        "A value stands far away from the others: delete the rows and columns beyond the table, then save it anew."
    )
