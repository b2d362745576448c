"""What all kinds of columns have in common: how a value stands in a cell, and how a cell is read. See `widgets.py`."""

from functools import cached_property

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from import_export.widgets import Widget

from core.sheets.errors import CellError
from core.sheets.lookups import Lookups
from core.sheets.texts import compact, is_blank, is_damaged, joined_name, text_of


class Cell(Widget):
    """Text, and what all kinds have in common. `clean` raises CellError."""

    kind = "text"

    def __init__(self, field: models.Field | None = None):
        super().__init__()
        self.field = field

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else text_of(value)

    def clean(self, value, row=None, **kwargs):
        refuse_damaged(value)
        text = text_of(value)
        return text if isinstance(self.field, models.TextField) else joined_name("".join(text.splitlines()))

    def is_blank(self, raw) -> bool:
        return text_of(raw) == ""

    def choices(self, lookups: Lookups) -> list[str]:
        """What a drop-down offers; empty: anything may be typed."""
        return []

    def note(self) -> str:
        """What may stand in the cell."""
        longest = getattr(self.field, "max_length", None)
        if not longest:
            return _("Text.")
        return ngettext("Text, at most %(n)d character.", "Text, at most %(n)d characters.", longest) % {"n": longest}


#: Words that say that nothing is there, where the column may stay empty.
NONE = frozenset(["无", "暂无", "没有"])


class Plain(Cell):
    """Kinds of which a stroke says that nothing is there, or a word where nothing need be."""

    def is_blank(self, raw) -> bool:
        return is_blank(raw) or (self._is_optional and compact(raw) in NONE)

    @cached_property
    def _is_optional(self) -> bool:
        return self.field is not None and bool(self.field.null or self.field.blank)


def refuse_damaged(raw) -> None:
    if is_damaged(raw):
        sentence = _(
            "Excel has turned the long number “%(what)s” into a rounded one and lost its last digits: format the column "
            "as text, then type it anew."
        )
        raise CellError(sentence % {"what": text_of(raw)[:40]})
