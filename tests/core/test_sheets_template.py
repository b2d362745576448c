"""The empty workbook: what a spreadsheet program makes of it, and that it comes back filled."""

import shutil
import subprocess
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.utils.translation import gettext as _
from python_calamine import load_workbook

from core.registers import all_registers
from core.sheets.choosing import best_table
from core.sheets.columns import RECORD, columns_of
from core.sheets.ignored import is_ignored
from core.sheets.parsing import parse
from core.sheets.reading import read
from core.sheets.template import EXAMPLE, ROWS, write_template
from tests.factories import DAY, VillageFactory
from villages.registers import HamletRegister, VillageRegister

pytestmark = pytest.mark.django_db

WITH_TEMPLATE = [register for register in all_registers() if register.may["add"] and not register.by_form_alone]


def template(register, user) -> bytes:
    target = BytesIO()
    write_template(target, register, user)
    return target.getvalue()


def opened(register, user):
    return openpyxl.load_workbook(BytesIO(template(register, user)))


def rules(page) -> dict[str, object]:
    """The rule of each column, by its letter."""
    return {str(rule.sqref).rstrip("0123456789:").split("2")[0]: rule for rule in page.data_validations.dataValidation}


def offered(book, rule) -> list[str]:
    """What the drop-down of a rule offers."""
    sheet, _sep, area = rule.formula1.lstrip("=").partition("!")
    return [cell.value for (cell,) in book[sheet.strip("'")][area.replace("$", "")]]


@pytest.fixture
def book(cast):
    return opened(HamletRegister, cast["clerk"])


class TestHeadings:
    def test_they_are_the_columns_that_may_be_filled_each_with_its_note(self, book):
        page = book.worksheets[0]
        wanted = [c.heading for c in columns_of(HamletRegister) if c.writable and c.name != RECORD]
        assert [cell.value for cell in page[1]] == wanted
        assert all(cell.comment and cell.comment.text for cell in page[1])
        assert _("Required.") in page["A1"].comment.text and _("Required.") not in page["E1"].comment.text

    def test_they_are_protected_and_what_is_below_is_not(self, book):
        page = book.worksheets[0]
        assert page.protection.sheet and page.freeze_panes == "A2"
        assert all(cell.protection.locked for cell in page[1])
        assert not any(page.column_dimensions[cell.column_letter].protection.locked for cell in page[1])
        assert not any(cell.protection.locked for cell in page[2])

    def test_required_ones_look_otherwise(self, book):
        page = book.worksheets[0]
        assert page["A1"].fill.start_color.rgb != page["E1"].fill.start_color.rgb


class TestRules:
    def test_villages_are_those_of_ones_own_territory(self, cast, book):
        assert set(offered(book, rules(book.worksheets[0])["A"])) == {
            cast.home.name,
            cast.next_door.name,
            cast.community.name,
        }

    def test_long_lists_are_whole(self, cast):
        VillageFactory.create_batch(120, township=cast.home.township)
        book = opened(HamletRegister, cast["clerk"])
        assert len(offered(book, rules(book.worksheets[0])["A"])) == 123

    def test_choices_dates_and_figures(self, cast):
        book = opened(VillageRegister, cast["district"])
        page = book.worksheets[0]
        by_heading = {page[f"{letter}1"].value: rule for letter, rule in rules(page).items()}
        columns = {column.name: column for column in columns_of(VillageRegister)}
        assert offered(book, by_heading[columns["kind"].heading]) == columns["kind"].choices(cast["district"])
        assert by_heading[columns["opened_on"].heading].type == "date"
        assert by_heading[columns["households"].heading].type == "whole"
        assert by_heading[columns["in_plan"].heading].type == "list"
        assert str(ROWS + 1) in str(by_heading[columns["kind"].heading].sqref)

    def test_a_long_number_is_typed_into_text(self, cast):
        book = opened(VillageRegister, cast["district"])
        page = book.worksheets[0]
        looks = {page.cell(1, n).value: page.cell(2, n).number_format for n in range(1, page.max_column + 1)}
        columns = {column.name: column.heading for column in columns_of(VillageRegister)}
        assert looks[columns["code"]] == "@" and looks[columns["opened_on"]] == "yyyy-mm-dd"

    def test_the_lists_are_hidden_and_the_guide_is_not(self, book):
        assert [page.sheet_state for page in book.worksheets] == ["visible", "visible", "hidden"]
        assert book.worksheets[1].title == _("How to fill it in")


@pytest.mark.parametrize("register", WITH_TEMPLATE, ids=lambda r: r.__name__)
def test_every_template_is_read_as_empty_and_the_example_left_out(cast, register):
    who = (
        "secadmin"
        if register.__name__ == "GrantRegister"
        else "sysadmin"
        if register.__name__ == "UserRegister"
        else "district"
    )
    content = template(register, cast[who])
    table = best_table(read("模板.xlsx", content), columns_of(register))
    assert table.body == [] and table.missing == [] and table.unknown == []
    assert len(table.skipped) == 1
    assert {c.name for c in columns_of(register) if c.writable and c.name != RECORD} == set(table.columns)
    book = openpyxl.load_workbook(BytesIO(content))
    assert all(cell.data_type != "f" for page in book.worksheets for row in page for cell in row)


def test_a_filled_template_is_read(cast):
    book = opened(HamletRegister, cast["clerk"])
    page = book.worksheets[0]
    for column, value in enumerate((cast.home.name, "那蒙坡", 12, date(2013, 5, 1)), 1):
        page.cell(3, column).value = value
    target = BytesIO()
    book.save(target)
    table = best_table(read("坡.xlsx", target.getvalue()), columns_of(HamletRegister))
    (line,) = parse(HamletRegister, cast["clerk"], table, DAY)
    assert not line.errors and line.values["name"] == "那蒙坡" and line.values["village"] == cast.home
    assert line.values["households"] == 12 and line.values["opened_on"] == date(2013, 5, 1)


def test_the_page_gives_it_to_whoever_may_enter(as_):
    answer = as_("clerk").get("/villages/hamlets/template/")
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    assert load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1][0].startswith(EXAMPLE)
    assert as_("leader").get("/villages/hamlets/template/").status_code == 403


def test_what_the_portal_writes_beside_is_passed_over():
    assert is_ignored(_("Errors found")) and is_ignored("年龄（只读）")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed on this machine")
def test_libreoffice_opens_it_and_keeps_its_rules(cast, tmp_path):
    source = tmp_path / "template.xlsx"
    source.write_bytes(template(HamletRegister, cast["clerk"]))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "ods"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(source)], check=True, timeout=180, capture_output=True
    )
    back = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    made = tmp_path / "out" / "template.ods"
    subprocess.run([*back, "--outdir", str(tmp_path / "back"), str(made)], check=True, timeout=180, capture_output=True)
    book = openpyxl.load_workbook(tmp_path / "back" / "template.xlsx")
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]][:3] == [
        c.heading for c in columns_of(HamletRegister) if c.writable and c.name != RECORD
    ][:3]
    assert page.protection.sheet and {rule.type for rule in page.data_validations.dataValidation} >= {"list", "date"}
