"""What a sheet would do, and that it does this and nothing else."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.identity import check_character
from cadres.models import Person
from core.models import AuditRow, SheetImport, SheetRow
from core.registers import all_registers
from core.registers.base import for_model
from core.sheets import checks, imports
from core.sheets.columns import columns_of
from tests import factories
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
DAY = date(2013, 11, 24)
HEADS = ("记录号", "村（社区）", "名称", "户数", "组建日期")


def workbook(*rows, heads=None) -> bytes:
    """A workbook as a clerk would send it."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("坡")
        for number, row in enumerate([heads or headings(), *rows]):
            page.write_row(number, 0, row)
    return target.getvalue()


def headings(names=("pk", "village", "name", "households")) -> list[str]:
    columns = {column.name: column.heading for column in columns_of(for_model(Hamlet))}
    return [columns[name] for name in names]


def send(user, *rows, heads=None, register=None) -> SheetImport:
    return imports.send(user, register or for_model(Hamlet), "坡.xlsx", workbook(*rows, heads=heads), DAY)


def wrong(sheet: SheetImport) -> list[tuple[str, str]]:
    """(address, sentence) of every wrong cell."""
    rows = sheet.rows.filter(state__in=("wrong", "foreign"))
    return [(cell["address"], cell["sentence"]) for row in rows for cell in row.notes["cells"]]


def states(sheet: SheetImport) -> dict[str, int]:
    return {state: n for state, n in sheet.counts.items() if n}


# ---- what it would do ----


def test_rows_are_new_changed_unchanged_or_wrong(cast):
    hamlet = factories.HamletFactory(village=cast.home, name="张坡", households=30)
    same = factories.HamletFactory(village=cast.home, name="李坡", households=20)
    sheet = send(
        cast["clerk"],
        [hamlet.pk, "梁村", "张坡", 31],
        [same.pk, "梁村", "李坡", 20],
        ["", "梁村", "新坡", 12],
        ["", "梁村", "错坡", "许多"],
    )
    assert sheet.state == SheetImport.State.PREVIEWED
    assert states(sheet) == {"new": 1, "changed": 1, "same": 1, "wrong": 1}
    assert [address for address, _sentence in wrong(sheet)] == ["D5"]
    (row,) = sheet.rows.filter(state="changed")
    assert row.notes["changes"] == [[headings()[3], "30", "31"]]
    assert Hamlet.objects.get(pk=hamlet.pk).households == 30, "nothing is written before it is said so"


def test_a_record_without_its_number_is_known_by_what_names_it(cast):
    """Hamlets of one village and name are one record."""
    hamlet = factories.HamletFactory(village=cast.home, name="张坡", households=30)
    sheet = send(cast["clerk"], ["梁村", "张坡", 31], heads=headings(("village", "name", "households")))
    assert states(sheet) == {"changed": 1}
    assert sheet.rows.get().object_id == hamlet.pk


def test_two_rows_about_one_record_are_named_with_each_other(cast):
    sheet = send(cast["clerk"], ["", "梁村", "新坡", 12], ["", "梁村", "新坡", 13])
    assert states(sheet) == {"new": 1, "wrong": 1}
    ((address, sentence),) = wrong(sheet)
    assert address == "C3" and "2" in sentence


def test_a_number_of_nobody_and_one_of_another_place_are_told_alike(cast):
    foreign = factories.HamletFactory(village=cast.abroad, name="别坡")
    sheet = send(cast["clerk"], [foreign.pk, "梁村", "一坡", 1], [987654, "梁村", "二坡", 1])
    first, second = (sentence for _address, sentence in wrong(sheet))
    assert first.replace(str(foreign.pk), "N") == second.replace("987654", "N")


def test_a_foreign_place_writes_nothing_and_is_named(cast):
    sheet = send(cast["clerk"], ["", "屯六村", "一坡", 1], ["", "梁村", "二坡", 1])
    assert states(sheet) == {"foreign": 1, "new": 1}
    imports.write(cast["clerk"], sheet, "good")
    assert list(Hamlet.objects.values_list("name", flat=True)) == ["二坡"]


def test_the_database_s_own_rules_come_back_as_sentences(cast):
    heads = headings(("village", "name", "opened_on", "closed_on"))
    sheet = send(cast["clerk"], ["梁村", "一坡", "2013-05-01", "2012-05-01"], heads=heads)
    assert states(sheet) == {"wrong": 1}
    assert wrong(sheet)[0][0] in ("C2", "D2")


def test_who_may_only_change_enters_nothing_new(cast):
    register = for_model(Hamlet)
    inspector = cast["inspector"]
    with pytest.raises(imports.actions.Refused):
        imports.send(inspector, register, "坡.xlsx", workbook(), DAY)


def test_the_number_of_queries_is_that_of_a_single_row(cast):
    user = cast["clerk"]

    def price(count: int) -> int:
        content = workbook(*(["", "梁村", f"坡{count}-{n}", n] for n in range(count)))
        sheet = SheetImport(register="villages.Hamlet", file_name="a.xlsx", day=DAY, by_id=user.pk)
        sheet.bytes = content
        with CaptureQueriesContext(connection) as queries:
            assert imports.plan_of(sheet, user).counts["new"] == count
        return len(queries)

    price(1)
    assert price(300) <= price(2)


# ---- what it does ----


def test_what_was_shown_is_written_under_one_request_id(cast):
    hamlet = factories.HamletFactory(village=cast.home, name="张坡", households=30)
    user = cast["clerk"]
    sheet = send(user, [hamlet.pk, "梁村", "张坡", 31], ["", "梁村", "新坡", 12])
    imports.write(user, sheet, "all")
    assert sheet.state == SheetImport.State.WRITTEN
    assert set(Hamlet.objects.values_list("name", "households")) == {("张坡", 31), ("新坡", 12)}
    rows = AuditRow.objects.filter(request_id=sheet.request_id)
    assert sorted(rows.values_list("verb", flat=True)) == ["create", "import_sheet", "update"]
    assert {row.actor_id for row in rows} == {user.pk}


def test_all_or_nothing_means_it(cast):
    sheet = send(cast["clerk"], ["", "梁村", "新坡", 12], ["", "梁村", "错坡", "许多"])
    with pytest.raises(imports.ValidationError):
        imports.write(cast["clerk"], sheet, "all")
    assert not Hamlet.objects.exists()


def test_a_record_saved_since_is_named_and_nothing_is_written(cast):
    hamlet = factories.HamletFactory(village=cast.home, name="张坡", households=30)
    user = cast["clerk"]
    sheet = send(user, [hamlet.pk, "梁村", "张坡", 31], ["", "梁村", "新坡", 12])
    hamlet.households = 33
    for_model(Hamlet).update(cast["secretary"], [hamlet], ["households"])
    imports.write(user, sheet, "all")
    assert sheet.state == SheetImport.State.PREVIEWED
    assert "张坡" in sheet.problem and cast["secretary"].name in sheet.problem
    assert Hamlet.objects.get().households == 33
    assert sheet.rows.get(state="changed").notes["changes"][0][1:] == ["33", "31"], "the new state is shown"
    imports.write(user, sheet, "all")
    assert sheet.state == SheetImport.State.WRITTEN


def test_a_record_entered_since_is_not_entered_twice(cast):
    user = cast["clerk"]
    sheet = send(user, ["", "梁村", "新坡", 12])
    factories.HamletFactory(village=cast.home, name="新坡", households=12)
    imports.write(user, sheet, "all")
    assert sheet.state == SheetImport.State.PREVIEWED and sheet.problem
    assert Hamlet.objects.count() == 1


def test_rights_lost_since_write_nothing(cast):
    user = cast["clerk"]
    sheet = send(user, ["", "梁村", "新坡", 12])
    user.grants.all().update(territory_code="450102001")
    imports.write(cast["clerk"], sheet, "all")
    assert not Hamlet.objects.exists()
    assert sheet.state == SheetImport.State.PREVIEWED and sheet.problem


# ---- mending ----


def test_a_cell_mended_in_place_is_judged_again(cast):
    user = cast["clerk"]
    sheet = send(user, ["", "梁村", "错坡", "许多"], ["", "梁村", "新坡", 12])
    imports.mend(user, sheet, {"D2": "15"})
    assert states(sheet) == {"new": 2}
    imports.write(user, sheet, "all")
    assert set(Hamlet.objects.values_list("name", "households")) == {("错坡", 15), ("新坡", 12)}


def test_mending_one_row_may_turn_another(cast):
    user = cast["clerk"]
    sheet = send(user, ["", "梁村", "一坡", 1], ["", "梁村", "二坡", "许多"])
    imports.mend(user, sheet, {"C3": "一坡", "D3": "3"})
    assert states(sheet) == {"new": 1, "wrong": 1}


# ---- headings ----


def test_an_unknown_heading_is_asked_about_once(cast):
    user = cast["clerk"]
    heads = [*headings(("village", "name")), "烟火"]
    sheet = send(user, ["梁村", "新坡", 12], heads=heads)
    assert sheet.state == SheetImport.State.ASKING
    imports.answer(user, sheet, {"烟火": "households"})
    assert sheet.state == SheetImport.State.PREVIEWED
    imports.write(user, sheet, "all")
    assert Hamlet.objects.get().households == 12
    again = send(user, ["梁村", "新坡", 13], heads=heads)
    assert again.state == SheetImport.State.PREVIEWED and states(again) == {"changed": 1}
    other = send(cast["secretary"], ["梁村", "新坡", 13], heads=heads)
    assert other.state == SheetImport.State.ASKING, "each person answers for himself"


# ---- what is kept ----


def test_nothing_of_a_file_lies_open_in_the_database(cast):
    send(cast["clerk"], ["", "梁村", "机密坡", "许多"], ["", "梁村", "隐秘坡", 3])
    with connection.cursor() as cursor:
        for table in (SheetImport._meta.db_table, SheetRow._meta.db_table, "core_chunk", "core_job", "core_auditrow"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "密坡" not in repr(cursor.fetchall()), table


def test_old_imports_are_forgotten(cast, settings):
    user = cast["clerk"]
    waiting, written = send(user, ["", "梁村", "一坡", 1]), send(user, ["", "梁村", "二坡", 1])
    imports.write(user, written, "all")
    late = written.written_at + imports.timedelta(days=settings.SHEETS_UNDO_DAYS, seconds=1)
    imports.forget_old(late)
    written.refresh_from_db()
    assert not written.content and not written.rows.exists()
    assert SheetImport.objects.filter(pk=waiting.pk).exists()
    imports.forget_old(waiting.sent_at + imports.timedelta(days=settings.SHEETS_KEEP_DAYS, seconds=1))
    assert not SheetImport.objects.filter(pk=waiting.pk).exists()


# ---- checks in Python ----


@pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.__name__)
def test_every_constraint_is_understood(register):
    assert checks.is_understood(register.model)


def test_numbers_that_people_carry_are_compared_by_what_they_are(cast):
    """The column that the rule speaks of follows from another, and stands in no row before it is saved."""
    men = [
        f"{start}{check_character(start)}" for start in ("45010919680305101", "45010919700501103", "45010919700501105")
    ]
    rows = [["梁村", name, "男", number] for name, number in zip("甲乙丙丁", [*men, men[1]], strict=True)]
    sheet = send(cast["clerk"], *rows, heads=["村", "姓名", "性别", "身份证号"], register=for_model(Person))
    assert states(sheet) == {"new": 3, "wrong": 1}
    assert [address for address, _sentence in wrong(sheet)] == ["D5"]
