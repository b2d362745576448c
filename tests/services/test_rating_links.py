"""Residents rate what is done through a slip: three taps, counted as paper is, and known by nothing."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse

from core import tickets
from core.actions import Invisible, Refused
from core.models import AuditRow, Ticket, TicketBatch
from core.tickets.slip import Slip
from core.workflow.todo import waiting_for
from services.actions.rating_links import AT_MOST, PURPOSES, give_for_all, give_slips, last_day
from services.actions.ratings import Answer, record_batch
from services.choices_matters import MatterState
from services.choices_ratings import Source
from services.choices_stations import RequestState
from services.models import Matter, MatterYear, Rating, RatingBatch, RatingNote, ServiceRequest
from services.ratings import SHOWN_FROM
from tests import cast as stage
from tests.core.test_races import together
from tests.factories import MatterFactory, RatingFactory, RatingNoteFactory, ServiceRequestFactory

DAY = date(2013, 11, 24)
AT_ONCE = 40
NAME, PHONE = "覃不能露", "13977110086"
SAID = {"time": "4", "result": "5", "attitude": "5"}


@pytest.fixture(autouse=True)
def today(settings):
    settings.PORTAL_TODAY = f"{DAY}"


@pytest.fixture
def matter(cast) -> Matter:
    return done(cast.home)


def done(village) -> Matter:
    return MatterFactory(village=village, state=MatterState.FINISHED, title="坛头坡装路灯12盏")


def given(by, subject, **values) -> list[str]:
    return give_slips(by, subject, **{"number": 1, "expires_on": date(2013, 12, 20), "day": DAY} | values)[1]


def phone(token: str, **options) -> Client:
    client = Client(raise_request_exception=False, **options)
    assert client.get(f"/t/{token}/").status_code == 302
    return client


# ---- the way of a rating ----


def test_from_the_slip_to_the_matter_s_count(cast, matter, as_):
    [token] = given(cast["clerk"], matter)
    resident = phone(token)
    page = resident.get("/t/").content.decode()
    for shown in (matter.title, matter.person.name, "梁村", "很慢", "较快", "很好"):
        assert shown in page
    assert page.count('type="radio"') == 15
    assert resident.post("/t/", SAID | {"note": "灯很亮"}).url == "/t/thanks/"
    rating = Rating.objects.get()
    assert (str(rating), rating.matter, rating.source, rating.on, rating.batch) == (
        "455",
        matter,
        Source.LINK,
        DAY,
        None,
    )
    assert RatingNote.objects.get().matter == matter
    shown = as_("clerk").get(f"/services/matters/{matter.pk}/").content.decode()
    assert '1<span class="den">/1' in shown, "the batch has brought its answer"
    assert "灯很亮" not in shown, "nobody reads the note before five have rated"
    matter.refresh_from_db()
    assert matter.state == MatterState.FINISHED


def test_links_and_paper_count_alike(cast, matter, as_):
    for token in given(cast["clerk"], matter, number=3):
        phone(token).post("/t/", SAID)
    batch = RatingBatch(village=cast.home, matter=matter, collected_on=DAY, handed_out=2, returned=2)
    record_batch(cast["clerk"], batch, [Answer(2, 2, 2)] * 2, DAY)
    page = as_("secretary").get(f"/services/matters/{matter.pk}/").content.decode()
    assert page.count("60.0%") == 3 and '3<span class="den">/5' in page


def test_notes_are_read_from_five_ratings_on_in_no_order_and_not_in_the_village(cast, matter, as_):
    texts = [f"意见{letter}" for letter in "甲乙丙丁戊"]

    def read_by(who: str) -> list[str]:
        page = as_(who).get(f"/services/matters/{matter.pk}/").content.decode()
        return re.findall(r"意见[甲乙丙丁戊]", page)

    for n, text in enumerate(texts):
        assert read_by("clerk") == [], f"{n} ratings"
        RatingNoteFactory(village=cast.home, matter=matter, text=text)
        RatingFactory(village=cast.home, matter=matter)
    assert SHOWN_FROM == 5
    by_key = list(RatingNote.objects.order_by("pk").values_list("text", flat=True))
    assert read_by("clerk") == read_by("district") == by_key and set(by_key) == set(texts)
    assert read_by("secretary") == read_by("clerk_across") == []


def request_of(village) -> ServiceRequest:
    return ServiceRequestFactory(
        village=village, state=RequestState.FINISHED, finished_on=DAY, resident=NAME, phone=PHONE, note="低保"
    )


def test_a_request_is_rated_and_its_resident_not_named(cast, as_):
    row = request_of(cast.home)
    page = as_("clerk").get(f"/services/service-requests/{row.pk}/").content.decode()
    address = f"/services/service-requests/{row.pk}/links/"
    assert address in page and "发放扫码评价单" in page
    sheet = as_("clerk").post(address, {"number": "1", "expires_on": "2013-12-01", "_once": "r" * 32}).content.decode()
    resident = phone(re.search(r"/t/([\w-]{22})/", sheet)[1])
    shown = resident.get("/t/").content.decode()
    assert row.item.name in shown and 'name="note"' not in shown
    assert not [word for word in (NAME, "覃", PHONE, "0086", "低保") if word in shown + sheet]
    assert resident.post("/t/", SAID | {"note": "谢谢"}).status_code == 302
    assert Rating.objects.get().request == row and not RatingNote.objects.exists()
    assert "1" in as_("clerk").get(f"/services/service-requests/{row.pk}/").content.decode()


@pytest.mark.parametrize("wrong", [{"time": ""}, {"result": "6"}, {"attitude": "0"}, {"note": "长" * 201}])
def test_what_is_wrong_is_said_and_the_rest_stays(cast, matter, wrong):
    [token] = given(cast["clerk"], matter)
    resident = phone(token)
    answer = resident.post("/t/", SAID | {"note": "灯很亮"} | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Rating.objects.exists()
    assert "还没提交" in page and page.count(" checked") == (3 if "note" in wrong else 2)
    assert ("灯很亮" in page) == ("note" not in wrong)
    assert Ticket.objects.get().uses_left == 1


def test_a_matter_that_is_worked_on_again_is_not_rated(cast, matter):
    [token] = given(cast["clerk"], matter)
    Matter.objects.update(state=MatterState.UNDER_WAY)
    resident = phone(token)
    assert resident.get("/t/").status_code == resident.post("/t/", SAID).status_code == 410
    assert not Rating.objects.exists() and Ticket.objects.get().uses_left == 1


def test_spent_withdrawn_and_expired(cast, matter, settings):
    [one], [two], [three] = (given(cast["clerk"], matter, expires_on=DAY) for _n in range(3))
    first, second = phone(one), phone(one)
    assert [one.post("/t/", SAID).status_code for one in (first, second)] == [302, 410]
    tickets.revoke(cast["clerk"], TicketBatch.objects.order_by("pk")[1], DAY)
    assert phone(two).post("/t/", SAID).status_code == 410
    late = phone(three)
    settings.PORTAL_TODAY = "2013-11-25"
    assert late.post("/t/", SAID).status_code == 410
    assert Rating.objects.count() == 1


def test_the_check_against_forgery_holds(cast, matter):
    [token] = given(cast["clerk"], matter)
    resident = phone(token, enforce_csrf_checks=True)
    resident.get("/t/")
    assert resident.post("/t/", SAID).status_code == 403 and not Rating.objects.exists()


def test_the_page_is_light_and_strict(cast, matter):
    [token] = given(cast["clerk"], matter)
    answer = phone(token).get("/t/")
    html = answer.content
    loaded = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html)
    size = len(html) + sum(Path(finders.find(name.decode())).stat().st_size for name in loaded)
    assert size <= 60 * 1024, size
    assert not re.findall(rb"<script|\sstyle=|\son\w+=|bootstrap|htmx", html)
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_the_page_speaks_english_too(cast, matter):
    [token] = given(cast["clerk"], matter)
    resident = phone(token)
    page = resident.post(reverse("core:set_language"), {"language": "en", "next": "/t/"}, follow=True).content.decode()
    assert "How was it done?" in page and "very fast" in page and matter.title in page


# ---- nobody is to be known ----


def test_rows_before_and_after_tie_no_slip_to_a_rating(cast, matter):
    tokens = given(cast["clerk"], matter, number=4)
    before = (list(AuditRow.objects.values()), list(TicketBatch.objects.values()))
    phone(tokens[2], REMOTE_ADDR="203.0.113.77").post("/t/", SAID | {"note": "灯很亮"})
    assert (list(AuditRow.objects.values()), list(TicketBatch.objects.values())) == before
    [rating], [note] = Rating.objects.values(), RatingNote.objects.values()
    used = Ticket.objects.get(uses_left=0)
    for secret in (used.digest, tokens[2], "203.0.113"):
        assert secret not in str(rating) + str(note)
    assert set(note) == {"id", "village_id", "matter_id", "request_id", "round_id", "text"}, "not even a day"
    assert rating["id"] != note["id"]
    for model in (Rating, RatingNote):
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.DateTimeField | models.TimeField)
            assert field.related_model not in (Ticket, TicketBatch)


def test_the_order_of_ratings_is_not_kept(cast, matter):
    """25 ratings come sorted by their steps; their keys don't."""
    came = [f"{time}{result}1" for time in range(1, 6) for result in range(1, 6)]
    for token, steps in zip(given(cast["clerk"], matter, number=25), came, strict=True):
        time, result, attitude = steps
        sent = {"time": time, "result": result, "attitude": attitude, "note": f"第{steps}"}
        assert phone(token).post("/t/", sent).status_code == 302
    by_key = [str(rating) for rating in Rating.objects.order_by("pk")]
    notes = [note.text[1:] for note in RatingNote.objects.order_by("pk")]
    assert sorted(by_key) == sorted(notes) == came
    for order in (by_key, notes):
        kept = sum(a < b for i, a in enumerate(order) for b in order[i + 1 :])
        assert 45 < kept < 255, "of 300 pairs half stand as they came, give or take 21"
    assert by_key != notes, "a note doesn't stand where its rating does"


# ---- giving out ----


def test_a_village_gives_none_out_for_its_own_cadres(cast, matter, as_):
    address = f"/services/matters/{matter.pk}/links/"
    assert as_("secretary").get(address).status_code == as_("leader").get(address).status_code == 403
    assert as_("clerk_across").get(address).status_code == 404
    for who, error in (("secretary", Refused), ("leader", Refused), ("clerk_across", Invisible)):
        with pytest.raises(error):
            given(cast[who], matter)
    given(cast["clerk"], matter)
    batch = TicketBatch.objects.get()
    assert not tickets.listed(cast["secretary"], PURPOSES[Matter], matter.pk)[0].may_withdraw
    assert as_("secretary").post(f"/tickets/{batch.pk}/withdraw/").status_code == 403, (
        "nor withdraws what may hurt them"
    )
    assert as_("clerk").post(f"/tickets/{batch.pk}/withdraw/").status_code == 302
    page = as_("secretary").get(f"/services/matters/{matter.pk}/").content.decode()
    assert "发放扫码评价单" not in page and "2013-11-24" in page, "it sees that slips were given out"


def test_when_the_slips_have_run_out_the_clerk_is_to_close_the_matter(cast, matter, as_):
    given(cast["clerk"], matter, expires_on=date(2013, 11, 25))
    (part,) = [one for one in waiting_for(cast["clerk"], date(2013, 11, 27)) if one.register.model is Matter]
    assert (part.first.row, part.late, part.first.due.text) == (matter, 1, "逾期2天")
    given(cast["district"], matter, expires_on=date(2013, 12, 10))
    matter.refresh_from_db()
    assert matter.due_on == date(2013, 12, 10), "asked once more, it is closed later"


def test_slips_for_what_is_closed_move_no_limit(cast, matter):
    Matter.objects.update(state=MatterState.RATED, due_on=None)
    matter.refresh_from_db()
    given(cast["clerk"], matter)
    matter.refresh_from_db()
    assert (matter.state, matter.due_on) == (MatterState.RATED, None)


def test_the_board_says_how_many_ratings_wait_to_be_counted(cast, matter, as_):
    RatingFactory(matter=matter, village=cast.home)
    board = f"/services/ratings/?place={cast.home.code}"
    assert [(one, came) for one, came, _due in as_("clerk").get(board).context["waiting"]] == [(matter, 1)]
    assert as_("clerk_across").get("/services/ratings/").context["waiting"] == []


def test_all_slips_of_a_village_at_once(cast, matter, as_):
    other = MatterFactory(village=cast.home, state=MatterState.FINISHED, title="修水井")
    MatterFactory(village=cast.home, state=MatterState.UNDER_WAY, title="没办完的")
    done(cast.next_door)
    address = f"/services/ratings/links/?village={cast.home.pk}"
    assert as_("secretary").get(address).status_code == 403
    assert as_("clerk_across").get(address).status_code == 404
    assert "没办完的" not in as_("clerk").get(address).content.decode()
    sent = {"number": "3", "expires_on": "2013-12-20", "_once": "village-sheet-1"}
    sheet = as_("clerk").post(address, sent)
    page = sheet.content.decode()
    assert sheet["Cache-Control"] == "no-store"
    assert {(batch.subject, batch.number) for batch in TicketBatch.objects.all()} == {(matter.pk, 3), (other.pk, 3)}
    assert page.count("<svg") >= 6 and len(set(re.findall(r"/t/([^/]+)/", page))) == 6
    assert as_("clerk").post(address, sent).status_code == 302, "a reload makes no second sheet"
    assert TicketBatch.objects.count() == 2


def test_one_refused_matter_gives_no_slips_for_the_others(cast, matter):
    other = MatterFactory(village=cast.home, state=MatterState.UNDER_WAY)
    with pytest.raises(ValidationError):
        give_for_all(cast["clerk"], [matter, other], number=2, expires_on=date(2013, 12, 1), day=DAY)
    assert not TicketBatch.objects.exists()


def test_a_village_gets_no_more_slips_at_once_than_a_matter(cast, matter, as_):
    done(cast.home)
    sent = {"number": str(tickets.MOST_SLIPS // 2 + 1), "expires_on": "2013-12-20", "_once": "village-sheet-2"}
    page = as_("clerk").post(f"/services/ratings/links/?village={cast.home.pk}", sent)
    assert page.status_code == 422 and f"{tickets.MOST_SLIPS // 2}" in page.context["form"].errors["number"][0]
    assert not TicketBatch.objects.exists()


def test_a_village_without_matters_to_rate_says_so(cast, as_):
    page = as_("clerk").get(f"/services/ratings/links/?village={cast.home.pk}", follow=True).content.decode()
    assert "没有待评分的实事" in page


def test_what_is_not_done_has_no_slips(cast, as_):
    matter = MatterFactory(village=cast.home, state=MatterState.UNDER_WAY)
    with pytest.raises(ValidationError, match="还没办结"):
        given(cast["clerk"], matter)
    row = ServiceRequestFactory(village=cast.home)
    for address in (f"/services/matters/{matter.pk}/links/", f"/services/service-requests/{row.pk}/links/"):
        page = as_("clerk").post(address, {"number": "1"}, follow=True)
        assert "还没办结" in page.content.decode() and not TicketBatch.objects.exists()


def test_slips_are_good_until_the_year_is_to_be_rated(cast, matter, as_):
    MatterYear.objects.filter(year=matter.year).delete()
    assert last_day(matter, DAY) == DAY + AT_MOST
    by = date(2014, 1, 31)
    MatterYear.objects.create(year=matter.year, register_by=date(2013, 3, 31), finish_by=date(2013, 12, 31), rate_by=by)
    assert last_day(matter, DAY) == by and last_day(matter, date(2014, 2, 1)) > by
    address, sent = f"/services/matters/{matter.pk}/links/", {"number": "2", "expires_on": "2014-02-01"}
    answer = as_("clerk").post(address, sent)
    assert answer.status_code == 422 and "2014-01-31" in answer.content.decode()
    assert as_("clerk").post(address, sent | {"expires_on": "2014-01-31"}).status_code == 200
    assert TicketBatch.objects.get().number == 2


# ---- at the same moment ----


def race() -> list[int]:
    place = stage.build()
    [token] = given(place["clerk"], done(place.home))
    phones = [phone(token) for _n in range(AT_ONCE)]
    return together([lambda one=one: one.post("/t/", SAID).status_code for one in phones])


@pytest.mark.django_db(transaction=True)
def test_forty_at_once_count_once():
    assert sorted(race()) == [302] + [410] * (AT_ONCE - 1)
    assert Rating.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_guard_they_count_more(monkeypatch):
    monkeypatch.setattr(Slip, "spend", lambda slip: None)
    race()
    assert Rating.objects.count() > 1
