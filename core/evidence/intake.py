"""What may come in, and in which form it is kept. The content decides; the name must agree with it.

Nothing here writes: `take` gives the bytes to store, or raises Unfit with a sentence for people.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from core.evidence import documents, pictures
from core.evidence.names import extension_of, file_name
from core.evidence.refusal import Unfit

#: The first bytes of each kind of content. WebP's are checked further in `sniff`.
SIGNATURES = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"RIFF", "webp"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
)
#: Extension → the content that it must have.
CONTENT = {
    "jpg": "jpg",
    "jpeg": "jpg",
    "png": "png",
    "webp": "webp",
    "pdf": "pdf",
    "docx": "zip",
    "xlsx": "zip",
    "pptx": "zip",
    "doc": "ole",
    "xls": "ole",
}
CHECKS: dict[str, Callable[[bytes, str], None]] = {
    "pdf": documents.check_pdf,
    "zip": documents.check_ooxml,
    "ole": documents.check_ole,
}
#: What a stored file is served as.
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
}


@dataclass(frozen=True)
class Taken:
    """A file as it will be stored: `extension` is a key of CONTENT_TYPES, only pictures have a thumbnail and a size."""

    name: str
    extension: str
    content: bytes
    thumbnail: bytes = b""
    width: int | None = None
    height: int | None = None


def allowed() -> list[str]:
    """The extensions that this installation takes; those that nothing here can check are never among them."""
    return [extension for extension in settings.EVIDENCE_EXTENSIONS if extension in CONTENT]


def take(file: File) -> Taken:
    """Read an uploaded file. Raises Unfit."""
    extension = extension_of(file.name or "")
    _refuse_extension(extension)
    _refuse_size(file.size)
    file.seek(0)
    content = file.read()
    kind = sniff(content)
    if kind != CONTENT[extension]:
        raise Unfit(documents.disagrees(extension))
    if kind != "zip" and zipfile.is_zipfile(BytesIO(content)):
        raise Unfit(documents.two_in_one())
    if kind in pictures.DECODERS:
        drawn = pictures.read(content, kind)
        name = file_name(file.name, drawn.extension)
        return Taken(name, drawn.extension, drawn.content, drawn.thumbnail, drawn.width, drawn.height)
    CHECKS[kind](content, extension)
    return Taken(file_name(file.name, extension), extension, content)


def sniff(content: bytes) -> str:
    """The kind of content by its first bytes, a value of CONTENT; "" for anything else."""
    kind = next((kind for start, kind in SIGNATURES if content.startswith(start)), "")
    if (kind == "webp" and content[8:12] != b"WEBP") or (kind == "pdf" and not documents.PDF_HEAD.match(content)):
        return ""
    return kind


def _refuse_extension(extension: str) -> None:
    if extension in allowed():
        return
    raise Unfit(
        _("Files of this type (.%(extension)s) are not taken. Save it as one of these, then choose it: %(allowed)s.")
        % {"extension": extension[:12] or "?", "allowed": ", ".join(allowed())}
    )


def _refuse_size(size: int) -> None:
    limit = settings.EVIDENCE_MAX_BYTES
    if not size:
        raise Unfit(_("The file is empty. Open it to see whether something is in it, then choose it again."))
    if size > limit:
        raise Unfit(
            _("The file has %(size)s MB, the limit is %(limit)d MB. Save it smaller or in parts, then choose those.")
            % {"size": f"{size / 1024 / 1024:.1f}", "limit": limit // 1024 // 1024}
        )
