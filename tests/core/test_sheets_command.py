"""`manage.py import_sheet`: the same plan as the page's, nothing written unless it is said, exit codes for scripts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import SheetImport
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


def test_a_file_that_cant_be_read_says_why(run):
    code, said = run([], content=b"PK\x03\x04 no workbook")
    assert code == 2 and said["problem"]


def test_rights_and_names_are_asked(run, tmp_path):
    code, said = run([["梁村", "新坡", 12]], "--commit", user="inspector")
    assert code == 1 and said["problem"] and not Hamlet.objects.exists()
    with pytest.raises(CommandError):
        run([], user="nobody-at-all")
    with pytest.raises(CommandError):
        run([], register="villages.nothing")
