"""Numbers as people write them: full-width, with separators, with the unit behind them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from core.sheets.errors import CellError
from core.sheets.texts import text_of

PERSONS, HOUSEHOLDS = ("人次", "人", "名", "位", "口"), ("户", "家")
#: What counts one by one: behind a figure it says nothing about its size.
COUNTERS = [*PERSONS, *HOUSEHOLDS, *"个间台套件次份项条张岁块部本场期票把处盏辆栋组"]
#: What measures: units of a line are the same; any other than the heading's makes another figure.
MEASURES = (
    "平方米 平米 ㎡ m2 m²",
    "元 块钱",
    "个工作日 工作日 天 日 号",
    "学时 课时",
    "小时",
    "分",
    "年度 年",
    "个月 月份 月",
    "公里 km",
    "亩",
    "% 百分",
)
#: Units that change the figure: the unit of a column's heading says whether they fit.
TEN_THOUSAND = ("万元", "万")
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
LONGEST = 30  # characters
HAN = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
PLACES = {"十": 10, "百": 100, "千": 1000}


def _half(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


GROUPS = [frozenset(map(_half, line.split())) for line in MEASURES]
BEHIND = sorted({*map(_half, COUNTERS), "万元", *frozenset().union(*GROUPS)} - {"百分"}, key=len, reverse=True)


@dataclass(frozen=True)
class Heading:
    """What the heading of a column says of the figures below it."""

    text: str

    @cached_property
    def unit(self) -> str:
        return unit_in(self.text)

    @cached_property
    def measures(self) -> frozenset[str]:
        """The units that its words name: “补助（元）” those of money."""
        half = _half(self.text)
        named = [group for group in GROUPS if any(unit in half for unit in group)]
        return frozenset().union(*named)

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """Counters that don't fit: a number of households is none of people."""
        of_households = "户" in self.text.replace("户籍", "").replace("户主", "")
        of_persons = any(word in self.text for word in "人员")
        if of_households == of_persons:
            return ()
        return PERSONS if of_households else HOUSEHOLDS

    def takes(self, unit: str) -> bool:
        """Whether a figure in this unit may stand below the heading as it is."""
        if unit in self.counted:
            return False
        unit = unit.removeprefix("万") or unit
        return unit in self.measures or not any(unit in group for group in GROUPS)


def heading_of(field) -> Heading:
    """The heading as the field is called in Chinese, whatever language is on: units are Chinese words."""
    with translation.override("zh-hans"):
        return Heading(str(field.verbose_name))


def read_number(raw, heading: Heading | None = None) -> Decimal:
    """The figure in a cell below a heading. Raises CellError.

    ５０ is 50, 1,200 is 1200, “50平方米” is 50; “3万元” is 30000 in a column of 元 and 3 in one of 万元; “1亩” is
    no figure for a column of ㎡.
    """
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _of_float(raw)
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    shown = text_of(raw)
    text = "".join(_half(shown).split()).removeprefix("'").replace("，", ",")
    text = text.removeprefix("约").removeprefix("¥")
    text, behind = _without_unit(text)
    if len(text) > LONGEST or not NUMBER.fullmatch(text):
        raise _no_number(raw, shown, text, heading)
    if heading is not None and behind and not heading.takes(behind):
        sentence = _("“%(what)s” is in another unit than “%(heading)s”: convert it, and write the number alone.")
        raise CellError(sentence % {"what": shown[:40], "heading": heading.text})
    try:
        figure = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise _no_number(raw, shown, text, heading) from error
    is_multiple = behind in TEN_THOUSAND and (heading is None or heading.unit not in TEN_THOUSAND)
    return figure * 10000 if is_multiple else figure


def _no_number(raw, shown: str, text: str, heading: Heading | None) -> CellError:
    """What is meant where it can be told: 三十 is 30, and 2009年5月 the year 2009 in a column of years."""
    sentence = _("“%(what)s” is no number: write digits alone, as 50.") % {"what": shown[:40]}
    if heading is not None and "年" in heading.measures:
        found = re.match(r"((?:19|20)\d\d)[年.\-/]", _half(shown), re.ASCII)
        proposal = str(raw.year) if isinstance(raw, date) else found[1] if found else ""
        return CellError(sentence, proposal)
    return CellError(sentence, str(han_number(text) or ""))


def han_number(text: str) -> int | None:
    """The number of Chinese words; None for anything else.

    >>> [han_number(text) for text in ("十", "四十二", "一百零五", "两千三百", "几十", "")]
    [10, 42, 105, 2300, None, None]
    """
    if not text or not set(text) <= HAN.keys() | PLACES.keys():
        return None
    total, digit = 0, None
    for char in text:
        if char in HAN:
            digit = HAN[char]
        else:
            total, digit = total + (1 if digit is None else digit) * PLACES[char], None
    return total + (digit or 0)


def _of_float(raw: float) -> Decimal:
    """The shortest decimal that the float stands for: 0.1 is 0.1."""
    figure = Decimal(repr(raw))
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 15:
        raise CellError(_("The number is too large: check it."))
    return figure


def _without_unit(text: str) -> tuple[str, str]:
    for unit in BEHIND:
        if text.endswith(unit) and len(text) > len(unit):
            return text[: -len(unit)], unit
    return (text[:-1], "万") if text.endswith("万") else (text, "")


def unit_in(heading: str) -> str:
    """The unit in the brackets of a heading: “补助（元）” gives 元; "" for none."""
    found = re.search(r"[（(]([^（()）]{1,4})[)）]\s*$", heading)
    unit = _half(found[1]) if found else ""
    return unit if unit in BEHIND else ""


def with_unit(raw, unit: str):
    """A figure that names no unit of its own, with that of its heading.

    >>> with_unit(3.0, "万元"), with_unit("3元", "万元"), with_unit("/", "万元")
    ('3万元', '3元', '/')
    """
    text = "".join(_half(text_of(raw)).split())
    return f"{text}{unit}" if NUMBER.fullmatch(text) else raw


def read_whole(raw, heading: Heading | None = None) -> int:
    """As `read_number`, without a fraction. Raises CellError."""
    figure = read_number(raw, heading)
    if figure != figure.to_integral_value():
        sentence = _("“%(what)s” has decimals: write a whole number.") % {"what": text_of(raw)}
        raise CellError(sentence, str(int(figure.to_integral_value())))
    return int(figure)
