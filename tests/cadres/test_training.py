"""Training: the sheet in one go, hours against the rule, what each lacks."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cadres.actions.training import Mark, take_attendance
from cadres.choices import Position
from cadres.models import Attendance
from core.actions import Invisible
from core.indicators import get
from core.models import AuditRow
from core.periods import Period
from tests import factories
from tests.cadres.conftest import person, post
from villages.models import LegalRule, Village

DAY = date(2013, 11, 24)
PERIOD = Period(2013, DAY)


@pytest.fixture
def cadres(place):
    people = [person(place.home, f"干部{n}") for n in range(3)]
    for who in people:
        post(who, Position.BRANCH_MEMBER)
    return people


@pytest.fixture
def course(place):
    return factories.CourseFactory(hours=16, territory_code="450109100")


def trained(period: Period = PERIOD) -> dict:
    return {pk: tuple(figures) for pk, figures in get("cadres_trained")(Village.objects.all(), period).items()}


def test_a_sheet_is_written_at_once_and_again(place, cadres, course):
    first, second, third = cadres
    clerk = place["clerk"]
    marks = [Mark(first, True, 16, "passed"), Mark(second, True, 8), Mark(third, False, 16)]
    assert take_attendance(clerk, course, marks) == 2, "who was never listed makes no line"
    assert take_attendance(clerk, course, marks) == 0
    assert take_attendance(clerk, course, [Mark(first, False, 16, "passed")]) == 1
    assert list(Attendance.objects.order_by("pk").values_list("present", "hours", "result")) == [
        (False, 0, ""),
        (True, 8, ""),
    ]
    assert AuditRow.objects.filter(model="cadres.Attendance").count() == 3


def test_nobody_has_more_hours_than_the_course(place, cadres, course):
    with pytest.raises(ValidationError, match="16"):
        take_attendance(place["clerk"], course, [Mark(cadres[0], True, 17)])
    assert not Attendance.objects.exists()


def test_people_of_another_place_are_not_ticked(place, course):
    with pytest.raises(Invisible):
        take_attendance(place["secretary"], course, [Mark(person(place.across), True, 16)])


def test_the_hours_asked_are_a_rule_of_the_day_and_place(place, cadres, course):
    assert trained() == {}, "no training on record: not measured"
    take_attendance(place["clerk"], course, [Mark(one, True, 16) for one in cadres])
    assert trained() == {place.home.pk: (0, 3)}
    more = factories.CourseFactory(hours=8)
    take_attendance(place["clerk"], more, [Mark(cadres[0], True, 8)])
    assert trained() == {place.home.pk: (1, 3)}, "24 is enough"
    rule = LegalRule.objects.get(key="training_hours")
    LegalRule.objects.create(
        key=rule.key, applies_to="all", place="450109100", value=16, in_force_from=DAY, source="镇", confidence="seen"
    )
    assert trained() == {place.home.pk: (3, 3)}
    LegalRule.objects.all().delete()
    assert trained() == {}


def test_hours_count_in_the_year_and_when_the_course_is_over(place, cadres, course):
    long = factories.CourseFactory(starts_on=date(2013, 11, 20), days=10, hours=24)
    take_attendance(place["clerk"], long, [Mark(cadres[0], True, 24)])
    take_attendance(place["clerk"], course, [Mark(cadres[0], True, 16)])
    assert trained() == {place.home.pk: (0, 3)}
    assert trained(Period(2013, date(2013, 11, 29))) == {place.home.pk: (1, 3)}
    assert trained(Period(2014, date(2014, 3, 1))) == {}


def test_shortfalls_name_each_with_the_hours_he_lacks(place, cadres, course):
    take_attendance(place["clerk"], course, [Mark(cadres[0], True, 16)])
    found = get("cadres_trained").find_shortfalls(Village.objects.all(), PERIOD)[place.home.pk]
    assert [line.label for line in found] == ["干部1差24学时", "干部2差24学时", "干部0差8学时"]
    assert found[0].url == f"/cadres/training/people/{cadres[1].pk}/"


def test_queries_do_not_grow(place, cadres, course, django_assert_num_queries):
    take_attendance(place["clerk"], course, [Mark(one, True, 16) for one in cadres])
    for village in (place.next_door, place.across, place.abroad):
        post(person(village), Position.BRANCH_MEMBER)
    with django_assert_num_queries(4):
        trained()


# ---- pages ----


def test_a_township_ticks_its_own_people_on_the_districts_sheet(place, cadres, as_):
    course = factories.CourseFactory(hours=16, territory_code="450109")
    post(person(place.across), Position.BRANCH_MEMBER)
    url = f"/cadres/training/{course.pk}/sheet/"
    client = as_("clerk")
    assert [one for one, _row in client.get(url).context["lines"]] == cadres
    data = {"present": [cadres[0].pk, cadres[1].pk], "passed": [cadres[0].pk], f"hours_{cadres[1].pk}": "8"}
    assert client.post(url, data).status_code == 302
    assert set(Attendance.objects.values_list("person__name", "hours", "result")) == {
        ("干部0", 16, "passed"),
        ("干部1", 8, ""),
    }
    answer = client.post(url, {"present": [cadres[0].pk], f"hours_{cadres[0].pk}": "acht"})
    assert answer.status_code == 422
    assert "acht" in answer.content.decode()
    assert as_("leader").post(url, data).status_code == 403


def test_the_record_says_what_is_lacked_and_what_comes(place, cadres, course, as_):
    take_attendance(place["clerk"], course, [Mark(cadres[0], True, 16)])
    law = factories.CourseFactory(topic="law", starts_on=date(2013, 12, 9))
    factories.CourseFactory(topic="policy", starts_on=date(2013, 12, 2))
    context = as_("secretary").get(f"/cadres/training/people/{cadres[0].pk}/").context
    assert (context["hours"], context["asked"], context["lacks"]) == (16, 24, 8)
    assert len(context["topics"]) == 6
    assert context["proposed"][0] == law


def test_the_hours_stand_in_the_list_of_people(place, cadres, course, as_):
    take_attendance(place["clerk"], course, [Mark(cadres[0], True, 16)])
    from cadres.models import Person

    hours = dict(Person.objects.with_hours_in(2013).values_list("name", "hours"))
    assert hours["干部0"] == 16
    assert hours["干部1"] is None


def test_plan_and_lack_open_at_every_level(place, cadres, course, as_):
    take_attendance(place["clerk"], course, [Mark(cadres[0], True, 16)])
    for code in ("450109", "450109100", place.home.code):
        for page in ("", "lacking/"):
            assert as_("district").get(f"/cadres/training/{page}?place={code}").status_code == 200
    context = as_("secretary").get("/cadres/training/lacking/").context
    assert [(one.person, one.lacks) for one in context["people"]] == [(cadres[1], 24), (cadres[2], 24), (cadres[0], 8)]
