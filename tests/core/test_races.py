"""Two at the same moment, on whichever database the tests run: nothing is lost, nothing is made twice.

Each thread is a person with a connection of his own; a barrier lets them go together. Every guard has its control: the
same race without it, which must go wrong, or the test would prove nothing.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from cadres.models import Course
from core import actions, once
from core.models import AuditRow
from core.registers import history
from core.registers.base import for_model
from tests import cast as stage
from tests.factories import CourseFactory, HamletFactory
from tests.routes import payload
from villages.models import Hamlet

pytestmark = pytest.mark.django_db(transaction=True)

RACES = 50
AT_ONCE = 40


@pytest.fixture
def ground():
    """The cast, committed, so that other connections see it."""
    return stage.build()


def together(works) -> list:
    """What each of the works gives; all begin at the same moment, each in a thread with its own connection."""
    barrier = Barrier(len(works))

    def go(work):
        try:
            barrier.wait(30)
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(go, works))


def client_of(person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def posted(row: Hamlet, **changes) -> dict:
    given = {"village": row.village_id, "name": row.name, "households": row.households, "_version": row.version}
    return given | changes


# ---- two savers of one record ----


def test_of_fifty_races_of_two_savers_every_accepted_save_stands_in_the_history(ground):
    row = HamletFactory(village=ground.home, name="那蒙坡", households=1)
    clients, accepted, refused = [client_of(ground["clerk"]), client_of(ground["district"])], [], 0
    url = f"/villages/hamlets/{row.pk}/edit/"
    for race in range(RACES):
        row.refresh_from_db()
        counts = [1000 + race * 2, 1001 + race * 2]
        answers = together(
            [
                lambda c=client, n=count, r=row: c.post(url, posted(r, households=n)).status_code
                for client, count in zip(clients, counts, strict=True)
            ]
        )
        assert set(answers) <= {302, 409}, answers
        accepted += [count for count, answer in zip(counts, answers, strict=True) if answer == 302]
        refused += answers.count(409)
        row.refresh_from_db()
        assert row.households == accepted[-1]
    kept = AuditRow.objects.filter(model="villages.Hamlet", object_id=str(row.pk), verb="update").order_by("id")
    assert [entry.after["households"] for entry in kept] == accepted
    assert [entry.before["households"] for entry in kept] == [1, *accepted[:-1]]
    assert (len(accepted), refused) == (RACES, RACES) and row.version == RACES + 1


def test_two_who_change_different_fields_both_end_up_in_the_record(ground):
    """Who was slower gets the other's change merged in, and sends again what the page holds."""
    row = HamletFactory(village=ground.home, name="那蒙坡", households=1)
    url = f"/villages/hamlets/{row.pk}/edit/"
    clients = [client_of(ground["clerk"]), client_of(ground["district"])]
    changes = [{"name": "那马坡"}, {"households": 77}]
    answers = together(
        [lambda c=c, given=given: c.post(url, posted(row, **given)) for c, given in zip(clients, changes, strict=True)]
    )
    late = next(index for index, answer in enumerate(answers) if answer.status_code == 409)
    again = dict(answers[late].context["conflict"].passed)
    assert clients[late].post(url, again).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.households) == ("那马坡", 77)


def test_the_control_without_the_version_loses_saves(ground, monkeypatch):
    monkeypatch.setattr(actions, "_refuse_stale", lambda rows, before: None)
    row = HamletFactory(village=ground.home, name="那蒙坡", households=1)
    clients = [client_of(ground["clerk"]), client_of(ground["district"])]
    changes = [{"name": "那马坡"}, {"households": 77}]
    url = f"/villages/hamlets/{row.pk}/edit/"
    answers = together(
        [lambda c=c, given=given: c.post(url, posted(row, **given)) for c, given in zip(clients, changes, strict=True)]
    )
    row.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (row.name, row.households) != ("那马坡", 77), "without the guard one of them should have been lost"


def test_a_former_value_and_a_save_at_the_same_moment(ground):
    row = HamletFactory(village=ground.home, name="那蒙坡", households=1)
    clerk, district = client_of(ground["clerk"]), client_of(ground["district"])
    for race in range(10):
        row.refresh_from_db()
        clerk.post(f"/villages/hamlets/{row.pk}/edit/", posted(row, households=100 + race))
        row.refresh_from_db()
        number = history.rows_of(row).filter(verb="update").first().pk
        base = f"/villages/hamlets/{row.pk}/"
        answers = together(
            [
                lambda n=number, b=base: district.post(f"{b}history/", {"number": n, "reason": "填错了"}).status_code,
                lambda r=row, b=base, n=race: clerk.post(f"{b}edit/", posted(r, households=900 + n)).status_code,
            ]
        )
        assert answers[0] in (302, 422) and answers[1] in (302, 409) and 302 in answers, answers
    row.refresh_from_db()
    updates = history.rows_of(row).filter(verb="update")
    assert row.version == updates.count() + 1
    assert row.households == updates.first().after["households"]


# ---- the same form sent many times ----


@pytest.fixture
def course(ground):
    """What the form of a new course posts. Nothing in the database keeps two equal ones apart."""
    row = CourseFactory.changeable(ground.home)
    given = payload(for_model(Course), row, ground["district"])
    Course.objects.all().delete()
    return given


def send_all(person, url: str, given: dict) -> list:
    clients = [client_of(person) for _n in range(AT_ONCE)]
    return together([lambda c=c: c.post(url, given) for c in clients])


def test_one_form_sent_forty_times_at_once_makes_one_record(ground, course):
    answers = send_all(ground["district"], "/cadres/courses/new/", course | {"_once": once.new_key()})
    assert Course.objects.count() == 1
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {f"/cadres/courses/{Course.objects.get().pk}/"}
    assert AuditRow.objects.filter(verb="create", model="cadres.Course").count() == 1


def test_the_control_without_the_key_makes_many(ground, course):
    answers = send_all(ground["district"], "/cadres/courses/new/", course)
    assert {answer.status_code for answer in answers} == {302} and Course.objects.count() == AT_ONCE


def test_the_control_without_the_unique_key_makes_more_than_one(ground, course, monkeypatch):
    """Looking whether the key is taken is not enough: what holds is that its row is written first."""
    monkeypatch.setattr(once, "claim", lambda key, model: None)
    send_all(ground["district"], "/cadres/courses/new/", course | {"_once": once.new_key()})
    assert Course.objects.count() > 1


def test_a_form_that_collides_with_its_own_first_sending_is_no_mistake(ground):
    """The village's name of a hamlet is unique: the second of the forty must not be told that it exists."""
    given = {"village": ground.home.pk, "name": "新坡", "_once": once.new_key()}
    answers = send_all(ground["clerk"], "/villages/hamlets/new/", given)
    assert Hamlet.objects.count() == 1
    assert {answer.status_code for answer in answers} == {302}


def test_a_key_that_another_form_used_makes_nothing_and_breaks_nothing(ground, course):
    key, client = once.new_key(), client_of(ground["district"])
    client.post("/villages/hamlets/new/", {"village": ground.home.pk, "name": "新坡", "_once": key})
    answer = client.post("/cadres/courses/new/", course | {"_once": key})
    assert (answer.status_code, answer.url) == (302, "/cadres/courses/") and not Course.objects.exists()
