"""Cells as text: what people's spreadsheets add to it, taken off again."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache

#: What a spreadsheet makes of a number of ten digits or more in general format.
EXPONENT = re.compile(r"[+-]?\d+(\.\d+)?E\+?(0?9|[1-9]\d)", re.IGNORECASE | re.ASCII)
#: From here on a double no longer holds every digit that was typed.
EXACT_UP_TO = 10**15
#: Two Han characters kept apart so that short names line up with long ones.
SPACED_NAME = re.compile(r"([\u3400-\u9fff])[ \u3000\xa0]+([\u3400-\u9fff])")
INVISIBLE = dict.fromkeys(map(ord, "\0\u200b\u200c\u200d\u2060\ufeff"))
UNSEEN = re.compile("[\0\r\u200b\u200c\u200d\u2060\ufeff]")


def text_of(raw) -> str:
    """The cell as a person reads it, without what can't be seen at its ends.

    >>> text_of(7.0), text_of(" 张三\\u3000"), text_of(None), text_of(2.50)
    ('7', '张三', '', '2.5')
    """
    if isinstance(raw, str):
        if UNSEEN.search(raw):
            raw = raw.replace("\r\n", "\n").replace("\r", "\n").translate(INVISIBLE)
        return raw.strip()
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < EXACT_UP_TO else repr(raw)
    if isinstance(raw, Decimal):
        return f"{raw.normalize():f}" if raw.is_finite() else str(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    return text_of(str(raw))


def compact(raw) -> str:
    """For comparing: half-width, no white space, no leading ', small letters.

    >>> compact(" ＩＤ 号码（18位）"), compact("'4501")
    ('id号码(18位)', '4501')
    """
    text = text_of(raw)
    if text.isascii():
        return "".join(text.split()).removeprefix("'").lower()
    return _compact(text)


@lru_cache(maxsize=20_000)
def _compact(text: str) -> str:
    """Words come again and again; the numbers that people carry are not among them."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).removeprefix("'").lower()
    return unicodedata.normalize("NFKC", text)  # what the spaces kept apart, and what small letters are made of


def is_blank(raw) -> bool:
    """Nothing, or one of the strokes that people draw where there is nothing."""
    return compact(raw) in ("", "/", "-", "—", "--", "——", "\\", "无此项", "空", "n/a", "null", "none")


def joined_name(text: str) -> str:
    """
    >>> joined_name("张　三"), joined_name("广西大学 农学")
    ('张三', '广西大学 农学')
    """
    found = SPACED_NAME.fullmatch(text)
    return found[1] + found[2] if found else text


def is_damaged(raw) -> bool:
    """A long number of which the spreadsheet has lost digits: a float of 15 or more, or text with an exponent."""
    if isinstance(raw, (float, int)) and not isinstance(raw, bool):
        return abs(raw) >= EXACT_UP_TO
    return bool(EXPONENT.fullmatch(compact(raw)))


def nearest(text: str, options: Iterable[str], cutoff: float = 0.5) -> str:
    """The option that is most like the text; "" where none is like it enough. The first of equals wins."""
    best, likeness = "", cutoff - 1e-9
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(compact(text))
    for option in options:
        matcher.set_seq1(compact(option))
        if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness:
            ratio = matcher.ratio()
            if ratio > likeness:
                best, likeness = option, ratio
    return best
