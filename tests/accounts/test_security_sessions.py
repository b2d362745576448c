"""Sessions: when they end by themselves, who ends them, and that a person who lost a right is out at the next click."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import browsers, tasks
from accounts.models import Grant, SignIn, User
from core.models import AuditRow
from core.roles import Role
from tests.cast import HOME, NALOU

pytestmark = pytest.mark.django_db

SIGN_IN, PASSWORD = "/accounts/sign-in/", "a-long-pass-2013"
PAGE = "/villages/villages/"


@pytest.fixture
def enter(cast):
    """`enter("clerk")`: a browser with a session begun as people begin it, by account and password."""

    def browser(username: str, **more) -> Client:
        user = cast[username]
        if not user.has_usable_password() or user.password == "!":
            user.set_password(PASSWORD)
            user.save()
        client = Client(raise_request_exception=False, **more)
        assert client.post(SIGN_IN, {"username": username, "password": PASSWORD}).status_code == 302
        return client

    return browser


def inside(client) -> bool:
    return client.get(PAGE).status_code == 200


# ---- by themselves ----


@pytest.mark.parametrize(("minutes", "goes_on"), [(29, True), (30, False), (300, False)])
def test_who_does_nothing_for_half_an_hour_is_out(enter, minutes, goes_on):
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        desk = enter("clerk")
        clock.shift(timedelta(minutes=minutes))
        assert inside(desk) is goes_on


def test_who_works_goes_on_for_twelve_hours_and_no_longer(enter):
    with time_machine.travel("2026-03-02 08:00+08:00", tick=False) as clock:
        desk = enter("clerk")
        for _step in range(35):
            clock.shift(timedelta(minutes=20))
            assert inside(desk)
        clock.shift(timedelta(minutes=20))
        response = desk.get(PAGE)
    assert response.status_code == 302 and "why=long" in response.url


def test_the_sign_in_page_says_why_and_leads_back(enter):
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        desk = enter("clerk")
        clock.shift(timedelta(minutes=31))
        response = desk.get(PAGE + "?q=a&page=2")
        assert response.url == f"{SIGN_IN}?why=idle&next=%2Fvillages%2Fvillages%2F%3Fq%3Da%26page%3D2"
        text = desk.get(response.url).content.decode()
        assert "30" in text and 'value="/villages/villages/?q=a&amp;page=2"' in text
    assert "sessionid" not in desk.cookies or not desk.cookies["sessionid"].value
    row = AuditRow.objects.get(verb="sign_out")
    assert (row.reason, row.actor.split()[-1]) == ("idle", "clerk")


def test_a_page_that_asks_by_itself_is_no_sign_of_life(enter):
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        desk = enter("clerk")
        for _poll in range(15):
            clock.shift(timedelta(minutes=2))
            last = desk.get(PAGE, headers={"portal-poll": "1", "hx-request": "true"})
        assert last.headers["HX-Redirect"].startswith(f"{SIGN_IN}?why=idle")


def test_htmx_is_sent_to_the_whole_page(enter):
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        desk = enter("clerk")
        clock.shift(timedelta(minutes=31))
        asked = {"hx-request": "true", "hx-current-url": "http://testserver/villages/hamlets/?page=2"}
        response = desk.post(PAGE, headers=asked)
        assert response.headers["HX-Redirect"] == f"{SIGN_IN}?why=idle&next=%2Fvillages%2Fhamlets%2F%3Fpage%3D2"


def test_the_clock_is_the_real_one_also_in_the_demonstration(settings, enter):
    settings.PORTAL_TODAY = "2013-11-24"
    enter("clerk")
    assert SignIn.objects.get().began_at > timezone.now() - timedelta(minutes=1)


def test_a_session_is_noted_as_seen_once_a_minute_and_not_at_every_click(enter):
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        desk = enter("clerk")
        before = SignIn.objects.get().seen_at
        clock.shift(timedelta(seconds=59))
        assert inside(desk) and SignIn.objects.get().seen_at == before
        clock.shift(timedelta(seconds=1))
        assert inside(desk) and SignIn.objects.get().seen_at == before + timedelta(minutes=1)


# ---- listed and ended ----


def test_ones_own_are_listed_with_browser_address_and_times(enter):
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
    desk = enter("clerk", REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT=agent)
    enter("clerk", REMOTE_ADDR="10.9.9.9")
    enter("secretary", REMOTE_ADDR="10.7.7.7")
    text = desk.get("/accounts/me/").content.decode()
    assert "Chrome · Windows" in text and "10.1.2.3" in text and "10.9.9.9" in text and "10.7.7.7" not in text


def test_one_other_is_ended_and_is_out_at_its_next_click(enter):
    desk, phone, tablet = enter("clerk"), enter("clerk"), enter("clerk")
    phones = SignIn.objects.order_by("pk")[1]
    assert desk.post(f"/accounts/me/sessions/{phones.pk}/end/").status_code == 302
    assert "why=ended" in phone.get(PAGE).url and inside(desk) and inside(tablet)
    assert AuditRow.objects.filter(verb="end_sign_ins").count() == 1


def test_all_others_at_once(enter):
    desk, phone, tablet = enter("clerk"), enter("clerk"), enter("clerk")
    other = enter("secretary")
    assert desk.post("/accounts/me/sessions/end/").status_code == 302
    assert inside(desk) and inside(other) and not inside(phone) and not inside(tablet)


def test_the_present_one_is_ended_by_signing_out_alone(enter):
    desk = enter("clerk")
    desk.post(f"/accounts/me/sessions/{SignIn.objects.get().pk}/end/")
    assert inside(desk)
    desk.post("/accounts/sign-out/")
    assert SignIn.objects.get().ended_at


def test_anothers_session_is_not_there(enter):
    desk, other = enter("clerk"), enter("secretary")
    foreign = SignIn.objects.get(user__username="secretary")
    assert desk.post(f"/accounts/me/sessions/{foreign.pk}/end/").status_code == 404
    assert inside(other)


def test_a_cookie_without_its_row_opens_nothing(enter):
    desk = enter("clerk")
    SignIn.objects.all().delete()
    assert "why=ended" in desk.get(PAGE).url


def test_signing_in_again_ends_the_session_before(enter):
    desk = enter("clerk")
    desk.post("/accounts/sign-out/")
    desk.post(SIGN_IN, {"username": "clerk", "password": PASSWORD})
    assert SignIn.objects.alive(timezone.now()).count() == 1


@pytest.mark.parametrize("by", ["himself", "sysadmin"])
def test_a_new_password_ends_the_other_sessions(cast, as_, enter, by):
    desk, phone = enter("clerk"), enter("clerk")
    posted = {"password": "quite-Another-2013", "again": "quite-Another-2013"}
    if by == "himself":
        assert desk.post("/accounts/password/", posted | {"current": PASSWORD}).status_code == 302
    else:
        as_("sysadmin").post(f"/accounts/users/{cast['clerk'].pk}/password/", posted)
    assert inside(desk) is (by == "himself") and not inside(phone)
    assert SignIn.objects.filter(user__username="clerk", ended_at=None).count() == (by == "himself")


# ---- whoever loses a right loses it at once ----


def test_a_disabled_person_is_out_and_enabling_him_does_not_bring_the_session_back(enter):
    desk = enter("clerk")
    User.objects.filter(username="clerk").update(is_active=False)
    assert SIGN_IN in desk.get(PAGE).url
    User.objects.filter(username="clerk").update(is_active=True)
    assert SIGN_IN in desk.get(PAGE).url


def test_a_demoted_person_is_out(cast, as_, enter):
    desk = enter("clerk")
    assert inside(desk)
    held = Grant.objects.get(user__username="clerk")
    assert as_("secadmin").post(f"/accounts/grants/{held.pk}/end/").status_code == 302
    assert desk.get(PAGE).status_code == 403


def test_a_moved_person_sees_the_new_place_and_no_longer_the_old(cast, enter):
    desk, home, across = enter("clerk"), cast.home.pk, cast.across.pk
    assert [desk.get(f"{PAGE}{pk}/").status_code for pk in (home, across)] == [200, 404]
    Grant.objects.filter(user__username="clerk").update(ended_at=timezone.now())
    Grant.objects.create(user=cast["clerk"], role=Role.CLERK, territory_code=NALOU, granted_by=cast["secadmin2"])
    assert [desk.get(f"{PAGE}{pk}/").status_code for pk in (home, across)] == [404, 200]
    assert HOME not in desk.get(PAGE).content.decode()


# ---- leavings ----


def test_the_broom_leaves_what_goes_on(enter):
    with time_machine.travel("2026-03-02 09:00+08:00", tick=False) as clock:
        enter("secretary")
        clock.shift(timedelta(days=181))
        desk = enter("clerk")
        tasks.clear_sign_ins()
        assert [row.user.username for row in SignIn.objects.all()] == ["clerk"] and inside(desk)


@pytest.mark.parametrize(
    ("agent", "called"),
    [
        ("Mozilla/5.0 (Linux; Android 13) Chrome/116 Mobile MicroMessenger/8.0", "微信 · Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari · Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604", "Safari · iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("", "—"),
    ],
)
def test_browsers_are_called_as_their_owners_call_them(agent, called):
    assert browsers.name(agent) == called
