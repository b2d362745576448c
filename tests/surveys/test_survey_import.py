"""Answers from a workbook, as survey tools export them: read, shown, written all or in part, never with who it was."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core import jobs
from core.models import AuditRow, Job
from core.sheets.errors import Unreadable
from surveys.actions import imports
from surveys.actions.batches import drop
from surveys.choices import BatchState
from surveys.given import Given, questions_of
from surveys.importing.grid import take
from surveys.importing.headings import MARK, bare
from surveys.importing.sheets import read_answers
from surveys.importing.template import write_template
from surveys.models import Answer, Batch, Response
from villages.models import Village

DAY = date(2013, 11, 24)
#: As 问卷星 exports by text.
HEADINGS = [
    "序号",
    "提交答卷时间",
    "所用时间",
    "来源",
    "来源详情",
    "来自IP",
    "所在村（社区）",
    "1、您的性别[单选题]",
    "2、您家有几口人",
    "3、您知道谁值班吗",
    "4、不知道的原因(没看到公示)",
    "4、不知道的原因(离得远)",
    "4、不知道的原因(其他)",
    "4、不知道的原因(以上都没有)",
    "5、总体满意程度",
    "6、您对办事的评价(办理用时)",
    "6、您对办事的评价—办理态度",
    "7、您的希望",
]
KNOWS = [1, "2013/11/20 9:12:33", "85秒", "微信", "N/A", "110.72.1.9(广西-南宁)", "梁村", "女", 4, "知道"]
KNOWS += ["(跳过)", "(跳过)", "(跳过)", "(跳过)", 5, "满意", "不满意", "修路灯"]
KNOWS_NOT = [2, "2013/11/20 9:20:01", "61秒", "链接", "N/A", "110.72.1.8", "广良", "男", "(空)", "不知道"]
KNOWS_NOT += [1, 0, 0, 0, 3, "满意", "满意", "(空)"]


def workbook(rows: list[list], headings=HEADINGS, above=()) -> bytes:
    book = Workbook()
    for row in (*above, headings, *rows):
        book.active.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def changed(row: list, **cells) -> list:
    """`c8="…"`: another value in the eighth column."""
    row = list(row)
    for name, value in cells.items():
        row[int(name[1:]) - 1] = value
    return row


def reading(cast, survey, rows, who="clerk", village=None, **kwargs):
    grid = take(questions_of(survey.edition), "答卷.xlsx", workbook(rows, **kwargs), village and village.pk)
    return read_answers(cast[who], survey, grid, DAY, Counter())


@pytest.fixture
def on_the_day():
    with time_machine.travel("2013-11-24T10:00:00+08:00", tick=True):
        yield


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
        (changed(KNOWS, c7="屯六村"), "G2", "屯六村", "管辖范围"),
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


def upload(client, survey, content: bytes, name="答卷.xlsx", **data):
    file = SimpleUploadedFile(name, content)
    return client.post(f"/surveys/work/{survey.pk}/import/", {"file": file, "day": "2013-11-20"} | data)


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
    settings.SHEETS_AT_ONCE = 1
    batch = send(cast, survey, [KNOWS, KNOWS_NOT])
    as_("clerk").post(f"/surveys/batches/{batch.pk}/write/", {"which": "all"})
    assert "正在写入" in as_("clerk").get(f"/surveys/batches/{batch.pk}/").content.decode()
    jobs.run_inline(Job.objects.get())
    assert as_("clerk").get(f"/surveys/batches/{batch.pk}/progress/")["HX-Refresh"] == "true"
    assert batch.responses.count() == 2


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


def send(cast, survey, rows, who="clerk", name="答卷.xlsx", **kwargs) -> Batch:
    return imports.send(cast[who], survey, None, name, workbook(rows, **kwargs), DAY)


def numbered(rows: list[list]) -> list[list]:
    """The rows, each sent at a time of its own, as a tool writes them."""
    return [changed(row, c1=n, c2=f"2013/11/20 9:{n // 60:02}:{n % 60:02}") for n, row in enumerate(rows)]


def run(cast, batch, who="clerk", **options) -> Job:
    return jobs.run_inline(imports.start_import(cast[who], batch, wake=False, only_good=False, **options))


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
