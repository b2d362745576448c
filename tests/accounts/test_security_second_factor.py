"""The second factor: set up once, asked for at every sign-in, required of some roles, reset by the right person."""

import time
from base64 import b32decode, b64encode
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken

from accounts import second_factor
from accounts.middleware import SignInMiddleware
from accounts.models import Grant, Phone
from core.models import AuditRow
from core.roles import Role

pytestmark = pytest.mark.django_db

SIGN_IN, VERIFY, ENROL, OWN = (
    "/accounts/sign-in/",
    "/accounts/sign-in/code/",
    "/accounts/me/second-factor/new/",
    "/accounts/me/",
)
PASSWORD = "a-long-pass-2013"
PAGE = "/villages/villages/"
REQUIRED = ["sysadmin", "secadmin", "auditor", "inspector", "district"]


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02 09:00:00+08:00", tick=False) as traveller:
        yield traveller


def code_of(key: str) -> str:
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    return f"{totp.token():06d}"


def phone_code(username: str) -> str:
    return code_of(Phone.objects.get(user__username=username).key.plain)


@pytest.fixture
def enter(cast):
    """`enter("district")`: a browser after the right password, before anything else."""

    def browser(username: str) -> Client:
        user = cast[username]
        if not user.check_password(PASSWORD):
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        client = Client(raise_request_exception=False)
        assert client.post(SIGN_IN, {"username": username, "password": PASSWORD}).status_code == 302
        return client

    return browser


def set_up(client) -> list[str]:
    """Enrol a phone; the recovery codes that were shown."""
    client.get(ENROL)
    response = client.post(ENROL, {"code": code_of(second_factor.key_in(client.session))})
    assert response.status_code == 200, response.content.decode()
    return response.context["codes"]


@pytest.fixture
def enrolled(cast, enter, clock):
    """The district's person with a phone, signed out, a minute later; and the recovery codes."""
    client = enter("district")
    codes = set_up(client)
    client.post("/accounts/sign-out/")
    clock.shift(timedelta(minutes=1))
    return codes


# ---- required ----


def test_where_nothing_is_required_the_password_is_enough(enter):
    assert enter("district").get(PAGE).status_code == 200


@pytest.mark.parametrize("username", ["district", "inspector", "sysadmin", "secadmin", "auditor"])
def test_a_role_that_must_reaches_nothing_but_setting_up_and_leaving(settings, cast, enter, username):
    settings.OTP_REQUIRED_ROLES = REQUIRED
    client = enter(username)
    for page in (
        "/",
        PAGE,
        f"{PAGE}{cast.home.pk}/",
        "/admin/",
        "/accounts/users/",
        "/accounts/audit/",
        OWN,
        "/nowhere/",
    ):
        for ask in (client.get, client.post):
            answer = ask(page)
            assert answer.status_code == 302 and answer.url.startswith(ENROL), (page, answer)
    assert client.get(VERIFY).url.startswith(ENROL) and client.get("/accounts/password/").url.startswith(ENROL)
    text = client.get(ENROL).content.decode()
    assert "<svg" in text and "style=" not in text and '<nav class="side"' not in text
    assert client.get(SIGN_IN).status_code == 200  # a public page, shown as to anybody
    assert client.post("/accounts/sign-out/").url == SIGN_IN


@pytest.mark.parametrize("username", ["leader", "clerk", "secretary", "nobody"])
def test_other_roles_need_none(settings, enter, username):
    settings.OTP_REQUIRED_ROLES = REQUIRED
    assert enter(username).get(OWN).status_code == 200


def test_whoever_is_given_such_a_role_meets_it_at_the_next_click(settings, cast, enter):
    settings.OTP_REQUIRED_ROLES = REQUIRED
    client = enter("clerk")
    assert client.get(PAGE).status_code == 200
    Grant.objects.create(user=cast["clerk"], role=Role.DISTRICT, territory_code="450109", granted_by=cast["secadmin2"])
    assert client.get(PAGE).url.startswith(ENROL)


def test_a_role_that_does_not_exist_stops_the_server(settings):
    settings.OTP_REQUIRED_ROLES = ["inspektor"]
    with pytest.raises(ImproperlyConfigured, match="inspektor"):
        SignInMiddleware(None)


# ---- setting up ----


def test_setting_up_opens_the_portal_and_shows_ten_codes_once(settings, cast, enter, clock):
    settings.OTP_REQUIRED_ROLES = REQUIRED
    client = enter("district")
    codes = set_up(client)
    assert len(set(codes)) == 10 and client.get(PAGE).status_code == 200
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {c for code in codes for c in (code, code.replace("-", ""))}  # digests alone
    assert not any(code in client.get(page).content.decode() for page in (OWN, ENROL) for code in codes)
    assert [row.verb for row in AuditRow.objects.order_by("id")] == ["sign_in", "enrol"]


@pytest.mark.parametrize("typed", ["000000", "", "12345", "abcdef", "１２３４５６", "9" * 20])
def test_a_wrong_first_code_sets_nothing_up(enter, clock, typed):
    client = enter("district")
    client.get(ENROL)
    key = client.session[second_factor.KEY]
    assert client.post(ENROL, {"code": typed}).status_code == 422
    assert not Phone.objects.exists() and client.session[second_factor.KEY] == key


def test_the_secret_is_shown_as_text_and_as_an_address_too(enter):
    text = enter("district").get(ENROL).content.decode()
    assert 'class="secret"' in text and "otpauth://totp/" in text


def test_a_new_phone_takes_the_place_of_the_old_one(enter, clock):
    client = enter("district")
    old_codes = set_up(client)
    old = Phone.objects.get()
    clock.shift(timedelta(minutes=1))
    set_up(client)
    assert Phone.objects.get().key != old.key and StaticToken.objects.count() == 10
    assert not StaticToken.objects.filter(token=second_factor._digest(old_codes[0].replace("-", ""))).exists()
    assert client.get(PAGE).status_code == 200


def test_the_secret_stands_nowhere_in_the_database(enter, clock):
    """Neither while it is being set up, in the session, nor afterwards; `rotate_keys` knows its column."""
    client = enter("district")
    client.get(ENROL)
    key = second_factor.key_in(client.session)
    assert key not in str(dict(client.session))
    set_up(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_phone")
        (row,) = cursor.fetchall()
    assert Phone.objects.get().key.plain == key and not any(key in str(value) for value in row)
    assert key not in f"{Phone.objects.get().key}"
    assert AuditRow.objects.filter(verb="enrol").exists()
    assert not any(key in str((row.before, row.after, row.reason)) for row in AuditRow.objects.all())


def test_the_secret_outlives_a_change_of_keys(settings, enter, enrolled, clock, capsys):
    settings.SENSITIVE_KEYS = {**settings.SENSITIVE_KEYS, "k2": b64encode(b"2" * 32).decode()}
    settings.SENSITIVE_KEY = "k2"
    call_command("rotate_keys")
    assert "accounts.Phone.key: 1" in capsys.readouterr().out
    settings.SENSITIVE_KEYS = {"k2": settings.SENSITIVE_KEYS["k2"]}
    assert enter("district").post(VERIFY, {"code": phone_code("district")}).status_code == 302


def test_the_address_is_one_that_authenticators_open(cast):
    key = "00112233445566778899aabbccddeeff00112233"
    address = urlsplit(second_factor.address(cast["district"], key))
    asked = parse_qs(address.query, strict_parsing=True)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/规范化平台:district"
    assert b32decode(asked["secret"][0]).hex() == key
    assert {name: asked[name] for name in ("digits", "period", "algorithm", "issuer")} == {
        "digits": ["6"],
        "period": ["30"],
        "algorithm": ["SHA1"],
        "issuer": ["规范化平台"],
    }


def test_sessions_begun_without_it_end_when_it_is_set_up(enter, clock):
    desk, phone = enter("district"), enter("district")
    set_up(phone)
    assert "why=ended" in desk.get(PAGE).url and phone.get(PAGE).status_code == 200


# ---- signing in with it ----


def test_after_the_password_nothing_opens_before_the_code(enter, enrolled):
    """Also where no role requires it: who has set it up is asked."""
    client = enter("district")
    for page in ("/", PAGE, OWN, ENROL, "/admin/", "/nowhere/", "/accounts/password/"):
        assert client.get(page).url.startswith(VERIFY), page
    assert client.post(ENROL, {"code": "1"}).url.startswith(VERIFY)
    key = client.session.session_key
    answer = client.post(VERIFY, {"code": phone_code("district"), "next": PAGE})
    assert answer.url == PAGE and client.get(PAGE).status_code == 200
    assert client.session.session_key != key
    assert AuditRow.objects.filter(verb="verify", outcome="done", reason="totp").count() == 1


def test_htmx_is_sent_to_the_whole_page(enter, enrolled):
    answer = enter("district").get(PAGE, headers={"hx-request": "true", "hx-current-url": f"http://testserver{PAGE}"})
    assert answer.headers["HX-Redirect"] == f"{VERIFY}?next=%2Fvillages%2Fvillages%2F"


def test_a_code_serves_once(enter, enrolled, clock):
    code = phone_code("district")
    assert enter("district").post(VERIFY, {"code": code}).status_code == 302
    clock.shift(timedelta(seconds=5))
    assert enter("district").post(VERIFY, {"code": code}).status_code == 422


@pytest.mark.parametrize("written", [str, str.upper, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_recovery_code_serves_once_however_it_is_written(enter, enrolled, written):
    client = enter("district")
    assert client.post(VERIFY, {"code": written(enrolled[3])}).status_code == 302
    assert client.get(PAGE).status_code == 200 and StaticToken.objects.count() == 9
    assert enter("district").post(VERIFY, {"code": enrolled[3]}).status_code == 422


def test_when_few_codes_are_left_the_page_says_so(enter, enrolled):
    StaticToken.objects.filter(pk__in=list(StaticToken.objects.values_list("pk", flat=True)[:7])).delete()
    client = enter("district")
    client.post(VERIFY, {"code": enrolled[-1]})
    assert 'class="notes"' in client.get(OWN).content.decode()


def test_wrong_codes_make_wait_twice_as_long_each_time(enter, enrolled, clock):
    client, waits = enter("district"), []
    for _try in range(5):
        assert client.post(VERIFY, {"code": "000000"}).status_code == 422
        answer = client.post(VERIFY, {"code": phone_code("district")})  # at once: not even the right one
        assert answer.status_code == 429
        waits.append(int(answer["Retry-After"]) - 1)
        clock.shift(timedelta(seconds=waits[-1]))
    assert waits == [1, 2, 4, 8, 16]
    assert client.post(VERIFY, {"code": phone_code("district")}).status_code == 302
    assert AuditRow.objects.filter(verb="verify", outcome="failed").count() == 5


def test_anothers_code_is_wrong(cast, enter, enrolled, clock):
    set_up(enter("clerk"))
    clock.shift(timedelta(minutes=1))
    client = enter("district")
    assert client.post(VERIFY, {"code": phone_code("clerk")}).status_code == 422
    assert client.get(PAGE).url.startswith(VERIFY)


def test_a_session_that_waits_for_its_code_is_nobody_on_public_pages(enter, enrolled):
    text = enter("district").get(SIGN_IN).content.decode()
    assert "district先生" not in text and "id_password" in text


# ---- one's own wishes ----


def test_new_codes_take_the_place_of_the_old_against_a_code(enter, clock):
    client = enter("clerk")
    old = set_up(client)
    clock.shift(timedelta(minutes=1))
    assert client.post("/accounts/me/second-factor/", {"code": "000000", "do": "codes"}).status_code == 422
    clock.shift(timedelta(seconds=2))
    answer = client.post("/accounts/me/second-factor/", {"code": phone_code("clerk"), "do": "codes"})
    assert len(answer.context["codes"]) == 10 and not set(answer.context["codes"]) & set(old)
    assert AuditRow.objects.filter(verb="renew_codes").count() == 1


def test_it_is_removed_against_a_code_unless_the_role_requires_it(settings, enter, clock):
    client = enter("clerk")
    set_up(client)
    clock.shift(timedelta(minutes=1))
    settings.OTP_REQUIRED_ROLES = ["clerk"]
    posted = {"code": phone_code("clerk"), "do": "drop"}
    assert client.post("/accounts/me/second-factor/", posted).status_code == 422 and Phone.objects.exists()
    settings.OTP_REQUIRED_ROLES = []
    clock.shift(timedelta(minutes=1))
    assert client.post("/accounts/me/second-factor/", posted | {"code": phone_code("clerk")}).url == OWN
    assert not Phone.objects.exists() and not StaticToken.objects.exists()
    assert client.get(PAGE).status_code == 200 and enter("clerk").get(PAGE).status_code == 200


# ---- reset ----


def reset_url(user) -> str:
    return reverse("accounts:reset_second_factor", args=[user.pk])


def test_the_administrator_resets_it_with_a_reason_and_ends_the_sessions(settings, cast, as_, enter, enrolled):
    settings.OTP_REQUIRED_ROLES = ["district"]
    desk = enter("district")
    desk.post(VERIFY, {"code": phone_code("district")})
    admin, url = as_("sysadmin"), reset_url(cast["district"])
    assert url in admin.get(f"/accounts/users/{cast['district'].pk}/").content.decode()
    assert admin.get(url).status_code == 200 and admin.post(url, {"reason": ""}).status_code == 422
    assert Phone.objects.exists()
    assert admin.post(url, {"reason": "手机丢失"}).status_code == 302
    assert not Phone.objects.exists() and not StaticToken.objects.exists()
    assert "why=ended" in desk.get(PAGE).url
    row = AuditRow.objects.get(verb="reset_second_factor")
    assert (row.actor_id, row.object_id, row.reason) == (cast["sysadmin"].pk, str(cast["district"].pk), "手机丢失")
    assert enter("district").get(PAGE).url.startswith(ENROL)


@pytest.mark.parametrize("target", ["secadmin", "auditor", "nobody"])
def test_no_administrator_resets_an_administrators(cast, as_, target):
    if target == "nobody":  # another system administrator
        code = "450109"
        Grant.objects.create(user=cast[target], role=Role.SYSADMIN, territory_code=code, granted_by=cast["secadmin2"])
    Phone.objects.create(key="ab" * 20, user=cast[target], name="totp")
    assert as_("sysadmin").post(reset_url(cast[target]), {"reason": "x"}).status_code == 403
    assert Phone.objects.exists()
    assert reset_url(cast[target]) not in as_("sysadmin").get(f"/accounts/users/{cast[target].pk}/").content.decode()


@pytest.mark.parametrize(
    ("username", "status"),
    [("clerk", 403), ("district", 403), ("secadmin", 403), ("auditor", 403), ("sysadmin_abroad", 404), (None, 302)],
)
def test_nobody_else_resets(cast, as_, username, status):
    Phone.objects.create(key="ab" * 20, user=cast["secretary"], name="totp")
    assert as_(username).post(reset_url(cast["secretary"]), {"reason": "x"}).status_code == status
    assert Phone.objects.exists()


def test_on_the_servers_console_an_administrators_is_reset_too(cast, capsys):
    Phone.objects.create(key="ab" * 20, user=cast["secadmin"], name="totp")
    call_command("reset_second_factor", "secadmin", reason="lost")
    assert not Phone.objects.exists()
    row = AuditRow.objects.get(verb="reset_second_factor")
    assert (row.actor, row.reason, row.object_id) == ("", "lost", str(cast["secadmin"].pk))
    for name in ("secadmin", "ghost"):
        with pytest.raises(CommandError, match=name):
            call_command("reset_second_factor", name, reason="x")


def test_a_device_that_is_gone_no_longer_counts(settings, enter, clock):
    """Were it deleted behind the portal's back, the session would be as before the code."""
    settings.OTP_REQUIRED_ROLES = ["district"]
    client = enter("district")
    set_up(client)
    Phone.objects.all().delete()
    assert client.get(PAGE).url.startswith(ENROL)


def test_the_times_are_real(enter, enrolled):
    assert abs(Phone.objects.get().created_at - timezone.now()) < timedelta(minutes=2)
