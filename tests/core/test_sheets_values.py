"""Numbers and words as people write them: what is understood, and the sentence for what is not."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from cadres.models import Attendance, Person, Post
from core.registers.base import for_model
from core.sheets.columns import columns_of
from core.sheets.errors import CellError
from core.sheets.lookups import Lookups
from core.sheets.numbers import Heading, read_number, read_whole, unit_in
from core.sheets.texts import compact, is_blank, is_damaged, joined_name, nearest, text_of
from facilities.models import Room
from tests.core.sheets_tools import JUNK, mistake
from villages.models import LegalRule, Village

NOBODY = Lookups(None)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def read(model, name, raw):
    column = next(column for column in columns_of(for_model(model)) if column.name == name)
    return column.read(raw, NOBODY)


# ---- numbers ----


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("５０", 50),
        ("1,200", 1200),
        ("1，200", 1200),
        ("50平方米", 50),
        ("50 ㎡", 50),
        ("50.5m²", Decimal("50.5")),
        ("12人", 12),
        ("约30户", 30),
        ("¥300元", 300),
        ("3万元", 30000),
        ("1.5万", 15000),
        ("-4", -4),
        (".5", Decimal("0.5")),
        ("'7", 7),
        (7.0, 7),
        (0.1, Decimal("0.1")),
        (7, 7),
    ],
)
def test_a_figure_is_read_however_it_is_written(raw, number):
    assert read_number(raw) == number


def test_the_unit_of_the_heading_counts():
    assert (
        unit_in("补助（元）") == "元"
        and unit_in("面积（㎡）")
        and unit_in("户数") == ""
        and unit_in("村（社区）") == ""
    )
    assert read_number("3万元", Heading("投入（万元）")) == 3
    assert read_number("3万元", Heading("投入（元）")) == 30000
    assert read(Attendance, "subsidy", "0.3万元") == 3000
    assert read(Room, "area", "50.25平方米") == 5025
    assert mistake(read, Room, "area", "50.255").proposal == "50.26"


@pytest.mark.parametrize(
    ("heading", "raw", "number"),
    [
        ("面积（㎡）", "1亩", None),
        ("到会人数", "75%", None),
        ("户籍人口", "12户", None),
        ("户数", "30人", None),
        ("学时", "2天", None),
        ("户数", "3万元", None),
        ("户籍人口", "5,678人", 5678),
        ("赞成人数", "18票", 18),
        ("天数", "3天", 3),
        ("年度", "2013年度", 2013),
        ("工作日数", "7个工作日", 7),
        ("笔试权重（百分比）", "60%", 60),
        ("现有数量", "3台", 3),
    ],
)
def test_a_unit_that_makes_another_figure_is_no_figure(heading, raw, number):
    if number is None:
        assert "单位" in mistake(read_number, raw, Heading(heading)).sentence
    else:
        assert read_number(raw, Heading(heading)) == number


def test_what_was_meant_by_words_is_proposed():
    assert mistake(read_number, "四十").proposal == "40" and mistake(read_number, "十把").proposal == "10"
    assert mistake(read_whole, "2009年5月", Heading("建成年份")).proposal == "2009"
    assert mistake(read_whole, date(2009, 5, 1), Heading("建成年份")).proposal == "2009"
    assert mistake(read_number, "几十人").proposal == ""


@pytest.mark.parametrize(
    "raw", ["五十", "1,20", "1.2.3", "12-13", "abc", "1e5", "--5", "元", True, 1e300, "9" * 40, float("inf")]
)
def test_what_is_no_figure_is_told(raw):
    assert "数字" in mistake(read_number, raw).sentence


def test_a_whole_number_has_no_decimals():
    error = mistake(read_whole, "12.5")
    assert "整数" in error.sentence and error.proposal == "12"
    assert read(Village, "households", "1,024户") == 1024
    assert mistake(read, Village, "households", -3).sentence
    assert mistake(read, Village, "households", 10**14).sentence


@given(st.decimals(-(10**12), 10**12, places=4))
def test_every_figure_comes_back(figure):
    assert read_number(text_of(figure)) == figure
    assert read_number(f"{figure:,f}") == figure


@given(st.integers(-(10**14), 10**14))
def test_every_whole_number_comes_back_from_a_float(number):
    assert read_whole(float(number)) == number


@given(JUNK)
@example("²")
@example("١٢")
@example("1" * 5000)
def test_no_junk_breaks_the_reading_of_a_number(raw):
    for function in (read_number, read_whole):
        try:
            function(raw)
        except CellError as error:
            assert error.sentence


# ---- words ----


@pytest.mark.parametrize(
    ("raw", "sex"),
    [
        ("男", "1"),
        ("女", "2"),
        (" 女 ", "2"),
        ("1", "1"),
        (2.0, "2"),
        (1, "1"),
        ("男性", "1"),
        ("F", "2"),
        ("Female", "2"),
    ],
)
def test_sex_is_read_by_word_and_code(raw, sex):
    assert read(Person, "sex", raw) == sex


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("大学本科", "本科"),
        ("大学专科", "大专"),
        ("高中毕业", "高中"),
        ("硕士研究生", "研究生"),
        ("本 科", "本科"),
        ("小学", "小学"),
    ],
)
def test_education_is_read_by_its_other_words(raw, label):
    found = read(Person, "education", raw)
    assert dict(Person._meta.get_field("education").flatchoices)[found] == label


def test_a_choice_that_is_none_is_proposed():
    error = mistake(read, Person, "political_status", "中共正式党员")
    assert error.proposal == "中共党员" and "是不是" in error.sentence
    assert "从" in mistake(read, Person, "sex", "☆").sentence
    assert read(Person, "political_status", "群众") == read(Person, "political_status", "非中共党员")
    assert read(Post, "position", "支书") == "secretary"


@pytest.mark.parametrize("raw", ["是", "√", "✓", "有", "对", "Y", "yes", 1, 1.0, True, "１", "TRUE", "已"])
def test_yes(raw):
    assert read(Room, "present", raw) is True


@pytest.mark.parametrize("raw", ["否", "×", "无", "没有", "N", "no", 0, 0.0, False, "FALSE", "", None, "/", "—"])
def test_no(raw):
    assert read(Room, "present", raw) is False


def test_neither_yes_nor_no():
    assert "写“是”或“否”" in mistake(read, Room, "present", "大概").sentence


def test_a_share():
    assert read(LegalRule, "value", "95%") == read(LegalRule, "value", 0.95) == read(LegalRule, "value", "19/20")
    assert read(LegalRule, "value", "2/3").denominator == 3
    assert "比例" in mistake(read, LegalRule, "value", "三分之二").sentence


# ---- numbers that people carry ----


def test_a_long_number_that_a_spreadsheet_has_rounded_is_named():
    for raw in (4.50109198001011e17, "4.50109E+17", 450109198001011000):
        error = mistake(read, Person, "id_number", raw)
        assert "文本格式" in error.sentence and "4501" not in error.sentence
    assert "文本格式" in mistake(read, Village, "code", "4.50109E+11").sentence
    assert read(Village, "code", 450109100201.0) == "450109100201"


def test_numbers_are_kept_as_text():
    assert read(Person, "id_number", "'11010519491231002x").plain == "11010519491231002X"
    assert read(Person, "id_number", "１１０１０５ 19491231 002X").plain == "11010519491231002X"
    assert read(Person, "phone", 13800006027.0).plain == "13800006027"
    assert "星号" in mistake(read, Person, "id_number", "110***********002X").sentence
    assert "最多18" in mistake(read, Person, "id_number", "1" * 14 + "X" * 9).sentence


def test_a_long_text_is_refused_and_a_short_name_joined():
    assert read(Person, "name", "张　三") == "张三"
    assert mistake(read, Person, "name", "长" * 41).sentence
    assert "未填写" in mistake(read, Person, "name", "  ").sentence


# ---- texts ----


@given(JUNK)
def test_text_is_stable(raw):
    assert text_of(text_of(raw)) == text_of(raw)
    assert compact(compact(raw)) == compact(raw) or compact(raw).startswith("'")
    is_blank(raw), is_damaged(raw), joined_name(text_of(raw))


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=6))
def test_the_nearest_is_one_of_the_options(text, options):
    assert nearest(text, options) in ["", *options]
    if text.strip() and compact(text):
        assert compact(nearest(text, [*options, text])) == compact(text)


def test_times_are_told_as_texts():
    assert text_of(time(8, 30)) == "08:30:00" and text_of(timedelta(hours=1)) == "1:00:00"


COLUMNS = [
    column for model in (Person, Post, Room, LegalRule, Village, Attendance) for column in columns_of(for_model(model))
]


@given(st.sampled_from([c for c in COLUMNS if c.kind not in ("place", "relation")]), JUNK)
def test_no_junk_breaks_a_column(column, raw):
    try:
        column.read(raw, NOBODY)
    except CellError as error:
        assert error.sentence
