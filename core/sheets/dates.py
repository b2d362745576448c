"""Dates as people write them."""

import calendar
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

SEPARATORS = r"[.\-/\\年、,~_·。—–]"
WHOLE = re.compile(rf"(\d{{4}}){SEPARATORS}+(\d{{1,2}})(?:{SEPARATORS}|月)+(\d{{1,2}})[日号]?")
MONTH = re.compile(rf"(\d{{4}}){SEPARATORS}+(\d{{1,2}})月?(?:份)?")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
DIGIT_MONTH = re.compile(r"(\d{4})(\d{2})")
SHORT_YEAR = re.compile(rf"[’']?(\d{{2}}){SEPARATORS}+(\d{{1,2}})(?:(?:{SEPARATORS}|月)+(\d{{1,2}})[日号]?|月)?")
YEAR = re.compile(r"(\d{4})年?")
YEAR_END = re.compile(r"(\d{4})年?(?:年底|底|年末|末)前?")
NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
#: As spreadsheets of other countries write it: day and month may stand either way.
YEAR_LAST = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})")
TIME_BEHIND = re.compile(
    r"([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?|\s*(上午|下午|晚上|早上|中午|晚)?\s*\d{1,2}([:点时]\d{0,2}分?|时半|点半)|(上午|下午|晚上|全天))$"
)
WEEKDAY_BEHIND = re.compile(r"[（(]?(星期|周)[一二三四五六日天][）)]?$")
#: What people write around a date: 公元, 出生, a stop at its end.
AROUND = re.compile(r"^公元|(出生|生|止|起)?[.。,、;；]?$")
#: Blanks between numbers stand for stops: 2013 5 1.
BETWEEN = re.compile(r"(?<=\d)\s+(?=\d)")
HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
HAN_PART = re.compile(r"([一二三四五六七八九十]{1,3})([月日号])")
#: How a column takes a month without a day: not at all, as its first day, or (where it is a limit) as its last.
ASKED, FIRST, LAST = "", "first", "last"


class OnlyMonth(CellError):
    """A month without its day; `first` is its first day."""

    def __init__(self, sentence: str, proposal: str, first: date):
        super().__init__(sentence, proposal)
        self.first = first


def read_date(raw, *, month: str = ASKED, day: date | None = None) -> date:
    """The day in a cell. Raises CellError.

    `month`: what 2013年5月 is taken for. `day`: the day of the import, of which a missing year is proposed.
    """
    try:
        return _read(raw, day)
    except OnlyMonth as error:
        if month == ASKED:
            raise
        return error.first if month == FIRST else _last_of(error.first)


def month_in(raw) -> date | None:
    """The first day of a month that is all that the cell says; None for anything else."""
    try:
        _read(raw, None)
    except OnlyMonth as error:
        return error.first
    except CellError:
        pass
    return None


def _read(raw, day: date | None) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _of_number(raw)
    text = unicodedata.normalize("NFKC", text_of(raw)).removeprefix("'")
    text = WEEKDAY_BEHIND.sub("", TIME_BEHIND.sub("", WEEKDAY_BEHIND.sub("", text.strip())).strip())
    text = BETWEEN.sub(".", AROUND.sub("", text).strip())
    text = _half_han("".join(text.split()))
    if re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        return _of_number(float(text))
    return _of_text(text, text_of(raw), day)


def _last_of(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _of_number(number: float) -> date:
    """A serial of Excel, 20130501 typed as a number, or 2013.05."""
    whole = int(number) if number == number and abs(number) < 1e9 else -1
    if whole in SERIALS:
        return EPOCH + timedelta(days=whole)
    if whole in YEARS and text_of(float(number)).endswith(".1"):
        sentence = _("“%(what)s” may be January or October: a number loses its last zero. Write it as 2013-10-01.")
        raise CellError(sentence % {"what": text_of(number)})
    return _of_text(text_of(float(number)), text_of(number), None)


def _of_text(text: str, shown: str, day: date | None) -> date:
    if found := WHOLE.fullmatch(text) or DIGITS.fullmatch(text):
        return _day(shown, *map(int, found.groups()))
    if found := MONTH.fullmatch(text) or DIGIT_MONTH.fullmatch(text):
        raise _only_month(shown, *map(int, found.groups()))
    if found := SHORT_YEAR.fullmatch(text):
        raise _two_digits(shown, *found.groups(), today=day)
    if found := YEAR_END.fullmatch(text):
        sentence = _("“%(what)s” names no day: write it as 2013-12-31.") % {"what": shown}
        raise CellError(sentence, f"{found[1]}-12-31")
    if found := YEAR.fullmatch(text):
        raise CellError(_("“%(what)s” is a year: write the month and the day too, as 2013-05-01.") % {"what": shown})
    if found := NO_YEAR.fullmatch(text):
        raise _without_year(shown, int(found[1]), int(found[2]), day)
    if found := YEAR_LAST.fullmatch(text):
        raise _year_last(shown, *map(int, found.groups()))
    raise CellError(_("“%(what)s” is no date: write it as 2013-05-01.") % {"what": shown[:40]})


def _day(shown: str, year: int, month: int, day: int) -> date:
    found = _in_calendar(year, month, day)
    if found is None:
        sentence = _("There is no %(year)d-%(month)02d-%(day)02d in the calendar: correct the date.")
        raise CellError(sentence % {"year": year, "month": month, "day": day})
    if found.year not in YEARS:
        raise CellError(_("“%(what)s” lies before 1900 or after 2099: correct the year.") % {"what": shown})
    return found


def _in_calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _proposed(*found: date | None) -> str:
    """The one day that it can be; "" where there are none or several."""
    days = {day.isoformat() for day in found if day is not None}
    return days.pop() if len(days) == 1 else ""


def _only_month(shown: str, year: int, month: int) -> OnlyMonth:
    first = _day(shown, year, month, 1)
    facts = {"what": shown, "first": first.isoformat()}
    sentence = _("“%(what)s” says only the month: write the day too, as %(first)s.") % facts
    return OnlyMonth(sentence, first.isoformat(), first)


def _two_digits(shown: str, year: str, month: str, day: str | None, *, today: date | None) -> CellError:
    """Which century is the person's to say; the proposal takes the nearer one, no more than ten years ahead."""
    last = 49 if today is None or today == date.max else today.year % 100 + 10
    whole = int(year) + (2000 if int(year) <= last else 1900)
    sentence = _("“%(what)s” has two digits for the year: write all four.") % {"what": shown}
    found = _in_calendar(whole, int(month), int(day or 1))
    return CellError(sentence, "" if found is None else f"{found:%Y-%m-%d}" if day else f"{found:%Y-%m}")


def _without_year(shown: str, month: int, day: int, today: date | None) -> CellError:
    """The last such day before the import is proposed."""
    sentence = _("“%(what)s” has no year: write it as 2013-05-01.") % {"what": shown}
    if today is None or today == date.max:
        return CellError(sentence)
    days = [found for year in (today.year, today.year - 1) if (found := _in_calendar(year, month, day))]
    past = [found for found in days if found <= today]
    return CellError(sentence, (past or days)[0].isoformat() if days else "")


def _year_last(shown: str, one: int, other: int, year: int) -> CellError:
    sentence = _("“%(what)s” doesn't say which number is the month: write it as 2013-05-01.") % {"what": shown}
    return CellError(sentence, _proposed(_in_calendar(year, one, other), _in_calendar(year, other, one)))


def _half_han(text: str) -> str:
    """二〇一三年五月一日 as 2013年5月1日; anything else as it is."""
    text = HAN_PART.sub(lambda part: f"{_han_number(part[1])}{part[2]}", text) if text[:4].isdigit() else text
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
