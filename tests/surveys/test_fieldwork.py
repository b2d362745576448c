"""What is due and done, sheets typed in one after another, piles of paper."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from core.actions import Refused
from surveys.actions import batches
from surveys.choices import BatchState, Source
from surveys.fieldwork import due_of, stands
from surveys.models import Batch, FieldVisit, PlanRow, Response, Survey
from tests import factories
from tests.surveys.conftest import typed

DAY = date(2013, 11, 24)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_day():
    with time_machine.travel("2013-11-24T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def planned(cast, survey):
    """Ten sheets for home and next door, two strata across; three in, one visit."""
    team = factories.TeamFactory(survey=survey, name="蒲庙镇组")
    factories.PlanRowFactory(survey=survey, village=cast.home, planned=10, team=team)
    factories.PlanRowFactory(survey=survey, village=cast.next_door, planned=2)
    for stratum, number in (("党员", 3), ("群众", 7)):
        factories.PlanRowFactory(survey=survey, village=cast.across, stratum=stratum, planned=number)
    factories.ResponseFactory.create_batch(3, survey=survey, village=cast.home)
    factories.ResponseFactory.create_batch(2, survey=survey, village=cast.next_door)
    for day in (11, 12):
        factories.FieldVisitFactory(survey=survey, village=cast.home, day=date(2013, 11, day))
    return survey


def test_due_and_done_by_village(cast, planned):
    rows = {str(row.village): row for row in due_of(cast["district"], planned)}
    home = rows["梁村"]
    assert (home.planned, home.sheets, home.open, home.visits, home.last_visit, home.teams) == (
        10,
        3,
        7,
        2,
        date(2013, 11, 12),
        ["蒲庙镇组"],
    )
    assert rows["广良村"].is_done and rows["屯六村"].planned == 10
    assert rows["屯六村"].strata == [("党员", 3), ("群众", 7)]


def test_everybody_counts_his_own_territory(cast, planned):
    assert [str(row.village) for row in due_of(cast["clerk"], planned)] == ["梁村", "广良村"]
    (stand,) = stands(cast["secretary"], Survey.objects.visible_to(cast["secretary"]))
    assert (stand.planned, stand.sheets, stand.villages, stand.visited, stand.open) == (10, 3, 1, 1, 7)
    assert due_of(cast["clerk_abroad"], planned) == []


def test_more_villages_ask_no_more(cast, as_, planned, django_assert_max_num_queries):
    for village in factories.VillageFactory.create_batch(40, township=cast.home.township):
        factories.PlanRowFactory(survey=planned, village=village, planned=1)
        factories.ResponseFactory(survey=planned, village=village)
    with django_assert_max_num_queries(6):
        assert len(due_of(cast["district"], planned)) == 43
    client = as_("district")
    for page in ("/surveys/work/", f"/surveys/work/{planned.pk}/"):
        client.get(page)
        with django_assert_max_num_queries(25):
            assert client.get(page).status_code == 200


def test_the_page_says_how_much_is_due(as_, planned):
    page = as_("clerk").get(f"/surveys/work/{planned.pk}/").content.decode()
    assert "已收5/12份，1/2个村（社区）收齐" in page
    assert "还差7份" in as_("clerk").get("/surveys/work/").content.decode()


# ---- one sheet after another ----


def test_save_and_the_next_keeps_village_and_day(cast, as_, survey):
    client, page = as_("clerk"), f"/surveys/work/{survey.pk}/enter/"
    data = typed() | {"village": cast.home.pk, "day": "2013-11-20", "_next": "1", "_once": "a" * 32}
    response = client.post(page, data)
    assert response.status_code == 302
    assert response.url.endswith(f"?village={cast.home.pk}&day=2013-11-20")
    again = client.get(response.url).content.decode()
    assert f'value="{cast.home.pk}" selected' in again and 'value="2013-11-20"' in again
    sheet = Response.objects.get()
    assert (sheet.source, sheet.day, sheet.village) == ("staff", date(2013, 11, 20), cast.home)


def test_a_sheet_that_is_sent_twice_is_written_once(cast, as_, survey):
    client = as_("clerk")
    data = typed() | {"village": cast.home.pk, "day": "2013-11-20", "_once": "b" * 32}
    for _n in range(2):
        assert client.post(f"/surveys/work/{survey.pk}/enter/", data).status_code == 302
    assert Response.objects.count() == 1


def test_wrong_answers_come_back_with_their_sentences(cast, as_, survey):
    data = typed(q_people="五") | {"village": cast.home.pk, "day": "2013-11-20"}
    response = as_("clerk").post(f"/surveys/work/{survey.pk}/enter/", data)
    page = response.content.decode()
    assert response.status_code == 422 and not Response.objects.exists()
    assert 'href="#id_q-people"' in page and 'value="五"' in page


def test_a_foreign_village_is_not_on_offer(cast, as_, survey):
    data = typed() | {"village": cast.across.pk, "day": "2013-11-20"}
    assert as_("clerk").post(f"/surveys/work/{survey.pk}/enter/", data).status_code == 422
    assert as_("leader").get(f"/surveys/work/{survey.pk}/enter/").status_code == 403
    assert not Response.objects.exists()


# ---- paper ----


def begin(client, survey, village, expected="2"):
    data = {"village": village.pk, "name": "梁村纸质卷", "expected": expected, "day": "2013-11-20"}
    return client.post(f"/surveys/work/{survey.pk}/paper/", data)


def test_a_pile_is_counted_ended_and_taken_back(cast, as_, survey):
    client = as_("clerk")
    page = begin(client, survey, cast.home).url
    batch = Batch.objects.get()
    assert page.endswith(f"?batch={batch.pk}") and batch.territory_code == cast.home.code
    for number in (1, 2):
        assert f"第{number}份，共2份" in client.get(page).content.decode()
        data = typed() | {"village": cast.home.pk, "day": "2013-11-20", "_next": "1", "_once": f"{number}" * 32}
        assert client.post(page, data).url.endswith(f"batch={batch.pk}")
    assert set(batch.responses.values_list("source", flat=True)) == {Source.PAPER}
    client.post(f"/surveys/batches/{batch.pk}/end/")
    assert client.get(page).status_code == 404, "it takes no more"
    client.post(f"/surveys/batches/{batch.pk}/drop/", {"reason": "录错村"})
    batch.refresh_from_db()
    assert batch.state == BatchState.DROPPED and not Response.objects.exists()


def test_a_pile_belongs_to_one_village(cast, as_, survey):
    client = as_("clerk")
    page = begin(client, survey, cast.home).url
    data = typed() | {"village": cast.next_door.pk, "day": "2013-11-20"}
    assert client.post(page, data).status_code == 422


def test_a_secretary_types_in_and_does_not_take_back(cast, as_, survey):
    begin(as_("secretary"), survey, cast.home)
    batch = Batch.objects.get()
    assert as_("secretary_next_door").get(f"/surveys/batches/{batch.pk}/").status_code == 404
    with pytest.raises(Refused):
        factories.ResponseFactory(survey=survey, village=cast.home, batch=batch)
        batches.drop(cast["secretary"], batch)
    assert batch.responses.exists()


def test_an_ended_batch_is_not_ended_twice(cast, survey):
    batch = factories.BatchFactory(survey=survey, state=BatchState.WRITTEN, territory_code=cast.home.code)
    with pytest.raises(ValidationError):
        batches.end_pile(cast["clerk"], batch)


# ---- visits and plans ----


def test_a_visit_is_entered_with_its_survey_and_village(cast, as_, survey):
    client = as_("clerk")
    page = client.get(f"/surveys/field-visits/new/?survey={survey.pk}&village={cast.home.pk}")
    assert page.status_code == 200
    data = {"survey": survey.pk, "village": cast.home.pk, "day": "2013-11-12", "form": "visit", "notes": "入户6户"}
    assert client.post("/surveys/field-visits/new/", data).status_code == 302
    assert FieldVisit.objects.get().notes == "入户6户"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": date(2013, 10, 1)}, "还没开始"),
        ({"village": "abroad"}, "调查范围"),
        ({"team": "foreign"}, "另一次调查"),
    ],
)
def test_what_a_visit_must_fit(cast, survey, changes, said):
    facts = {"survey": survey, "village": cast.home, "day": DAY} | changes
    if facts["village"] == "abroad":
        facts["village"] = cast.abroad
    if facts.get("team"):
        facts["team"] = factories.TeamFactory()
    with pytest.raises(ValidationError, match=said):
        FieldVisit(**facts).clean()


def test_a_plan_stays_in_the_survey(cast, survey):
    with pytest.raises(ValidationError, match="调查范围"):
        PlanRow(survey=survey, village=cast.abroad, planned=1).clean()
    with pytest.raises(ValidationError, match="另一次调查"):
        PlanRow(survey=survey, village=cast.home, planned=1, team=factories.TeamFactory()).clean()


def test_the_plan_is_set_for_all_villages_at_once(cast, as_, survey, django_assert_max_num_queries):
    client, page = as_("district"), f"/surveys/work/{survey.pk}/plan/"
    team = factories.TeamFactory(survey=survey)
    home = cast.home.pk
    data = {"every": "5", f"plan-{home}": "8", f"team-{home}": team.pk, f"base-{home}": "1830"}
    with django_assert_max_num_queries(45):
        assert client.post(page, data).status_code == 302
    plan = {row.village.name: (row.planned, row.team) for row in survey.plan.all()}
    assert survey.plan.get(village=home).base == 1830
    assert plan == {"梁村": (8, team), "广良村": (5, None), "红星社区": (5, None), "屯六村": (5, None)}
    stratum = {"new-village": home, "new-stratum": "党员", "new-planned": "3", "new-base": "46", f"plan-{home}": "8"}
    assert client.post(page, stratum).status_code == 302
    assert [(r.village.name, r.stratum, r.planned, r.base) for r in survey.plan.all()] == [
        ("梁村", "", 8, None),
        ("梁村", "党员", 3, 46),
    ], "a line that is emptied owes nothing"
    assert 'value="3"' in client.get(page).content.decode()


def test_the_plan_proposes_the_population_of_a_village(cast, as_, survey):
    """Which is what the sheets of a whole village stand for, until somebody says otherwise."""
    cast.home.population = 2417
    cast.home.save()
    assert 'value="2417"' in as_("district").get(f"/surveys/work/{survey.pk}/plan/").content.decode()
    data = {f"plan-{cast.home.pk}": "8", f"base-{cast.home.pk}": "两千"}
    response = as_("district").post(f"/surveys/work/{survey.pk}/plan/", data)
    assert response.status_code == 422 and 'value="两千"' in response.content.decode()
    assert not PlanRow.objects.exists()


@pytest.mark.parametrize("typed_in", ["-1", "八", "2001", "1.5"])
def test_a_plan_of_no_number_is_shown_again(cast, as_, survey, typed_in):
    response = as_("district").post(f"/surveys/work/{survey.pk}/plan/", {f"plan-{cast.home.pk}": typed_in})
    assert response.status_code == 422 and f'value="{typed_in}"' in response.content.decode()
    assert not PlanRow.objects.exists()
    assert as_("clerk").get(f"/surveys/work/{survey.pk}/plan/").status_code == 403
