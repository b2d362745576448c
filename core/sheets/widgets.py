"""One widget of django-import-export a kind of column: how a value stands in a cell, and how a cell is read.

`render` gives typed values (dates as dates, figures as numbers) that `clean` takes back; text is what remains.
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from core.fields import FractionField, HundredthsField, parse_fraction, write_fraction
from core.sensitive import SensitiveField
from core.sensitive.values import normalise
from core.sheets.dates import ASKED, LAST, read_date
from core.sheets.errors import CellError
from core.sheets.lookups import Lookups
from core.sheets.numbers import Heading, heading_of, read_number, read_whole
from core.sheets.places import is_place
from core.sheets.plain import Cell, Plain, refuse_damaged
from core.sheets.relations import text_for
from core.sheets.synonyms import VALUE_WORDS, readings
from core.sheets.texts import compact, is_blank, is_damaged, nearest, text_of

YES = frozenset(["是", "有", "√", "✓", "✔", "☑", "对", "yes", "y", "true", "t", "1", "已", "已有", "v"])
NO = frozenset(["否", "无", "没有", "×", "✗", "✘", "x", "错", "no", "n", "false", "f", "0", "未", "没", "不是"])
#: What a number of eleven digits and more has behind it where it was a float before it was text.
FLOAT = re.compile(r"(?<=^\d{11})\.0$")
#: Signs that stand for yes more often than for no: it is asked.
MAYBE = frozenset(["○", "〇", "o", "●", "◎", "△"])


class Figure(Plain):
    """Numbers: what the heading counts or measures says which unit may stand behind one."""

    @cached_property
    def heading(self) -> Heading:
        return heading_of(self.field)


class WholeCell(Figure):
    kind = "whole"

    def render(self, value, obj=None, **kwargs):
        return None if value is None else int(value)

    def clean(self, value, row=None, **kwargs):
        refuse_damaged(value)
        return _bounded(self.field, read_whole(value, self.heading))

    def note(self) -> str:
        return _("A whole number, without its unit.")


class DecimalCell(Figure):
    kind = "decimal"

    def render(self, value, obj=None, **kwargs):
        return None if value is None else Decimal(str(value))

    def clean(self, value, row=None, **kwargs):
        figure = read_number(value, self.heading)
        return figure if isinstance(self.field, models.DecimalField) else float(figure)

    def note(self) -> str:
        return _("A number, without its unit.")


class HundredthsCell(DecimalCell):
    """Whole hundredths in the database, 11.65 in the cell."""

    def render(self, value, obj=None, **kwargs):
        return None if value is None else Decimal(value) / 100

    def clean(self, value, row=None, **kwargs):
        hundredths = read_number(value, self.heading) * 100
        if hundredths != hundredths.to_integral_value():
            sentence = _("“%(what)s” has more than two decimals: round it.") % {"what": text_of(value)}
            raise CellError(sentence, text_of(round(hundredths) / Decimal(100)))
        return _bounded(self.field, int(hundredths))

    def note(self) -> str:
        return _("A number with at most two decimals, without its unit.")


class FractionCell(Plain):
    kind = "fraction"

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else write_fraction(value)

    def clean(self, value, row=None, **kwargs):
        try:
            return parse_fraction(text_of(value).removeprefix("'"))
        except (ValueError, TypeError) as error:
            sentence = _("“%(what)s” is no share: write it as 95%%, 19/20 or 2.") % {"what": text_of(value)[:40]}
            raise CellError(sentence) from error

    def note(self) -> str:
        return _("A share or a number: 95%, 19/20 or 2.")


#: What stands for no end in a column of dates.
OPEN = frozenset(["至今", "现在", "目前", "在任", "在职", "今"])


class DateCell(Plain):
    """`month`: what a month without its day is taken for (`core.sheets.dates`)."""

    kind = "date"

    def __init__(self, field: models.Field | None = None, *, month: str = ASKED):
        super().__init__(field)
        self.month = month

    def is_blank(self, raw) -> bool:
        return super().is_blank(raw) or (self.field.null and compact(raw) in OPEN)

    def render(self, value, obj=None, **kwargs):
        return value

    def clean(self, value, row=None, *, lookups: Lookups | None = None, **kwargs):
        return read_date(value, month=self.month, day=lookups.day if lookups else None)

    def note(self) -> str:
        if self.month == LAST:
            return _("A date as 2013-05-01; 2013.5 is taken for the last day of May.")
        if self.month:
            return _("A date as 2013-05-01; 2013.5 is taken for the first of May.")
        return _("A date as 2013-05-01; 2013.5.1 and 2013年5月1日 are understood.")


class MomentCell(Plain):
    """A date with its time, in the portal's time zone, as text: spreadsheets know no zones."""

    kind = "moment"

    def render(self, value, obj=None, **kwargs):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else ""

    def clean(self, value, row=None, **kwargs):
        try:
            found = value if isinstance(value, datetime) else parse_datetime(text_of(value).replace("/", "-"))
        except ValueError:
            found = None
        if found is None:
            sentence = _("“%(what)s” is no time: write it as 2013-05-01 08:30.") % {"what": text_of(value)[:40]}
            raise CellError(sentence)
        return timezone.make_aware(found) if timezone.is_naive(found) else found

    def note(self) -> str:
        return _("A date with its time, as 2013-05-01 08:30.")


class YesNoCell(Plain):
    kind = "yesno"

    def is_blank(self, raw) -> bool:
        return is_blank(raw)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else (_("Yes") if value else _("No"))

    def clean(self, value, row=None, **kwargs):
        text = compact(value)
        if text in YES or text == compact(_("Yes")):
            return True
        if text in NO or text == compact(_("No")):
            return False
        sentence = _("“%(what)s” is neither yes nor no: write 是 or 否.") % {"what": text_of(value)[:40]}
        raise CellError(sentence, _("Yes") if text in MAYBE else "")

    def choices(self, lookups: Lookups) -> list[str]:
        return [_("Yes"), _("No")]

    def note(self) -> str:
        return _("是 or 否; √ and 有 count as yes, × and 无 as no.")


class ChoiceCell(Plain):
    """One of the field's choices, by its label in either language, its code, or another word for it."""

    kind = "choice"

    def render(self, value, obj=None, **kwargs):
        if value in (None, ""):
            return ""
        return str(dict(self.field.flatchoices).get(value, value))

    def is_blank(self, raw) -> bool:
        """A stroke may be the label of a choice."""
        return is_blank(raw) and compact(raw) not in self._words()

    def clean(self, value, row=None, **kwargs):
        words = self._words()
        text = compact(value)
        if text in words:
            return words[text]
        proposal = nearest(text, self._labels(), 0.4)
        if not proposal and text:  # “中共正式党员” says what it is somewhere inside
            inside = [label for label in self._labels() if compact(label) in text]
            proposal = max(inside, key=len, default="")
        facts = {"what": text_of(value)[:40], "proposal": proposal, "all": "、".join(self._labels()[:12])}
        if proposal:
            sentence = _("“%(what)s” is none of the choices: is “%(proposal)s” meant?")
        else:
            sentence = _("“%(what)s” is none of the choices: write one of %(all)s.")
        raise CellError(sentence % facts, proposal)

    def _labels(self) -> list[str]:
        return [str(label) for value, label in self.field.flatchoices if value not in (None, "")]

    def _words(self) -> dict[str, object]:
        """Every word for a choice → its value; a label before a code, a code before other words."""
        found: dict[str, object] = {}
        pairs = [(value, label) for value, label in self.field.flatchoices if value not in (None, "")]
        for language in (translation.get_language() or "en", "zh-hans", "en"):
            with translation.override(language):
                for value, label in pairs:
                    found.setdefault(compact(str(label)), value)
        for value, _label in pairs:
            found.setdefault(compact(value), value)
        for label, value in list(found.items()):
            for word in (*VALUE_WORDS.get(label, ()), *readings(label)):
                found.setdefault(word, value)
        return found

    def choices(self, lookups: Lookups) -> list[str]:
        return list(dict.fromkeys(self._labels()))

    def note(self) -> str:
        return _("One of: %(all)s") % {"all": "、".join(self._labels()[:30])}


class SensitiveCell(Plain):
    """Written as its mask; the mask alone changes nothing, which `core.sheets.parsing` sees to."""

    kind = "sensitive"

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""

    def clean(self, value, row=None, **kwargs):
        if is_damaged(value):  # without the digits: sentences are kept
            sentence = _(
                "Excel has rounded this long number and lost its last digits: format the column as text, then type it "
                "anew."
            )
            raise CellError(sentence)
        text = FLOAT.sub("", normalise(text_of(value)).removeprefix("'"))
        if "*" in text:
            raise CellError(_("Stars stand for hidden digits: type the whole value, or leave it as it was."))
        if len(text) > self.field.max_length:  # two telephones in one cell, as often as not
            sentence = _("It has %(n)d characters; at most %(most)d fit.")
            first = re.split(r"[、,，;；/\\]", text)[0]
            raise CellError(sentence % {"n": len(text), "most": self.field.max_length}, first if first != text else "")
        return self.field.to_python(text)

    def note(self) -> str:
        return _("Format the cells as text and type every character. Stars leave the stored value as it is.")


class PlaceCell(Plain):
    kind = "place"

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else value.name

    def clean(self, value, row=None, *, lookups: Lookups | None = None, above="", **kwargs):
        return (lookups or Lookups(None)).places(self.field.related_model).find(value, above)

    def choices(self, lookups: Lookups) -> list[str]:
        return lookups.places(self.field.related_model).names()

    def note(self) -> str:
        return _("The name or the code. Two of one name: write the township before it.")


class RelationCell(Plain):
    kind = "relation"

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else text_for(value)

    def clean(self, value, row=None, *, lookups: Lookups | None = None, place=None, choose=None, **kwargs):
        return (lookups or Lookups(None)).records(self.field.related_model).find(value, place, choose)

    def choices(self, lookups: Lookups) -> list[str]:
        return lookups.records(self.field.related_model).names()

    def note(self) -> str:
        return _("The name of a record that is in the portal already (%(kind)s).") % {
            "kind": self.field.related_model._meta.verbose_name
        }


class FormCell(Plain):
    """Any other field: as its own form field shows and reads it."""

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else text_of(self.field.formfield().prepare_value(value))

    def clean(self, value, row=None, **kwargs):
        try:
            return self.field.formfield().clean(text_of(value))
        except ValidationError as error:
            raise CellError(" ".join(error.messages)) from error


class RecordCell(Plain):
    """The number of the record that a row stands for."""

    kind = "record"

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)

    def clean(self, value, row=None, **kwargs):
        text = compact(value)
        if text.isascii() and text.isdigit() and len(text) < 19 and not is_damaged(value):
            return int(text)
        sentence = _("“%(what)s” is no record number: leave it as it was exported, or empty for a new record.")
        raise CellError(sentence % {"what": text_of(value)[:40]})

    def note(self) -> str:
        return _("Leave it as it is; empty for a new record.")


class ShownCell(Cell):
    """A figure that the register works out: shown, never read."""

    def clean(self, value, row=None, **kwargs):
        return text_of(value)

    def note(self) -> str:
        return _("Worked out by the portal; what is typed here is not read.")


#: The first kind that fits a field's class; the special before the general.
KINDS = (
    (SensitiveField, SensitiveCell),
    (HundredthsField, HundredthsCell),
    (FractionField, FractionCell),
    (models.BooleanField, YesNoCell),
    (models.DateTimeField, MomentCell),
    (models.DateField, DateCell),
    (models.IntegerField, WholeCell),
    ((models.DecimalField, models.FloatField), DecimalCell),
)


def widget_for(field: models.Field, *, month: str = ASKED) -> Cell:
    if field.is_relation:
        return PlaceCell(field) if is_place(field.related_model) else RelationCell(field)
    if field.choices:
        return ChoiceCell(field)
    for kinds, widget in KINDS:
        if isinstance(field, kinds):
            return widget(field, month=month) if widget is DateCell else widget(field)
    is_text = isinstance(
        field, (models.CharField, models.TextField)
    ) and field.formfield().__class__.__module__.startswith("django")
    return Cell(field) if is_text else FormCell(field)


def _bounded(field: models.Field, number: int) -> int:
    """What every database keeps in a column of this kind; SQLite would keep more."""
    bits = (
        15 if isinstance(field, models.SmallIntegerField) else 63 if isinstance(field, models.BigIntegerField) else 31
    )
    if abs(number) >= 1 << bits:
        raise CellError(_("The number is too large: check it."))
    return number
