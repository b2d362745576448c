"""A value that doesn't show itself."""

import unicodedata
from enum import Enum
from hmac import compare_digest


class Mask(Enum):
    """How many characters stay readable at the start and at the end."""

    ID_NUMBER = (3, 4)
    PHONE = (3, 4)
    NAME = (1, 0)
    ALL = (0, 0)

    def hide(self, plain: str) -> str:
        """At least half of the characters are starred, however short the value.

        >>> Mask.ID_NUMBER.hide("110101199003071234"), Mask.PHONE.hide("13800006027")
        ('110***********1234', '138****6027')
        """
        head, tail = self.value
        if head + tail > len(plain) - max(1, len(plain) // 3):
            head, tail = min(head, len(plain) // 4), 0
        return plain[:head] + "*" * (len(plain) - head - tail) + (plain[-tail:] if tail else "")


class Sensitive:
    """A plain text behind its mask. `str()`, `repr()`, templates, logs and JSON see the mask; `.plain` is the text."""

    __slots__ = ("_plain", "_mask")

    def __init__(self, plain: str, mask: Mask):
        self._plain, self._mask = plain, mask

    @property
    def plain(self) -> str:
        return self._plain

    def __str__(self) -> str:
        return self._mask.hide(self._plain)

    __repr__ = __str__

    def __bool__(self) -> bool:
        return bool(self._plain)

    def __len__(self) -> int:
        return len(self._plain)

    def __eq__(self, other) -> bool:
        text = other.plain if isinstance(other, Sensitive) else other
        return isinstance(text, str) and compare_digest(self._plain.encode(), text.encode())

    def __hash__(self) -> int:
        return hash(self._plain)

    def __reduce__(self):
        raise TypeError("a sensitive value is not pickled: it would leave its column")


def normalise(text: str) -> str:
    """Full-width digits and stray spaces make no other value; letters are upper case (the X of an ID number)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
