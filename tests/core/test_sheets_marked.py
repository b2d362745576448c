"""A person's own workbook back: what was wrong is red and explained, everything else is as it was."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from python_calamine import load_workbook

from core.sheets.choosing import best_table
from core.sheets.columns import columns_of
from core.sheets.errors import CellError, Unreadable
from core.sheets.ignored import reasons
from core.sheets.marked import AUTHOR, RED, marked
from core.sheets.reading import read
from villages.registers import HamletRegister

TITLE, HEAD = "那马镇坡屯登记表", ["村", "名称", "户数", "设立日期"]
ROWS = [["梁村", "那蒙坡", "十二", date(2013, 5, 1)], ["梁村", "=1+1", 7, "2013年13月"]]


def error(address: str, sentence: str, proposal: str = "") -> CellError:
    found = CellError(sentence, proposal)
    found.address = address
    return found


ERRORS = [
    error("C3", "“十二”不是数字：写成12", "12"),
    error("D4", "没有13月：改成1到12月"),
    error("D4", "日期晚于今天：核对日期"),
]


def sent(change=lambda page: None) -> bytes:
    """A workbook as somebody made it: a merged title, a colour and a remark of his own, a second sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "坡屯"
    page.append([TITLE])
    page.merge_cells("A1:D1")
    page.append(HEAD)
    for values in ROWS:
        page.append(values)
    page["B4"].data_type = "s"
    page["A3"].fill = PatternFill("solid", start_color="FFFFFF00", end_color="FFFFFF00")
    page["A3"].comment = Comment("问过支书", "李文书")
    page.column_dimensions["A"].width = 33
    book.create_sheet("别的")["A1"] = "不动"
    change(page)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def opened(content: bytes):
    return openpyxl.load_workbook(BytesIO(content))


def is_red(cell) -> bool:
    return cell.fill.fill_type == "solid" and cell.fill.start_color.rgb == RED


@pytest.fixture
def page():
    return opened(marked("坡屯.xlsx", sent(), "坡屯", 2, ERRORS))["坡屯"]


class TestMarks:
    def test_wrong_cells_are_red_and_say_why(self, page):
        red = {cell.coordinate for row in page for cell in row if is_red(cell) and cell.column <= 4}
        assert red == {"C3", "D4"}
        assert "写成12" in page["C3"].comment.text and "12" in page["C3"].comment.text.splitlines()[-1]
        assert "没有13月" in page["D4"].comment.text and "晚于今天" in page["D4"].comment.text

    def test_a_last_column_holds_the_reasons(self, page):
        assert page["E2"].value == reasons()
        assert page["E3"].value == "C3：“十二”不是数字：写成12"
        assert page["E4"].value.splitlines() == ["D4：没有13月：改成1到12月", "D4：日期晚于今天：核对日期"]

    def test_everything_else_is_as_it_was(self, page):
        assert page["A1"].value == TITLE and "A1:D1" in [str(area) for area in page.merged_cells.ranges]
        assert [[cell.value for cell in row] for row in page["A3:B4"]] == [["梁村", "那蒙坡"], ["梁村", "=1+1"]]
        assert page["A3"].fill.start_color.rgb == "FFFFFF00" and page["A3"].comment.text == "问过支书"
        assert page.column_dimensions["A"].width == 33 and page.parent["别的"]["A1"].value == "不动"

    def test_a_cell_within_merged_ones_is_marked_where_it_shows(self):
        content = sent(lambda page: page.merge_cells("A3:A4"))
        page = opened(marked("a.xlsx", content, "坡屯", 2, [error("A4", "没有这个村")]))["坡屯"]
        assert is_red(page["A3"]) and page["E4"].value == "A4：没有这个村"

    def test_an_error_of_the_whole_row_stands_in_the_last_column(self):
        page = opened(marked("a.xlsx", sent(), "坡屯", 2, [error("4", "这条已经登记过")]))["坡屯"]
        assert page["E4"].value == "这条已经登记过"
        assert not any(is_red(cell) for row in page for cell in row if cell.column < 5)

    def test_what_was_mended_on_the_page_stands_in_the_file(self):
        page = opened(marked("a.xlsx", sent(), "坡屯", 2, ERRORS[1:], {"C3": "12"}))["坡屯"]
        assert page["C3"].value == "12" and not is_red(page["C3"])

    def test_a_sentence_that_quotes_anything_breaks_nothing(self):
        found = [error("C3", "=1+1 \x01\x0b"), error("D4", "😀" * 400)]
        page = opened(marked("a.xlsx", sent(), "坡屯", 2, found))["坡屯"]
        assert page["E3"].data_type == "s" and "=1+1" in page["E3"].value


class TestToAndFro:
    def test_a_second_check_takes_the_marks_of_the_first_away(self):
        first = marked("a.xlsx", sent(), "坡屯", 2, ERRORS)
        page = opened(marked("a.xlsx", first, "坡屯", 2, ERRORS[:1]))["坡屯"]
        assert is_red(page["C3"]) and not is_red(page["D4"]) and page["D4"].comment is None
        assert page["E3"].value and page["E4"].value is None and page["F2"].value is None
        assert page["C3"].comment.text.count("写成12") == 1 and page["C3"].comment.author == AUTHOR
        assert page["A3"].comment.text == "问过支书"

    def test_the_column_of_reasons_is_not_asked_about(self):
        content = marked("a.xlsx", sent(), "坡屯", 2, ERRORS)
        table = best_table(read("a.xlsx", content), columns_of(HamletRegister))
        assert table.unknown == [] and len(table.body) == 2
        before = best_table(read("a.xlsx", sent()), columns_of(HamletRegister))
        assert table.columns == before.columns

    def test_a_formula_becomes_what_was_read_of_it(self):
        """openpyxl keeps no results: the file would be read as empty cells until somebody opens it."""

        def calculated(page):
            page["C4"] = "=3+4"

        page = opened(marked("a.xlsx", sent(calculated), "坡屯", 2, ERRORS))["坡屯"]
        assert page["C4"].data_type != "f"


class TestOtherKinds:
    @pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
    def test_a_csv_comes_back_as_xlsx(self, codec):
        text = "村,名称,户数,设立日期\n梁村,'=1+1,十二,2013-05-01\n"
        content = marked("坡屯.csv", text.encode(codec), "csv", 1, [error("C2", "不是数字")])
        page = opened(content).active
        assert page["B2"].value == "=1+1" and page["B2"].data_type == "s" and is_red(page["C2"])
        assert page["E1"].value == reasons() and page["E2"].value == "C2：不是数字"

    def test_what_the_limits_refuse_is_not_opened(self):
        with pytest.raises(Unreadable):
            marked("a.xlsx", b"PK\x03\x04junk", "坡屯", 2, ERRORS)

    def test_it_is_a_workbook_that_others_read(self):
        names = load_workbook(BytesIO(marked("a.xlsx", sent(), "坡屯", 2, ERRORS))).sheet_names
        assert names == ["坡屯", "别的"]
