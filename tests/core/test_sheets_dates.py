"""Days as people write them: what is understood, and the sentence for what is not."""

from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from core.sheets.dates import ASKED, EPOCH, FIRST, LAST, month_in, read_date
from core.sheets.errors import CellError
from tests.core.sheets_tools import JUNK, mistake

MAY = date(2013, 5, 1)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    "raw",
    [
        "2013.5.1",
        "2013-5-1",
        "2013-05-01",
        "2013/5/1",
        "2013／05／01",
        "20130501",
        20130501,
        20130501.0,
        "2013年5月1日",
        "2013年05月01日",
        "2013 年 5 月 1 日",
        "２０１３年５月１日",
        "2013年5月1号",
        "2013，5，1",
        "2013、5、1",
        "2013-5-1 00:00:00",
        "2013-05-01T08:30",
        "2013-05-01（星期三）",
        "2013.5.1 周三",
        "2013年5月1日上午9时",
        "2013-5-1 下午3:30",
        "2013年5月1日（周三）上午",
        "二〇一三年五月一日",
        "'2013-05-01",
        " 2013-05-01\u3000",
        41395,
        41395.0,
        41395.75,
        "41395",
        MAY,
        datetime.fromisoformat("2013-05-01T08:30"),
    ],
)
def test_a_day_is_read_however_it_is_written(raw):
    assert read_date(raw) == MAY


@pytest.mark.parametrize(
    "raw", ["2013年5月", "2013.5", "2013-05", "2013/5", 201305, "201305", 2013.5, "二〇一三年五月", "2013年5月份"]
)
def test_a_month_is_enough_only_where_the_column_says_so(raw):
    assert read_date(raw, month=FIRST) == MAY == month_in(raw)
    assert read_date(raw, month=LAST) == date(2013, 5, 31)
    error = mistake(read_date, raw)
    assert "只写到月" in error.sentence and error.proposal == "2013-05-01"


@pytest.mark.parametrize(
    ("raw", "part", "proposal"),
    [
        ("13.5.1", "年份只有两位", "2013-05-01"),
        ("78-5-1", "年份只有两位", "1978-05-01"),
        ("13年5月1日", "年份只有两位", "2013-05-01"),
        ("2013年", "只有年份", ""),
        (2013, "只有年份", ""),
        ("2013-2-30", "没有2013-02-30这一天", ""),
        ("2013.13.1", "没有2013-13-01这一天", ""),
        ("1813-05-01", "早于1900年", ""),
        ("昨天", "不是日期", ""),
        ("5月1日", "没有年份", ""),
        ("80.12", "年份只有两位", "1980-12"),
        ("2013年底", "没写到日", "2013-12-31"),
        ("5/1/2013", "哪个是月", ""),
        ("5/31/2013", "哪个是月", "2013-05-31"),
        (7, "不是日期", ""),
        (2013.1, "可能是1月，也可能是10月", ""),
        (True, "不是日期", ""),
        (1e300, "不是日期", ""),
        (float("nan"), "不是日期", ""),
    ],
)
def test_what_is_no_day_is_told_and_proposed(raw, part, proposal):
    error = mistake(read_date, raw)
    assert part in error.sentence and error.proposal == proposal


def test_the_year_that_is_missing_is_proposed_by_the_day_of_the_import():
    assert mistake(read_date, "11月20日", day=date(2013, 11, 24)).proposal == "2013-11-20"
    assert mistake(read_date, "12月1日", day=date(2013, 11, 24)).proposal == "2012-12-01"
    assert mistake(read_date, "2月29日", day=date(2013, 11, 24)).proposal == "2012-02-29"


DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))
FORMATS = ["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日"]


@given(DATES, st.sampled_from(FORMATS))
def test_every_day_comes_back_from_every_form(day, form):
    assert read_date(form.format(day)) == day


@given(st.dates(date(1928, 1, 1), date(2099, 12, 31)))
def test_every_day_comes_back_from_its_serial(day):
    assert read_date(float((day - EPOCH).days)) == day


@given(JUNK, st.sampled_from([ASKED, FIRST, LAST]))
@example("２０１３年", ASKED)
@example("²⁰13-5-1", ASKED)
@example("٢٠١٣-٥-١", ASKED)
def test_no_junk_breaks_the_reading_of_a_date(raw, month):
    try:
        assert isinstance(read_date(raw, month=month, day=MAY), date)
    except CellError as error:
        assert error.sentence
