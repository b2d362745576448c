"""What is measured of cases: handled in time, satisfied; by hand-counted rows."""

from datetime import date, timedelta

from core.periods import Period
from services.choices_cases import CaseState
from services.indicators.cases import cases_in_time, cases_late, cases_satisfied, cases_unsatisfied
from services.models import Case
from tests.factories import CaseFactory
from tests.services.case_rows import DAY, case_in, go
from villages.models import Village

S = CaseState


def measured(indicator, place, cutoff: date = date(2013, 12, 31)):
    villages = Village.objects.filter(pk=place.home.pk)
    return indicator(villages, Period(2013, cutoff)).get(place.home.pk)


def walk_to_solved(place, took: int, **values) -> Case:
    """A case that the township solved after so many days (limit: ten working days, 9 December)."""
    case = case_in(place, S.VILLAGE, **values)
    go(place["secretary"], case, "to_township", DAY, reason="需镇里拨款")
    return go(place["clerk"], case, "solve_township", DAY + timedelta(days=took))


def test_cases_in_time_counts_what_is_handled_or_late(place):
    assert measured(cases_in_time, place) is None, "no case: not measured"
    kept, over = walk_to_solved(place, 14), walk_to_solved(place, 15)
    open_late = case_in(place, S.VILLAGE, due_on=date(2013, 12, 20))
    case_in(place, S.VILLAGE, due_on=date(2014, 1, 10))  # not due yet
    case_in(place, S.JOINED)
    assert tuple(measured(cases_in_time, place)) == (1, 3)
    short = cases_late(Village.objects.all(), Period(2013, date(2013, 12, 31)))[place.home.pk]
    assert {line.url for line in short} == {f"/services/cases/{case.pk}/" for case in (over, open_late)}
    assert kept.pk not in {int(line.url.split("/")[3]) for line in short}


def test_cases_in_time_is_read_on_the_day_asked_for(place):
    walk_to_solved(place, 15)
    assert measured(cases_in_time, place, date(2013, 12, 6)) is None, "handled later, not late yet"
    assert tuple(measured(cases_in_time, place, date(2013, 12, 10))) == (0, 1)


def test_cases_satisfied_counts_who_was_reached(place):
    for rating in (*["satisfied"] * 3, "unsatisfied", "unreached"):
        case_in(place, S(rating), rating=rating, rated_on=DAY)
    case_in(place, S.SATISFIED, rating="satisfied", rated_on=date(2012, 12, 1))
    assert tuple(measured(cases_satisfied, place)) == (3, 4)
    found = cases_unsatisfied(Village.objects.all(), Period(2013, DAY))
    assert [len(lines) for lines in found.values()] == [1]


def test_measuring_asks_the_same_however_many(place, django_assert_max_num_queries):
    for village in (place.home, place.next_door, place.across):
        for _n in range(5):
            CaseFactory(village=village, state=S.VILLAGE, due_on=date(2013, 11, 1))
    period = Period(2013, DAY)
    with django_assert_max_num_queries(4):
        assert len(cases_in_time(Village.objects.all(), period)) == 3
    with django_assert_max_num_queries(2):
        cases_satisfied(Village.objects.all(), period)
