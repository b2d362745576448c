"""`manage.py import_sheet`: the same plan as the page's, nothing written unless it is said, exit codes for scripts."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from core.models import SheetImport
from core.sheets import limits
from core.sheets.limits import OLE
from tests import factories
from tests.core.test_sheets_plan import headings, workbook
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
HEADS = ("village", "name", "households")


@pytest.fixture
def run(tmp_path, cast):
    """`run(rows, "--commit")`: (exit code, what was printed)."""

    def act(rows, *options, user="clerk", name="坡.xlsx", content=None, register="villages.hamlets"):
        path = tmp_path / name
        path.write_bytes(workbook(*rows, heads=headings(HEADS)) if content is None else content)
        out, code = StringIO(), 0
        try:
            call_command("import_sheet", register, str(path), "--user", user, "--json", *options, stdout=out)
        except SystemExit as stop:
            code = stop.code
        return code, json.loads(out.getvalue())

    return act


def test_a_clean_sheet_without_commit_writes_nothing_at_all(run, cast):
    factories.HamletFactory(village=cast.home, name="张坡", households=30)
    code, said = run([["梁村", "张坡", 30], ["梁村", "新坡", 12]])
    assert code == 0
    assert (said["new"], said["changed"], said["unchanged"], said["wrong"]) == (1, 0, 1, 0)
    assert said["errors"] == [] and said["written"] == 0 and said["import"] is None
    assert Hamlet.objects.count() == 1 and not SheetImport.objects.exists()


def test_every_error_names_its_cell(run):
    code, said = run([["梁村", "新坡", "许多"], ["屯六村", "别坡", 1]])
    assert code == 1 and (said["wrong"], said["foreign"]) == (1, 1)
    first, second = said["errors"]
    assert (first["sheet"], first["row"], first["cell"], first["value"]) == ("坡", 2, "C2", "许多")
    assert first["sentence"] and second["cell"] == "A3"


def test_commit_writes_all_or_nothing(run):
    code, said = run([["梁村", "新坡", 12], ["梁村", "错坡", "许多"]], "--commit")
    assert code == 1 and said["written"] == 0 and said["problem"]
    assert not Hamlet.objects.exists()
    code, said = run([["梁村", "新坡", 12]], "--commit")
    assert (code, said["written"]) == (0, 1)
    assert SheetImport.objects.get(pk=said["import"]).state == SheetImport.State.WRITTEN


def test_the_good_rows_alone_on_demand(run):
    code, said = run([["梁村", "新坡", 12], ["梁村", "错坡", "许多"]], "--commit", "--good-only")
    assert (code, said["written"]) == (1, 1)
    assert Hamlet.objects.get().name == "新坡"


KEYS = {"register", "user", "file", "sheet", "new", "changed", "unchanged", "wrong", "foreign", "rows", "errors"}
KEYS |= {"headings", "skipped", "remarks", "written", "import", "problem"}


def zipped(**members) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/"), content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("坏.xlsx", b"PK\x03\x04 no workbook"),
        ("空.csv", b""),
        ("宏.xlsm", workbook(["梁村"], heads=headings(HEADS)[:1])),
        ("网页.xls", b"<html><table><tr><td>x</td></tr></table></html>"),
        ("文档.docx", workbook(["梁村"], heads=headings(HEADS)[:1])),
        ("炸弹.xlsx", zipped(**{"[Content_Types].xml": "", "xl__workbook.xml": "0" * 5_000_000})),
        ("锁.xls", OLE + "EncryptedPackage".encode("utf-16-le").ljust(2000, b"\0")),
    ],
)
def test_a_file_that_cant_be_read_says_why_in_the_same_keys(run, name, content):
    code, said = run([], name=name, content=content)
    assert code == 2 and said["problem"] and set(said) == KEYS
    assert (said["new"], said["errors"], said["sheet"]) == (0, [], "")


def test_a_file_too_large_is_not_even_read(run, monkeypatch):
    monkeypatch.setattr(limits, "UNPACKED", 10)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    code, said = run([["梁村", "新坡", 12]])
    assert code == 2 and said["problem"]


def test_rights_and_names_are_asked(run, tmp_path):
    code, said = run([["梁村", "新坡", 12]], "--commit", user="inspector")
    assert code == 1 and said["problem"] and not Hamlet.objects.exists()
    for wrong in ({"user": "nobody-at-all"}, {"register": "villages.nothing"}):
        code, said = run([["梁村", "新坡", 12]], **wrong)
        assert code == 2 and said["problem"] and set(said) == KEYS
    code, said = run([["新人"]], user="sysadmin", register="accounts.users")
    assert code == 1 and "逐个" in said["problem"]


def test_a_file_that_is_not_there_is_told(cast, tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("import_sheet", "hamlets", str(tmp_path / "无.xlsx"), "--user", "clerk", "--json", stdout=out)
    assert stop.value.code == 2 and "无.xlsx" in json.loads(out.getvalue())["problem"]


def test_every_row_that_would_change_something_is_listed(run, cast):
    old = factories.HamletFactory(village=cast.home, name="张坡", households=30)
    factories.HamletFactory(village=cast.home, name="李坡", households=7)
    code, said = run([["梁村", "张坡", 31], ["梁村", "李坡", 7], ["梁村", "新坡", 12]])
    assert code == 0 and set(said) == KEYS
    changed, new = said["rows"]
    assert (changed["row"], changed["state"], changed["record"]) == (2, "changed", old.pk)
    assert changed["changes"] == [{"column": "户数", "old": "30", "new": "31"}]
    assert (new["row"], new["state"], new["record"]) == (4, "new", None)


def test_the_same_file_twice_changes_nothing_the_second_time(run):
    rows = [["梁村", "新坡", 12], ["梁村", "另坡", ""]]
    assert run(rows, "--commit")[1]["written"] == 2
    code, said = run(rows)
    assert (code, said["unchanged"], said["new"]) == (0, 2, 0)


def test_of_several_sheets_the_one_that_is_named_is_read_alone(run):
    book = Workbook()
    for name, hamlet in (("梁村", "甲坡"), ("屯六村", "乙坡")):
        sheet = book.create_sheet(name)
        sheet.append(["自然屯", "户数"])
        sheet.append([hamlet, 5])
    del book["Sheet"]
    target = BytesIO()
    book.save(target)
    code, said = run([], content=target.getvalue())
    assert (code, said["new"], said["foreign"], said["sheet"]) == (1, 1, 1, "梁村、屯六村")
    assert "2张" in said["remarks"][0] and "梁村" in said["remarks"][1], "what is read, what was taken for granted"
    code, said = run([], "--sheet", "屯六村", content=target.getvalue())
    assert (code, said["foreign"], said["sheet"]) == (1, 1, "屯六村")
    code, said = run([], "--sheet", "别村", content=target.getvalue())
    assert code == 2 and "梁村、屯六村" in said["problem"]
    code, said = run([], "--sheet", "梁村", "--commit", content=target.getvalue())
    assert (code, said["written"]) == (0, 1) and Hamlet.objects.get().village.name == "梁村"
