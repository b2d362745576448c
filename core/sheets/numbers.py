"""Numbers as people write them: full-width, with separators, with the unit behind them."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.sheets.errors import CellError
from core.sheets.texts import text_of

#: Units that may stand behind a figure and say nothing about its size.
UNITS = [
    "平方米",
    "平米",
    "㎡",
    "m2",
    "m²",
    "人次",
    "人",
    "名",
    "户",
    "元",
    "万元",
    "个",
    "间",
    "台",
    "套",
    "件",
    "次",
    "份",
    "项",
    "条",
    "张",
    "天",
    "学时",
    "课时",
    "小时",
    "分",
    "岁",
    "年",
    "月",
    "日",
    "公里",
    "km",
    "亩",
    "%",
    "块",
    "部",
    "本",
    "场",
    "期",
    "位",
]
#: Units that change the figure: the unit of a column's heading says whether they fit.
TEN_THOUSAND = ("万元", "万")
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+", re.ASCII)
LONGEST = 30  # characters
BEHIND = sorted((unicodedata.normalize("NFKC", unit) for unit in UNITS), key=len, reverse=True)


def read_number(raw, *, unit: str = "") -> Decimal:
    """The figure in a cell; `unit` is the one that the column's heading names. Raises CellError.

    ５０ is 50, 1,200 is 1200, “50平方米” is 50; “3万元” is 30000 in a column of 元 and 3 in one of 万元.
    """
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _of_float(raw)
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    shown = text_of(raw)
    text = "".join(unicodedata.normalize("NFKC", shown).split()).removeprefix("'").replace("，", ",")
    text = text.removeprefix("约").removeprefix("¥")
    text, behind = _without_unit(text)
    if len(text) > LONGEST or not NUMBER.fullmatch(text):
        raise CellError(_("“%(what)s” is no number: write digits alone, as 50.") % {"what": shown[:40]})
    try:
        figure = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise CellError(_("“%(what)s” is no number: write digits alone, as 50.") % {"what": shown[:40]}) from error
    return figure * 10000 if behind in TEN_THOUSAND and unit not in TEN_THOUSAND else figure


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
    unit = unicodedata.normalize("NFKC", found[1]) if found else ""
    return unit if unit in BEHIND else ""


def read_whole(raw, *, unit: str = "") -> int:
    """As `read_number`, without a fraction. Raises CellError."""
    figure = read_number(raw, unit=unit)
    if figure != figure.to_integral_value():
        sentence = _("“%(what)s” has decimals: write a whole number.") % {"what": text_of(raw)}
        raise CellError(sentence, str(int(figure.to_integral_value())))
    return int(figure)
