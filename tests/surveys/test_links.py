"""A resident answers a survey on a phone, without an account; nothing leads from the link to the answer."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client

from core import tickets
from core.actions import Invisible, Refused
from core.models import AuditRow, GuessCount, Once, Ticket, TicketBatch
from core.tickets.slip import Slip
from surveys.actions.links import PURPOSE, give_links
from surveys.choices import Source, Unit
from surveys.models import Answer, Response, Survey
from tests import cast as stage
from tests import factories
from tests.core.test_races import together
from tests.surveys.conftest import fill, typed

DAY = date(2013, 11, 24)
AT_ONCE = 40
OPEN, ONE_TIME = tickets.Kind.OPEN, tickets.Kind.ONE_TIME


@pytest.fixture(autouse=True)
def today(settings):
    settings.PORTAL_TODAY = f"{DAY}"


def given(by, survey, village, **values) -> list[str]:
    facts = {"number": 1, "kind": ONE_TIME, "expires_on": survey.ends_on, "day": DAY} | values
    return give_links(by, survey, village, **facts)[1]


def phone(token: str, **options) -> Client:
    """A browser that has made the first hop."""
    client = Client(raise_request_exception=False, **options)
    assert client.get(f"/t/{token}/").status_code == 302
    return client


@pytest.fixture
def token(cast, survey) -> str:
    return given(cast["secretary"], survey, cast.home)[0]


# ---- the way of an answer ----


def test_from_the_slip_to_the_count(cast, survey, token, as_):
    resident = phone(token)
    shown = resident.get("/t/").content.decode()
    assert "您的性别" in shown and "梁村" in shown and "<script src=" in shown
    assert resident.post("/t/", typed()).url == "/t/thanks/"
    [sheet] = Response.objects.all()
    assert (sheet.survey, sheet.village, sheet.source, sheet.day, sheet.entered_by) == (
        survey,
        cast.home,
        Source.LINK,
        DAY,
        "",
    )
    assert sheet.answers.count() == 7
    page = as_("secretary").get(f"/surveys/work/{survey.pk}/").content.decode()
    assert "1<span" in page.split("扫码作答")[1], "staff read how many links have brought an answer"


def test_an_open_link_takes_so_many_and_says_where_from(cast, survey):
    [token] = given(cast["clerk"], survey, cast.next_door, kind=OPEN, number=2)
    codes = [phone(token).post("/t/", typed()).status_code for _n in range(3)]
    assert codes == [302, 302, 410]
    assert set(Response.objects.values_list("source", "village")) == {(Source.OPEN, cast.next_door.pk)}


def test_what_is_wrong_stands_at_its_question_and_what_was_typed_stays(token):
    resident = phone(token)
    answer = resident.post("/t/", typed(q_people="一百", q_mark=None))
    page = answer.content.decode()
    assert answer.status_code == 422 and not Response.objects.exists()
    assert page.count('class="ask wrong"') == 2 and 'value="一百"' in page and "修路灯" in page
    assert re.search(r'value="female" checked', page)
    assert Ticket.objects.get().uses_left == 1, "a sheet that isn't complete uses nothing up"
    assert resident.post("/t/", typed()).status_code == 302


def test_conditions_hold_without_the_script(token):
    resident = phone(token)
    assert resident.post("/t/", typed(q_knows="no")).status_code == 422, "then the reason is asked"
    assert resident.post("/t/", typed(q_knows="yes", q_why="board")).status_code == 302
    assert not Answer.objects.filter(question__key="why").exists(), "what was not asked is not kept"


@pytest.mark.parametrize("day", ["2013-10-07", "2013-12-21"])
def test_only_in_the_survey_s_days(token, survey, settings, day):
    TicketBatch.objects.update(made_on=date(2013, 10, 1), expires_on=date(2014, 1, 31))
    settings.PORTAL_TODAY = day
    resident = phone(token)
    assert resident.get("/t/").status_code == resident.post("/t/", typed()).status_code == 410
    assert not Response.objects.exists()


def test_a_survey_that_is_gone_closes_its_links(token, survey):
    Survey.objects.filter(pk=survey.pk).delete()
    assert phone(token).get("/t/").status_code == 410


def test_spent_withdrawn_expired_and_wrong(cast, survey, token, settings):
    first, second = phone(token), phone(token)
    assert first.post("/t/", typed()).status_code == 302
    assert second.post("/t/", typed()).status_code == 410, "the same slip on another phone"
    [other] = given(cast["secretary"], survey, cast.home)
    third = phone(other)
    tickets.revoke(cast["secretary"], TicketBatch.objects.first(), DAY)
    assert third.post("/t/", typed()).status_code == 410
    [late] = given(cast["secretary"], survey, cast.home, expires_on=DAY)
    fourth = phone(late)
    settings.PORTAL_TODAY = "2013-11-25"
    assert fourth.post("/t/", typed()).status_code == 410
    forged = Client()
    forged.cookies["slip"] = second.cookies["slip"].value[:-3] + "abc"
    assert forged.post("/t/", typed()).status_code == 404
    assert Client().post("/t/", typed()).status_code == 404
    assert Response.objects.count() == 1


def test_the_check_against_forgery_holds(token):
    resident = phone(token, enforce_csrf_checks=True)
    assert resident.post("/t/", typed()).status_code == 403
    page = resident.get("/t/").content.decode()
    key = re.search(r'class="answer"[^>]*><input type="hidden" name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert resident.post("/t/", typed() | {"csrfmiddlewaretoken": key}).status_code == 302


def test_guesses_of_a_survey_s_links_meet_429_and_the_right_one_opens(token):
    guesser = Client()
    codes = [guesser.get(f"/t/{token[:4]}{n:018}/").status_code for n in range(11)]
    assert codes[:9] == [404] * 9 and codes[-1] == 429
    assert guesser.get(f"/t/{token}/").status_code == 302


# ---- the page ----


def test_the_page_is_light_and_strict(token):
    """HTML and all that it loads, and as production sends it, compressed; nothing inline, nothing of another site."""
    answer = phone(token).get("/t/")
    html = answer.content
    loaded = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html)
    parts = [html, *(Path(finders.find(name.decode())).read_bytes() for name in loaded)]
    assert len(parts) >= 5 and sum(map(len, parts)) <= 60 * 1024, [len(part) for part in parts]
    assert sum(len(gzip.compress(part)) for part in parts) <= 20_000
    assert b"bootstrap" not in html and b"htmx" not in html
    assert not re.findall(rb"<script(?! src=)|\sstyle=|\son\w+=", html)
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"] and "script-src 'self'" in str(answer.headers)


# ---- nobody is to be known ----

#: Everything that an answer writes; what else there is stays as it was.
KEPT = (Response, Answer, Ticket, TicketBatch, AuditRow, Once, GuessCount)


def stored() -> dict[str, dict]:
    return {model._meta.label: {row["pk"]: row for row in _rows(model)} for model in KEPT}


def _rows(model):
    return model.objects.values(
        "pk", *(field.attname for field in model._meta.concrete_fields if not field.primary_key)
    )


def test_what_an_answer_writes_names_no_ticket_and_no_time(cast, survey):
    """Rows before and after: the sheet, its answers, a use less, and that the survey was answered."""
    tokens = given(cast["secretary"], survey, cast.home, number=5)
    resident = phone(tokens[3], REMOTE_ADDR="203.0.113.77", headers={"user-agent": "Telephone of somebody"})
    before = stored()
    resident.post("/t/", typed())
    after = stored()
    changed = {
        name: [row for pk, row in rows.items() if before[name].get(pk) != row]
        for name, rows in after.items()
        if before[name] != rows
    }
    assert set(changed) == {"surveys.Response", "surveys.Answer", "core.Ticket", "core.AuditRow"}
    [ticket], [audit] = changed["core.Ticket"], changed["core.AuditRow"]
    [sheet] = changed["surveys.Response"]
    assert ticket["uses_left"] == 0
    assert (audit["model"], audit["object_id"], audit["actor"]) == ("surveys.Survey", str(survey.pk), "")
    assert audit["after"] == {"sheets": 1}
    assert audit["address"] == ""
    for secret in (str(sheet["pk"]), ticket["digest"], tokens[3], "203.0.113", "Telephone", cast.home.code):
        assert secret not in str(audit)
    said = str(changed["surveys.Response"]) + str(changed["surveys.Answer"])
    for secret in (ticket["digest"], tokens[3], "203.0.113", "Telephone"):
        assert secret not in said
    assert str(ticket["pk"]) not in {str(sheet[name]) for name in ("batch_id", "pk")}


def test_no_column_holds_a_time_or_leads_to_a_link():
    for model in (Response, Answer):
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.DateTimeField | models.TimeField), field
            assert field.related_model not in (Ticket, TicketBatch), field
    assert not [f for f in Ticket._meta.get_fields() if isinstance(f, models.DateField) or f.related_model in KEPT[:2]]


def test_the_order_of_answers_is_not_kept(cast, survey):
    """Twenty tell one after another which they are; neither keys nor the table's own order gives them in that order."""
    tokens = given(cast["secretary"], survey, cast.home, number=20)
    for number, token in enumerate(tokens, start=1):
        assert phone(token).post("/t/", typed(q_people=str(number))).status_code == 302
    rows = Answer.objects.filter(question__key="people").order_by()
    came = list(range(1, 21))
    orders = {
        "by the sheets' keys": rows.order_by("response_id"),
        "by the answers' keys": rows.order_by("pk"),
    }
    for name, order in orders.items():
        numbers = [int(n) for n in order.values_list("number", flat=True)]
        assert sorted(numbers) == came and numbers not in (came, came[::-1]), name
        # Of 190 pairs half stand as they came, give or take 15 (standard deviation of Kendall): 70 is no chance.
        kept = sum(a < b for i, a in enumerate(numbers) for b in numbers[i + 1 :])
        assert 25 < kept < 165, (name, kept)


def test_a_used_ticket_is_rewritten_with_all_of_its_batch(cast, survey, django_assert_num_queries):
    """One statement writes every row of the batch: PostgreSQL's mark of the writing transaction tells none apart."""
    tokens = given(cast["secretary"], survey, cast.home, number=3)
    other = given(cast["secretary"], survey, cast.home, number=2)
    slip = Slip.find(Ticket.objects.filter(batch__number=3).first().digest)
    with django_assert_num_queries(2) as queries:
        slip.spend()
    assert "pk" not in queries[1]["sql"].split("WHERE")[-1]
    left = sorted(Ticket.objects.filter(batch=slip.batch).values_list("uses_left", flat=True))
    assert left == [0, 1, 1] and len(tokens) == 3
    assert list(Ticket.objects.exclude(batch=slip.batch).values_list("uses_left", flat=True)) == [1] * len(other)
    with pytest.raises(tickets.Spent):
        slip.spend()


# ---- giving out ----


def sent(**values) -> dict:
    return {"number": "3", "expires_on": "2013-12-20", "kind": "one_time", "_once": "k" * 32} | values


def test_the_secretary_prints_slips_once(cast, survey, as_):
    desk, address = as_("secretary"), f"/surveys/work/{survey.pk}/links/"
    assert f'value="{cast.home.pk}" selected' in desk.get(address).content.decode(), "the only village is chosen"
    sheet = desk.post(address, sent(village=cast.home.pk)).content.decode()
    tokens = re.findall(r"<code>http[^<]*/t/([\w-]{22})/</code>", sheet)
    assert len(set(tokens)) == 3 and len(re.findall(r"<li><svg", sheet)) == 3
    again = desk.post(address, sent(village=cast.home.pk))
    assert again.status_code == 302 and TicketBatch.objects.count() == 1, "a reload of the sheet makes no second batch"
    [batch] = tickets.listed(cast["secretary"], PURPOSE, survey.pk)
    assert (batch.number, batch.territory_code, batch.made_by) == (3, cast.home.code, cast["secretary"].name)
    listed = desk.get(address).content.decode()
    assert f"/tickets/{batch.pk}/withdraw/" in listed and not any(token in listed for token in tokens)


@pytest.mark.parametrize(
    "wrong",
    [{"expires_on": "2013-12-21"}, {"expires_on": "2013-11-23"}, {"number": "0"}, {"kind": "x"}, {"village": ""}],
)
def test_what_can_not_be_given_out_is_said(cast, survey, as_, wrong):
    answer = as_("clerk").post(f"/surveys/work/{survey.pk}/links/", sent(village=cast.home.pk) | wrong)
    assert answer.status_code == 422 and not TicketBatch.objects.exists()
    assert 'class="errsum"' in answer.content.decode()


def test_who_gives_out_where(cast, survey, as_):
    address = f"/surveys/work/{survey.pk}/links/"
    assert as_("leader").get(address).status_code == as_("inspector").post(address).status_code == 403
    assert as_("district_abroad").get(address).status_code == 404
    assert as_("secretary").post(address, sent(village=cast.next_door.pk)).status_code == 422
    for who, error in (("leader", Refused), ("secretary_next_door", Invisible)):
        with pytest.raises(error):
            given(cast[who], survey, cast.home)
    with pytest.raises(Invisible):
        given(cast["district_abroad"], survey, cast.abroad)
    assert not TicketBatch.objects.exists()


def test_a_village_s_own_sheet_has_no_links(cast, edition, as_):
    survey = factories.SurveyFactory(edition=edition, unit=Unit.VILLAGE)
    with pytest.raises(ValidationError, match="一村一份"):
        given(cast["clerk"], survey, cast.home)
    page = as_("clerk").get(f"/surveys/work/{survey.pk}/links/").content.decode()
    assert "一村一份" in page and 'name="number"' not in page


def test_after_the_end_none_is_given_out(cast, survey, as_, settings):
    settings.PORTAL_TODAY = "2013-12-21"
    page = as_("clerk").post(f"/surveys/work/{survey.pk}/links/", sent(village=cast.home.pk)).content.decode()
    assert "调查已结束" in page and not TicketBatch.objects.exists()


# ---- at the same moment ----


def race() -> list[int]:
    """Forty phones have opened one slip; all send at once."""
    place = stage.build()
    survey = factories.SurveyFactory(edition=fill(factories.QuestionnaireVersionFactory(number=1)))
    [token] = given(place["secretary"], survey, place.home)
    phones = [phone(token) for _n in range(AT_ONCE)]
    return together([lambda one=one: one.post("/t/", typed()).status_code for one in phones])


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_count_once():
    codes = race()
    assert sorted(codes) == [302] + [410] * (AT_ONCE - 1)
    assert Response.objects.count() == 1 and Answer.objects.count() == 7


@pytest.mark.django_db(transaction=True)
def test_control_without_the_guard_they_count_more(monkeypatch):
    monkeypatch.setattr(Slip, "spend", lambda slip: None)
    race()
    assert Response.objects.count() > 1
