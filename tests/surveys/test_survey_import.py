"""Answers from a workbook, as survey tools export them: read, shown, written all or in part, never with who it was."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from core import jobs
from core.models import AuditRow, Job
from core.sheets.errors import Unreadable
from surveys.actions import imports
from surveys.choices import BatchState
from surveys.given import Given, questions_of
from surveys.importing.grid import take
from surveys.importing.headings import bare
from surveys.importing.sheets import read_answers
from surveys.models import Answer, Batch, Response
from tests.surveys.workbooks import DAY, HEADINGS, KNOWS, KNOWS_NOT, changed, numbered, run, send, upload, workbook
from villages.models import Village


def reading(cast, survey, rows, who="clerk", village=None, **kwargs):
    grid = take(questions_of(survey.edition), "答卷.xlsx", workbook(rows, **kwargs), village and village.pk)
    return read_answers(cast[who], survey, grid, DAY, Counter())


# ---- reading ----


def test_an_export_of_the_tool_is_read_as_it_is(cast, survey):
    found = reading(cast, survey, [KNOWS, KNOWS_NOT])
    first, second = found.rows
    assert (first.errors, second.errors) == ([], [])
    assert (first.village, second.village) == (cast.home.pk, cast.next_door.pk)
    assert first.answers["sex"] == Given(("female",))
    assert first.answers["people"].number == Decimal(4)
    assert first.answers["service"].rows == (("time", "good"), ("manner", "poor"))
    assert not first.answers["why"]
    assert second.answers["why"] == Given(("board",))
    assert (first.number, second.number) == (2, 3), "rows as the sheet numbers them"


def test_who_answered_is_dropped_before_anything_is_kept(cast, survey):
    found = reading(cast, survey, [KNOWS])
    assert found.headings.dropped == HEADINGS[:6] and found.headings.unknown == {}
    kept = str([row.as_json() for row in found.rows])
    assert not any(trace in kept for trace in ("110.72", "9:12", "85秒", "微信"))


def test_several_choices_in_one_cell(cast, survey):
    headings = [*HEADINGS[:10], "4、不知道的原因[多选题]", *HEADINGS[14:]]
    for cell, options, text in (
        ("没看到公示┋离得远", ("board", "far"), ""),
        ("没看到公示┋其他〖牌子掉了〗", ("board", "other"), "牌子掉了"),
        ("1┋2", ("board", "far"), ""),
        ("以上都没有", ("none",), ""),
        ("没看到公示、离得远", ("board", "far"), ""),
    ):
        row = [*KNOWS_NOT[:10], cell, *KNOWS_NOT[14:]]
        (found,) = reading(cast, survey, [row], headings=headings).rows
        assert found.errors == [] and found.answers["why"] == Given(options, text=text), cell


def test_keys_numbers_and_titles_above(cast, survey):
    headings = ["村", "sex", "people", "knows", "why", "mark", "service(time)", "service(manner)", "wish"]
    row = ["450109100214", "2", "", "1", "", "4", "1", "2", ""]
    (found,) = reading(cast, survey, [row], headings=headings, above=[["2013年秋季调查答卷"], []]).rows
    assert found.errors == [] and found.answers["sex"] == Given(("female",))
    assert found.village == cast.home.pk and found.number == 4


@pytest.mark.parametrize(
    ("row", "cell", "value", "said"),
    [
        (changed(KNOWS, c7="梁村村"), None, None, None),
        (changed(KNOWS, c7="无此村"), "G2", "无此村", "没有"),
        (changed(KNOWS, c7="屯六村"), "G2", "屯六村", "您的辖区"),
        (changed(KNOWS, c8="女士"), "H2", "女士", "没有“女士”这一项"),
        (changed(KNOWS, c8=""), "H2", "", "还没有回答"),
        (changed(KNOWS, c9="四口"), "I2", "四口", "不是数字"),
        (changed(KNOWS, c9=40), "I2", "40", "太大"),
        (changed(KNOWS_NOT, c11="大概"), "K2", "大概", "不是1也不是0"),
        (changed(KNOWS_NOT, c14=1), "K2", "1", "不能与其他项同选"),
        (changed(KNOWS, c15=8), "O2", "8", "从1到5"),
        (changed(KNOWS, c17=""), "P2", "满意", "办理态度"),
    ],
)
def test_every_fault_is_named_by_its_cell(cast, survey, row, cell, value, said):
    (found,) = reading(cast, survey, [row]).rows
    if cell is None:
        assert found.errors == []
        return
    (error,) = found.errors
    assert (error["address"], error["value"]) == (cell, value)
    assert said in error["sentence"]


def test_all_faults_of_a_row_at_once(cast, survey):
    (found,) = reading(cast, survey, [changed(KNOWS, c7="无此村", c8="女士", c9="四口", c15=8)]).rows
    assert [error["address"] for error in found.errors] == ["G2", "H2", "I2", "O2"]


def test_where_no_column_names_the_village_it_is_chosen(cast, survey):
    headings, row = HEADINGS[:6] + HEADINGS[7:], KNOWS[:6] + KNOWS[7:]
    with pytest.raises(Unreadable, match="村名"):
        send(cast, survey, [row], headings=headings)
    (found,) = reading(cast, survey, [row], headings=headings, village=cast.home).rows
    assert found.village == cast.home.pk


def test_a_workbook_of_something_else(cast, survey):
    with pytest.raises(Unreadable, match="没有一列"):
        send(cast, survey, [["张三", "男"]], headings=["姓名", "别的"])
    with pytest.raises(Unreadable, match="下面没有答卷"):
        send(cast, survey, [])


def test_more_rows_ask_no_more(cast, survey, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        assert len(reading(cast, survey, [KNOWS, KNOWS_NOT] * 100).rows) == 200


@pytest.mark.parametrize(
    "heading",
    [
        "您的性别",
        "1、您的性别",
        "1. 您的性别",
        "Q1、您的性别[单选题]",
        "第1题：您的性别（单选题）*",
        " １、您的 性别？",
        "1、您的性别（必答）",
    ],
)
def test_headings_as_tools_write_them(heading):
    assert bare(heading) == "您的性别"


@profile(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_heading_is_read(text):
    assert isinstance(bare(text), str)


# ---- the pages ----


def test_nothing_is_written_before_it_was_seen(cast, as_, survey, on_the_day):
    response = upload(as_("clerk"), survey, workbook([KNOWS, changed(KNOWS_NOT, c8="女士")]))
    batch = Batch.objects.get()
    assert response.status_code == 302 and response.url == f"/surveys/batches/{batch.pk}/"
    assert not Response.objects.exists()
    page = as_("clerk").get(response.url).content.decode()
    for part in ("H3", "女士", "写入合格的1行", "没有读取：序号"):
        assert part in page
    as_("clerk").post(f"/surveys/batches/{batch.pk}/write/", {"which": "all"})
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED and not Job.objects.exists(), "not all while one is wrong"


def test_a_long_workbook_is_written_by_a_worker(cast, as_, survey, on_the_day, settings):
    batch = send(cast, survey, [KNOWS, KNOWS_NOT])
    settings.SHEETS_AT_ONCE = 1
    as_("clerk").post(f"/surveys/batches/{batch.pk}/write/", {"which": "all"})
    assert "正在写入" in as_("clerk").get(f"/surveys/batches/{batch.pk}/").content.decode()
    jobs.run_inline(Job.objects.get())
    assert as_("clerk").get(f"/surveys/batches/{batch.pk}/progress/")["HX-Refresh"] == "true"
    assert batch.responses.count() == 2


def test_a_long_workbook_is_read_by_a_worker(cast, as_, survey, on_the_day, settings):
    settings.SHEETS_AT_ONCE = 1
    assert upload(as_("clerk"), survey, workbook(numbered([KNOWS, changed(KNOWS_NOT, c8="女士")]))).status_code == 302
    batch, address = Batch.objects.get(), f"/surveys/batches/{Batch.objects.get().pk}/"
    assert (batch.state, batch.rows) == (BatchState.READING, [])
    assert not any(trace in str(batch.grid) for trace in ("110.72", "9:00", "85秒", "微信")), "nothing of who answered"
    page = as_("clerk").get(address).content.decode()
    assert "正在读取" in page and "hx-get" in page
    assert "正在读取" in as_("clerk").get(f"/surveys/work/{survey.pk}/").content.decode(), "it is found again"
    assert "HX-Refresh" not in as_("clerk").get(f"{address}progress/")
    for path, data in (("mend/", {"cell-H3": "女"}), ("write/", {"which": "good"}), ("headings/", {})):
        as_("clerk").post(address + path, data)
    with pytest.raises(ValidationError, match="正在读取"):
        imports.start_import(cast["clerk"], batch, only_good=True, wake=False)
    jobs.run_inline(Job.objects.get())
    assert as_("clerk").get(f"{address}progress/")["HX-Refresh"] == "true"
    batch.refresh_from_db()
    assert (batch.state, len(imports.good(batch)), len(imports.wrong(batch))) == (BatchState.CHECKED, 1, 1)
    assert "没有读取：" in batch.problem and not Response.objects.exists()
    as_("clerk").post(f"{address}mend/", {"cell-H3": "女"})
    batch.refresh_from_db()
    assert (batch.state, len(imports.good(batch))) == (BatchState.CHECKED, 2), "one row is judged at once"


def test_headings_of_a_long_workbook_are_said_and_it_is_read_again(cast, as_, survey, on_the_day, settings):
    settings.SHEETS_AT_ONCE = 1
    batch = send(cast, survey, numbered([KNOWS, KNOWS_NOT]), headings=[*HEADINGS[:14], "您说几分", *HEADINGS[15:]])
    jobs.run_inline(Job.objects.get())
    said = as_("clerk").post(
        f"/surveys/batches/{batch.pk}/headings/", {"head-14": "mark"}, headers={"HX-Request": "true"}
    )
    assert said["HX-Refresh"] == "true"
    jobs.run_inline(Job.objects.latest("pk"))
    batch.refresh_from_db()
    assert (batch.state, len(imports.good(batch))) == (BatchState.CHECKED, 2)


def test_what_is_dropped_while_it_is_read_stays_dropped(cast, as_, survey, on_the_day, settings):
    settings.SHEETS_AT_ONCE = 0
    batch = send(cast, survey, [KNOWS])
    as_("clerk").post(f"/surveys/batches/{batch.pk}/drop/", {})
    assert jobs.run_inline(Job.objects.get()).state == "done"
    batch.refresh_from_db()
    assert (batch.state, batch.rows, batch.grid) == (BatchState.DROPPED, [], "")


def test_who_lost_the_right_reads_nothing_and_the_batch_says_so(cast, survey, settings):
    settings.SHEETS_AT_ONCE = 0
    batch = send(cast, survey, [KNOWS])
    cast["clerk"].grants.all().delete()
    assert jobs.run_inline(Job.objects.get()).state == "done"
    batch.refresh_from_db()
    assert (batch.state, batch.rows) == (BatchState.CHECKED, []) and batch.problem


def test_a_mended_row_that_bears_the_mark_of_a_known_one_is_new(cast, survey):
    """A row copied in the sheet has the same mark as its pattern; one of the two is in, the other waits."""
    heads = [*HEADINGS, "核对码（请勿改动）"]
    run(cast, send(cast, survey, [[*KNOWS, "a" * 20]], headings=heads))
    batch = send(cast, survey, [[*KNOWS, "a" * 20], [*changed(KNOWS, c8="女士"), "a" * 20]], headings=heads)
    batch = imports.mend(cast["clerk"], batch, {"H3": "女"})
    assert [row["is_known"] for row in batch.rows] == [True, False] and len(imports.good(batch)) == 1


def test_the_good_rows_alone(cast, as_, survey, on_the_day):
    upload(as_("clerk"), survey, workbook([KNOWS, changed(KNOWS_NOT, c8="女士")]))
    batch = Batch.objects.get()
    as_("clerk").post(f"/surveys/batches/{batch.pk}/write/", {"which": "good"})
    batch.refresh_from_db()
    assert (batch.state, batch.responses.count()) == (BatchState.PARTLY, 1)
    assert [row["number"] for row in batch.rows] == [3], "the wrong row waits to be mended"
    assert batch.grid["rows"][1] == [""] * len(HEADINGS), "what is written is kept nowhere else"
    sheet = Response.objects.get()
    assert (sheet.village, sheet.source, sheet.day) == (cast.home, "import", date(2013, 11, 20))
    assert sheet.answers.get(question__key="wish").text == "修路灯"


def test_all_in_one_transaction_and_the_audit_keeps_no_answer(cast, survey):
    batch = send(cast, survey, numbered([KNOWS, KNOWS_NOT] * 20))
    assert run(cast, batch).state == "done"
    assert Response.objects.filter(batch=batch).count() == 40
    assert Answer.objects.count() == 20 * 7 + 20 * 6
    said = str(list(AuditRow.objects.values_list("before", "after", "object_name")))
    assert "修路灯" not in said and "female" not in said


def test_what_became_foreign_meanwhile_writes_nothing(cast, survey):
    """The village went to another township between the look and the writing."""
    batch = send(cast, survey, [KNOWS, KNOWS_NOT])
    Village.objects.filter(pk=cast.next_door.pk).update(scope_code="450109101999")
    run(cast, batch)
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED and "第3行" in batch.problem
    assert not Response.objects.exists() and not Answer.objects.exists()


def test_a_second_writing_is_refused(cast, survey):
    batch = send(cast, survey, [KNOWS])
    run(cast, batch)
    batch.refresh_from_db()
    assert (batch.state, batch.grid, batch.rows) == (BatchState.WRITTEN, "", [])
    with pytest.raises(ValidationError, match="已经写入"):
        imports.start_import(cast["clerk"], batch, only_good=False, wake=False)
    assert Response.objects.count() == 1


def test_a_batch_is_its_own_territory_s(cast, as_, survey):
    batch = send(cast, survey, [KNOWS])
    for who, status in (("clerk", 200), ("district", 200), ("secretary", 404), ("clerk_across", 404), ("leader", 403)):
        assert as_(who).get(f"/surveys/batches/{batch.pk}/").status_code == status, who


@pytest.mark.parametrize(
    ("name", "content"), [("答卷.xlsx", b"PK\x03\x04 no workbook"), ("答卷.exe", b"MZ"), ("答卷.csv", b"\x00\x01")]
)
def test_what_is_no_workbook_is_said_at_the_file(as_, survey, on_the_day, name, content):
    response = upload(as_("clerk"), survey, content, name)
    assert response.status_code == 422 and not Batch.objects.exists()


def test_a_csv_in_gb18030(cast, as_, survey, on_the_day):
    lines = [",".join(map(str, row)) for row in (HEADINGS, KNOWS)]
    assert upload(as_("clerk"), survey, "\n".join(lines).encode("gb18030"), "答卷.csv").status_code == 302
    assert Batch.objects.get().rows[0]["errors"] == []


def test_a_required_question_without_a_column_is_named(as_, survey, on_the_day):
    headings, row = HEADINGS[:14] + HEADINGS[15:], KNOWS[:14] + KNOWS[15:]
    response = upload(as_("clerk"), survey, workbook([row], headings=headings))
    assert response.status_code == 422 and "总体满意程度" in response.content.decode()
