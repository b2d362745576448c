"""Files that people may send, good and bad, made here so that no test needs a file of its own."""

import zlib
from io import BytesIO
from struct import pack
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SECRET = b"GPS-MARKER-2290"  # in what must not be stored
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", content)
    file._name = name  # as a browser of bad intent sends it; Django's own parser cuts the folders off
    return file


# ---- pictures ----


def picture(kind: str = "JPEG", size=(64, 48), colour="#1a56a6", mode="RGB", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def photo_with_place() -> bytes:
    """As a phone takes it: lying on its side (orientation 6), with place, camera, comment and a film behind it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 45.0, 30.0), 3: "E", 4: (108.0, 29.0, 5.0), 29: "2013:11:24"})
    image = Image.new("RGB", (60, 40), "white")
    image.paste("red", (0, 0, 30, 40))
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=SECRET, quality=95)
    return out.getvalue() + b"\0\0\0\x18ftypmp42" + SECRET


def huge_png(side: int) -> bytes:
    """A white square of side² pixels in a few kilobytes."""
    row = b"\0" + b"\xff" * (side // 8)
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(row) for _ in range(side)), packer.flush()])

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    head = pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


# ---- documents ----


def pdf(extra: bytes = b"", head: bytes = b"%PDF-1.4\n", tail: bytes = b"") -> bytes:
    body = (
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R"
        + extra
        + b">>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    return head + body + b"trailer\n<</Root 1 0 R>>\n%%EOF\n" + tail


def pdf_packed(hidden: bytes) -> bytes:
    """A PDF that holds `hidden` in a packed object stream."""
    data = zlib.compress(b"3 0 " + hidden)
    stream = b"4 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    return b"%PDF-1.5\n" + stream + data + b"\nendstream\nendobj\ntrailer\n<<>>\n%%EOF"


def zipped(members: dict[str, bytes], compression=ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", compression) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def office(kind: str = "docx", members: dict[str, bytes] | None = None, links: str = "", types: str = "") -> bytes:
    """A small Office document; `links` are Relationship elements of its main part."""
    parts = (
        f'<Types xmlns="{TYPES}"><Override PartName="/word/document.xml" ContentType="{MAIN[kind]}"/>{types}</Types>'
    )
    rels = f'<Relationships xmlns="{RELS}">{links}</Relationships>'
    return zipped(
        {
            "[Content_Types].xml": parts.encode(),
            "word/document.xml": "<w>梁村</w>".encode(),
            "word/_rels/document.xml.rels": rels.encode(),
        }
        | (members or {})
    )


def locked(package: bytes) -> bytes:
    """As if every member were encrypted: the flag alone, before each and in the directory."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = package.split(mark)
        package = mark.join([parts[0], *(part[: at - 4] + b"\1" + part[at - 3 :] for part in parts[1:])])
    return package


def link(kind: str, target: str) -> str:
    return f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def ole(*streams: str, body: bytes = b"") -> bytes:
    """An old Office file as far as anybody looks: the signature, and a directory of stream names."""
    entries = b"".join(name.encode("utf-16-le").ljust(64, b"\0").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries + body


def boundsheet(name: str, kind: int) -> bytes:
    """The record that names a sheet of an Excel 97 workbook; kind 1 is a sheet of macros."""
    data = pack("<IBBBB", 0x1234, 0, kind, len(name), 0) + name.encode()
    return pack("<HH", 0x85, len(data)) + data


HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
GIF_JS = b"GIF89a/*" + b"\0" * 8 + b"*/=1;alert(1)"

#: What is taken: name, content, the extension under which it is stored.
GOOD = {
    "jpg": ("村委会.jpg", picture(), "jpg"),
    "jpeg": ("IMG.JPEG", picture(), "jpg"),
    "png": ("图.png", picture("PNG"), "png"),
    "webp": ("图.webp", picture("WEBP"), "jpg"),
    "grey": ("灰.jpg", picture(mode="L", colour=128), "jpg"),
    "cmyk": ("印刷.jpg", picture(mode="CMYK", colour=(0, 255, 0, 0)), "jpg"),
    "palette": ("色板.png", picture("PNG", mode="P", colour=3), "png"),
    "one-bit": ("黑白.png", picture("PNG", mode="1", colour=1), "png"),
    "pdf": ("任职文件.pdf", pdf(), "pdf"),
    "pdf with objects packed": ("任职文件.pdf", pdf_packed(b"<</Type/Page>>"), "pdf"),
    "docx": ("纪要.docx", office(), "docx"),
    "xlsx": ("名册.xlsx", office("xlsx"), "xlsx"),
    "pptx": ("汇报.pptx", office("pptx"), "pptx"),
    "docx with a web link": ("纪要.docx", office(links=link("hyperlink", "https://example.com/")), "docx"),
    "docx with its writer's template": (
        "纪要.docx",
        office(links=link("attachedTemplate", r"file:///C:\Users\lan\Normal.dotm")),
        "docx",
    ),
    "doc": ("旧文件.doc", ole("WordDocument", "1Table"), "doc"),
    "xls": ("旧表.xls", ole("Workbook", body=boundsheet("梁村".encode("gbk").hex(), 0)), "xls"),
    "a name with dots": ("2013.11.24.会议.pdf", pdf(), "pdf"),
}

#: What is turned away: name, content, a part of the sentence.
BAD = {
    "empty": ("空.jpg", b"", "empty"),
    "no extension": ("照片", picture(), "not taken"),
    "svg": ("图.svg", SVG, "not taken"),
    "svg called png": ("图.png", SVG, "not what its name says"),
    "html": ("页.html", HTML, "not taken"),
    "html called pdf": ("页.pdf", HTML, "not what its name says"),
    "html called docx": ("页.docx", HTML, "not what its name says"),
    "double extension": ("photo.jpg.exe", picture(), "not taken"),
    "double extension the other way": ("a.pdf.html", pdf(), "not taken"),
    "right to left": ("photo\u202egpj.exe", picture(), "not taken"),
    "a program called jpg": ("照片.jpg", b"MZ\x90\0" + b"\0" * 60, "not what its name says"),
    "png called jpg": ("照片.jpg", picture("PNG"), "not what its name says"),
    "gif": ("动.gif", picture("GIF"), "not taken"),
    "gif and script": ("动.jpg", GIF_JS, "not what its name says"),
    "jpg and zip": ("照片.jpg", picture() + zipped({"a.html": HTML}), "two files in one"),
    "png and zip": ("照片.png", picture("PNG") + zipped({"a.html": HTML}), "two files in one"),
    "pdf and zip": ("文件.pdf", pdf(tail=zipped({"a.html": HTML})), "two files in one"),
    "pdf and html behind": ("文件.pdf", pdf(tail=HTML), "two files in one"),
    "pdf and html in front": ("文件.pdf", pdf(head=b"%PDF-1.4\n" + HTML), "two files in one"),
    "pdf not at the first byte": ("文件.pdf", HTML + pdf(), "not what its name says"),
    "pdf without an end": ("文件.pdf", pdf()[:40], "incomplete"),
    "pdf with script": ("文件.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "program"),
    "pdf with script in other letters": ("文件.pdf", pdf(b"/OpenAction<</S/J#61vaScript>>"), "program"),
    "pdf with script in a packed part": ("文件.pdf", pdf_packed(b"<</S/JavaScript/JS(1)>>"), "program"),
    "pdf with a file": ("文件.pdf", pdf(b"/Names<</EmbeddedFiles 9 0 R>>"), "program"),
    "pdf that swells": ("文件.pdf", pdf_packed(b" " * (60 * 1024 * 1024)), "too large"),
    "jpg cut off": ("照片.jpg", picture(size=(400, 300))[:-300], "damaged"),
    "png cut off": ("照片.png", picture("PNG", size=(400, 300))[:-40], "damaged"),
    "jpg of one marker": ("照片.jpg", b"\xff\xd8\xff\xe0", "damaged"),
    "100 million pixels": ("大.png", huge_png(10_000), "more than 50 million pixels"),
    "200 million pixels": ("大.png", huge_png(14_144), "more than 50 million pixels"),
    "51 million pixels": ("大.png", huge_png(7_144), "more than 50 million pixels"),
    "docm called docx": ("宏.docx", office("docm", {"word/vbaProject.bin": b"\0"}), "macros"),
    "macros in a docx": ("宏.docx", office(members={"word/vbaProject.bin": b"\0"}), "macros"),
    "macro type alone": ("宏.docx", office(types=f'<Override ContentType="{MAIN["docm"]}"/>'), "macros"),
    "macro sheet of Excel 4": ("宏.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": b""}), "macros"),
    "control": ("控件.docx", office(members={"word/activeX/activeX1.bin": b"\0"}), "embedded"),
    "package": ("包.docx", office(members={"word/embeddings/oleObject1.bin": b"\0"}), "embedded"),
    "foreign template": (
        "模板.docx",
        office(links=link("attachedTemplate", "http://evil.example/t.dotm")),
        "elsewhere",
    ),
    "template on a server": ("模板.docx", office(links=link("attachedTemplate", "file:////srv/t.dotm")), "elsewhere"),
    "foreign picture": ("图.docx", office(links=link("image", "http://evil.example/t.png")), "elsewhere"),
    "foreign table": ("表.xlsx", office("xlsx", {"xl/externalLinks/externalLink1.xml": b""}), "elsewhere"),
    "xlsx called docx": ("表.docx", office("xlsx"), "not what its name says"),
    "any zip called docx": ("包.docx", zipped({"a.txt": b"1"}), "damaged"),
    "docx with a path out": ("路.docx", office(members={"../../etc/cron.d/x": b"1"}), "damaged"),
    "docx with something behind": ("尾.docx", office() + HTML, "two files in one"),
    "docx locked": ("锁.docx", locked(office()), "password"),
    "docx packed in another way": ("包.docx", zipped({"[Content_Types].xml": b"<a/>"}, ZIP_LZMA), "damaged"),
    "docx with endless links": ("链.docx", office(links="<a/>" * 600_000), "too large"),
    "docx cut off": ("断.docx", office()[:-60], "damaged"),
    "zip bomb": ("弹.docx", office(members={"word/media/a.xml": b"0" * (30 * 1024 * 1024)}), "too large"),
    "too many parts": ("多.docx", office(members={f"word/{n}.xml": b"" for n in range(5_001)}), "too large"),
    "entities that swell": (
        "实体.docx",
        office(members={"word/_rels/x.rels": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "damaged",
    ),
    "doc with macros": ("旧.doc", ole("WordDocument", "_VBA_PROJECT"), "macros"),
    "xls with macros": ("旧.xls", ole("Workbook", "_VBA_PROJECT_CUR"), "macros"),
    "xls with a macro sheet": ("旧.xls", ole("Workbook", body=boundsheet("m1", 1)), "macros"),
    "doc with a package": ("旧.doc", ole("WordDocument", "\x01Ole10Native"), "embedded"),
    "docx behind a password": ("密.doc", ole("EncryptedPackage"), "password"),
    "xls called doc": ("旧.doc", ole("Workbook"), "not what its name says"),
    "installer called doc": ("旧.doc", ole("MsiTable"), "not what its name says"),
}
