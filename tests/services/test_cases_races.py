"""At the same moment: two who hear get two numbers, a form sent twice makes one case, an answer is rated once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core.models import Move
from services.actions.case_entry import create_cases
from services.actions.case_rating import say
from services.catalogue import load_time_limits
from services.choices_cases import CaseRating, CaseState
from services.models import Case
from tests import cast as stage
from tests.factories import CaseFactory

DAY = date(2013, 11, 25)


@pytest.fixture
def place(transactional_db):
    load_time_limits()
    return stage.build()


def at_once(*acts) -> list:
    """What each comes to: its value, or the ValidationError."""

    def run(act):
        try:
            return act()
        except ValidationError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_who_hear_get_two_numbers(place):
    by = place["secretary"]

    def hear():
        return create_cases(by, [Case(village=place.home, heard_on=DAY, kind="road", title="路灯不亮")])[0].number

    numbers = at_once(*[hear] * 6)
    assert sorted(numbers) == [f"民意-2013-{place.home.code}-{n:04d}" for n in range(1, 7)]


def test_an_answer_is_rated_once(place):
    case = CaseFactory(village=place.home, state=CaseState.ANSWERED, answer="好了", answered_on=DAY, solved_on=DAY)
    said = at_once(*[lambda rating=rating: say(case, rating, DAY) for rating in list(CaseRating)[:2] * 3])
    assert sum(isinstance(one, Case) for one in said) == 1 and Move.objects.count() == 1
    assert all("已经评过" in str(one) for one in said if isinstance(one, ValidationError))
