"""Rows of a sheet as values of a register: everything that is wrong at once, and nothing seen that is not one's own."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadres.identity import check_character
from cadres.models import PartyMember, Person, Post
from core.registers.base import for_model
from core.sheets.columns import columns_of
from core.sheets.parsing import parse
from core.sheets.reading import Sheet
from core.sheets.table import find_table
from tests.factories import HamletFactory, PartyBranchFactory, PersonFactory, TermFactory, VillageFactory
from villages.models import Hamlet

DAY = date(2013, 11, 24)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def lines_of(model, user, *rows):
    register = for_model(model)
    width = max(map(len, rows))
    sheet = Sheet("表", [list(row) + [""] * (width - len(row)) for row in rows])
    return parse(register, user, find_table(sheet, columns_of(register)), DAY)


def wrong(line) -> dict[str, str]:
    """{address: sentence}"""
    return {error.address: error.sentence for error in line.errors}


MAN = "11010519491231001" + check_character("11010519491231001")
PEOPLE = ["村名", "姓名", "性别", "出生年月", "身份证号", "联系电话", "文化程度", "政治面貌"]


def test_a_row_as_a_township_writes_it(cast):
    row = [cast.home.name, "张　三", "男", "1949.12.31", f"'{MAN[:17]} {MAN[17]}", "138 0000 6027", "大专", "党员"]
    (line,) = lines_of(Person, cast["clerk"], PEOPLE, row)
    assert line.errors == [] and line.record is None and line.current is None and line.number == 2
    person = line.row
    assert (person.village, person.name, person.sex) == (cast.home, "张三", "1")
    assert person.born_on == date(1949, 12, 31) and person.phone.plain == "13800006027"
    assert line.values["political_status"] == "member"
    assert Person.objects.count() == 0, "nothing is written"


def test_all_that_is_wrong_is_told_at_once(cast):
    row = ["无此村名", "", "男人", "49.12.1", 4.50109194912310e17, "138", "大转", "☆"]
    (line,) = lines_of(Person, cast["clerk"], PEOPLE, row)
    assert set(wrong(line)) == {"A2", "B2", "C2", "D2", "E2", "G2", "H2"}
    by = {error.column: error for error in line.errors}
    assert by["name"].sentence == "“姓名”未填写：补填。"
    assert by["education"].proposal == "大专" and by["sex"].proposal == "男" and by["born_on"].proposal == "1949-12-01"
    assert "科学计数" in by["id_number"].sentence or "近似值" in by["id_number"].sentence
    assert by["political_status"].value == "☆"


def test_rules_of_the_record_are_told_at_their_cell(cast):
    row = [cast.home.name, "张三", "女", "1949-12-31", "110105194912310012", "13", "", ""]
    (line,) = lines_of(Person, cast["clerk"], PEOPLE, row)
    assert "第17位" in wrong(line)["E2"] and "F2" in wrong(line)
    row[2], row[3], row[5] = "男", "1950-01-01", ""
    (line,) = lines_of(Person, cast["clerk"], PEOPLE, row)
    assert "不一致" in wrong(line)["E2"] or "1949" in wrong(line)["E2"]
    row[3], row[4] = "昨天", "11010519491231001X"
    (line,) = lines_of(Person, cast["clerk"], PEOPLE, row)
    assert set(wrong(line)) == {"D2", "E2"}, "a wrong date hides no wrong number"


def test_a_record_is_known_by_its_number(cast):
    mine, foreign = HamletFactory(village=cast.home, name="上坡"), HamletFactory(village=cast.across, name="下坡")
    head = ["记录号", "村名", "名称", "户数"]
    rows = [
        [mine.pk, cast.home.name, "上坡", 9],
        [float(mine.pk), cast.home.name, "上坡", 9],
        [foreign.pk, cast.home.name, "下坡", 9],
        ["第一", cast.home.name, "新坡", 9],
        ["", cast.home.name, "新坡", 9],
    ]
    lines = lines_of(Hamlet, cast["clerk"], head, *rows)
    assert lines[0].current == mine and lines[0].row.pk == mine.pk and lines[0].row.households == 9
    assert Hamlet.objects.get(pk=mine.pk).households == mine.households
    assert "第2行也是这个记录号" in wrong(lines[1])["A3"]
    assert "没有记录号为" in wrong(lines[2])["A4"] and lines[2].current is None
    assert "不是记录号" in wrong(lines[3])["A5"]
    assert lines[4].errors == [] and lines[4].row.pk is None


def test_an_untouched_cell_keeps_what_is_stored(cast):
    """A closed village, a rare name, a masked number: what the export wrote is no mistake when it comes back."""
    old = VillageFactory(name="旧村", township=cast.home.township, closed_on=date(2012, 1, 1), successor=cast.home)
    person = PersonFactory(village=old, name=" 李  四", phone="13800006027", id_number="")
    head = ["记录号", "乡镇", "村（社区）", "姓名", "性别", "电话"]
    row = [str(person.pk), old.township.name, "旧村", " 李  四", person.get_sex_display(), "138****6027"]
    (line,) = lines_of(Person, cast["clerk"], head, row)
    assert line.errors == [] and line.values["village"] == old and line.values["phone"].plain == "13800006027"
    row[5] = "138****6028"
    (line,) = lines_of(Person, cast["clerk"], head, row)
    assert "星号" in wrong(line)["F2"]
    row[0], row[5] = "", ""
    (line,) = lines_of(Person, cast["clerk"], head, row)
    assert "已于2012-01-01撤销" in wrong(line)["C2"], "a new record belongs to what the village became"


def test_a_place_above_tells_villages_of_one_name_apart(cast):
    twin = VillageFactory(name=cast.home.name, township=cast.across.township)
    head = ["乡镇", "村名", "名称"]
    lines = lines_of(
        Hamlet,
        cast["district"],
        head,
        [cast.home.township.name, cast.home.name, "甲"],
        [twin.township.name, cast.home.name, "乙"],
        ["", cast.home.name, "丙"],
    )
    assert [line.values.get("village") for line in lines] == [cast.home, twin, None]
    assert "不止一个" in wrong(lines[2])["B4"]


def test_a_record_moves_to_the_twin_of_its_village(cast):
    twin = VillageFactory(name=cast.home.name, township=cast.across.township)
    hamlet = HamletFactory(village=cast.home, name="上坡")
    head = ["记录号", "乡镇", "村名", "名称"]
    (line,) = lines_of(Hamlet, cast["district"], head, [hamlet.pk, twin.township.name, twin.name, "上坡"])
    assert line.errors == [] and line.values["village"] == twin


def test_people_are_found_in_the_village_of_their_row(cast):
    here, there = PersonFactory(name="张三", village=cast.home), PersonFactory(name="张三", village=cast.next_door)
    term = TermFactory()
    head = ["姓名", "村名", "职务", "届次", "任职时间", "产生方式"]
    position = "支书" if term.committee == "branch" else "主任"
    rows = [
        ["张三", village.name, position, str(term), "2013-01-01", "补选"] for village in (cast.home, cast.next_door)
    ]
    lines = lines_of(Post, cast["clerk"], head, *rows)
    assert [line.values["person"] for line in lines] == [here, there]
    assert [line.errors for line in lines] == [[], []]


def test_a_village_for_reading_tells_records_apart(cast):
    branches = [PartyBranchFactory(name="第一支部", village=village) for village in (cast.home, cast.next_door)]
    people = [PersonFactory(name="张三", village=village) for village in (cast.home, cast.next_door)]
    head = ["村（社区）", "姓名", "党支部", "入党时间"]
    rows = [[village.name, "张三", "第一支部", "2001-07-01"] for village in (cast.home, cast.next_door)]
    lines = lines_of(PartyMember, cast["clerk"], head, *rows)
    assert [line.errors for line in lines] == [[], []]
    assert [(line.values["branch"], line.values["person"]) for line in lines] == list(
        zip(branches, people, strict=True)
    )


def test_a_foreign_village_writes_no_value(cast):
    (line,) = lines_of(Hamlet, cast["clerk"], ["村名", "名称"], [cast.abroad.name, "上坡"])
    assert "不在您的辖区" in wrong(line)["A2"] and "village" not in line.values and line.row.village_id is None


def test_a_required_column_that_is_missing_is_told_of_new_records_alone(cast):
    hamlet = HamletFactory(village=cast.home, name="上坡")
    lines = lines_of(Hamlet, cast["clerk"], ["记录号", "户数"], [hamlet.pk, 5], ["", 6])
    assert lines[0].errors == [] and lines[0].row.households == 5
    assert {error.sentence for error in lines[1].errors} == {
        "缺少“村（社区）”列：补上该列。",
        "缺少“名称”列：补上该列。",
    }


def test_an_empty_cell_empties_what_may_be_empty(cast):
    hamlet = HamletFactory(village=cast.home, name="上坡", households=5)
    (line,) = lines_of(Hamlet, cast["clerk"], ["记录号", "名称", "户数"], [hamlet.pk, "上坡", "／"])
    assert line.errors == [] and line.row.households is None
    (line,) = lines_of(Hamlet, cast["clerk"], ["记录号", "名称", "户数"], [hamlet.pk, "", 5])
    assert "未填写" in wrong(line)["B2"]


def test_more_rows_ask_no_more(cast, django_assert_max_num_queries):
    """The number of queries is that of one row, whatever the rows name."""
    villages = [cast.home, *VillageFactory.create_batch(30, township=cast.home.township)]
    rows = []
    for number, village in enumerate(villages):
        PersonFactory(name=f"人{number}", village=village)
        rows.append([f"人{number}", village.name, "支部委员", "2013-01-01", "补选"])
    head, user = ["姓名", "村名", "职务", "任职时间", "产生方式"], cast["clerk"]
    with django_assert_max_num_queries(6):
        lines = lines_of(Post, user, head, *rows)
    assert [line.errors for line in lines] == [[]] * len(rows)


def test_known_records_cost_one_query_more(cast, django_assert_max_num_queries):
    hamlets = HamletFactory.create_batch(30, village=cast.home)
    rows = [[hamlet.pk, cast.home.name, hamlet.name, 7] for hamlet in hamlets]
    with django_assert_max_num_queries(5):
        lines = lines_of(Hamlet, cast["clerk"], ["记录号", "村名", "名称", "户数"], *rows)
    assert all(line.current and not line.errors for line in lines)


CELLS = (
    st.none()
    | st.text(max_size=12)
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["男", "2013.5", "138****6027", "4.50109E+11", "110105194912310012", "1"])
)


@QUIET
@given(st.lists(st.lists(CELLS, min_size=len(PEOPLE) + 1, max_size=len(PEOPLE) + 1), min_size=1, max_size=3))
def test_no_junk_breaks_a_sheet(cast, rows):
    for line in lines_of(Person, cast["clerk"], ["记录号", *PEOPLE], *rows):
        assert line.errors or line.row
        assert all(error.sentence and error.address for error in line.errors)


@QUIET
@given(
    st.text("甲乙丙丁戊（）、a1 ", min_size=1, max_size=20).filter(str.strip),
    st.none() | st.integers(0, 10**6),
    st.none() | st.dates(date(1950, 1, 1), DAY),
)
def test_what_a_row_says_is_what_was_written(cast, name, households, opened_on):
    """A record as it might be, written as its columns render it, is read as the same record."""
    columns = columns_of(for_model(Hamlet))
    hamlet = Hamlet(village=cast.home, name=name.strip(), households=households, opened_on=opened_on)
    head = [column.heading for column in columns]
    (line,) = lines_of(Hamlet, cast["clerk"], head, [column.render(hamlet) for column in columns])
    assert line.errors == []
    assert (line.row.village, line.row.households, line.row.opened_on) == (cast.home, households, opened_on)
    assert line.row.name.replace(" ", "") == hamlet.name.replace(" ", "")
