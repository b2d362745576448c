"""Words that people's devices send along: file names and captions, without what could mislead or break a page."""

import re
import unicodedata

from django.utils.translation import gettext as _

NAME_LENGTH = 120
#: Controls, formats (right-to-left marks among them), halves of surrogates, private characters, line ends.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def plain(text: str) -> str:
    """One line of visible characters, single spaces between them.

    >>> plain("fdp\\u202egpj.exe"), plain(" a\\n\\tb ")
    ('fdpgpj.exe', 'a b')
    """
    text = "".join(" " if ch in "\n\r\t\v\f" else ch for ch in unicodedata.normalize("NFC", text))
    return " ".join("".join(ch for ch in text if unicodedata.category(ch) not in HIDDEN).split())


def extension_of(name: str) -> str:
    """What stands after the last dot, in lower case; "" without one. Hidden characters don't count.

    >>> extension_of("photo.jpg.EXE"), extension_of("x/.jpg"), extension_of("none")
    ('exe', 'jpg', '')
    """
    _stem, dot, extension = _base(name).rpartition(".")
    return extension.strip().lower() if dot else ""


def file_name(name: str, extension: str) -> str:
    """A safe name that ends in `extension`: no folder, nothing hidden, no character that a file system refuses.

    >>> file_name("..\\\\..\\\\etc/照片.JPEG", "jpg"), len(file_name("长" * 300 + ".pdf", "pdf"))
    ('照片.jpg', 120)
    """
    stem = _base(name).rpartition(".")[0]
    stem = re.sub(r'[<>:"|?*]', "_", stem).strip(" .") or _("attachment")
    return f"{stem[: NAME_LENGTH - len(extension) - 1].rstrip(' .')}.{extension}"


def _base(name: str) -> str:
    """The last part of a path, of any system."""
    return plain(re.split(r"[/\\]", plain(name))[-1])
