"""Documents are stored as they came, so they are looked into: what they claim to be, and nothing that runs.

This is a door, not a virus scanner. It turns away what an office document has no need of (macros, embedded programs,
parts fetched from elsewhere, a second file in the same bytes) and what would burst when unpacked.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from core.evidence.refusal import Unfit


def _spelt(name: bytes) -> bytes:
    """The pattern of a name in a PDF, where any letter may be written as # and its two hexadecimal digits."""
    return b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in name)


MEMBERS = 5_000
UNPACKED = 200 * 1024 * 1024  # bytes, of a whole document
RATIO = 200  # unpacked to packed, of a document beyond RATIO_FROM; text of spreadsheets reaches 50
RATIO_FROM = 10 * 1024 * 1024  # bytes
PART = 2 * 1024 * 1024  # bytes of a part that is read here: lists of types and of links

PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
MARKUP = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|img|title)\b", re.I)
SNIFFED = 1024  # bytes that a browser looks at when it guesses a type
PDF_PARTS = 2_000  # packed parts; one holds some hundred objects
#: Programs, other files and other applications inside a PDF.
PDF_ACTIVE = re.compile(b"|".join(map(_spelt, (b"JavaScript", b"Launch", b"EmbeddedFile", b"RichMedia"))))

OOXML_MAIN = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
#: Links that are followed by a person's click alone.
HYPERLINK = "/hyperlink"
OWN_TEMPLATE = re.compile(r"file:///[A-Za-z]:[\\/]")  # on the writer's own disk; Word notes it by itself

#: Streams of the old binary formats, as their names stand in the file's own directory.
OLE_MAIN = {"doc": ("WordDocument",), "xls": ("Workbook", "Book")}
OLE_MACROS, OLE_LOCKED, OLE_PACKAGE = "_VBA_PROJECT", "EncryptedPackage", "\x01Ole10Native"
#: A sheet of Excel 4's macro language: record BOUNDSHEET (0x85), its length, type 1, length of the name, its width.
XLS_MACRO_SHEET = re.compile(rb"\x85\x00(.)\x00.{4}[\x00-\x02]\x01([\x01-\x1f])(.)", re.S)


def check_pdf(content: bytes, _kind: str) -> None:
    """Raises Unfit unless it is a PDF from the first byte to the last, without programs and files inside."""
    _head, dot, tail = content.rpartition(b"%%EOF")
    if not dot:
        raise Unfit(_("The PDF is incomplete: its end is missing. Make or scan it anew, then choose the new file."))
    if MARKUP.search(content[:SNIFFED]) or tail.strip(b"\0\r\n\t "):
        raise Unfit(two_in_one())
    for part in (content, *_object_streams(content)):
        if PDF_ACTIVE.search(part):
            raise Unfit(_("The PDF holds a program or another file. Print it into a new PDF, then choose that one."))


def _object_streams(content: bytes) -> Iterator[bytes]:
    """The packed parts of a PDF that hold its objects, unpacked. Raises Unfit beyond a quarter of UNPACKED, or PDF_PARTS."""
    left = UNPACKED // 4
    start_of = re.compile(rb"stream\r?\n")
    for number, found in enumerate(re.finditer(rb"/ObjStm\b", content)):
        if number == PDF_PARTS:
            raise Unfit(too_large_unpacked())
        start = start_of.search(content, found.end(), found.end() + SNIFFED)
        if not start:
            continue
        packed = memoryview(content)[start.end() : start.end() + PART]
        try:
            part = zlib.decompressobj().decompress(packed, left + 1)
        except zlib.error:
            part = b""  # not packed this way, or not a stream at all
        left -= len(part)
        if left < 0:
            raise Unfit(too_large_unpacked())
        yield part


def check_ooxml(content: bytes, kind: str) -> None:
    """Raises Unfit unless it is a whole docx, xlsx or pptx without macros, embedded programs and foreign parts."""
    try:
        with ZipFile(BytesIO(content)) as package:
            members = package.infolist()
            _refuse_bomb(members, len(content))
            _refuse_strange_layout(content, package, members)
            _refuse_active_members(members)
            _check_types(package, kind)
            for member in members:
                if member.filename.endswith(".rels"):
                    _parse(package, member, _refuse_foreign)
            if package.testzip():  # reads every member: its sizes and sums are as it says
                raise BadZipFile
    except Unfit:
        raise
    except Exception as error:  # zipfile may fail in many ways on bytes of strangers
        raise Unfit(_damaged()) from error


def _refuse_bomb(members: list[ZipInfo], packed: int) -> None:
    """Before anything is unpacked. Members that lie about their size fail later, when their sum is checked."""
    total = sum(member.file_size for member in members)
    if len(members) > MEMBERS or total > UNPACKED or (total > RATIO_FROM and total > RATIO * packed):
        raise Unfit(too_large_unpacked())


def _refuse_strange_layout(content: bytes, package: ZipFile, members: list[ZipInfo]) -> None:
    """Nothing before the package, nothing behind it, no path that leads out of it, nothing locked."""
    if any(member.flag_bits & 1 for member in members):
        raise Unfit(_locked())
    paths = [member.orig_filename for member in members]
    if any(path.startswith("/") or "\\" in path or ".." in path.split("/") for path in paths):
        raise Unfit(_damaged())
    if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in members):
        raise Unfit(_damaged())
    if package.comment or content[-22:-18] != b"PK\x05\x06" or min(m.header_offset for m in members):
        raise Unfit(two_in_one())


def _refuse_active_members(members: list[ZipInfo]) -> None:
    for member in members:
        folder, _slash, name = member.filename.lower().rpartition("/")
        if "externallinks" in folder:
            raise Unfit(_foreign())
        if name.startswith(("vbaproject", "vbadata")) or "macrosheets" in folder:
            raise Unfit(_macros())
        if "activex" in folder or (folder.endswith("embeddings") and name.endswith(".bin")):
            raise Unfit(_embedded())


def _check_types(package: ZipFile, kind: str) -> None:
    types = []
    _parse(
        package, package.getinfo("[Content_Types].xml"), lambda tag, attrs: types.append(attrs.get("ContentType", ""))
    )
    if any("macroenabled" in name.lower() for name in types):
        raise Unfit(_macros())
    if not any(name.endswith(OOXML_MAIN[kind]) for name in types):
        raise Unfit(disagrees(kind))


def _refuse_foreign(_tag: str, attrs: dict[str, str]) -> None:
    if attrs.get("TargetMode", "").lower() != "external":
        return
    kind, target = attrs.get("Type", ""), attrs.get("Target", "")
    if kind.endswith(HYPERLINK) or (kind.endswith("/attachedTemplate") and OWN_TEMPLATE.match(target)):
        return
    raise Unfit(_foreign())


def _parse(package: ZipFile, member: ZipInfo, start: Callable[[str, dict], None]) -> None:
    """Calls `start` with each element's name and attributes. A document type, which could swell, is refused."""
    if member.file_size > PART:
        raise Unfit(too_large_unpacked())

    def refuse(*_args):
        raise BadZipFile("a document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(package.read(member), True)


def check_ole(content: bytes, kind: str) -> None:
    """Raises Unfit unless it is an old Word or Excel file without macros and packed files.

    The names of all streams stand in the file, two bytes a letter, wherever its directory lies: looking for them finds
    more than following the directory would.
    """

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds(OLE_LOCKED):
        raise Unfit(_locked())
    if holds(OLE_MACROS) or (kind == "xls" and _holds_macro_sheet(content)):
        raise Unfit(_macros())
    if holds(OLE_PACKAGE):
        raise Unfit(_embedded())
    if not any(map(holds, OLE_MAIN[kind])):
        raise Unfit(disagrees(kind))


def _holds_macro_sheet(content: bytes) -> bool:
    """The lengths must fit one another (Excel 97: a byte for the name's width; Excel 95: none), else it is chance."""
    for found in XLS_MACRO_SHEET.finditer(content):
        record, name, wide = (group[0] for group in found.groups())
        if record == 7 + name or (wide < 2 and record == 8 + name * (1 + wide)):
            return True
    return False


# ---- the sentences that more than one check says ----


def disagrees(extension: str) -> str:
    return _(
        "Its content is not what its name says (.%(extension)s). Open it, save it as .%(extension)s, then choose that "
        "file."
    ) % {"extension": extension}


def two_in_one() -> str:
    return _("It holds two files in one. Open it, save it under a new name, then choose the new file.")


def too_large_unpacked() -> str:
    return _("Unpacked, the document would be far too large. Save what is needed of it as PDF, then choose that file.")


def _damaged() -> str:
    return _("The document is damaged. Open it, save it under a new name, then choose the new file.")


def _locked() -> str:
    return _("The document is locked by a password. Save it without one, then choose that file.")


def _foreign() -> str:
    return _(
        "The document fetches a part of itself from elsewhere. Save it as PDF, or break its links to other files, then "
        "choose that file."
    )


def _macros() -> str:
    return _("The document holds macros. Save it without macros or as PDF, then choose that file.")


def _embedded() -> str:
    return _("The document holds embedded objects. Save it as PDF, then choose that file.")
