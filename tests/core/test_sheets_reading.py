"""From bytes to cells: what is turned away with which sentence, and what every kind of file gives."""

import struct
from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import settings as profile
from hypothesis import strategies as st
from openpyxl import Workbook

from core.sheets.cells import csv_response
from core.sheets.errors import Unreadable
from core.sheets.reading import Sheet, decoded, read
from tests.core import sheets_corpus as corpus

BAD = corpus.bad()


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def refused(name: str, content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(name, content)
    return caught.value.sentence


@pytest.mark.parametrize("case", BAD)
def test_what_may_not_come_in_is_told_how_to_mend_it(case):
    name, content, part = BAD[case]
    sentence = refused(name, content)
    assert part in sentence and sentence.endswith("。")


def rows_of(name: str, content: bytes) -> list[list]:
    return read(name, content).sheets[0].rows


def test_a_workbook_gives_its_cells():
    assert rows_of("表.xlsx", corpus.xlsx()) == corpus.ROWS


def test_links_that_a_person_clicks_are_no_harm():
    parts = {"xl/worksheets/_rels/sheet1.xml.rels": corpus.LINK.format("hyperlink")}
    assert rows_of("表.xlsx", corpus.xlsx(parts=parts)) == corpus.ROWS


def test_formatted_rows_down_to_the_end_are_no_rows():
    book = Workbook()
    book.active.append(["村名", "户数"])
    book.active.cell(1_048_576, 60).number_format = "@"
    assert rows_of("表.xlsx", saved(book)) == [["村名", "户数"]]


def saved(book) -> bytes:
    from io import BytesIO

    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_types_of_cells_are_kept():
    row = ["张村", 12, 2.5, True, date(2013, 5, 1), datetime.fromisoformat("2013-05-01T08:30"), None, "＝"]
    found = rows_of("表.xlsx", corpus.xlsx([row]))[0]
    assert found == ["张村", 12, 2.5, True, date(2013, 5, 1), datetime.fromisoformat("2013-05-01T08:30"), "", "＝"]


def test_old_workbooks_and_open_ones_are_read():
    cells = [corpus.label_cell(0, 0, "村名"), corpus.label_cell(0, 1, "户数"), corpus.label_cell(1, 0, "张村")]
    assert rows_of("表.xls", corpus.xls(*cells, corpus.number_cell(1, 1, 12))) == [["村名", "户数"], ["张村", 12]]
    body = (
        corpus.ods_row("村名", "户数")
        + corpus.ods_row("张村", "12")
        + '<table:table-row table:number-rows-repeated="1048574"/>'
    )
    assert rows_of("表.ods", corpus.ods(body)) == [["村名", "户数"], ["张村", "12"]]


def test_merged_cells_each_have_the_value():
    book = Workbook()
    for row in (["标题", None, None], ["村名", "姓名", "户数"], ["张村", "甲", 1], [None, "乙", 2], [None, "丙", 3]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("A3:A5")
    rows = rows_of("表.xlsx", saved(book))
    assert rows[0] == ["标题"] * 3 and [row[0] for row in rows[2:]] == ["张村"] * 3
    spans = {0: 'table:number-rows-spanned="2" table:number-columns-spanned="1"'}
    second = corpus.ods_row("", "乙").replace("table:table-cell ", "table:covered-table-cell ", 1)
    second = second.replace("</table:table-cell>", "</table:covered-table-cell>", 1)
    rows = rows_of("表.ods", corpus.ods(corpus.ods_row("张村", "甲", spans=spans) + second))
    assert rows == [["张村", "甲"], ["张村", "乙"]]


def test_hidden_sheets_are_known_as_such():
    book = Workbook()
    book.active.append(["村名"])
    book.create_sheet("选项").append(["张村"])
    book["选项"].sheet_state = "hidden"
    assert [(sheet.name, sheet.hidden) for sheet in read("表.xlsx", saved(book)).sheets] == [
        ("Sheet", False),
        ("选项", True),
    ]


def test_hidden_rows_are_known_as_such():
    book = Workbook()
    for row in (["村名"], ["张村"], ["李村"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    folded = corpus.ods_row("张村").replace("<table:table-row", '<table:table-row table:visibility="filter"', 1)
    cells = [corpus.label_cell(row, 0, text) for row, text in enumerate(("村名", "张村", "李村"))]
    row_of_old = corpus.record(0x208, struct.pack("<HHHHHHHH", 1, 0, 1, 255, 0, 0, 0x20, 0))
    for name, content in (
        ("表.xlsx", saved(book)),
        ("表.ods", corpus.ods(corpus.ods_row("村名") + folded + corpus.ods_row("李村"))),
        ("表.xls", corpus.xls(row_of_old, *cells)),
    ):
        (sheet,) = read(name, content).sheets
        assert sheet.hidden_rows == {1} and len(sheet.rows) == 3, name


def test_too_many_rows_are_refused(settings):
    settings.IMPORT_MAX_ROWS = 50
    rows = [["村名", "户数"], *(["张村", n] for n in range(90))]
    assert "上限50行" in refused("表.xlsx", corpus.xlsx(rows))
    assert "上限50行" in refused("表.csv", "\n".join(f"{a},{b}" for a, b in rows).encode())
    assert len(rows_of("表.xlsx", corpus.xlsx(rows[:51]))) == 51


def test_a_wide_sheet_with_values_is_read():
    assert rows_of("表.xlsx", corpus.sheet_of(corpus.cell("A1") + corpus.cell("BA300")))[299][52] == 5


# ---- csv ----

TABLE = "村名,户数,备注\r\n张村,12,“一，二”\r\n李村,7,\r\n"
CELLS = [["村名", "户数", "备注"], ["张村", "12", "“一，二”"], ["李村", "7", ""]]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_every_code_and_with_every_separator(codec, mark):
    assert rows_of("表.csv", TABLE.replace(",", mark).encode(codec)) == CELLS


def test_rare_characters_of_names_are_kept():
    text = "姓名,村名\n𠮷田,张㙟村\n"
    assert rows_of("表.csv", text.encode("gb18030"))[1] == ["𠮷田", "张㙟村"]
    assert decoded(text.encode("utf-16")) == text


def test_quoted_cells_hold_what_they_hold():
    assert rows_of("表.csv", '"a,b","c ""d""","两\n行"\n'.encode()) == [["a,b", 'c "d"', "两\n行"]]


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6).filter(lambda rows: any(rows[-1])))
@example([["=1+1", "'=1+1", "''"], ["-", "+86", "@x"]])
@example([["a;b", "c\td", "，"], ["'450109", "x", "y"]])
def test_what_the_export_writes_as_csv_comes_back(rows):
    head = ["甲", "乙", "丙"]
    content = csv_response("x", head, rows).content
    assert rows_of("x.csv", content) == [head, *rows]


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.ods", "a", ""]))
@example(b"PK\x03\x04", "a.xlsx")
@example(corpus.OLE + b"\0" * 600, "a.xls")
@example(corpus.OLE + b"\xff" * 2000, "a.xls")
def test_no_bytes_break_the_reading(content, name):
    try:
        assert read(name, content).sheets
    except Unreadable as error:
        assert error.sentence


GOOD = [
    ("a.xlsx", corpus.xlsx()),
    ("a.ods", corpus.ods(corpus.ods_row("张村", "12"))),
    ("a.xls", corpus.xls(corpus.number_cell(0, 0, 1))),
]


@profile(max_examples=150, deadline=None)
@given(st.sampled_from(GOOD), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_changed_bytes_break_the_reading(good, changes):
    name, content = good
    spoilt = bytearray(content)
    for at, value in changes:
        spoilt[at % len(spoilt)] = value
    try:
        read(name, bytes(spoilt))
    except Unreadable as error:
        assert error.sentence


def test_addresses_and_mending():
    sheet = Sheet("s", [["a", "b"], ["c", "d"]])
    assert [Sheet.address(0, 0), Sheet.address(16, 2), Sheet.address(0, 26), Sheet.address(1, 701)] == [
        "A1",
        "C17",
        "AA1",
        "ZZ2",
    ]
    sheet.mend({"B2": "x", "Z9": "nowhere"})
    assert sheet.rows == [["a", "b"], ["c", "x"]]
