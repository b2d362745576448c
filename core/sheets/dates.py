"""Dates as people write them."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from core.sheets.errors import CellError
from core.sheets.texts import text_of

#: Day 0 of Excel's calendar, of which serials below 61 are a day off (it knows a 29 February 1900).
EPOCH = date(1899, 12, 30)
#: Serials that are taken for days: 1927 to 2119. What is smaller is a year or a number, what is larger a code.
SERIALS = range(10000, 80000)
YEARS = range(1900, 2100)

SEPARATORS = r"[.\-/年、,~_·。—–]"
WHOLE = re.compile(rf"(\d{{4}}){SEPARATORS}+(\d{{1,2}})(?:{SEPARATORS}|月)+(\d{{1,2}})[日号]?")
MONTH = re.compile(rf"(\d{{4}}){SEPARATORS}+(\d{{1,2}})月?(?:份)?")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
DIGIT_MONTH = re.compile(r"(\d{4})(\d{2})")
SHORT_YEAR = re.compile(rf"[’']?(\d{{2}}){SEPARATORS}+(\d{{1,2}})(?:{SEPARATORS}|月)+(\d{{1,2}})[日号]?")
YEAR = re.compile(r"(\d{4})年?")
TIME_BEHIND = re.compile(r"[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
WEEKDAY_BEHIND = re.compile(r"[（(]?(星期|周)[一二三四五六日天][）)]?$")
HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)


def read_date(raw, *, month_is_enough: bool = False) -> date:
    """The day in a cell. Raises CellError.

    `month_is_enough`: 2013年5月 is taken for its first day; otherwise the day is asked for.
    """
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _of_number(raw, month_is_enough)
    text = unicodedata.normalize("NFKC", text_of(raw)).removeprefix("'")
    text = WEEKDAY_BEHIND.sub("", TIME_BEHIND.sub("", text.strip()))
    text = _half_han("".join(text.split()))
    if re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        return _of_number(float(text), month_is_enough)
    return _of_text(text, text_of(raw), month_is_enough)


def _of_number(number: float, month_is_enough: bool) -> date:
    """A serial of Excel, 20130501 typed as a number, or 2013.05."""
    whole = int(number) if number == number and abs(number) < 1e9 else -1
    if whole in SERIALS:
        return EPOCH + timedelta(days=whole)
    if whole in YEARS and text_of(float(number)).endswith(".1"):
        sentence = _("“%(what)s” may be January or October: a number loses its last zero. Write it as 2013-10-01.")
        raise CellError(sentence % {"what": text_of(number)})
    return _of_text(text_of(float(number)), text_of(number), month_is_enough)


def _of_text(text: str, shown: str, month_is_enough: bool) -> date:
    if found := WHOLE.fullmatch(text) or DIGITS.fullmatch(text):
        return _day(shown, *map(int, found.groups()))
    if found := MONTH.fullmatch(text) or DIGIT_MONTH.fullmatch(text):
        return _first_of(shown, *map(int, found.groups()), month_is_enough)
    if found := SHORT_YEAR.fullmatch(text):
        raise _two_digits(shown, *map(int, found.groups()))
    if found := YEAR.fullmatch(text):
        raise CellError(_("“%(what)s” is a year: write the month and the day too, as 2013-05-01.") % {"what": shown})
    raise CellError(_("“%(what)s” is no date: write it as 2013-05-01.") % {"what": shown[:40]})


def _day(shown: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        sentence = _("There is no %(year)d-%(month)02d-%(day)02d in the calendar: correct the date.")
        raise CellError(sentence % {"year": year, "month": month, "day": day}) from error
    if found.year not in YEARS:
        raise CellError(_("“%(what)s” lies before 1900 or after 2099: correct the year.") % {"what": shown})
    return found


def _first_of(shown: str, year: int, month: int, month_is_enough: bool) -> date:
    found = _day(shown, year, month, 1)
    if month_is_enough:
        return found
    raise CellError(
        _("“%(what)s” says only the month: write the day too, as %(first)s.")
        % {"what": shown, "first": found.isoformat()},
        found.isoformat(),
    )


def _two_digits(shown: str, year: int, month: int, day: int) -> CellError:
    """Which century is the person's to say; the proposal takes the nearer one."""
    century = 2000 if year < 50 else 1900
    sentence = _("“%(what)s” has two digits for the year: write all four.") % {"what": shown}
    try:
        return CellError(sentence, date(century + year, month, day).isoformat())
    except ValueError:
        return CellError(sentence)


def _half_han(text: str) -> str:
    """二〇一三年五月一日 as 2013年5月1日; anything else as it is."""
    found = HAN_DATE.fullmatch(text)
    if not found:
        return text
    year, month, day = found.groups()
    return f"{year.translate(HAN_DIGITS)}年{_han_number(month)}月" + (f"{_han_number(day)}日" if day else "")


def _han_number(text: str) -> int:
    """
    >>> [_han_number(text) for text in ("五", "十", "十二", "二十", "三十一")]
    [5, 10, 12, 20, 31]
    """
    tens, ten, ones = text.rpartition("十")
    value = int(ones.translate(HAN_DIGITS)) if ones else 0
    return value + (int(tens.translate(HAN_DIGITS)) if tens else 1) * 10 if ten else value
