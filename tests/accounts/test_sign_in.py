"""Signing in and out, and what follows a person: the language, the way back, the end of a session."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext

from accounts.models import User
from core.models import AuditRow
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN, HOME = "/accounts/sign-in/", "/"
PASSWORD = "a-long-pass-2013"


@pytest.fixture
def person(cast) -> User:
    user = cast["clerk"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, username="clerk", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password, **more})


# ---- in ----


def test_the_right_password_opens_and_is_recorded(client, person):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, HOME)
    row = AuditRow.objects.get()
    assert (row.verb, row.outcome, row.actor_id, row.roles) == ("sign_in", "done", person.pk, "clerk")
    assert (row.address, row.territory_code) == ("127.0.0.1", "450109100")
    assert client.get("/villages/villages/").status_code == 200


@pytest.mark.parametrize("username", [" clerk ", "CLERK", "Clerk"])
def test_an_account_is_the_same_in_capitals_and_with_spaces(client, person, username):
    assert sign_in(client, username).status_code == 302


@pytest.mark.parametrize(
    ("username", "password"),
    [("clerk", "wrong"), ("nobody-here", PASSWORD), ("clerk", PASSWORD + " "), ("clerk", ""), ("", PASSWORD), ("", "")],
)
def test_a_wrong_one_does_not_and_is_recorded_without_the_password(client, person, username, password):
    response = sign_in(client, username, password)
    assert response.status_code == 422 and SIGN_IN in client.get("/villages/villages/").url
    row = AuditRow.objects.get()
    kept = username if username == "clerk" else gettext("(no such account)")  # else it may be a password
    assert (row.verb, row.outcome, row.actor_id, row.object_name) == ("sign_in", "failed", None, kept)
    assert not password or password not in str(AuditRow.objects.values().get()).replace(repr(username), "")


def test_an_unknown_account_and_a_wrong_password_read_the_same(client, person):
    pages = [sign_in(client, name, "wrong").content.decode().replace(name, "") for name in ("clerk", "ghost")]
    without_token = [re.sub(r'"\w{64}"', "", page) for page in pages]
    assert without_token[0] == without_token[1] and "clerk" not in without_token[0]


def test_an_account_without_a_password_opens_to_none(client, cast):
    """As new accounts are until one is set."""
    user = UserFactory(username="fresh")
    user.set_unusable_password()
    user.save()
    for password in ("", "!", user.password):
        assert sign_in(client, "fresh", password).status_code == 422


def test_a_disabled_person_cannot_sign_in(client, person):
    User.objects.update(is_active=False)
    assert sign_in(client).status_code == 422


def test_the_session_gets_a_new_name(client, person):
    """A cookie planted before the sign-in is worth nothing after it."""
    client.get(SIGN_IN)
    client.session["planted"] = 1
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_post_without_token_is_refused(person):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


# ---- the way back ----


@pytest.mark.parametrize("wanted", ["/villages/hamlets/?q=a&page=2", "/"])
def test_the_page_that_was_wanted_follows(client, person, wanted):
    assert sign_in(client, next=wanted).url == wanted
    assert client.get(SIGN_IN, {"next": wanted}).url == wanted  # who is in already goes on at once


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        " //evil.example",
        "/\t/evil.example",
    ],
)
def test_no_way_leads_out_of_the_portal(client, person, wanted):
    assert sign_in(client, next=wanted).url == HOME
    assert client.get(SIGN_IN, {"next": wanted}).url == HOME
    back = client.post("/language/", {"language": "en", "next": wanted}).url
    assert "evil" not in back and "javascript" not in back


def test_the_wanted_page_travels_through_the_form(client):
    page = client.get("/villages/hamlets/?page=2").url
    assert page == f"{SIGN_IN}?next=/villages/hamlets/%3Fpage%3D2"
    assert 'value="/villages/hamlets/?page=2"' in client.get(page).content.decode()


# ---- out ----


def test_signing_out_ends_the_session_and_is_recorded(client, person):
    sign_in(client)
    assert client.post("/accounts/sign-out/").status_code == 302
    assert AuditRow.objects.first().verb == "sign_out"
    assert client.get(HOME).status_code == 302


def test_a_link_cannot_sign_anybody_out(client, person):
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert client.get(HOME).status_code == 200


def test_a_disabled_person_is_out_at_the_next_request(client, person):
    sign_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert SIGN_IN in client.get(HOME).url


def test_a_new_password_ends_the_other_sessions(person):
    phone, desk = Client(), Client()
    sign_in(phone), sign_in(desk)
    new = "quite-another-2013"
    posted = {"current": PASSWORD, "password": new, "again": new}
    assert desk.post("/accounts/password/", posted).status_code == 302
    assert desk.get(HOME).status_code == 200
    assert SIGN_IN in phone.get(HOME).url


def test_pages_behind_the_login_are_kept_by_no_cache(client, person):
    sign_in(client)
    for page in (HOME, "/villages/villages/", "/villages/villages/0/"):
        assert "no-store" in client.get(page)["Cache-Control"]


# ---- the one door ----


def test_the_admin_has_no_door_of_its_own(client, person):
    """Its sign-in, sign-out and password pages would go past the record."""
    response = client.get("/admin/login/?next=/admin/villages/")
    assert response.status_code == 302 and response.url == f"{SIGN_IN}?next=/admin/villages/"
    assert client.post("/admin/login/", {"username": "clerk", "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session and not AuditRow.objects.exists()
    sign_in(client)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/password_change/").url == "/accounts/password/"
    assert client.post("/admin/logout/").status_code == 302
    assert AuditRow.objects.first().verb == "sign_out"


def test_who_holds_no_role_is_told_so_and_not_sent_round_in_circles(client, cast):
    client.force_login(cast["nobody"])
    assert client.get("/admin/", follow=True).status_code == 403


# ---- the language ----


def test_the_language_is_a_saved_choice_never_the_browsers(client):
    header = {"Accept-Language": "en-US,en;q=0.9"}
    assert '<html lang="zh-hans"' in client.get(SIGN_IN, headers=header).content.decode()
    response = client.post("/language/", {"language": "en", "next": SIGN_IN})
    assert (response.status_code, response.url) == (302, SIGN_IN)
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    page = client.get(SIGN_IN, headers={"Accept-Language": "zh-CN"})
    assert '<html lang="en"' in page.content.decode() and page["Content-Language"] == "en"
    client.post("/language/", {"language": "zh-hans", "next": SIGN_IN})
    assert '<html lang="zh-hans"' in client.get(SIGN_IN, headers=header).content.decode()


@pytest.mark.parametrize("choice", ["xx", "", "en-gb", "../../etc", "zh-hans\x00"])
def test_an_unknown_language_is_chinese(client, choice):
    client.post("/language/", {"language": choice, "next": SIGN_IN})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = choice.replace("\x00", "")
    assert '<html lang="zh-hans"' in client.get(SIGN_IN).content.decode()


def test_the_choice_outlives_signing_in_and_out(client, person):
    client.post("/language/", {"language": "en"})
    sign_in(client)
    assert '<html lang="en"' in client.get(HOME).content.decode()
    client.post("/accounts/sign-out/")
    assert '<html lang="en"' in client.get(SIGN_IN).content.decode()


# ---- the demonstration's cards ----


def test_the_cards_and_the_password_are_the_demonstrations_alone(client, cast, settings):
    User.objects.filter(username="clerk").update(is_demonstration=True)
    settings.DEMONSTRATION = False
    assert b"yongning-2013" not in client.get(SIGN_IN).content
    settings.DEMONSTRATION = True
    assert b"yongning-2013" in client.get(SIGN_IN).content
