"""Workbooks that people may send, good and bad, made here so that no test needs a file of its own."""

import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from openpyxl import Workbook

from core.sheets.limits import ODS, OLE

ROWS = [["村名", "户数"], ["张村", 12], ["李村", 7]]
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINK = f'<Relationships xmlns="{RELS}"><Relationship Id="r" Type="{OFFICE}/{{}}" Target="http://x/" TargetMode="External"/></Relationships>'


def xlsx(rows=ROWS, **changes) -> bytes:
    """A workbook by openpyxl; `changes` are given to `changed`."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return changed(out.getvalue(), **changes) if changes else out.getvalue()


def changed(content: bytes, parts: dict | None = None, compress=ZIP_DEFLATED, without=()) -> bytes:
    """The package with parts put in or replaced."""
    parts = parts or {}
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", compress) as new:
        for name in old.namelist():
            if name not in parts and name not in without:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def package(members: dict[str, bytes], first: str = "") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content, ZIP_STORED if name == first else ZIP_DEFLATED)
    return out.getvalue()


def sheet_of(cells: str) -> bytes:
    """A workbook whose only sheet has these rows as XML."""
    return xlsx(parts={"xl/worksheets/sheet1.xml": SHEET.format(cells)})


def cell(address: str, value="5") -> str:
    row = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{address}"><v>{value}</v></c></row>'


def ods(body: str, extra: dict | None = None, code: str = "UTF-8") -> bytes:
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "script": "urn:oasis:names:tc:opendocument:xmlns:script:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in names.items())
    content = (
        f'<?xml version="1.0" encoding="{code}"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>"
    members = {"mimetype": ODS, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    return package(members | (extra or {}), "mimetype")


def ods_row(*texts: str, repeated: int = 1, spans: dict | None = None) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string" {(spans or {}).get(n, "")}><text:p>{text}</text:p></table:table-cell>'
        for n, text in enumerate(texts)
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


# ---- the old binary format ----


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def number_cell(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def label_cell(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def xls(*records: bytes, start: bytes = b"") -> bytes:
    """A compound file of one stream "Workbook": a sheet with these records. `start` stands behind the first record."""
    name = "表".encode("utf-16-le")
    head = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + start
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 0)) + b"".join(records) + record(0x0A)
    length = len(head) + 4 + 8 + len(name) + 4
    head += record(0x85, struct.pack("<IBBBB", length, 0, 0, 1, 1) + name) + record(0x0A)
    stream = (head + sheet).ljust(4096, b"\0")
    return compound({"Workbook": stream})


def compound(streams: dict[str, bytes]) -> bytes:
    """Sectors of 512 bytes: the table, the directory, then the streams, each of 4096 bytes or more."""
    table, body, entries, sector = [0xFFFFFFFD, 0xFFFFFFFE], b"", [], 2
    for name, content in streams.items():
        count = -(-len(content) // 512)
        entries.append((name, 2, sector, len(content)))
        table += [*range(sector + 1, sector + count), 0xFFFFFFFE]
        body += content.ljust(count * 512, b"\0")
        sector += count
    table += [0xFFFFFFFF] * (128 - len(table))
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    directory = b"".join(_entry(*entry) for entry in [("Root Entry", 5, 0xFFFFFFFE, 0), *entries]).ljust(512, b"\0")
    return head + struct.pack("<128I", *table[:128]) + directory + body


def _entry(name: str, kind: int, start: int, length: int) -> bytes:
    text = name.encode("utf-16-le")
    child = 1 if kind == 5 else 0xFFFFFFFF
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head + bytes(36) + struct.pack("<III", start, length, 0)


# ---- what must not come in: name → (file name, content, a part of the sentence) ----


Cases = dict[str, tuple[str, bytes, str]]
ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]>'.format("ha" * 10)


def bad() -> Cases:
    return {**bad_files(), **bad_packages(), **bad_others()}


def bad_files() -> Cases:
    return {
        "nothing": ("空.xlsx", b"", "文件是空的"),
        "a photo": ("图.xlsx", b"\xff\xd8\xff\xe0" + b"\x00\x01" * 200, ".csv"),
        "a photo named csv": ("图.csv", b"\xff\xd8\xff\xe0" + b"\x00\x01\x02\x03" * 200, "编码无法识别"),
        "another kind": ("表.pdf", xlsx(), "不接收.pdf"),
        "no ending": ("表", xlsx(), "不接收"),
        "a docx": (
            "表.xlsx",
            package({"[Content_Types].xml": TYPES.format("").encode(), "word/d.xml": b""}),
            "不是表格",
        ),
        "a zip": ("表.xlsx", package({"a.txt": b"a"}), "不是表格"),
        "xls that is xlsx": ("表.xls", xlsx(), "扩展名是.xls，内容却是.xlsx"),
        "xlsx that is csv": ("表.xlsx", "村名,户数\n张村,3\n".encode(), "内容却是.csv"),
        "csv that is xlsx": ("表.csv", xlsx(), "内容却是.xlsx"),
        "a web page named xls": ("表.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页文件"),
        "cut off": ("表.xlsx", xlsx()[:-200], "已损坏"),
        "a changed byte": ("表.xlsx", flipped(xlsx()), "已损坏"),
    }


def bad_packages() -> Cases:
    zeros = b" " * 30_000_000
    return {
        "macros by name": ("表.xlsm", xlsx(), "可能带宏"),
        "macros inside": ("表.xlsx", xlsx(parts={"xl/vbaProject.bin": b"vba"}), "宏"),
        "macro sheet of Excel 4": ("表.xlsx", xlsx(parts={"xl/macrosheets/sheet1.xml": b""}), "宏"),
        "binary workbook": ("表.xlsb", package({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), "xlsb"),
        "other workbooks": ("表.xlsx", xlsx(parts={"xl/externalLinks/externalLink1.xml": b""}), "链接"),
        "a database": ("表.xlsx", xlsx(parts={"xl/connections.xml": b"<connections/>"}), "断开链接"),
        "a part from elsewhere": ("表.xlsx", xlsx(parts={"xl/_rels/a.xml.rels": LINK.format("image")}), "链接"),
        "an entity": ("表.xlsx", xlsx(parts={"xl/worksheets/sheet1.xml": ENTITY + SHEET.format("")}), "文档类型"),
        "an entity in UTF-16": (
            "表.xlsx",
            xlsx(parts={"xl/sharedStrings.xml": (ENTITY + "<sst/>").encode("utf-16")}),
            "文档类型",
        ),
        "a bomb of ratio": ("表.xlsx", xlsx(parts={"xl/worksheets/sheet1.xml": zeros}), "压缩方式异常"),
        "a bomb of size": ("表.xlsx", xlsx(parts={"xl/a.xml": zeros, "xl/b.xml": zeros}), "超过50 MB"),
        "another packing": ("表.xlsx", xlsx(parts={"xl/a.xml": b"a"}, compress=ZIP_LZMA), "已损坏"),
        "a cell far out": ("表.xlsx", sheet_of(cell("A1") + cell("XFD1048576")), "离表格太远"),
    }


def bad_others() -> Cases:
    """Of the old format and of the open one, and what holds nothing."""
    return {
        "locked by Office": ("表.xlsx", compound({"EncryptedPackage": bytes(4096)}), "设有密码"),
        "locked xls": ("表.xls", xls(number_cell(0, 0, 1), start=record(0x2F, bytes(6))), "设有密码"),
        "macros in xls": ("表.xls", compound({"Workbook": bytes(4096), "_VBA_PROJECT": bytes(4096)}), "宏"),
        "xls with links": ("表.xls", xls(start=record(0x1AE, struct.pack("<H", 1) + b"\x05\x00\x01abcde")), "断开链接"),
        "xls far out": ("表.xls", xls(number_cell(0, 0, 1), number_cell(65535, 255, 1)), "离表格太远"),
        "xls that claims to be huge": (
            "表.xls",
            xls(record(0x200, struct.pack("<IIHHH", 0, 2**32 - 2, 0, 2**16 - 1, 0)), number_cell(0, 0, 1)),
            "已损坏",
        ),
        "xls in a ring": ("表.xls", ring(), "已损坏"),
        "ods with macros": ("表.ods", ods(ods_row("a"), {"Basic/Standard/Module1.xml": b"<a/>"}), "带宏"),
        "ods with an entity": ("表.ods", ods(ods_row("a"), {"styles.xml": ENTITY.encode()}), "文档类型"),
        "ods in an unknown code": ("表.ods", ods(ods_row("a"), code="UAF-8"), "已损坏"),
        "ods with links": ("表.ods", ods('<table:table-source xlink:href="http://x/"/>' + ods_row("a")), "断开链接"),
        "ods of a million rows": ("表.ods", ods(ods_row("a", repeated=1_000_000)), "离表格太远"),
        "empty sheets": ("表.xlsx", xlsx([]), "没有内容"),
        "empty csv": ("表.csv", b"\xef\xbb\xbf\r\n,,\r\n", "没有内容"),
        "an open quotation": ("表.csv", b'a,b\n"' + b"x" * 200_000, "引号"),
    }


def flipped(content: bytes) -> bytes:
    """One bit of a packed part is another: its sum no longer fits."""
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def ring() -> bytes:
    """A compound file whose directory follows itself."""
    content = bytearray(compound({"Workbook": bytes(4096)}))
    content[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    return bytes(content)
