"""Texts that are too long for a cell: a workbook holds their beginning and says so; an import leaves them as they are.

A spreadsheet's cell takes 32,767 units of UTF-16 and no more. What is cut bears its mark in either language, so that
it is known when it comes back another day.
"""

import re

from django.utils import translation
from django.utils.translation import gettext as _

from core.sheets.errors import CellError
from core.sheets.texts import text_of

MOST_TEXT = 32_767
CUT = re.compile(
    r"…(【全文共[0-9]+字，一格放不下；导入时这一格不作改动】| \[[0-9]+ characters don't fit a cell; an import leaves it\])$"
)


def is_too_long(text: str) -> bool:
    """Characters beyond the first plane, rare Han among them, take two units each."""
    return len(text) > MOST_TEXT or (2 * len(text) > MOST_TEXT and len(text.encode("utf-16-le")) > 2 * MOST_TEXT)


def fitting(text: str) -> str:
    """The text, or as much of its beginning as a cell takes, with the mark of what was cut."""
    if not is_too_long(text):
        return text
    mark = _("… [%(n)d characters don't fit a cell; an import leaves it]") % {"n": len(text)}
    units = text.encode("utf-16-le")[: 2 * (MOST_TEXT - len(mark))]
    return units.decode("utf-16-le", "ignore") + mark  # half a character at its end is left out


def stands_for(raw, stored: str) -> bool:
    """Whether a cell is what was cut of the stored text, in whatever language it was given out."""
    if not (isinstance(raw, str) and CUT.search(raw)):
        return False
    for language in ("zh-hans", "en"):
        with translation.override(language):
            if text_of(fitting(stored)) == text_of(raw):
                return True
    return False


def refuse_cut(raw) -> None:
    """A cut text that is no longer its record's: what is missing at its end would be lost. Raises CellError."""
    if isinstance(raw, str) and CUT.search(raw):
        sentence = _("This text was too long for a cell and was cut: it can't be changed here. Change it on the page.")
        raise CellError(sentence)
