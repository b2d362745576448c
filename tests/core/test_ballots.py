"""What the database itself knows of answers, beside their columns: order and transactions."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from core.models import Ticket
from core.records import Ballot
from core.tickets import mixing
from services.actions.rating_links import give_slips
from services.choices_matters import MatterState
from services.models import Rating, RatingNote
from surveys.models import Answer, Response
from tests import cast as stage
from tests.factories import MatterFactory

DAY, LAST = date(2013, 11, 24), date(2013, 12, 20)
CAME = [f"{time}{result}{attitude}" for time in range(1, 6) for result in range(1, 6) for attitude in (1, 5)]


def test_all_that_residents_say_is_a_ballot():
    assert set(mixing.ballots()) >= {Rating, RatingNote, Response, Answer}
    assert all(issubclass(model, Ballot) for model in mixing.ballots())


def rate(steps: list[str]) -> None:
    """One after another through the real page, in that order."""
    place = stage.build()
    matter = MatterFactory(village=place.home, state=MatterState.FINISHED)
    _batch, tokens = give_slips(place["clerk"], matter, number=len(steps), expires_on=LAST, day=DAY)
    for token, (time, result, attitude) in zip(tokens, steps, strict=True):
        client = Client()
        client.get(f"/t/{token}/")
        sent = {"time": time, "result": result, "attitude": attitude, "note": f"{time}{result}{attitude}"}
        assert client.post("/t/", sent).status_code == 302


def as_stored(model, column: str = "") -> list:
    """In the order in which the table holds its rows, or a system column of each row."""
    wanted = column or "id"
    order = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {model._meta.db_table} ORDER BY {order}")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_rows_lie_in_the_order_of_their_keys_in_the_end(settings):
    settings.PORTAL_TODAY = f"{DAY}"
    rate(CAME[:20])
    mixing.mix()
    for model in (Rating, RatingNote):
        keys = as_stored(model)
        assert len(keys) == 20 and keys == sorted(keys)


@pytest.mark.only_on("postgresql")  # its system columns
@pytest.mark.django_db(transaction=True)
def test_no_transaction_tells_which_slip_gave_what(settings):
    """Before the night already: all tickets of the batch bear the mark of the last answer."""
    settings.PORTAL_TODAY = f"{DAY}"
    rate(CAME[:12])
    marks = as_stored(Ticket, "xmin::text")
    assert len(marks) == 12 and len(set(marks)) == 1
    assert len(set(as_stored(Rating, "xmin::text"))) == 12, "control: an answer is a transaction"


@pytest.mark.only_on("postgresql")  # its system columns
@pytest.mark.django_db(transaction=True)
def test_after_the_night_no_transaction_tells_rows_apart(settings):
    settings.PORTAL_TODAY = f"{DAY}"
    rate(CAME)
    steps = dict(Rating.objects.values_list("pk", "time"))
    before = [steps[key] for key in as_stored(Rating)]
    assert before == sorted(before), "control: they lie as they came, the slow ones first"
    assert mixing.mix() == 2 * len(CAME)
    for model in (Rating, RatingNote):
        assert len(set(as_stored(model, "xmin::text"))) == 1
    assert set(as_stored(Rating, "xmin::text")).isdisjoint(as_stored(RatingNote, "xmin::text")), "nor a note's rating"
    after = [steps[key] for key in as_stored(Rating)]
    assert sorted(after) == before and after != before
