"""What is refused is in the audit, and nothing personal with it; where it came from is the client's own address."""

import pytest
from django.test import Client, RequestFactory

from core.middleware import ClientAddressMiddleware
from core.models import AuditRow

pytestmark = pytest.mark.django_db


def refusals():
    return list(AuditRow.objects.filter(verb="refuse", outcome="refused"))


def test_a_missing_right_leaves_a_row(cast, as_):
    assert as_("clerk").get("/accounts/users/?q=梁国栋").status_code == 403
    (row,) = refusals()
    assert (row.actor_id, row.roles, row.object_name) == (cast["clerk"].pk, "clerk", "GET /accounts/users/")
    assert row.territory_code == "450109100" and row.address == "127.0.0.1" and row.request_id


def test_a_foreign_record_leaves_a_row_that_names_it_by_number(cast, as_):
    pk = cast.across.pk
    assert as_("clerk").get(f"/villages/villages/{pk}/").status_code == 404
    (row,) = refusals()
    assert row.object_name == f"GET /villages/villages/{pk}/" and row.reason.startswith("404")
    assert cast.across.name not in str(row.__dict__)


def test_a_refused_post_leaves_a_row_without_what_was_sent(cast, as_):
    as_("clerk").post("/accounts/users/new/", {"username": "secret-name", "name": "张三"})
    (row,) = refusals()
    assert row.object_name == "POST /accounts/users/new/" and "secret-name" not in str(row.__dict__)


def test_an_address_that_leads_nowhere_or_asks_for_the_sign_in_leaves_none(cast, as_, client):
    assert as_("clerk").get("/nowhere/").status_code == 404
    assert client.get(f"/villages/villages/{cast.home.pk}/").status_code == 302
    assert as_("clerk").get("/villages/villages/").status_code == 200
    assert refusals() == []


def test_words_in_an_address_stay_out_of_it(cast, as_):
    """The admin takes any text where a number belongs."""
    assert as_("clerk").get("/admin/villages/village/张三/change/").status_code == 404
    (row,) = refusals()
    assert row.object_name == "GET /admin/villages/village/…/change/" and "张三" not in str(row.__dict__)


def test_a_form_without_its_token_leaves_a_row_of_nobody():
    assert Client(enforce_csrf_checks=True).post("/accounts/sign-in/", {"username": "x"}).status_code == 403
    (row,) = refusals()
    assert (row.actor, row.object_name) == ("", "POST /accounts/sign-in/")


def test_the_auditor_reads_what_was_asked_for(cast, as_):
    as_("clerk").get("/accounts/users/")
    assert "GET /accounts/users/" in as_("auditor").get("/accounts/audit/").content.decode()


# ---- the client's address behind a proxy ----


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the first was sent from outside
        ("2001:db8::1", "2001:db8::1"),
        ("<script>", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_behind_a_proxy_it_is_what_the_proxy_added(settings, forwarded, address):
    settings.BEHIND_PROXY = True
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    ClientAddressMiddleware(lambda request: None)(request)
    assert request.META["REMOTE_ADDR"] == address


def test_without_a_proxy_the_header_says_nothing(as_):
    as_("clerk").get("/accounts/users/", headers={"x-forwarded-for": "6.6.6.6"})
    assert refusals()[0].address == "127.0.0.1"
