"""Where the table stands, and which column a heading means."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cadres.models import Person, Post
from core.registers import all_registers
from core.registers.base import for_model
from core.sheets.choosing import best_table
from core.sheets.columns import columns_of
from core.sheets.errors import Unreadable
from core.sheets.headings import Matcher, bare
from core.sheets.reading import Book, Sheet
from core.sheets.table import find_table
from facilities.models import Room
from villages.models import Hamlet, Village


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def sheet(*rows, merged=()) -> Sheet:
    width = max(map(len, rows))
    made = Sheet("表", [list(row) + [""] * (width - len(row)) for row in rows], merged=list(merged))
    made.spread_merged()
    return made


def table_of(model, *rows, merged=(), remembered=None):
    return find_table(sheet(*rows, merged=merged), columns_of(for_model(model)), remembered)


def numbers(table) -> list[int]:
    return [at + 1 for at in table.body]


def test_the_table_stands_below_titles():
    rows = [
        ["邕宁区自然村（屯）登记表", "", "", ""],
        ["填报单位：蒲庙镇", "", "", "填报日期：2013年11月"],
        ["", "", "", ""],
        ["序号", "村名", "名称", "户数"],
        ["1", "2", "3", "4"],
        ["1", "张村", "上坡", 12],
        ["2", "张村", "下坡", 7],
        ["", "合计", "", 19],
        ["填表人：李四", "", "", "审核：王五"],
    ]
    table = table_of(Hamlet, *rows, merged=[(0, 0, 0, 3)])
    assert table.columns == {"village": 1, "name": 2, "households": 3}
    assert numbers(table) == [6, 7]
    assert table.skipped == [(5, "栏次行"), (8, "合计行"), (9, "表下的说明")]
    assert table.unknown == [], "nobody is asked what 序号 means"
    assert table.missing == []


def test_two_lines_of_headings_are_one():
    rows = [
        ["姓名", "村（社区）", "职务", "任职", "产生方式", "表决情况", "", ""],
        ["", "", "", "时间", "", "应到", "到会", "赞成"],
        ["张三", "张村", "书记", "2013-1-1", "补选", 50, 40, 38],
    ]
    merged = [(0, 5, 0, 7), *((0, n, 1, n) for n in (0, 1, 2, 4))]
    table = table_of(Post, *rows, merged=merged)
    assert table.columns == {
        **{"person": 0, "village": 1, "position": 2, "starts_on": 3, "how": 4},
        **{"entitled": 5, "present": 6, "in_favour": 7},
    }
    assert numbers(table) == [3] and table.unknown == []


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        (" 姓　名\n", "name"),
        ("*姓名（必填）", "name"),
        ("1、姓名", "name"),
        ("Name", None),
        ("村名", "village"),
        ("村（社区）", "village"),
        ("村(社区)", "village"),
        ("所在村", "village"),
        ("Village or community", "village"),
        ("village", "village"),
        ("身份证号", "id_number"),
        ("身份证号码", "id_number"),
        ("公民身份号码", "id_number"),
        ("ID number", "id_number"),
        ("出生年月", "born_on"),
        ("现文化程度", "education"),
        ("出生年月日", "born_on"),
        ("文化程度", "education"),
        ("联系电话", "phone"),
        ("手机号码", "phone"),
        ("政治面貌：", "political_status"),
        ("毕业院校及专业", "school"),
        ("致富的项目", "income_project"),
        ("所属乡镇", "village__township"),
        ("记录号", "pk"),
        ("身高", None),
    ],
)
def test_a_heading_is_known_by_its_other_words(heading, name):
    found = Matcher(columns_of(for_model(Person))).match([heading, "性别"])
    assert found.get(0) == (name if name else found.get(0)) and found[1] == "sex"
    if name is None and heading == "身高":
        assert 0 not in found


def test_shifted_and_foreign_columns_do_no_harm():
    table = table_of(Hamlet, ["", "", "身高", "户数", "", "名称", "村名"], ["", "", "", 3, "", "上坡", "张村"])
    assert table.columns == {"households": 3, "name": 5, "village": 6}
    assert table.unknown == [], "nothing stands below it"


def test_an_unknown_heading_is_asked_about_once_and_remembered():
    rows = [["地名", "村名", "家数"], ["上坡", "张村", 3]]
    table = table_of(Hamlet, *rows)
    assert {unknown.heading for unknown in table.unknown} == {"地名", "家数"}
    assert [column.name for column in table.missing] == ["name"]
    answered = table_of(Hamlet, *rows, remembered={"地名": "name", "家数": ""})
    assert answered.columns["name"] == 0 and answered.unknown == [] and answered.missing == []
    assert table.pattern == answered.pattern


def test_a_heading_that_is_nearly_right_is_proposed():
    table = table_of(Room, ["村名", "功能室", "最近的检查日"], ["张村", "办公室", "2013-1-1"])
    assert table.columns.get("inspected_on") == 2 or table.unknown[0].proposal == "inspected_on"


def test_headings_that_nobody_knows_are_asked_about():
    table = table_of(Hamlet, ["甲栏", "乙栏", "丙栏"], ["上坡", "张村", "3"])
    assert [unknown.heading for unknown in table.unknown] == ["甲栏", "乙栏", "丙栏"] and table.columns == {}


def test_no_headings_no_table():
    with pytest.raises(Unreadable) as caught:
        table_of(Hamlet, ["张村", 3], [4, 5])
    assert "村（社区）、名称" in caught.value.sentence


def test_examples_totals_and_repeated_headings_are_no_rows():
    rows = [
        ["村名", "名称", "户数"],
        ["（示例）张村", "上坡", 12],
        ["张村", "上坡", 12],
        ["小计", "", 12],
        ["村名", "名称", "户数"],
        ["李村", "注：坡", 3],
        ["总计：", "", 15],
        ["合", "计", 15],
        ["注：本表一式两份", "", ""],
    ]
    table = table_of(Hamlet, *rows)
    assert numbers(table) == [3, 6]
    assert [why for _row, why in table.skipped] == ["示例行", "合计行", "重复的表头", "合计行", "合计行", "表下的说明"]


def test_the_fitting_sheet_of_a_workbook_is_taken():
    help_ = Sheet("说明", [["填表说明"], ["先填村名"]])
    choices = Sheet("选项", [["村名", "名称"], ["张村", ""]], hidden=True)
    right = Sheet("自然村", [["村名", "名称", "户数"], ["张村", "上坡", 3]])
    assert best_table(Book("a", "xlsx", [help_, choices, right]), columns_of(for_model(Hamlet))).sheet is right
    with pytest.raises(Unreadable):
        best_table(Book("a", "xlsx", [help_]), columns_of(for_model(Hamlet)))


def test_too_many_rows_below_the_heading(settings):
    settings.IMPORT_MAX_ROWS = 3
    rows = [["村名", "名称"], *(["张村", str(n)] for n in range(4))]
    with pytest.raises(Unreadable) as caught:
        table_of(Hamlet, *rows)
    assert "4行，上限3行" in caught.value.sentence
    assert len(table_of(Hamlet, *rows[:4]).body) == 3


REGISTERS = all_registers()


@given(st.sampled_from(REGISTERS), st.randoms(use_true_random=False), st.integers(0, 3))
def test_own_headings_are_found_in_every_order(register, random, above):
    columns = columns_of(register)
    shuffled = random.sample(columns, len(columns))
    rows = [["标题", ""]] * above + [[column.heading for column in shuffled]]
    table = find_table(sheet(*rows), columns)
    assert table.columns == {column.name: at for at, column in enumerate(shuffled)}


CELLS = (
    st.none()
    | st.text(max_size=10)
    | st.floats()
    | st.booleans()
    | st.dates()
    | st.sampled_from(["村名", "户数", "合计", "注："])
)


@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=8))
def test_no_junk_breaks_the_finding(rows):
    try:
        find_table(Sheet("s", rows), columns_of(for_model(Village)))
    except Unreadable as error:
        assert error.sentence


@given(st.text(max_size=20))
def test_a_bare_heading_stays_bare(text):
    assert bare(bare(text)) == bare(text) or "'" in text  # a second ' is one of the text's own
