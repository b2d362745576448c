"""Hearing a case, its slip, and the page for people without an account: guessing, throttling, nothing that leaks."""

import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from core.models import AuditRow, GuessCount, Move
from services.actions.case_entry import find_by_code, hash_of, issue_code, join
from services.choices_cases import CaseState
from services.models import Case
from services.views.case_public import network_of
from tests.factories import CaseFactory, GridFactory, GridHamletFactory, HamletFactory

ASK = "/services/ask/"
DAY = date(2013, 11, 25)
CODE = "20131124"
#: Open ones that lie with the village.
STATES = (CaseState.HEARD, CaseState.INSPECTED, CaseState.VILLAGE, CaseState.SOLVED, CaseState.ANSWERED)
NAME, PHONE = "覃不能露", "13977110086"


@pytest.fixture
def answered(place) -> Case:
    """A case that waits for its rating, with everything in it that must not be shown."""
    number = "民意-2013-450109100214-0007"
    return CaseFactory(
        village=place.home,
        number=number,
        code_hash=hash_of(number, CODE),
        title="覃家低保的事",
        text="家里有病人",
        findings="查了病历",
        raised_by=NAME,
        phone=PHONE,
        handler="韦经办",
        heard_by="梁记录",
        answer="已补发三个月",
        state=CaseState.ANSWERED,
        solved_on=date(2013, 11, 20),
        answered_on=date(2013, 11, 21),
    )


def asked(case_number: str, code: str = CODE, address: str = "203.0.113.7", **more):
    return Client(REMOTE_ADDR=address).post(ASK, {"number": case_number, "code": code} | more)


# ---- the page without an account ----


def test_number_and_code_show_state_days_and_answer_alone(answered):
    page = asked(answered.number, " 2013 １１24").content.decode()
    for shown in ("已答复，待评价", "2013-11-20", "2013-11-21", "已补发三个月"):
        assert shown in page
    hidden = (NAME, "覃", PHONE, "0086", "低保", "病", "韦经办", "梁记录", "梁村", "蒲庙")
    assert not [word for word in hidden if word in page]


def test_an_answer_is_shown_when_it_was_given_and_not_before(answered):
    Case.objects.update(state=CaseState.SOLVED, answered_on=None)
    page = asked(answered.number).content.decode()
    assert "已办结，待答复" in page and "已补发" not in page


def test_a_wrong_code_and_an_unknown_number_look_alike(answered):
    wrong, unknown = asked(answered.number, "00000000"), asked("民意-2013-450109100214-0999", "00000000")
    assert wrong.status_code == unknown.status_code == 422
    strip = lambda page: re.sub(r'csrfmiddlewaretoken" value="[^"]+"|民意-[0-9-]+', "", page.content.decode())  # noqa: E731
    assert strip(wrong) == strip(unknown)


def test_five_wrong_codes_close_the_door_even_to_the_right_one(answered):
    answers = [asked(answered.number, f"0000000{n}").status_code for n in range(5)]
    assert answers == [422] * 4 + [429]
    closed = asked(answered.number)
    assert closed.status_code == 429 and int(closed["Retry-After"]) <= 901
    assert "已补发" not in closed.content.decode()
    # The neighbour in the same /24 counts as the same; somebody elsewhere still gets in.
    assert asked(answered.number, address="203.0.113.99").status_code == 429
    assert asked(answered.number, address="198.51.100.1").status_code == 200


def test_guessing_from_many_networks_closes_the_number(answered):
    codes = [asked(answered.number, "00000000", f"10.{n}.0.1").status_code for n in range(30)]
    assert codes[:29] == [422] * 29 and codes[29] == 429
    assert asked(answered.number, address="172.16.0.1").status_code == 429


def test_guessing_many_numbers_closes_the_network(answered):
    for n in range(30):
        asked(f"民意-2013-450109100214-1{n:03d}", "00000000")
    assert asked(answered.number).status_code == 429


def test_the_door_opens_again(answered):
    with time_machine.travel("2013-11-25 08:00:00+08:00", tick=False) as clock:
        for n in range(5):
            asked(answered.number, f"0000000{n}")
        assert asked(answered.number).status_code == 429
        clock.shift(15 * 60 + 1)
        assert asked(answered.number).status_code == 200


def test_neither_code_nor_address_is_kept(answered, place):
    asked(answered.number, "31415926")
    kept = " ".join(GuessCount.objects.values_list("key", flat=True))
    assert "31415926" not in kept and "203.0.113" not in kept
    code = issue_code(place["secretary"], answered)
    stored = Case.objects.values().get(pk=answered.pk)
    assert code not in str(stored) and stored["code_hash"] == hash_of(answered.number, code)
    rows = list(AuditRow.objects.values_list("before", "after"))
    assert stored["code_hash"] not in str(rows) and code not in str(rows)
    assert find_by_code(answered.number, CODE) is None, "the slip given before is void"


@pytest.mark.parametrize("code", ["", "0", "２", "x" * 500])
def test_a_case_without_a_code_is_found_by_none(place, code):
    case = CaseFactory(village=place.home)
    assert asked(case.number, code).status_code == 422


@pytest.mark.parametrize(
    "address, network",
    [("203.0.113.7", "203.0.113.0/24"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("", ""), ("unix", "")],
)
def test_the_network_of_an_address(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize("said, state", [("satisfied", "satisfied"), ("unsatisfied", "unsatisfied")])
def test_he_says_once_whether_he_is_satisfied(answered, settings, said, state):
    settings.PORTAL_TODAY = "2013-11-25"
    first = asked(answered.number, say=said)
    assert first.status_code == 200 and "已记下" in first.content.decode()
    answered.refresh_from_db()
    assert (answered.state, answered.rating, answered.rated_on) == (state, said, DAY)
    kept = Move.objects.get(object_id=answered.pk)
    assert (kept.transition, kept.by, kept.territory_code) == (said, "反映人", answered.village.code)
    assert AuditRow.objects.filter(object_id=str(answered.pk), verb=said).count() == 1
    again = asked(answered.number, say="satisfied")
    assert again.status_code == 422 and Move.objects.count() == 1
    answered.refresh_from_db()
    assert answered.rating == said
    assert ("不满意" in CaseState(answered.state).label) == (said == "unsatisfied")
    if said == "unsatisfied":
        assert answered.due_on == date(2013, 12, 2), "the township's five days to look at it"


def test_without_the_code_nobody_rates(answered):
    assert asked(answered.number, "00000000", say="satisfied").status_code == 422
    answered.refresh_from_db()
    assert answered.rating == ""


def test_who_follows_reads_the_leaders_answer(answered, place):
    number = "民意-2013-450109100214-0009"
    case = CaseFactory(village=place.home, number=number, code_hash=hash_of(number, CODE))
    join(place["secretary"], case, answered, DAY)
    page = asked(number).content.decode()
    assert "已补发三个月" in page and "合并办理" in page and answered.number not in page
    assert asked(number, say="satisfied").status_code == 422, "the leader's own person rates"


def test_the_page_is_light(answered):
    """HTML and all that it loads, as a phone gets it uncompressed."""
    html = asked(answered.number).content
    loaded = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html)
    size = len(html) + sum(Path(finders.find(name.decode())).stat().st_size for name in loaded)
    assert b"<script" not in html and size <= 60 * 1024, size


# ---- hearing ----


@pytest.fixture
def desk(as_, settings, place):
    settings.PORTAL_TODAY = "2013-11-25"
    return as_("secretary")


HEAR = "/services/case-hear/"
FORM = {"title": "那蒙坡路灯坏了", "kind": "road", "how": "visit", "heard_on": "2013-11-25"}


def test_at_most_five_inputs_before_more(desk):
    page = desk.get(HEAR).content.decode()
    first = page[page.index('class="case-hear ') : page.index("<details", page.index('class="case-hear '))]
    names = set(re.findall(r'name="(\w+)"', first)) - {"csrfmiddlewaretoken", "_once", "village"}
    assert names == {"title", "kind", "hamlet", "raised_by", "phone"}


def test_hearing_gives_number_and_code_once(desk, place):
    sent = FORM | {"raised_by": NAME, "phone": PHONE, "_once": "k1"}
    slip = desk.post(HEAR, sent).content.decode()
    case = Case.objects.get()
    code = "".join(re.search(r'class="big pin">(\d{4}) (\d{4})<', slip).groups())
    assert case.number in slip and find_by_code(case.number, code) == case
    assert f"{settings.BASE_URL}{ASK}" in slip and "<svg" in slip
    assert (case.village, case.heard_by, case.due_on) == (place.home, place["secretary"].name, date(2013, 11, 28))
    again = desk.post(HEAR, sent)
    assert again.status_code == 302 and Case.objects.count() == 1, "sent twice, made once"
    assert code not in desk.get(again.url).content.decode()


def test_what_is_like_an_open_case_is_asked_first(desk, place):
    leader = CaseFactory(village=place.home, title="那蒙坡的路灯坏了")
    CaseFactory(village=place.next_door, title="那蒙坡的路灯坏了，别村")
    CaseFactory(village=place.home, title="那蒙坡的路灯坏了，办完", state=CaseState.SATISFIED)
    page = desk.post(HEAR, FORM)
    assert page.status_code == 200 and Case.objects.count() == 3
    offered = set(re.findall(r'name="same" value="(\w+)"', page.content.decode()))
    assert offered == {str(leader.pk), "new"}
    assert desk.post(HEAR, FORM | {"same": str(leader.pk)}).status_code == 200
    joined = Case.objects.get(joined_to=leader)
    assert joined.state == CaseState.JOINED and joined.code_hash
    desk.post(HEAR, FORM | {"same": "new"})
    assert Case.objects.filter(title=FORM["title"], joined_to__isnull=True).count() == 1


def test_a_day_to_come_is_refused(desk):
    page = desk.post(HEAR, FORM | {"heard_on": "2013-11-26"})
    assert page.status_code == 422 and "还没到" in page.content.decode() and not Case.objects.exists()


def test_from_a_grid_comes_its_village_and_its_hamlets(desk, place):
    grid = GridFactory(village=place.home)
    inside, outside = HamletFactory(village=place.home), HamletFactory(village=place.home)
    GridHamletFactory(grid=grid, hamlet=inside)
    page = desk.get(f"{HEAR}?grid={grid.pk}").content.decode()
    assert f'value="{inside.pk}"' in page and f'<option value="{outside.pk}"' not in page
    desk.post(HEAR, FORM | {"grid": grid.pk, "hamlet": inside.pk, "how": "grid"})
    assert Case.objects.get().grid == grid


@pytest.mark.parametrize("name", ["village", "grid"])
def test_nothing_is_heard_for_another_village(desk, place, name):
    foreign = place.next_door if name == "village" else GridFactory(village=place.next_door)
    assert desk.get(f"{HEAR}?{name}={foreign.pk}").status_code == 404
    assert desk.post(HEAR, FORM | {name: foreign.pk}).status_code == 404
    assert not Case.objects.exists()


def test_a_clerk_chooses_the_village_first(as_, place):
    clerk = as_("clerk")
    page = clerk.get(HEAR).content.decode()
    assert "梁村" in page and "屯六村" not in page
    assert clerk.get(f"{HEAR}?village={place.next_door.pk}").status_code == 200


# ---- pages ----


@pytest.mark.parametrize("address", ["/services/case-board/", "/services/case-deadlines/"])
def test_boards_ask_the_same_however_many(place, as_, address, django_assert_max_num_queries):
    clerk = as_("clerk")
    for n in range(12):
        CaseFactory(village=place.home if n % 2 else place.next_door, state=STATES[n % len(STATES)])
    clerk.get(address)
    with django_assert_max_num_queries(24):
        assert clerk.get(address).status_code == 200


def test_the_list_puts_the_latest_first(place, as_, settings):
    settings.PORTAL_TODAY = "2013-11-25"
    for due in ("2013-12-01", "2013-11-20", "2013-11-26"):
        CaseFactory(village=place.home, title=f"期限{due}", due_on=date.fromisoformat(due))
    page = as_("clerk").get("/services/case-deadlines/").content.decode()
    at = [page.index(f"期限{due}") for due in ("2013-11-20", "2013-11-26", "2013-12-01")]
    assert at == sorted(at) and "在办3件，逾期1件" in page


def test_the_sheet_has_number_and_lines_to_sign(answered, as_):
    page = as_("secretary").get(f"/services/cases/{answered.pk}/print/").content.decode()
    assert answered.number in page and "办理人（签字）" in page and PHONE not in page
