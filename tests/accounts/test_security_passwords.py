"""The password policy: what a password must be, how long it lives, who must change it at once."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actions import create_accounts, set_password
from accounts.models import OldPassword, User
from core.models import AuditRow

pytestmark = pytest.mark.django_db

URL, NEW = "/accounts/password/", "quite-Another-2013"


def words(password: str, user=None) -> str:
    """What the policy says to a password; "" when it takes it."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


# ---- what it must be ----


@pytest.mark.parametrize("password", ["Bcdefghx-1", "abc-def-123", "ABCDEF123456x", "密码Secret-1x", "a" * 20 + "B1"])
def test_ten_signs_of_three_kinds_are_taken(password):
    assert words(password) == ""


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Abcdef-12", "9"),  # nine signs, ten needed
        ("abcdefghijkl", "1"),  # one kind of four
        ("abcdefgh12345", "2"),  # two kinds of four
        ("12345678901234", "1"),
        ("", "0"),
    ],
)
def test_a_weak_one_is_told_what_it_lacks(password, said):
    assert said in words(password)


@pytest.mark.parametrize("password", ["xx-Secretary-1", "SECRETARY-2013x", "Yraterces-2013"])
def test_the_accounts_name_is_not_in_it(cast, password):
    assert words(password, cast["secretary"])
    assert not words(password, cast["clerk"])


@pytest.mark.parametrize("password", ["1qaz2wsx3edc", "Admin@123456", "Password-2013", "@@Dragon2013"])
def test_a_common_one_is_refused(password):
    assert words(password)


def test_every_rule_speaks_for_the_form(settings):
    from django.contrib.auth.password_validation import get_default_password_validators

    texts = {rule.get_help_text() for rule in get_default_password_validators()}
    assert len(texts) == 1 and "10" in texts.pop()


# ---- none of the last five ----


def numbered(number: int) -> str:
    return f"Number-{number}-of-many"


def test_the_last_five_do_not_come_back_and_the_sixth_may(cast):
    user = cast["clerk"]
    for number in range(6):
        set_password(user, user, numbered(number))
    for number in range(1, 6):
        assert "5" in words(numbered(number), user)
    assert words(numbered(0), user) == ""
    assert OldPassword.objects.filter(user=user).count() == 5


def test_one_set_by_an_administrator_counts_as_well(cast):
    set_password(cast["sysadmin"], cast["clerk"], NEW)
    assert words(NEW, cast["clerk"]) and not words(NEW, cast["secretary"])


def test_hashes_are_kept_and_no_password_and_the_audit_has_neither(cast):
    set_password(cast["sysadmin"], cast["clerk"], NEW)
    (row,) = OldPassword.objects.all()
    assert NEW not in row.password and row.password == cast["clerk"].password
    create_accounts(cast["sysadmin"], [User(username="fresh", name="新人")])
    said = str(list(AuditRow.objects.values()))
    assert row.password not in said and NEW not in said and "'password'" not in said


# ---- one's own page ----


@pytest.fixture
def desk(cast, as_):
    user = cast["clerk"]
    user.set_password("the-Present-1")
    user.save()
    return as_("clerk")


@pytest.mark.parametrize("current", ["", "wrong", "the-present-1"])
def test_the_present_one_is_asked_for(cast, desk, current):
    assert desk.post(URL, {"current": current, "password": NEW, "again": NEW}).status_code == 422
    assert cast["clerk"].check_password("the-Present-1")


def test_a_new_one_leads_back_and_the_session_goes_on(cast, desk):
    posted = {"current": "the-Present-1", "password": NEW, "again": NEW, "next": "/villages/hamlets/"}
    assert desk.post(URL, posted).url == "/villages/hamlets/"
    assert cast["clerk"].check_password(NEW) and desk.get("/villages/hamlets/").status_code == 200


# ---- its age ----


def at(days: int):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def test_without_a_term_a_password_lives_for_ever(settings, cast, as_):
    settings.PASSWORD_DAYS = 0
    with at(days=5000):
        assert as_("clerk").get("/").status_code == 200


@pytest.mark.parametrize(("days", "goes_on"), [(89, True), (91, False)])
def test_after_its_term_nothing_but_a_new_one_opens(settings, cast, desk, as_, days, goes_on):
    settings.PASSWORD_DAYS = 90
    User.objects.filter(username="clerk").update(password_set_at=timezone.now() - timedelta(days=days))
    response = desk.get("/villages/hamlets/?page=2")
    assert (response.status_code == 200) is goes_on
    if not goes_on:
        assert response.url == f"{URL}?next=%2Fvillages%2Fhamlets%2F%3Fpage%3D2"
        text = desk.get(response.url).content.decode()
        assert "90" in text and '<nav class="side"' not in text
        desk.post(URL, {"current": "the-Present-1", "password": NEW, "again": NEW})
        assert desk.get("/villages/hamlets/").status_code == 200


@pytest.mark.parametrize(("days", "warned"), [(82, False), (85, True)])
def test_a_week_before_the_end_signing_in_warns(settings, cast, client, days, warned):
    settings.PASSWORD_DAYS = 90
    user = cast["clerk"]
    user.set_password(NEW)
    user.password_set_at = timezone.now() - timedelta(days=days)
    user.save()
    client.post("/accounts/sign-in/", {"username": "clerk", "password": NEW})
    assert ('class="notes"' in client.get("/accounts/me/").content.decode()) is warned


# ---- set by somebody else ----


def test_one_that_an_administrator_set_must_be_changed_at_the_first_sign_in(cast, as_, client):
    admin = as_("sysadmin")
    (user,) = create_accounts(cast["sysadmin"], [User(username="fresh", name="新人")])
    posted = {"password": NEW, "again": NEW}
    assert admin.post(f"/accounts/users/{user.pk}/password/", posted).status_code == 302
    assert client.post("/accounts/sign-in/", {"username": "fresh", "password": NEW}).status_code == 302
    for page in ("/", "/accounts/me/", "/admin/", "/nowhere/", "/accounts/me/second-factor/new/"):
        assert client.get(page).url.startswith(URL), page
    assert client.post("/accounts/me/sessions/end/").url == URL
    posted = {"current": NEW, "password": "my-Own-pass-77", "again": "my-Own-pass-77"}
    assert client.post(URL, posted).status_code == 302
    assert client.get("/accounts/me/").status_code == 200  # who holds no role has at least an account


def test_meanwhile_one_may_sign_out_or_read_it_in_english(cast, client):
    set_password(cast["sysadmin"], cast["clerk"], NEW)
    client.post("/accounts/sign-in/", {"username": "clerk", "password": NEW})
    assert client.post("/language/", {"language": "en", "next": URL}).url == URL
    assert 'lang="en"' in client.get(URL).content.decode()
    assert client.post("/accounts/sign-out/").url == "/accounts/sign-in/"
    assert "/accounts/sign-in/" in client.get("/").url


def test_ones_own_choice_needs_no_other(cast):
    set_password(cast["clerk"], cast["clerk"], NEW)
    assert not cast["clerk"].needs_new_password(timezone.now())
