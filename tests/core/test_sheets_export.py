"""Rows given out: typed, complete, in the list's order, and never a formula."""

import csv
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from core import jobs
from core.actions import Refused
from core.models import AuditRow
from core.registers import all_registers
from core.sheets import export, kept
from core.sheets.long import CUT, MOST_TEXT
from core.sheets.writing import Sheet, write_csv, write_xlsx
from tests import factories
from tests.factories import DAY, HamletFactory, VillageFactory
from villages.registers import HamletRegister

LIST = "/villages/hamlets/"
HARD = [
    "=1+1",
    "+86",
    "-1",
    "@x",
    "'a",
    "007",
    "450109199001011232",
    "甲\n乙",
    "😀",
    "<r>x</r>",
    "_x0041_",
    "{=1}",
    "a b",
]


def cells(content: bytes, sheet: int = 0) -> list[list]:
    return load_workbook(BytesIO(content)).get_sheet_by_index(sheet).to_python()


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


class TestCells:
    def written(self, values) -> list:
        target = BytesIO()
        write_xlsx(target, [Sheet("表", [f"h{n}" for n in range(len(values))], [values])])
        book = openpyxl.load_workbook(BytesIO(target.getvalue()))
        assert all(cell.data_type != "f" for row in book.worksheets[0] for cell in row)
        read = cells(target.getvalue())[1]
        return read + [""] * (len(values) - len(read))

    @pytest.mark.parametrize("text", HARD)
    def test_a_text_stays_what_it_is(self, text):
        assert self.written([text]) == [text]

    @given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\ufffe\uffff"), max_size=40))
    def test_any_text_stays_what_it_is(self, text):
        assert self.written(["x", text]) == ["x", text]

    @given(st.dates(date(1900, 3, 1), date(2199, 12, 31)))
    def test_a_day_is_a_day(self, day):
        assert self.written([day]) == [day]

    def test_a_day_before_the_formats_calendar_is_text(self):
        assert self.written([date(1899, 12, 31)]) == ["1899-12-31"]

    @given(st.integers(-(10**20), 10**20))
    def test_a_figure_is_a_number_as_long_as_a_spreadsheet_keeps_its_digits(self, figure):
        (read,) = self.written([figure])
        assert int(read) == figure
        assert isinstance(read, str) == (len(str(abs(figure))) > 15)

    @pytest.mark.parametrize("character", ["坡", "𠮷", "a"])
    def test_a_text_that_is_too_long_is_cut_and_says_so(self, character):
        text = character * (MOST_TEXT + 5)
        (read,) = self.written([text])
        assert CUT.search(read) and str(len(text)) in read
        assert len(read.encode("utf-16-le")) in (2 * MOST_TEXT, 2 * MOST_TEXT - 2)
        assert text.startswith(CUT.sub("", read))

    def test_a_text_that_just_fits_is_whole(self):
        assert self.written(["坡" * MOST_TEXT]) == ["坡" * MOST_TEXT]

    def test_names_of_sheets_are_what_the_format_allows(self):
        target = BytesIO()
        write_xlsx(target, [Sheet(name, ["a"], []) for name in ("村/屯", "村:屯", "x" * 40, "x" * 40, "")])
        names = load_workbook(BytesIO(target.getvalue())).sheet_names
        assert len({name.casefold() for name in names}) == 5 and all(len(name) <= 31 for name in names)

    def test_no_cell_of_a_csv_calculates(self):
        text = StringIO(newline="")
        write_csv(text, Sheet("表", ["h"], [[value] for value in HARD]))
        rows = rows_of_csv(text.getvalue().encode())
        assert all(row[0][:1] not in "=+-@\t\r" for row in rows if row[0])


@pytest.mark.django_db
class TestLists:
    def test_a_list_comes_out_as_filtered_and_sorted(self, cast, as_):
        for name, households in (("甲坡", 3), ("乙坡", 9), ("丙屯", 5)):
            HamletFactory(village=cast.home, name=name, households=households)
        HamletFactory(village=cast.across, name="别处坡")
        asked = {"kind": "xlsx", "query": "q=坡&sort=-households"}
        head, *body = cells(as_("clerk").post(f"{LIST}export/", asked).content)
        assert head[:4] == ["记录号", "乡镇", "村（社区）", "名称"]
        assert [row[3] for row in body] == ["乙坡", "甲坡"] and [row[4] for row in body] == [9.0, 3.0]
        assert body[0][0].isdigit(), "the record's number is text"
        given = AuditRow.objects.get(verb="export")
        assert (given.object_name, given.reason) == (str(HamletRegister.title), "2")

    def test_the_ticked_rows_alone(self, cast, as_):
        kept_row, _other = HamletFactory.create_batch(2, village=cast.home)
        answer = as_("clerk").post(f"{LIST}bulk/", {"pk": kept_row.pk, "do": "export:xlsx"})
        assert [row[0] for row in cells(answer.content)[1:]] == [str(kept_row.pk)]
        assert as_("clerk").post(f"{LIST}bulk/", {"pk": kept_row.pk, "do": "export:pdf"}).status_code == 404

    def test_a_kind_that_is_not_offered_is_not_there(self, as_):
        assert as_("clerk").post(f"{LIST}export/", {"kind": "pdf"}).status_code == 404

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    @pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.__name__)
    def test_every_register_is_given_out_whole(self, cast, register, kind):
        """Every row that the list has, each under its number."""
        factories.of(register.model).at(cast.home)
        user = cast[READERS_OF.get(register.__name__, "district")]
        shown = export.list_rows(register, user, QueryDict(""))
        content, number = export.written(kind, [export.sheet_of(register, shown)])
        head, *body = cells(content) if kind == "xlsx" else rows_of_csv(content)
        assert number == len(body) == shown.count() and len(set(head)) == len(head)
        assert {row[0] for row in body} == {str(pk) for pk in shown.values_list("pk", flat=True)}

    @pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.__name__)
    def test_a_longer_sheet_asks_no_more(self, cast, register):
        user, factory = cast[READERS_OF.get(register.__name__, "district")], factories.of(register.model)
        factory.at(cast.home)
        few = price(register, user)
        for village in VillageFactory.create_batch(8, township=cast.home.township):
            factory.at(village)
        assert price(register, user) <= few <= 12


def price(register, user) -> int:
    """Queries of an export."""
    with CaptureQueriesContext(connection) as queries:
        export.written("xlsx", [export.sheet_of(register, export.list_rows(register, user, QueryDict("")))])
    return len(queries)


READERS_OF = {"UserRegister": "sysadmin", "GrantRegister": "secadmin", "AuditRegister": "auditor"}


@pytest.mark.django_db
class TestLarge:
    """What is too large to wait for: by a worker, for the one who asked, for a day."""

    @pytest.fixture
    def asked(self, cast, as_, settings):
        settings.EXPORT_AT_ONCE = 2
        HamletFactory.create_batch(3, village=cast.home)
        answer = as_("clerk").post(f"{LIST}export/", {"kind": "xlsx", "query": ""})
        job = kept.of_user(cast["clerk"]).get()
        assert answer.status_code == 302 and answer.url == f"/exports/{job.pk}/"
        return job

    def test_it_is_written_told_and_fetched(self, cast, as_, asked):
        assert "0" in as_("clerk").get(f"/exports/{asked.pk}/").content.decode()
        assert jobs.run_inline(asked).state == "done"
        assert as_("clerk").get(f"/exports/{asked.pk}/progress/")["HX-Refresh"] == "true"
        answer = as_("clerk").get(f"/exports/{asked.pk}/file/")
        assert len(cells(b"".join(answer.streaming_content))) == 4
        assert AuditRow.objects.filter(verb="export", reason="3", actor_id=cast["clerk"].pk).count() == 1

    def test_the_same_asked_twice_is_written_once(self, cast, as_, asked):
        as_("clerk").post(f"{LIST}export/", {"kind": "xlsx", "query": ""})
        assert kept.of_user(cast["clerk"]).count() == 1

    def test_it_is_nobody_elses(self, cast, as_, asked):
        jobs.run_inline(asked)
        for who in ("district", "secretary", "sysadmin"):
            for tail in ("", "progress/", "file/"):
                assert as_(who).get(f"/exports/{asked.pk}/{tail}").status_code == 404

    def test_the_file_is_for_the_service_alone_and_goes_after_a_day(self, as_, asked):
        job = jobs.run_inline(asked)
        path = kept.path_of(job, "xlsx")
        assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
        assert not kept.path_of(job, "part").exists() and not kept.path_of(job, "rows").exists()
        assert kept.tidy(path.stat().st_mtime + 3600) == 0
        with time_machine.travel(job.finished_at + kept.KEPT_FOR * 1.01, tick=False):
            assert kept.file_of(job) is None
        assert kept.tidy(path.stat().st_mtime + 90_000) >= 1 and not path.exists()
        assert as_("clerk").get(f"/exports/{job.pk}/file/").status_code == 404
        assert "不再保存" in as_("clerk").get(f"/exports/{job.pk}/").content.decode()

    def test_what_was_searched_for_is_not_read_in_the_job(self, cast):
        job = kept.begin(cast["clerk"], name="坡", day=DAY, label="villages.Hamlet", query="q=张三")
        assert "张三" not in str(job.chunks.get(number=0).payload)

    def test_who_lost_the_right_meanwhile_gets_nothing(self, cast, asked):
        cast["clerk"].grants.all().delete()
        kept.path_of(asked, "xlsx").unlink(missing_ok=True)  # another test's job had the same number
        with pytest.raises(Refused):
            kept.write_file(asked, asked.chunks.get(number=0).payload)
        assert not kept.path_of(asked, "xlsx").exists()


@pytest.mark.django_db
class TestCommand:
    def test_a_sheet_from_the_console(self, cast, tmp_path, capsys):
        HamletFactory(village=cast.home, name="那蒙坡", households=4)
        HamletFactory(village=cast.home, name="那敢坡", households=7)
        path = tmp_path / "hamlets.xlsx"
        call_command("export_sheet", "villages.hamlets", str(path), user="clerk", filter=["q=那蒙"])
        assert [row[3] for row in cells(path.read_bytes())[1:]] == ["那蒙坡"]
        assert path.stat().st_mode & 0o777 == 0o600 and "1" in capsys.readouterr().out
        assert AuditRow.objects.get(verb="export").actor_id == cast["clerk"].pk

    @pytest.mark.parametrize(
        ("register", "file", "user", "given", "said"),
        [
            ("villages.wells", "a.xlsx", "clerk", [], "villages.hamlets"),
            ("hamlets", "a.pdf", "clerk", [], "xlsx or csv"),
            ("hamlets", "a.xlsx", "stranger", [], "no account"),
            ("hamlets", "a.xlsx", "sysadmin", [], "may not read"),
            ("hamlets", "a.xlsx", "clerk", ["colour=red"], "colour"),
            ("hamlets", "a.xlsx", "clerk", ["village=999999"], "village"),
            ("hamlets", "a.xlsx", "clerk", ["village"], "NAME=VALUE"),
            ("hamlets", "none/a.xlsx", "clerk", [], "none"),
        ],
    )
    def test_what_is_wrong_is_said(self, cast, tmp_path, register, file, user, given, said):
        with pytest.raises(CommandError, match=said) as error:
            call_command("export_sheet", register, str(tmp_path / file), user=user, filter=given)
        assert error.value.returncode == 2 and not (tmp_path / "a.xlsx").exists()
