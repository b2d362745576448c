"""The pages of an import: for their sender alone, and what each button does."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import User
from core import jobs
from core.models import Job, SheetImport
from core.sheets import imports
from tests import factories
from tests.core.test_sheets_plan import headings, workbook
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
UPLOAD = "/villages/hamlets/import/"
HEADS = ("village", "name", "households")


@pytest.fixture
def client(as_):
    return as_("clerk")


def upload(client, *rows, heads=HEADS, name="坡.xlsx"):
    content = workbook(*rows, heads=headings(heads) if heads == HEADS else heads)
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def act(client, name: str, sheet, **data):
    return client.post(reverse(f"core:import{name}", args=[sheet.pk]), data)


def sent(client, *rows, **options) -> SheetImport:
    response = upload(client, *rows, **options)
    assert response.status_code == 302, response.content.decode()[:500]
    return SheetImport.objects.latest("pk")


def test_a_file_leads_to_its_rows(client):
    sheet = sent(client, ["梁村", "新坡", 12], ["梁村", "错坡", "许多"])
    text = client.get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert "C3" in text and "许多" in text
    assert 'value="good"' in text and 'value="all"' not in text


def test_what_is_no_workbook_is_refused_with_a_sentence(client):
    response = client.post(UPLOAD, {"file": SimpleUploadedFile("坡.xlsx", b"%PDF-1.4 no")})
    assert response.status_code == 422 and b'role="alert"' in response.content
    assert not SheetImport.objects.exists()
    assert client.post(UPLOAD).status_code == 422


def test_writing_all_is_offered_only_when_nothing_is_wrong(client):
    sheet = sent(client, ["梁村", "新坡", 12])
    assert 'value="all"' in client.get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert act(client, "_write", sheet, mode="all").status_code == 302
    assert Hamlet.objects.get().name == "新坡"
    text = client.get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert reverse("core:import_undo", args=[sheet.pk]) in text
    assert act(client, "_undo", sheet).status_code == 302
    assert not Hamlet.objects.exists()


def test_all_rows_are_not_written_while_one_is_wrong(client):
    sheet = sent(client, ["梁村", "新坡", 12], ["梁村", "错坡", "许多"])
    assert act(client, "_write", sheet, mode="all").status_code == 422
    assert not Hamlet.objects.exists()
    assert act(client, "_write", sheet, mode="good").status_code == 302
    assert Hamlet.objects.get().name == "新坡"
    assert act(client, "_write", sheet, mode="good").status_code == 422, "a second click writes nothing"
    assert act(client, "_write", sheet, mode="some").status_code == 404


def test_a_mended_cell_comes_back_as_a_part_of_the_page(client):
    sheet = sent(client, ["梁村", "新坡", "许多"])
    url = reverse("core:import_mend", args=[sheet.pk])
    response = client.post(url, {"cell-C2": "15"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert text.lstrip().startswith('<div id="checked"') and "许多" not in text
    sheet.refresh_from_db()
    assert sheet.counts["new"] == 1


def test_only_wrong_cells_are_mended_by_the_page(client):
    """A cell that nobody marked is not changed by a made-up address."""
    sheet = sent(client, ["梁村", "新坡", 12], ["梁村", "错坡", "许多"])
    act(client, "_mend", sheet, **{"cell-B2": "别坡", "cell-C3": "3"})
    sheet.refresh_from_db()
    assert sheet.mended == {"C3": "3"}


def test_a_proposal_is_taken_by_one_click(client, cast):
    sheet = sent(client, ["梁坡", "新坡", 12])
    (cell,) = sheet.rows.get().notes["cells"]
    assert cell["proposal"] == "梁村"
    act(client, "_mend", sheet, take=cell["address"])
    sheet.refresh_from_db()
    assert sheet.counts["new"] == 1


def test_headings_are_asked_on_a_page(client):
    sheet = sent(client, ["梁村", "新坡", 12], heads=["村（社区）", "名称", "烟火"])
    text = client.get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert 'name="head-2"' in text and "烟火" in text
    assert act(client, "_headings", sheet, **{"head-2": "households"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == SheetImport.State.PREVIEWED
    act(client, "_write", sheet, mode="all")
    assert Hamlet.objects.get().households == 12


def test_the_marked_workbook_is_given_back(client):
    sheet = sent(client, ["梁村", "错坡", "许多"])
    response = client.get(reverse("core:import_marked", args=[sheet.pk]))
    assert response.status_code == 200 and response.content.startswith(b"PK")


def test_a_dropped_import_is_gone(client):
    sheet = sent(client, ["梁村", "新坡", 12])
    assert act(client, "_drop", sheet).status_code == 302
    assert not SheetImport.objects.exists() and not Hamlet.objects.exists()


def test_what_is_written_is_not_dropped(client):
    sheet = sent(client, ["梁村", "新坡", 12])
    act(client, "_write", sheet, mode="all")
    act(client, "_drop", sheet)
    assert SheetImport.objects.exists()


@pytest.mark.parametrize("who", ["secretary", "district", "clerk_across", "leader", "sysadmin", "auditor"])
@pytest.mark.parametrize("page", ["", "_headings", "_mend", "_marked", "_write", "_undo", "_drop"])
def test_another_s_import_is_not_there(client, as_, who, page):
    sheet = sent(client, ["梁村", "新坡", 12])
    url = reverse(f"core:import{page}", args=[sheet.pk])
    other = as_(who)
    # Administrators have no imports at all: the whole page is not theirs.
    fine = {403, 405} if who in ("sysadmin", "auditor") else {404, 405}
    assert {other.get(url).status_code, other.post(url, {"mode": "all"}).status_code} <= fine
    assert not Hamlet.objects.exists()
    assert sheet.file_name not in other.get(reverse("core:imports")).content.decode()


def test_what_came_after_is_listed_instead_of_the_undo(client, cast):
    sheet = sent(client, ["梁村", "新坡", 12])
    act(client, "_write", sheet, mode="all")
    factories.GroupLeaderFactory.at(cast.home, hamlet=Hamlet.objects.get())
    text = client.get(reverse("core:import", args=[sheet.pk])).content.decode()
    assert reverse("core:import_undo", args=[sheet.pk]) not in text


# ---- long sheets ----


def test_a_long_sheet_is_left_to_a_worker_and_found_again(client, settings):
    settings.SHEETS_AT_ONCE = 1
    sheet = sent(client, ["梁村", "一坡", 1], ["梁村", "二坡", 2])
    page = reverse("core:import", args=[sheet.pk])
    assert sheet.state == SheetImport.State.READING and "<progress" in client.get(page).content.decode()
    part = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="panel" id="progress"')
    jobs.run_inline(sheet.job)
    answer = client.get(page, headers={"HX-Request": "true", "HX-Target": "progress"})
    assert answer.headers["HX-Redirect"] == page
    act(client, "_write", sheet, mode="all")
    assert not Hamlet.objects.exists()
    assert sheet.file_name in client.get(reverse("core:imports")).content.decode()
    jobs.run_inline(Job.objects.latest("pk"))
    assert Hamlet.objects.count() == 2


def test_an_import_dropped_while_a_worker_reads_it_stays_gone(client, settings):
    settings.SHEETS_AT_ONCE = 0
    sheet = sent(client, ["梁村", "一坡", 1])
    job = sheet.job
    assert act(client, "_drop", sheet).status_code == 302
    assert jobs.run_inline(job).state == jobs.JobState.DONE
    assert not SheetImport.objects.exists()


def test_a_worker_that_failed_for_good_is_explained(client, settings):
    settings.SHEETS_AT_ONCE = 0
    sheet = sent(client, ["梁村", "一坡", 1])
    sheet.job.chunks.filter(final=False).update(state=jobs.ChunkState.PARKED, error="坏了", attempts=3)
    Job.objects.filter(pk=sheet.job_id).update(state=jobs.JobState.FAILED)
    assert "坏了" in client.get(reverse("core:import", args=[sheet.pk])).content.decode()


def writing(client, settings, rows: int = 2) -> SheetImport:
    """An import whose writing waits for a worker."""
    sheet = sent(client, *(["梁村", f"{n}坡", n] for n in range(rows)))
    settings.SHEETS_AT_ONCE = 0
    assert act(client, "_write", sheet, mode="all").status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == SheetImport.State.WRITING
    return sheet


def test_a_writing_is_called_off_before_it_begins(client, settings):
    sheet = writing(client, settings)
    assert reverse("core:import_drop", args=[sheet.pk]) in client.get(f"/imports/{sheet.pk}/").content.decode()
    assert act(client, "_drop", sheet).status_code == 302
    jobs.run_inline(Job.objects.get(pk=sheet.job_id))
    sheet.refresh_from_db()
    assert sheet.state == SheetImport.State.PREVIEWED and not Hamlet.objects.exists()
    assert act(client, "_write", sheet, mode="all").status_code == 302, "it can be written later"


def test_once_the_rows_go_in_the_page_counts_nothing_and_offers_no_way_back(client, settings):
    sheet = writing(client, settings)
    before = client.get(f"/imports/{sheet.pk}/").content.decode()
    assert "0/2" in "".join(before.split()) or 'value="0" max="2"' in before
    SheetImport.objects.filter(pk=sheet.pk).update(checked=2)
    during = client.get(f"/imports/{sheet.pk}/").content.decode()
    assert 'max="2"' not in during and reverse("core:import_drop", args=[sheet.pk]) not in during


def test_what_is_written_is_not_called_off(client, settings):
    sheet = writing(client, settings)
    stale = SheetImport.objects.get(pk=sheet.pk)
    jobs.run_inline(Job.objects.get(pk=sheet.job_id))
    with pytest.raises(ValidationError):
        imports.call_off(User.objects.get(pk=stale.by_id), stale)
    assert Hamlet.objects.count() == 2 and SheetImport.objects.get().state == SheetImport.State.WRITTEN


def test_the_preview_says_how_the_sheet_was_read(client):
    """A village taken from the sheet's name, lines that were passed over, sheets that were not read."""
    book = Workbook()
    for name in ("梁村", "屯六村"):
        sheet = book.create_sheet(name)
        for row in (["自然屯", "户数"], ["甲屯", 5], ["合计", 5]):
            sheet.append(row)
    book.create_sheet("封面").append(["登记表"])
    del book["Sheet"]
    target = BytesIO()
    book.save(target)
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile("屯.xlsx", target.getvalue())}, follow=True)
    page = answer.content.decode()
    for words in ("梁村”读取", "2张工作表一起读：梁村、屯六村", "“封面”（没有表头）", "第3行（合计行）"):
        assert words in page, words
