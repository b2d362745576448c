"""A workbook with several sheets of one kind is one import: a sheet a village, as townships keep it."""

import json
import random
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from openpyxl import Workbook, load_workbook

from cadres.models import Person
from core.models import SheetHeadings, SheetImport
from core.registers.base import for_model
from core.sheets import books, imports, jobs
from core.sheets.errors import Unreadable
from core.sheets.marked import RED
from core.sheets.writing import write_xlsx
from services.models import Matter
from tests.core.test_sheets_mending import judged_as_a_whole, told
from tests.factories import HamletFactory, PersonFactory, PostFactory, TownshipFactory, VillageFactory
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
DAY = date(2013, 11, 24)
HEADS = ["序号", "屯名", "户数"]


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def book_of(sheets: dict[str, list], change=lambda book: None) -> bytes:
    """Name → rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    change(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def listed(title: str, *hamlets: tuple) -> list[list]:
    rows = [[number, *hamlet] for number, hamlet in enumerate(hamlets, 1)]
    return [[title], HEADS, *rows, ["合计", "", ""]]


def send(user, content: bytes, model=Hamlet, page="") -> SheetImport:
    return imports.send(user, for_model(model), "自然屯.xlsx", content, DAY, page=page)


def wrong(sheet: SheetImport) -> dict[str, str]:
    """{cell of the workbook: sentence}"""
    pages, rows = imports.pages_of(sheet.pages), sheet.rows.filter(state__in=("wrong", "foreign"))
    return {pages.key(row.number, cell["address"]): cell["sentence"] for row in rows for cell in row.notes["cells"]}


def states(counts) -> dict[str, int]:
    return {state: number for state, number in counts.items() if number}


def two(cast, **change) -> bytes:
    return book_of(
        {
            "封面": [["邕宁区自然屯登记表"], ["二〇一三年十一月"]],
            "填表说明": [["1.按户籍填"], ["2.一屯一行"]],
            cast.home.name: listed("自然屯情况表", ("甲屯", 5), ("乙屯", "许多")),
            "第二村": listed(f"{cast.next_door.name}自然屯情况表", ("甲屯", 7), ("丙屯", 8)),
            "汇总": [["村名", "屯数", "户数", "人口"], [cast.home.name, 2, 5, 20], [cast.next_door.name, 2, 15, 60]],
        },
        **change,
    )


def test_all_sheets_of_a_kind_are_read_each_for_its_village(cast):
    sheet = send(cast["clerk"], two(cast))
    assert states(sheet.counts) == {"new": 3, "wrong": 1}
    assert [(page["name"], states(page["counts"])) for page in sheet.pages] == [
        (cast.home.name, {"new": 1, "wrong": 1}),
        ("第二村", {"new": 2}),
    ]
    assert list(wrong(sheet)) == [f"{cast.home.name}!C4"]


def test_sheets_that_are_passed_over_are_named_with_the_reason(cast):
    def hide(book):
        book[cast.home.name].sheet_state = "hidden"

    sheet = send(cast["clerk"], two(cast, change=hide))
    assert states(sheet.counts) == {"new": 2}
    said = sheet.remarks.splitlines()[-1]
    for name, why in (("封面", "没有表头"), ("填表说明", "没有表头"), (cast.home.name, "已隐藏"), ("汇总", "表头不同")):
        assert f"“{name}”（{why}）" in said, said


def test_a_hidden_sheet_is_read_where_it_is_named(cast):
    content = book_of({"别的": listed("", ("乙屯", 1)), cast.home.name: listed("", ("甲屯", 5))}, hide_second)
    sheet = send(cast["clerk"], content, page=cast.home.name)
    assert states(sheet.counts) == {"new": 1} and sheet.sheet == cast.home.name


def hide_second(book) -> None:
    book.worksheets[1].sheet_state = "hidden"


def test_what_is_there_once_is_so_across_sheets(cast):
    rows = [["村名", "屯名", "户数"], [cast.home.name, "甲屯", 5]]
    sheet = send(cast["clerk"], book_of({"上半年": rows, "下半年": [["标题"], *rows]}))
    assert states(sheet.counts) == {"new": 1, "wrong": 1}
    ((cell, sentence),) = wrong(sheet).items()
    assert cell == "下半年!B3" and "“上半年”第2行" in sentence


def test_a_record_that_two_sheets_speak_of(cast):
    hamlet = HamletFactory(village=cast.home, name="甲屯", households=1)
    named = [["村名", "屯名", "户数"], [cast.home.name, "甲屯", 5]]
    numbered = [["记录号", "户数"], [hamlet.pk, 6]]
    for first, second in ((named, numbered), (numbered, named), (named, named)):
        sheet = send(cast["clerk"], book_of({"一": first, "二": second}))
        assert states(sheet.counts) == {"changed": 1, "wrong": 1}, (first, second)
        assert "“一”第2行" in next(iter(wrong(sheet).values()))
    sheet = send(cast["clerk"], book_of({"一": numbered, "二": numbered}))
    assert wrong(sheet)["二!A2"].startswith("“一”第2行也是这个记录号")


def test_a_column_that_one_sheet_lacks_clears_nothing(cast):
    hamlet = HamletFactory(village=cast.home, name="甲屯", households=30, opened_on=date(2001, 1, 1))
    other = HamletFactory(village=cast.home, name="乙屯", households=31, opened_on=date(2002, 1, 1))
    sheets = {
        "一": [["记录号", "屯名", "设立日期", "户数"], [hamlet.pk, "甲屯", "2001-01-01", 32]],
        "二": [["户数", "记录号", "屯名"], [33, other.pk, "乙屯"]],
    }
    sheet = send(cast["clerk"], book_of(sheets))
    imports.write(cast["clerk"], sheet, "all")
    for row, households, year in ((hamlet, 32, 2001), (other, 33, 2002)):
        row.refresh_from_db()
        assert (row.households, row.opened_on.year) == (households, year)


def test_each_sheets_own_unit_and_township_count(cast):
    home = cast.home
    away = TownshipFactory(code="450109119", name="新镇", district=home.township.district)
    twin = VillageFactory(code="450109119201", name=home.name, township=away)
    here = home.township.name
    sheets = {
        "一": [[f"{here}自然屯统计表"], ["村名", "屯名"], [home.name, "甲屯"]],
        "二": [["新镇自然屯统计表"], ["村名", "屯名"], [home.name, "甲屯"]],
    }
    sheet = send(cast["district"], book_of(sheets))
    imports.write(cast["district"], sheet, "all")
    assert {hamlet.village for hamlet in Hamlet.objects.filter(name="甲屯")} == {home, twin}
    PostFactory(village=home, person=PersonFactory(village=home, name="甲"), starts_on=date(2011, 1, 1), ends_on=None)
    heads = ["村", "干部姓名", "年度", "实事", "办完期限"]
    row = [home.name, "甲", 2013]
    sheets = {
        "一": [[*heads, "资金（万元）"], [*row, "修路", "2013年12月", 3]],
        "二": [[*heads, "资金（元）"], [*row, "修桥", "2013年12月", 3]],
    }
    sheet = send(cast["clerk"], book_of(sheets), Matter)
    imports.write(cast["clerk"], sheet, "all")
    assert set(Matter.objects.filter(person__name="甲").values_list("title", "money")) == {("修路", 30000), ("修桥", 3)}


def test_a_book_of_all_registers_gives_its_own_sheet_alone(cast):
    HamletFactory(village=cast.home, name="甲屯")
    PersonFactory(village=cast.home, name="甲")
    target = BytesIO()
    write_xlsx(target, books.book_of(cast["clerk"], cast.home.code))
    for model, name in ((Hamlet, "坡"), (Person, "")):
        sheet = send(cast["clerk"], target.getvalue(), model)
        assert set(states(sheet.counts)) == {"same"} and len(sheet.pages) == 1 and name in sheet.sheet


def test_headings_are_asked_about_once_a_pattern(cast):
    """The same heading of two sheets is one question; another pattern that comes later asks its own alone."""
    rows = {
        cast.home.name: [["地名", "户数", "设立日期"], ["甲屯", 5, "2001-01-01"]],
        cast.next_door.name: [["户数", "设立日期", "人口", "地名"], [7, "2001-01-01", 30, "丙屯"]],
    }
    user = cast["clerk"]
    sheet = send(user, book_of(rows))
    assert sheet.state == SheetImport.State.ASKING
    imports.answer(user, sheet, {"地名": "name"})
    assert states(sheet.counts) == {"new": 2} and SheetHeadings.objects.count() == 2
    assert send(user, book_of(rows)).state == SheetImport.State.PREVIEWED
    rows["第三张"] = [
        [f"{cast.home.name}自然屯"],
        ["地名", "户数", "设立日期", "方位"],
        ["丁屯", 9, "2001-01-01", "东"],
    ]
    sheet = send(user, book_of(rows))
    assert sheet.state == SheetImport.State.ASKING
    unknown = [one.heading for part in imports.table_of(sheet).parts for one in part.unknown]
    assert unknown == ["方位"], "地名 has been answered"
    imports.answer(user, sheet, {})
    assert states(sheet.counts) == {"new": 3}


def test_the_only_column_that_a_sheet_calls_otherwise_is_asked_about(cast):
    rows = {
        cast.home.name: listed("表", ("甲屯", 5)),
        cast.next_door.name: [["序号", "地名", "户数"], [1, "丙屯", 170]],
    }
    sheet = send(cast["clerk"], book_of(rows))
    assert sheet.state == SheetImport.State.ASKING and len(sheet.pages) == 2
    imports.answer(cast["clerk"], sheet, {"地名": "name"})
    assert states(sheet.counts) == {"new": 2}


def test_the_question_lists_no_village_that_a_title_gives(cast, as_):
    rows = {
        cast.home.name: [["地名", "户数", "设立日期"], ["甲屯", 5, "2001-01-01"]],
        cast.next_door.name: [["设立日期", "地名", "户数"], ["2001-01-01", "丙屯", 7]],
    }
    sheet = send(cast["clerk"], book_of(rows))
    page = as_("clerk").get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert (
        "名称" in page.partition("表中没有这些列")[2]
        and "村（社区）" not in page.partition("表中没有这些列")[2].partition("</div>")[0]
    )
    sheet = send(cast["clerk"], book_of({"一": rows[cast.home.name]}))
    page = as_("clerk").get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert "村（社区）" in page.partition("表中没有这些列")[2].partition("</div>")[0]


def test_the_limit_counts_all_sheets(cast, settings):
    settings.IMPORT_MAX_ROWS = 3
    with pytest.raises(Unreadable) as caught:
        send(cast["clerk"], two(cast))
    assert "4行，上限3行" in caught.value.sentence


def test_one_of_them_can_be_read_alone(cast, as_):
    sheet = send(cast["clerk"], two(cast))
    client, address = as_("clerk"), reverse("core:import_narrow", args=[sheet.pk])
    imports.mend(cast["clerk"], sheet, {f"{cast.home.name}!C4": "6"})
    client.post(address, {"sheet": "没有这张"})
    sheet.refresh_from_db()
    assert states(sheet.counts) == {"new": 4}
    client.post(address, {"sheet": cast.home.name})
    sheet.refresh_from_db()
    assert states(sheet.counts) == {"new": 2} and sheet.mended == {"C4": "6"} and "第二村" in sheet.remarks
    imports.write(cast["clerk"], sheet, "all")
    assert set(Hamlet.objects.values_list("name", "households")) == {("甲屯", 5), ("乙屯", 6)}
    with pytest.raises(ValidationError):
        imports.narrow(cast["clerk"], sheet, cast.home.name)


def test_the_pages_name_the_sheet_of_each_row(cast, as_):
    client = as_("clerk")
    content = two(cast)
    answer = client.post(
        "/villages/hamlets/import/", {"file": SimpleUploadedFile("屯.xlsx", content)}, follow=True
    ).content.decode()
    sheet = SheetImport.objects.get()
    assert f"cell-{cast.home.name}!C4" in answer and "第二村" in answer and "2张" in answer
    address = reverse("core:import", args=[sheet.pk])
    page = client.get(address, {"show": "new", "sheet": 1}).content.decode()
    assert "丙屯" in page and page.count('class="cell"') == 2
    page = client.get(address, {"show": "new", "sheet": 0}).content.decode()
    assert "丙屯" not in page and page.count('class="cell"') == 1
    client.post(reverse("core:import_mend", args=[sheet.pk]), {f"cell-{cast.home.name}!C4": "6"})
    sheet.refresh_from_db()
    assert states(sheet.counts) == {"new": 4} and states(sheet.pages[0]["counts"]) == {"new": 2}


def test_written_and_undone_as_one(cast, as_):
    sheet = send(cast["clerk"], two(cast))
    imports.write(cast["clerk"], sheet, "good")
    assert Hamlet.objects.count() == 3
    saved = Hamlet.objects.get(village=cast.next_door, name="丙屯")
    saved.households = 99
    for_model(Hamlet).update(cast["clerk"], [saved], ["households"])
    page = as_("clerk").get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert "“第二村”第4行 丙屯" in page, "what stands in the way is named by its sheet"
    other = send(
        cast["clerk"],
        book_of({"一": listed(cast.community.name, ("丁屯", 5)), "二": listed(cast.home.name, ("戊屯", 1))}),
    )
    imports.write(cast["clerk"], other, "all")
    imports.undo(cast["clerk"], other, other.written_at)
    assert not Hamlet.objects.filter(name__in=("丁屯", "戊屯")).exists()


def test_what_has_moved_on_is_named_by_its_sheet(cast):
    sheet = send(cast["clerk"], two(cast))
    HamletFactory(village=cast.next_door, name="丙屯")
    imports.write(cast["clerk"], sheet, "good")
    assert "“第二村”第4行" in sheet.problem and jobs.NAMED
    assert states(sheet.counts) == {"new": 2, "changed": 1, "wrong": 1}


def test_all_sheets_are_marked(cast):
    content = book_of(
        {
            "封面": [["登记表"]],
            cast.home.name: listed("表", ("甲屯", 5), ("乙屯", "许多")),
            cast.next_door.name: listed("表", ("", 170), ("丁屯", "若干")),
        }
    )
    sheet = send(cast["clerk"], content)
    imports.mend(cast["clerk"], sheet, {f"{cast.next_door.name}!C4": "9"})
    book = load_workbook(BytesIO(imports.marked_workbook(sheet)))
    red = {
        (page.title, cell.coordinate)
        for page in book
        for row in page
        for cell in row
        if cell.fill.start_color.rgb == RED and cell.column < 4
    }
    assert red == {(cast.home.name, "C4"), (cast.next_door.name, "B3")}
    assert book[cast.next_door.name]["C4"].value == "9" and book.active.title == cast.home.name
    again = send(cast["clerk"], imports.marked_workbook(sheet))
    assert states(again.counts) == states(sheet.counts)


@pytest.mark.parametrize("seed", range(12))
def test_a_mended_cell_is_judged_as_the_whole_would_be(cast, seed):
    """Rows bear on those of other sheets too."""
    chance, user = random.Random(seed), cast["clerk"]
    records = [HamletFactory(village=cast.home, name=name, households=1) for name in ("一坡", "二坡", "三坡")]
    numbers = ["", "", *(record.pk for record in records)]
    names = ["一坡", "二坡", "三坡", "四坡", "五坡", ""]
    villages = [cast.home.name, cast.home.name, "", "没有村"]

    def row() -> list:
        return [chance.choice(numbers), chance.choice(villages), chance.choice(names), chance.choice([1, 2, "许多"])]

    heads = ["记录号", "村名", "屯名", "户数"]
    sheets = {"一": [heads, *(row() for _n in range(5))], "二": [["标题"], [], heads, *(row() for _n in range(5))]}
    sheets[cast.home.name] = [["记录号", "屯名", "户数"], *([a, c, d] for a, _b, c, d in (row() for _n in range(4)))]
    sheet = send(user, book_of(sheets))
    assert len(sheet.pages) == 3
    for _step in range(4):
        name, first = chance.choice([("一", 2), ("二", 4), (cast.home.name, 2)])
        values = {"A": numbers, "B": villages if name != cast.home.name else names, "C": names, "D": [1, 2, "许多"]}
        column = chance.choice("ABC" if name == cast.home.name else "ABCD")
        cells = {f"{name}!{column}{first + chance.randrange(4)}": str(chance.choice(values[column]))}
        imports.mend(user, sheet, cells)
        pages = [(page["name"], states(page["counts"])) for page in sheet.pages]
        assert told(sheet) == judged_as_a_whole(user, sheet), (seed, cells)
        assert pages == [(page["name"], states(page["counts"])) for page in sheet.pages]


def test_the_command_names_the_sheet_of_each_row(cast, tmp_path):
    path = tmp_path / "屯.xlsx"
    path.write_bytes(two(cast))

    def run(*options) -> dict:
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("import_sheet", "hamlets", str(path), "--user", "clerk", "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    said = run()
    assert said["sheet"] == f"{cast.home.name}、第二村" and (said["new"], said["wrong"]) == (3, 1)
    assert [(e["sheet"], e["row"], e["cell"]) for e in said["errors"]] == [(cast.home.name, 4, "C4")]
    assert [(r["sheet"], r["row"]) for r in said["rows"]] == [
        (cast.home.name, 3),
        (cast.home.name, 4),
        ("第二村", 3),
        ("第二村", 4),
    ]
    assert {(s["sheet"], s["row"]) for s in said["skipped"]} == {(cast.home.name, 5), ("第二村", 5)}
    said = run("--commit", "--good-only")
    assert said["written"] == 3 and Hamlet.objects.count() == 3


def test_rows_that_are_hidden_are_read_and_told(cast):
    def fold(book):
        book[cast.home.name].row_dimensions[4].hidden = True

    sheet = send(cast["clerk"], two(cast, change=fold))
    assert states(sheet.counts) == {"new": 3, "wrong": 1}
    assert f"{cast.home.name}：表中隐藏（或被筛选掉）的行也读了：第4行。" in sheet.remarks
