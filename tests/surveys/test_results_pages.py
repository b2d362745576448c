"""The pages of a survey's results: who opens what, what a small count looks like, and what is given out as a sheet."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.models import AuditRow
from surveys.choices import Round
from surveys.models import Option, Survey
from tests import factories
from tests.surveys.helping import write

HIDDEN = "不显示"
SHEET = {"sex": "female", "knows": "no", "why": ["far", "board"], "mark": 4, "service": {"time": "good"}, "people": 3}


@pytest.fixture
def answered(cast, survey) -> Survey:
    """At home 17 know and 3 don't; across 9 know, 8 don't; one wish each."""
    knows = SHEET | {"knows": "yes", "sex": "male"}
    knows.pop("why")
    write(survey, cast.home, [knows] * 17 + [SHEET] * 2 + [SHEET | {"wish": "修好坡里的路灯"}])
    write(survey, cast.across, [knows] * 9 + [SHEET] * 7 + [SHEET | {"wish": "=清理水渠"}])
    return survey


def page(survey: Survey, name: str, *more, **query) -> str:
    found = reverse(f"surveys:{name}", args=[survey.pk, *more])
    return f"{found}?{'&'.join(f'{key}={value}' for key, value in query.items())}"


def rows(response) -> list[list[str]]:
    assert response.status_code == 200, response.status_code
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_every_share_stands_with_its_numbers(as_, answered):
    text = as_("district").get(page(answered, "results")).content.decode()
    assert '26<span class="den">/37</span> <b>70.3%</b>' in text
    assert "54.2–82.5%" in text, "Wilson's interval"
    assert HIDDEN not in text
    assert reverse("surveys:export_rows", args=[answered.pk, "xlsx"]) in text


def test_a_village_shows_no_small_count_to_others(as_, cast, answered):
    for username in ("leader", "clerk", "secretary"):
        text = as_(username).get(page(answered, "results", place=cast.home.code)).content.decode()
        assert HIDDEN in text and '3<span class="den">/20' not in text and '17<span class="den">/20' not in text
        assert "export_rows" not in text and reverse("surveys:export_rows", args=[answered.pk, "xlsx"]) not in text
    text = as_("district").get(page(answered, "results", place=cast.home.code)).content.decode()
    assert '3<span class="den">/20' in text


def test_another_territory_is_not_there(as_, cast, answered):
    assert as_("clerk").get(page(answered, "results", place=cast.across.code)).status_code == 404
    assert as_("leader_abroad").get(page(answered, "results")).status_code == 404
    assert as_("sysadmin").get(page(answered, "results")).status_code == 403
    text = as_("clerk_across").get(page(answered, "results")).content.decode()
    assert '<span class="den">/17' in text and '<span class="den">/37' not in text


def test_groups_divide_the_results(as_, cast, answered):
    women = Option.objects.get(question__edition=answered.edition, key="female")
    text = as_("district").get(page(answered, "results", only=women.pk)).content.decode()
    assert '11<span class="den">/11' in text
    assert as_("district").get(page(answered, "results", only=10**9)).status_code == 404
    mark = Option.objects.get(question__edition=answered.edition, key="far")
    assert as_("district").get(page(answered, "results", only=mark.pk)).status_code == 404, "not a dividing question"


def test_cross_tables_by_kind_and_by_question(as_, cast, answered):
    by_sex = as_("leader").get(page(answered, "cross", by="sex")).content.decode()
    assert '26<span class="den">/26' in by_sex and "您知道谁值班吗" in by_sex
    assert as_("leader").get(page(answered, "cross")).status_code == 200
    assert as_("leader").get(page(answered, "cross", by="knows")).status_code == 404
    part = as_("leader").get(page(answered, "cross", by="sex", place=cast.home.code)).content.decode()
    assert "每次只能按一个条件划分" in part and '<span class="den">' not in part
    part = as_("district").get(page(answered, "cross", by="sex", place=cast.home.code)).content.decode()
    assert '17<span class="den">/17' in part


def test_before_and_after_says_whether_it_is_chance(as_, cast, answered):
    after = factories.SurveyFactory(edition=answered.edition, round=Round.AFTER, compared_with=answered)
    write(after, cast.home, [{"knows": "yes", "mark": 4}] * 40 + [{"knows": "no", "mark": 4}] * 5)
    text = as_("leader").get(page(after, "comparison")).content.decode()
    assert "上升，超出抽样误差。" in text and "在抽样误差范围内，不能认定有变化。" in text
    assert "+18.6" in text
    alone = as_("leader").get(page(answered, "comparison")).content.decode()
    assert "没有可比较的内容" in alone and after.title in alone
    assert as_("leader").get(page(after, "comparison", **{"with": 10**9})).status_code == 404


def test_texts_are_found_by_the_district_and_hidden_from_others(as_, answered):
    text = as_("district").get(page(answered, "texts", q="路灯")).content.decode()
    assert "修好坡里的路灯" in text and "水渠" not in text
    for username in ("leader", "clerk", "secretary"):
        text = as_(username).get(page(answered, "texts")).content.decode()
        assert "路灯" not in text and "文字回答由城区查看" in text


def test_texts_come_in_portions(as_, cast, survey):
    write(survey, cast.home, [{"wish": f"希望{n:03d}"} for n in range(120)])
    first = as_("district").get(page(survey, "texts")).content.decode()
    last = as_("district").get(page(survey, "texts", page=3)).content.decode()
    assert ("希望000" in first, "希望050" in first, "希望119" in last) == (True, False, True)


def test_tables_are_given_out_as_they_are_shown(as_, cast, answered):
    lines = rows(as_("leader").get(page(answered, "export_tables", "csv", place=cast.home.code)))
    (no,) = [line for line in lines if line[2] == "不知道"]
    assert no[3:] == [HIDDEN, "", "", "", "", "", ""]
    lines = rows(as_("district").get(page(answered, "export_tables", "csv", place=cast.home.code)))
    (no,) = [line for line in lines if line[2] == "不知道"]
    assert no[3:6] == ["3", "20", "15.0"]
    content = as_("leader").get(page(answered, "export_tables", "xlsx")).content
    (yes,) = [row for row in load_workbook(io.BytesIO(content)).active.values if row[2] == "知道"]
    assert yes[3:6] == (26, 37, 70.3)


def test_single_sheets_are_given_out_to_who_may_read_them(as_, cast, answered):
    lines = rows(as_("district").get(page(answered, "export_rows", "csv")))
    assert len(lines) == 1 + 37
    head, *sheets = lines
    whole = [dict(zip(head, sheet, strict=True)) for sheet in sheets]
    no = [sheet for sheet in whole if sheet["您知道谁值班吗"] == "不知道"]
    assert len(no) == 11 and {sheet["不知道的原因"] for sheet in no} == {"没看到公示┋离得远"}
    assert {sheet["您对办事的评价（办理用时）"] for sheet in whole} == {"满意"}
    assert "'=清理水渠" in {sheet["您的希望"] for sheet in whole}, "no formula"
    for username in ("leader", "clerk", "secretary"):
        assert len(rows(as_(username).get(page(answered, "export_rows", "csv")))) == 1
    assert as_("district").get(page(answered, "export_rows", "pdf")).status_code == 404
    given = AuditRow.objects.filter(verb="export", object_name__startswith=answered.title)
    assert given.filter(reason="37").count() == 1, "what is given out stands in the audit"


def test_the_number_of_queries_does_not_grow(as_, cast, answered):
    def asked() -> list[int]:
        found = []
        for name in ("results", "cross", "comparison", "texts"):
            client = as_("leader")
            client.get(page(answered, name))
            with CaptureQueriesContext(connection) as queries:
                client.get(page(answered, name))
            found.append(len(queries))
        return found

    few = asked()
    for village in factories.VillageFactory.create_batch(8, township=cast.home.township):
        write(answered, village, [SHEET | {"wish": "修路"}] * 7)
    assert asked() == few and max(few) < 45
