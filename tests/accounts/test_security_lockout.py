"""Five wrong passwords lock an account for the address that they came from, until a named hour or an administrator."""

import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from accounts import lockout
from core.models import AuditRow

pytestmark = pytest.mark.django_db

URL, PASSWORD = "/accounts/sign-in/", "a-long-pass-2013"
BEGAN = "2026-03-02 09:00:20+08:00"


@pytest.fixture
def person(cast):
    user = cast["clerk"]
    user.set_password(PASSWORD)
    user.save()
    return user


def try_in(password="wrong", username="clerk", address="10.0.0.1", agent="A"):
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent).post(URL, {"username": username, "password": password})


def lock(username="clerk", **where):
    for _try in range(5):
        response = try_in(username=username, **where)
    return response


def test_the_fifth_wrong_password_locks_and_says_until_when(person):
    with time_machine.travel(BEGAN, tick=False):
        assert [try_in().status_code for _try in range(4)] == [422] * 4
        response = try_in()
        assert response.status_code == 429 and response["Retry-After"] == "901"
        text = response.content.decode()
        assert "09:16" in text and "no-store" in response["Cache-Control"]  # 09:15:20, rounded up
        assert try_in(PASSWORD).status_code == 429  # not even the right one
        assert try_in(PASSWORD, agent="another browser").status_code == 429


def test_tries_are_counted_together_over_browsers_and_spellings(person):
    for number, name in enumerate(("clerk", "CLERK", " clerk ", "Clerk")):
        assert try_in(username=name, agent=str(number)).status_code == 422
    assert try_in(agent="fifth").status_code == 429


def test_other_addresses_and_other_accounts_go_on(cast, person):
    lock()
    assert try_in(PASSWORD, address="10.0.0.2").status_code == 302
    assert try_in(username="secretary").status_code == 422


def test_a_right_password_starts_the_count_anew(person):
    for _round in range(2):
        assert [try_in().status_code for _try in range(4)] == [422] * 4
        assert try_in(PASSWORD).status_code == 302


def test_the_lock_ends_at_its_hour_whatever_is_tried_meanwhile(person):
    with time_machine.travel(BEGAN, tick=False) as clock:
        lock()
        clock.shift(timedelta(minutes=14, seconds=59))
        assert try_in(PASSWORD).status_code == 429
        clock.shift(timedelta(seconds=2))
        assert try_in(PASSWORD).status_code == 302


def test_the_hour_is_that_at_which_enough_tries_have_lapsed(person):
    """Three from one browser, then two from another: the first three lapsing is enough."""
    with time_machine.travel(BEGAN, tick=False) as clock:
        [try_in(agent="A") for _try in range(3)]
        clock.shift(timedelta(minutes=10))
        [try_in(agent="B") for _try in range(2)]
        (until,) = lockout.locks("clerk").values()
        assert until - timezone.now() == timedelta(minutes=5)
        clock.shift(timedelta(minutes=5, seconds=1))
        assert lockout.locks("clerk") == {} and try_in(PASSWORD).status_code == 302


def test_an_account_that_is_none_locks_just_so(person):
    """Else the lock would tell which accounts there are."""
    with time_machine.travel(BEGAN, tick=False):
        ghost, real = lock("ghost"), lock()
    pages = [re.sub(r'"\w{64}"', "", page.content.decode()) for page in (ghost, real)]  # without the form's token
    assert ghost.status_code == 429 and pages[0] == pages[1]


def test_neither_password_nor_token_is_kept_with_the_count(person):
    try_in("a-Typed-Secret-77")
    kept = str(list(AccessAttempt.objects.values()))
    assert "Typed" not in kept and "csrf" not in kept.replace("csrfmiddlewaretoken=********************", "")


def test_each_try_and_the_lock_itself_are_in_the_audit(person):
    lock()
    try_in(PASSWORD)
    rows = [(row.verb, row.outcome, row.object_name) for row in AuditRow.objects.order_by("id")]
    assert rows == [("sign_in", "failed", "clerk")] * 5 + [
        ("lock_out", "done", "clerk"),
        ("sign_in", "refused", "clerk"),
    ]


# ---- unlocking ----


def test_the_administrator_unlocks(cast, as_, person):
    page, url = f"/accounts/users/{person.pk}/", f"/accounts/users/{person.pk}/unlock/"
    assert url not in as_("sysadmin").get(page).content.decode()
    lock()
    assert url in as_("sysadmin").get(page).content.decode()
    assert as_("sysadmin").get(url).status_code == 405
    assert as_("sysadmin").post(url).status_code == 302
    assert AuditRow.objects.filter(verb="unlock", object_id=person.pk, actor_id=cast["sysadmin"].pk).count() == 1
    assert try_in(PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("username", "status"),
    [("clerk", 403), ("district", 403), ("secadmin", 403), ("auditor", 403), ("sysadmin_abroad", 404), (None, 302)],
)
def test_nobody_else_does(cast, as_, person, username, status):
    lock()
    assert as_(username).post(f"/accounts/users/{person.pk}/unlock/").status_code == status
    assert lockout.locks("clerk")


def test_an_administrators_lock_is_lifted_by_the_system_administrator(cast, as_):
    """Unlocking gives no right to anybody, other than a password or a phone."""
    lock("auditor")
    assert as_("sysadmin").post(f"/accounts/users/{cast['auditor'].pk}/unlock/").status_code == 302
    assert not lockout.locks("auditor")


def test_a_session_left_open_does_not_serve_to_guess_the_password(cast, as_, person):
    desk = as_("clerk")
    posted = {"current": "guess", "password": "quite-Another-2013", "again": "quite-Another-2013"}
    answers = [desk.post("/accounts/password/", posted).status_code for _try in range(5)]
    assert answers == [422] * 4 + [429]
    assert desk.post("/accounts/password/", posted | {"current": PASSWORD}).status_code == 429
    assert cast["clerk"].check_password(PASSWORD)
    assert AuditRow.objects.filter(verb="set_password", outcome="failed").count() == 6
