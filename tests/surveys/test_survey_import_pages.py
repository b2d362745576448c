"""A workbook of answers on its page: cells mended, headings said, sent again, the template, and what is forgotten."""

from collections import Counter
from datetime import timedelta
from importlib import import_module
from io import BytesIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from openpyxl import load_workbook

from core import jobs
from core.sheets.errors import Unreadable
from surveys.actions import imports
from surveys.actions.batches import drop
from surveys.choices import BatchState, Source
from surveys.given import Given, questions_of
from surveys.importing.grid import take
from surveys.importing.headings import MARK
from surveys.importing.sheets import read_answers
from surveys.importing.template import write_template
from surveys.models import Answer, Batch, Response
from tests.factories import BatchFactory
from tests.surveys.workbooks import DAY, HEADINGS, KNOWS, KNOWS_NOT, changed, numbered, run, send, upload, workbook

# ---- mended in place ----


def mended(as_, batch, **posted):
    return as_("clerk").post(f"/surveys/batches/{batch.pk}/mend/", {k.replace("_", "-"): v for k, v in posted.items()})


def test_a_cell_is_mended_in_place(cast, as_, survey, on_the_day):
    batch = send(cast, survey, [changed(KNOWS, c8="女士"), changed(KNOWS_NOT, c15=8)])
    page = as_("clerk").get(f"/surveys/batches/{batch.pk}/").content.decode()
    assert 'name="cell-H2"' in page and 'name="cell-O3"' in page
    mended(as_, batch, cell_H2="女", cell_B2="1")
    batch.refresh_from_db()
    assert batch.grid["mended"] == {"H2": "女"}, "wrong cells alone are typed over"
    assert [bool(row["errors"]) for row in batch.rows] == [False, True]
    assert "已改1格" in as_("clerk").get(f"/surveys/batches/{batch.pk}/").content.decode()
    mended(as_, batch, cell_O3="3")
    batch.refresh_from_db()
    run(cast, batch)
    assert Response.objects.count() == 2
    assert Answer.objects.filter(option__key="female").count() == 1


def test_proposals_are_taken_at_once(cast, as_, survey, on_the_day):
    batch = send(cast, survey, numbered([changed(KNOWS, c10="知道了"), changed(KNOWS, c7="梁")]))
    proposals = [error["proposal"] for row in batch.rows for error in row["errors"]]
    assert proposals[0] == "知道"
    mended(as_, batch, take="all")
    batch.refresh_from_db()
    assert not batch.rows[0]["errors"]


def test_what_is_written_is_not_mended(cast, as_, survey):
    batch = send(cast, survey, [KNOWS])
    run(cast, batch)
    batch.refresh_from_db()
    for act in (lambda: imports.mend(cast["clerk"], batch, {"H2": "男"}), lambda: imports.marked(cast["clerk"], batch)):
        with pytest.raises(ValidationError, match="已经写入"):
            act()
    with pytest.raises(Batch.DoesNotExist):
        imports.mend(cast["clerk_across"], batch, {"H2": "男"})


def test_the_marked_workbook_comes_back(cast, as_, survey, on_the_day):
    """Wrong cells marked, nothing of who answered, and the rows that were written meanwhile are known again."""
    batch = send(cast, survey, [KNOWS, changed(KNOWS_NOT, c8="女士"), KNOWS])
    response = as_("clerk").get(f"/surveys/batches/{batch.pk}/marked/")
    assert "attachment" in response["Content-Disposition"]
    book = load_workbook(BytesIO(response.content))
    page = book.active
    assert "没有“女士”这一项" in page["H3"].comment.text and page["H3"].fill.start_color.rgb == "FFF0C4BE"
    assert [cell.value for cell in page[1]][-2:] == [MARK[0], "错误说明"]
    assert {page.cell(row, column).value for row in (2, 3, 4) for column in range(1, 7)} == {None}
    as_("clerk").post(f"/surveys/batches/{batch.pk}/write/", {"which": "good"})
    page["H3"] = "男"
    kept = BytesIO()
    book.save(kept)
    upload(as_("clerk"), survey, kept.getvalue(), "标注.xlsx")
    again = Batch.objects.latest("pk")
    assert [row["is_known"] for row in again.rows] == [True, False, True]
    assert imports.known(again) == 2 and len(imports.good(again)) == 1 and not imports.wrong(again)
    assert "2行已导入过" in as_("clerk").get(f"/surveys/batches/{again.pk}/").content.decode()
    run(cast, again)
    assert Response.objects.count() == 3


def test_an_export_that_has_grown_writes_the_new_rows(cast, survey):
    rows = numbered([KNOWS, KNOWS_NOT, KNOWS])
    run(cast, send(cast, survey, rows[:2]))
    batch = send(cast, survey, rows)
    assert [row["is_known"] for row in batch.rows] == [True, True, False]
    run(cast, batch)
    assert Response.objects.count() == 3


def test_two_workbooks_of_the_same_rows_are_written_once(cast, survey):
    """Both were looked at before either was written."""
    rows = numbered([KNOWS, KNOWS_NOT])
    first, second = send(cast, survey, rows), send(cast, survey, [*rows, *numbered([KNOWS] * 4)[3:]])
    run(cast, first)
    run(cast, second)
    assert Response.objects.count() == 3


def test_rows_without_a_time_are_never_taken_for_others(cast, survey):
    """Numbers begin at 1 in every file, and two people may well answer alike."""
    headings, bare_rows = ["序号", *HEADINGS[6:]], [[1, *KNOWS[6:]], [2, *KNOWS[6:]]]
    run(cast, send(cast, survey, bare_rows, headings=headings))
    batch = send(cast, survey, [*bare_rows, [3, *KNOWS[6:]]], headings=headings)
    assert imports.known(batch) == 0


def test_the_very_workbook_is_refused(cast, survey):
    batch = send(cast, survey, [KNOWS], headings=HEADINGS)
    run(cast, batch)
    with pytest.raises(Unreadable, match="已经导入过"):
        send(cast, survey, [KNOWS], name="改了名.xlsx")
    batch.refresh_from_db()
    assert drop(cast["clerk"], batch, reason="导错了") == 1
    batch.refresh_from_db()
    assert (batch.state, batch.marks, batch.whole) == (BatchState.DROPPED, "", "")
    run(cast, send(cast, survey, [KNOWS]))
    assert Response.objects.count() == 1


def test_nothing_that_is_kept_leads_from_a_row_to_its_sheet(cast, survey):
    """The marks of what is written are a set; nothing else of the workbook stays, and what is kept tells of nobody."""
    batch = send(cast, survey, numbered([KNOWS, KNOWS_NOT]))
    told = str(batch.grid) + str(batch.rows)
    assert not any(trace in told for trace in ("110.72", "9:00", "85秒", "微信", "2013/11/20"))
    run(cast, batch)
    batch.refresh_from_db()
    assert batch.marks == sorted(batch.marks) and len(batch.marks) == 2
    assert (batch.grid, batch.rows) == ("", [])
    fields = {field.name for field in Response._meta.fields} | {field.name for field in Answer._meta.fields}
    assert not fields & {"mark", "number_in_sheet", "position"}


# ---- headings ----


def test_a_heading_that_nobody_knows_is_asked_for(cast, as_, survey, on_the_day):
    headings = [*HEADINGS[:14], "5、总的来说您满意吗", *HEADINGS[15:-1], "天气"]
    upload(as_("clerk"), survey, workbook([KNOWS, KNOWS_NOT], headings=headings))
    batch = Batch.objects.get()
    page = as_("clerk").get(f"/surveys/batches/{batch.pk}/").content.decode()
    assert "总的来说您满意吗" in page and "表中没有这些列：" in page and not imports.good(batch)
    as_("clerk").post(f"/surveys/batches/{batch.pk}/headings/", {"head-14": "mark", "head-17": ""})
    batch.refresh_from_db()
    assert len(imports.good(batch)) == 2
    assert Given.from_json(batch.rows[0]["answers"]["mark"]).number == 5
    assert "总的来说您满意吗" not in as_("clerk").get(f"/surveys/batches/{batch.pk}/").content.decode()


def test_a_meaning_that_is_not_free_is_none(cast, survey):
    batch = send(cast, survey, [KNOWS], headings=[*HEADINGS[:-1], "天气"])
    batch = imports.say_headings(cast["clerk"], batch, {"天气": "sex"})
    assert batch.grid["said"] == {"天气": ""} and batch.rows[0]["answers"]["sex"] == {"options": ["female"]}


# ---- the template ----


def test_the_template_comes_back_filled(cast, as_, survey, on_the_day):
    response = as_("clerk").get(f"/surveys/work/{survey.pk}/template/")
    book = load_workbook(BytesIO(response.content))
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    assert heads[0] == "村（社区）" and "您对办事的评价（办理用时）" in heads and "您的希望" in heads
    assert str(page.cell(2, 1).value).startswith("（示例）")
    filled = ["梁村", "女", 3, "不知道", "没看到公示┋其他:牌子掉了", 4, "满意", "不满意", "修路灯"]
    for column, value in enumerate(filled, 1):
        page.cell(3, column).value = value
    kept = BytesIO()
    book.save(kept)
    upload(as_("clerk"), survey, kept.getvalue(), "填好.xlsx")
    (row,) = Batch.objects.get().rows
    assert row["errors"] == [] and row["village"] == cast.home.pk and row["number"] == 3
    assert row["answers"]["why"] == {"options": ["board", "other"], "text": "牌子掉了"}


def test_the_template_s_own_example_is_sound(cast, survey):
    """Without its mark the example is an answered sheet."""
    target = BytesIO()
    write_template(target, survey, [cast.home])
    book = load_workbook(target)
    page = book.worksheets[0]
    page.cell(2, 1).value = "梁村"
    kept = BytesIO()
    book.save(kept)
    grid = take(questions_of(survey.edition), "样.xlsx", kept.getvalue(), None)
    (row,) = read_answers(cast["clerk"], survey, grid, DAY, Counter()).rows
    assert row.errors == []


# ---- retention ----


def test_a_workbook_that_nobody_finishes_is_forgotten(cast, survey, settings):
    unwritten = send(cast, survey, [changed(KNOWS, c8="女士")])
    partly = send(cast, survey, numbered([KNOWS, changed(KNOWS_NOT, c8="女士")]))
    jobs.run_inline(imports.start_import(cast["clerk"], partly, wake=False, only_good=True))
    later = timezone.now() + timedelta(days=settings.SHEETS_KEEP_DAYS)
    assert imports.forget_old(later - timedelta(minutes=1)) == 0
    assert imports.forget_old(later + timedelta(minutes=1)) == 2
    for batch, state in ((unwritten, BatchState.DROPPED), (partly, BatchState.WRITTEN)):
        batch.refresh_from_db()
        assert (batch.state, batch.grid, batch.rows) == (state, "", [])
    assert Response.objects.count() == 1


def test_a_workbook_that_was_checked_before_batches_kept_their_sheet_is_to_be_sent_again(cast, survey, as_):
    old = BatchFactory(
        survey=survey, source=Source.IMPORT, state=BatchState.CHECKED, rows=[{"number": 2, "errors": []}]
    )
    now = send(cast, survey, [KNOWS])
    import_module("surveys.migrations.0006_sheets_read_before_are_dropped").drop(apps, None)
    old.refresh_from_db()
    now.refresh_from_db()
    assert (old.state, old.rows, now.state) == (BatchState.DROPPED, [], BatchState.CHECKED)
    assert as_("district").get(f"/surveys/batches/{old.pk}/").status_code == 200
