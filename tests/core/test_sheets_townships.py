"""Sheets as people keep them, each made here: what a clerk would expect of it, and nothing read as something else."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cadres.models import BranchMeeting, PartyMember, Person, Post
from core.registers.base import for_model
from core.sheets.choosing import best_table
from core.sheets.columns import columns_of
from core.sheets.matching import lines_of
from core.sheets.plan import plan
from core.sheets.reading import read
from facilities.models import Building, Equipment
from services.models import Grid, Household, Matter
from tests.core.make_real_sheets import id_number
from tests.factories import (
    EquipmentItemFactory,
    HamletFactory,
    PartyBranchFactory,
    PersonFactory,
    SetAssignmentFactory,
    TownshipFactory,
    VillageFactory,
)
from villages.models import Hamlet, Village

pytestmark = pytest.mark.django_db
DAY = date(2013, 11, 24)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def xlsx(*rows, name="Sheet1", merged=(), at=(0, 0), book=None) -> Workbook:
    """A sheet of these rows; `at`: how many rows and columns stand empty before it."""
    book = book or Workbook()
    sheet = book.active if book.worksheets[0].max_row == 1 and book.worksheets[0]["A1"].value is None else None
    sheet = sheet or book.create_sheet()
    sheet.title = name
    for number, row in enumerate(rows, 1 + at[0]):
        for column, value in enumerate(row, 1 + at[1]):
            sheet.cell(number, column, value)
    for cells in merged:
        sheet.merge_cells(cells)
    return book


def bytes_of(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def text(*rows, code="utf-8", mark=",") -> bytes:
    target = StringIO(newline="")
    csv.writer(target, delimiter=mark).writerows(rows)
    return target.getvalue().encode(code)


def judged(user, model, content, name="表.xlsx"):
    """(table, plan)"""
    register, content = for_model(model), bytes_of(content) if isinstance(content, Workbook) else content
    table = best_table(read(name, content), columns_of(register))
    return table, plan(register, user, table, lines_of(register, user, table, DAY))


def counts(found) -> dict[str, int]:
    return {state: number for state, number in found.counts.items() if number}


def told(found) -> dict[str, tuple[str, str]]:
    """{address: (sentence, proposal)}"""
    return {error.address: (error.sentence, error.proposal) for row in found.rows for error in row.errors}


# ---- whose rows ----


def test_the_sheet_is_named_like_its_village(cast):
    book = xlsx(["自然屯情况表"], ["序号", "屯名", "户数"], [1, "甲屯", "20户"], ["小计", None, 20], name="梁村")
    table, found = judged(cast["clerk"], Hamlet, book)
    assert counts(found) == {"new": 1} and found.rows[0].row.village == cast.home
    assert "梁村" in table.remarks()[0]


@pytest.mark.parametrize(
    "title", ["填报单位：{}（盖章）", "{}自然屯基本情况统计表", "2013年{}自然屯情况", "蒲庙镇{}村民委员会自然屯一览表"]
)
def test_the_title_names_the_village(cast, title):
    name = cast.home.name
    rows = [[title.format(name)], ["序号", "自然屯", "农户数（户）"], [1, "甲屯", 20]]
    _table, found = judged(cast["clerk"], Hamlet, xlsx(*rows, merged=["A1:C1"]))
    assert counts(found) == {"new": 1} and found.rows[0].row.village == cast.home


def test_a_title_of_another_village_writes_nothing(cast):
    rows = [[f"{cast.across.name}自然屯情况表"], ["自然屯", "户数"], ["甲屯", 20]]
    _table, found = judged(cast["clerk"], Hamlet, xlsx(*rows))
    assert counts(found) == {"foreign": 1}


def test_a_secretary_need_not_write_his_own_village(cast):
    _table, found = judged(cast["secretary"], Hamlet, xlsx(["自然屯", "户数"], ["甲屯", 20]))
    assert counts(found) == {"new": 1} and found.rows[0].row.village == cast.home


def test_who_has_many_villages_must_name_one(cast):
    _table, found = judged(cast["clerk"], Hamlet, xlsx(["自然屯", "户数"], ["甲屯", 20]))
    assert counts(found) == {"wrong": 1} and "村（社区）" in found.rows[0].errors[0].sentence


def test_a_village_left_empty_below_itself_is_proposed(cast):
    book = xlsx(["村名", "屯名", "户数"], ["梁村", "甲屯", 1], [None, "乙屯", 2])
    _table, found = judged(cast["clerk"], Hamlet, book)
    assert counts(found) == {"new": 1, "wrong": 1} and told(found)["A3"][1] == "梁村"


@pytest.mark.parametrize(
    "written",
    [
        "{}（村委）",
        "{}村委",
        "{}委",
        "{}村委会",
        "{}村民委员会",
        "{0[0]}{0[1]}民委员会",
        "{}党总支",
        "蒲庙镇-{}",
        "蒲庙镇 {}",
    ],
)
def test_a_village_is_found_however_it_is_called(cast, written):
    _table, found = judged(
        cast["clerk"], Hamlet, text(["村", "屯", "户数"], [written.format("梁村"), "甲屯", "5"]), "表.csv"
    )
    assert counts(found) == {"new": 1} and found.rows[0].row.village == cast.home


def test_two_villages_of_one_name_are_told_apart_by_the_title(cast):
    home = cast.home
    away = TownshipFactory(code="450109119", name="新镇", district=home.township.district)
    twin = VillageFactory(code="450109119201", name=home.name, township=away)
    _table, found = judged(
        cast["district"], Hamlet, xlsx(["新镇自然屯统计表"], ["村名", "屯名"], [home.name, "甲屯"]), "表.xlsx"
    )
    assert found.rows[0].row.village == twin
    _table, found = judged(cast["district"], Hamlet, xlsx(["村名", "屯名"], [home.name, "甲屯"]))
    assert "不止一个" in told(found)["A2"][0]


# ---- where the table is ----


def test_a_table_far_inside_the_sheet_keeps_its_addresses(cast):
    book = xlsx(["村名", "坡（屯）名称", "户数"], ["梁村", "甲屯", "许多"], at=(11, 5))
    _table, found = judged(cast["clerk"], Hamlet, book)
    assert set(told(found)) == {"H13"}


def test_pages_totals_numbers_and_signatures_are_no_rows(cast):
    head, title = ["序\n号", "村", "屯  名", "户\n数"], ["梁村等村自然屯花名册"]
    rows = [title, ["单位：蒲庙镇", None, None, "2013年11月"], head, ["合计", None, "3个", 60]]
    rows += [
        [1, "梁村", "甲屯", 20],
        [None, "梁村小 计", None, 20],
        ["花名册（续）"],
        ["单位：蒲庙镇", None, None, "2013年11月"],
    ]
    rows += [head, [2, "梁村", "乙屯", 40], [3], [4], [None, "蒲庙镇合计", None, 60], ["共计3个"]]
    rows += [["单位负责人（签字）：", None, "制表：王"], ["注：一式两份"], ["2.按户籍填"], ["2013年11月20日"]]
    table, found = judged(cast["clerk"], Hamlet, xlsx(*rows, merged=["A1:D1", "A7:D7"]))
    assert [row.row.name for row in found.rows] == ["甲屯", "乙屯"] and counts(found) == {"new": 2}
    assert len(table.skipped) == 13 and "第4行（合计行）" in table.remarks()[-1]


def test_the_first_row_is_no_second_line_of_the_heading(cast):
    hamlet = HamletFactory(village=cast.home, name="新屋坡")
    book = xlsx(
        ["村", "坡", "户主姓名", "人口", "有表决权人数", "登记时间"],
        ["梁村", "新屋坡", "户主甲", "5人", "3", "2013年1月"],
    )
    _table, found = judged(cast["clerk"], Household, book)
    assert counts(found) == {"new": 1}
    assert (found.rows[0].row.hamlet, found.rows[0].row.starts_on) == (hamlet, date(2013, 1, 1))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表.csv", text(["村民委员会", "屯名称", "户数"], ["梁村村委会", "甲屯", "１２"], code="gb18030")),
        ("表.csv", text(["村", "屯", "户数"], ["梁村", "甲屯", "12"], code="utf-8-sig", mark=";")),
        ("表.txt", text(["村", "屯", "户数"], ["梁村", "甲屯", "12户"], code="utf-16", mark="\t")),
        ("表.csv", b"sep=;\r\n" + text(["Village", "Name", "Households"], ["梁村", "甲屯", "12"], mark=";")),
        (
            "表.csv",
            text([], ["统计表", "", ""], ["村", "屯", "户数"], ["梁村", "甲\n屯", "约12户"], code="gb18030", mark="\t"),
        ),
        ("表.csv", text(["\u00a0村 名", "屯\u200b名", "户 数"], ["梁\u00a0村", "\u200b甲屯\n", "'12"])),
    ],
)
def test_text_files_of_every_kind(cast, name, content):
    _table, found = judged(cast["clerk"], Hamlet, content, name)
    assert counts(found) == {"new": 1}
    assert (found.rows[0].row.name, found.rows[0].row.households) == ("甲屯", 12)


# ---- headings ----

HEADINGS = [
    (PartyMember, "党员姓名 所在支部 入党时间 转正时间 党员类型"),
    (Post, "村 姓 名 现任职务 任职时间 离职时间 产生方式 文号"),
    (BranchMeeting, "支部 会议类型 会议时间 会议内容 应到 实到 主持人"),
    (Building, "村（社区） 办公楼地址 办公用房面积 建成时间 房屋状况 启用时间 文体活动场地面积"),
    (Equipment, "村名 设备名称 数量 备注"),
    (Grid, "村 网格名称 网格长 联系电话 户数 设立时间 是否有公示牌 公示牌位置"),
    (Matter, "村名 干部姓名 年份 实事内容 类别 受益群众 计划完成时间 资金"),
    (Village, "村名 总人口 户数 主导产业"),
]


@pytest.mark.parametrize(("model", "texts"), HEADINGS, ids=lambda value: getattr(value, "__name__", ""))
def test_headings_as_townships_write_them_are_all_known(model, texts):
    heads = texts.replace("姓 名", "姓名").split()
    table = best_table(read("表.xlsx", bytes_of(xlsx(heads, ["x"] * len(heads)))), columns_of(for_model(model)))
    assert [unknown.heading for unknown in table.unknown] == [] and len(table.columns) == len(heads)


# ---- what cells say ----


def test_a_birth_of_the_month_takes_its_day_from_the_number(cast):
    number = id_number("45010919680305101")
    rows = [["梁村", "甲", "男", "1968.03", number], ["梁村", "乙", "男", "1968年4月", id_number("45010919680305103")]]
    rows += [["梁村", "丙", "男", "1968年4月", ""]]
    _table, found = judged(cast["clerk"], Person, xlsx(["村", "姓名", "性别", "出生年月", "身份证号"], *rows))
    assert found.rows[0].row.born_on == date(1968, 3, 5) and found.rows[0].errors == []
    assert "1968-04-01" in told(found)["E3"][0], "a month that contradicts the number is told"
    assert found.rows[2].row.born_on == date(1968, 4, 1) and counts(found) == {"new": 2, "wrong": 1}


def test_a_month_is_no_other_day_than_the_one_on_record(cast):
    person = PersonFactory(village=cast.home, name="甲", born_on=date(1968, 3, 5), phone="13800006001", id_number="")
    heads = ["记录号", "村", "姓名", "出生年月"]
    _table, found = judged(cast["clerk"], Person, xlsx(heads, [person.pk, "梁村", "甲", "1968.3"]))
    assert counts(found) == {"same": 1}
    _table, found = judged(cast["clerk"], Person, xlsx(heads, [person.pk, "梁村", "甲", "1968.4"]))
    assert counts(found) == {"changed": 1}


def test_what_is_left_out_of_a_known_record_stays(cast):
    """Without a record number a sheet says what it says; an export that came back says all."""
    hamlet = HamletFactory(village=cast.home, name="甲屯", households=30)
    _table, found = judged(cast["clerk"], Hamlet, xlsx(["村", "屯", "户数"], ["梁村", "甲屯", None]))
    assert counts(found) == {"same": 1}
    _table, found = judged(
        cast["clerk"], Hamlet, xlsx(["记录号", "村", "屯", "户数"], [hamlet.pk, "梁村", "甲屯", None])
    )
    assert counts(found) == {"changed": 1} and found.rows[0].row.households is None


def test_figures_of_another_unit_are_not_read_as_they_stand(cast):
    heads = ["村", "办公楼地址", "办公用房面积", "建成时间", "文体活动场地面积"]
    _table, found = judged(cast["clerk"], Building, xlsx(heads, ["梁村", "坡头", "1,250.5㎡", "2009年5月", "1亩"]))
    assert told(found)["D2"][1] == "2009" and "单位" in told(found)["E2"][0] and set(told(found)) == {"D2", "E2"}


def test_the_unit_of_the_sheets_own_heading_counts(cast):
    heads = ["村", "干部姓名", "年度", "实事", "办完期限", "资金（万元）"]
    person = PersonFactory(village=cast.home, name="甲")
    _table, found = judged(cast["clerk"], Matter, xlsx(heads, ["梁村", "甲", 2013, "修路", "2013年12月", 3]))
    row = found.rows[0].row
    assert (row.money, row.planned_by, row.person) == (30000, date(2013, 12, 31), person)
    heads = ["村", "办公楼地址", "办公用房面积（亩）"]
    _table, found = judged(cast["clerk"], Building, xlsx(heads, ["梁村", "坡头", 2]))
    assert "单位" in told(found)["C2"][0]


def test_errors_of_the_spreadsheet_are_no_empty_cells(cast):
    book = xlsx(["村", "屯", "户数"], ["梁村", "甲屯", "=1+2"], ["梁村", "乙屯", "#REF!"], ["梁村", "#N/A", 5])
    _table, found = judged(cast["clerk"], Hamlet, book)
    assert set(told(found)) == {"C2", "C3", "B4"}
    assert "公式没有结果" in told(found)["C2"][0] and "#REF!" in told(found)["C3"][0] and "#N/A" in told(found)["B4"][0]


def test_days_of_a_workbook_that_counts_from_1904(cast):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["村", "姓名", "性别", "出生日期"])
    book.active.append(["梁村", "甲", "男", date(1970, 5, 1)])
    _table, found = judged(cast["clerk"], Person, book)
    assert found.rows[0].row.born_on == date(1970, 5, 1)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+86 139 7711 0086", "13977110086"),
        ("139-7711-0086", "13977110086"),
        ("13977110086.0", "13977110086"),
        ("(0771)4710031", "0771-4710031"),
        ("０７７１—４７１００３１", "0771-4710031"),
        (13977110086.0, "13977110086"),
        ("无", ""),
    ],
)
def test_telephones(cast, written, kept):
    _table, found = judged(cast["clerk"], Person, xlsx(["村", "姓名", "性别", "手机"], ["梁村", "甲", "男", written]))
    assert counts(found) == {"new": 1} and found.rows[0].row.phone.plain == kept


def test_two_telephones_in_a_cell_propose_the_first(cast):
    row = ["梁村", "甲", "男", "13977110090、13977110091"]
    _table, found = judged(cast["clerk"], Person, xlsx(["村", "姓名", "性别", "手机"], row))
    assert told(found)["D2"][1] == "13977110090"


# ---- which record is meant ----


def test_what_a_village_has_is_looked_for_in_it(cast):
    HamletFactory(village=cast.home, name="新屋坡")
    for village in (cast.next_door, VillageFactory(code="450109100298", township=cast.home.township)):
        HamletFactory(village=village, name="老屋坡")
    heads = ["村", "坡", "户主", "人口", "有表决权的成年人", "登记时间"]
    _table, found = judged(cast["clerk"], Household, xlsx(heads, ["梁村", "老屋坡", "甲", 5, 3, "2013.1.1"]))
    assert told(found)["B2"][1] == "新屋坡", "another village's is not proposed"


def test_a_branch_of_ones_own_village_is_proposed(cast):
    PartyBranchFactory(village=cast.home, name="梁村党总支")
    PartyBranchFactory(village=cast.next_door, name="良村党支部")
    PersonFactory(village=cast.home, name="甲")
    rows = [["梁村党支部党员名册"], ["姓名", "党支部", "入党时间"], ["甲", "梁村党支部", "1995年7月"]]
    _table, found = judged(cast["clerk"], PartyMember, xlsx(*rows, merged=["A1:C1"]))
    assert told(found) == {"B3": (told(found)["B3"][0], "梁村党总支")}
    assert found.rows[0].row.joined_on == date(1995, 7, 1)


def test_people_without_numbers_are_not_entered_twice(cast):
    PersonFactory(village=cast.home, name="甲", born_on=date(1968, 3, 1), id_number="")
    rows = [["梁村", "甲", "1968.3.1"], ["梁村", "甲", "1970.1.1"]]
    _table, found = judged(cast["clerk"], Person, xlsx(["村", "姓名", "出生年月"], *rows))
    assert [row.record is None for row in found.rows] == [False, True]


def test_two_records_of_one_name_are_asked_about(cast):
    for _number in range(2):
        PersonFactory(village=cast.home, name="甲", born_on=None, id_number="")
    _table, found = judged(cast["clerk"], Person, xlsx(["村", "姓名", "性别", "出生年月"], ["梁村", "甲", "男", ""]))
    assert counts(found) == {"wrong": 1} and "记录号" in found.rows[0].errors[0].sentence


def test_a_thing_is_found_without_its_unit_and_its_marks(cast):
    item = EquipmentItemFactory(name="电脑（台）")
    SetAssignmentFactory(village=cast.home, room_set=item.room_set, starts_on=date(2013, 1, 1), ends_on=None)
    _table, found = judged(cast["clerk"], Equipment, xlsx(["村", "设备名称", "数量"], ["梁村", "“电脑”", "3台"]))
    assert counts(found) == {"new": 1} and (found.rows[0].row.item, found.rows[0].row.quantity) == (item, 3)
