"""Links without an account: one answer each, out of the address at once, and nothing that leads from a link to an answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core import once, tickets
from core.actions import Invisible, Refused
from core.models import AuditRow, Ticket, TicketBatch
from core.tickets import purposes
from core.tickets.slip import Slip, digest_of
from tests import cast as stage

DAY, LAST = date(2013, 11, 24), date(2013, 12, 31)
AT_ONCE = 40


@pytest.fixture(autouse=True)
def counting():
    """A purpose that keeps a row for each answer."""

    @tickets.purpose("test")
    def page(request, slip):
        if request.method == "GET":
            return HttpResponse(f"subject {slip.subject}")
        with transaction.atomic():
            slip.spend()
            once.Once.objects.create(key=once.new_key(), model="test")
        return tickets.thanks(request)

    yield
    purposes._purposes.pop("test")


def give(by, code=stage.HOME, **values):
    given = {"title": "评一评", "number": 3, "day": DAY, "expires_on": LAST} | values
    return tickets.issue(by, "test", 7, code, **given)


def hop(client, token):
    return client.get(reverse("core:ticket", args=[token]))


def counted() -> int:
    return once.Once.objects.filter(model="test").count()


class TestOneLink:
    def test_from_the_slip_to_thanks(self, cast):
        _batch, tokens = give(cast["secretary"])
        client = Client()
        first = hop(client, tokens[0])
        assert (first.status_code, first.url) == (302, "/t/"), "the token is out of the address after the first hop"
        assert tokens[0] not in str(first.cookies), "nor does the cookie hold it"
        assert first.cookies["slip"]["httponly"] and first.cookies["slip"]["path"] == "/t/"
        assert first["Referrer-Policy"] == "no-referrer"
        shown = client.get("/t/")
        assert shown.content == b"subject 7"
        assert (shown["Referrer-Policy"], shown["Cache-Control"]) == ("same-origin", "no-store")
        assert client.post("/t/").url == "/t/thanks/"
        assert client.get("/t/thanks/").status_code == 200
        assert counted() == 1

    def test_a_second_answer_is_refused_on_any_telephone(self, cast):
        _batch, tokens = give(cast["secretary"])
        for expected in (302, 410):
            client = Client()
            hop(client, tokens[0])
            assert client.post("/t/").status_code == expected
        assert counted() == 1

    def test_it_ends_with_its_day_and_with_its_batch(self, cast, settings):
        batch, tokens = give(cast["secretary"])
        client = Client()
        hop(client, tokens[0])
        settings.PORTAL_TODAY = "2014-01-01"
        late = client.get("/t/")
        settings.PORTAL_TODAY = "2013-12-31"
        assert late.status_code == 410 and "2013-12-31" in late.content.decode()
        assert client.get("/t/").status_code == 200, "the last day counts"
        tickets.revoke(cast["secretary"], batch, DAY)
        assert client.get("/t/").status_code == 410

    def test_the_page_without_a_link_and_with_a_forged_cookie(self, client, db):
        assert client.get("/t/").status_code == 404
        client.cookies["slip"] = digest_of("x")
        assert client.get("/t/").status_code == 404


class TestOpenLink:
    def test_it_takes_so_many_and_one_of_each_telephone(self, cast):
        _batch, [token] = give(cast["clerk"], kind=TicketBatch.Kind.OPEN, number=2)
        first = Client()
        hop(first, token)
        assert first.post("/t/").status_code == 302
        hop(first, token)
        assert first.post("/t/").status_code == 410, "this telephone has answered"
        for expected in (302, 410):
            other = Client()
            hop(other, token)
            assert other.post("/t/").status_code == expected
        assert counted() == 2


class TestGuessing:
    def test_guesses_meet_429_and_a_right_link_opens_all_the_same(self, cast, client):
        _batch, tokens = give(cast["secretary"])
        codes = [hop(client, f"AAAA{n:018}").status_code for n in range(12)]
        assert codes[:9] == [404] * 9 and codes[-1] == 429
        assert hop(client, "BBBB" + "0" * 18).status_code == 404, "another beginning is another lock"
        assert hop(client, tokens[0]).status_code == 302

    def test_changing_the_beginning_each_time_meets_429_too(self, db, client):
        codes = [hop(client, f"{n:04}" + "0" * 18).status_code for n in range(201)]
        assert codes[198] == 404 and codes[-1] == 429


class TestGivingOut:
    def test_only_the_hash_is_stored_and_128_bits_are_drawn(self, cast):
        _batch, tokens = give(cast["secretary"], number=50)
        stored = str(list(Ticket.objects.values())) + str(list(AuditRow.objects.values()))
        assert not any(token in stored for token in tokens)
        assert len(set(tokens)) == 50 and all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)

    def test_rights_and_territory(self, cast):
        with pytest.raises(Refused):
            give(cast["leader"])
        with pytest.raises(Invisible):
            give(cast["secretary_next_door"])
        batch, _tokens = give(cast["secretary"])
        with pytest.raises(Invisible):
            tickets.revoke(cast["clerk_across"], batch, DAY)
        assert tickets.listed(cast["clerk_across"], "test", 7) == []

    def test_the_list_counts_what_came(self, cast, django_assert_num_queries):
        _batch, tokens = give(cast["secretary"])
        client = Client()
        hop(client, tokens[0])
        client.post("/t/")
        by = cast["secretary"]
        assert by.roles  # what a request has read before
        with django_assert_num_queries(3):
            [batch] = tickets.listed(by, "test", 7)
        assert (batch.answers, batch.number, batch.may_withdraw) == (1, 3, True)
        assert not tickets.listed(cast["leader"], "test", 7)[0].may_withdraw

    def test_the_secretary_withdraws_and_comes_back(self, as_, cast):
        batch, _tokens = give(cast["secretary"])
        address = reverse("core:ticket_withdraw", args=[batch.pk])
        assert as_("secretary_next_door").post(address).status_code == 404
        assert as_("secretary").post(address, {"next": "https://elsewhere.example/"}).url == "/"
        assert as_("secretary").post(address, {"next": "/search/"}).url == "/search/"
        batch.refresh_from_db()
        assert batch.revoked_on

    @pytest.mark.parametrize("number", [0, 2001])
    def test_no_empty_sheet_and_no_flood(self, cast, number):
        with pytest.raises(ValidationError, match="张"):
            give(cast["secretary"], number=number)


@pytest.mark.django_db(transaction=True)
class TestFortyAtOnce:
    def race(self) -> list[int]:
        _batch, tokens = give(stage.build()["secretary"], number=1)
        clients = [Client(raise_request_exception=False) for _n in range(AT_ONCE)]
        for client in clients:
            hop(client, tokens[0])
        barrier = Barrier(AT_ONCE)

        def go(client):
            try:
                barrier.wait(30)
                return client.post("/t/").status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(go, clients))

    def test_count_once(self):
        answers = self.race()
        assert sorted(set(answers)) == [302, 410] and answers.count(302) == 1
        assert counted() == 1

    def test_control_without_the_guard_they_count_more(self, monkeypatch):
        monkeypatch.setattr(Slip, "spend", lambda slip: None)
        self.race()
        assert counted() > 1
