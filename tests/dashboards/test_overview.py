"""The page of the matrix."""

import re

import pytest

from scoring.models import Result
from tests.dashboards.conftest import score
from tests.dashboards.test_homes import text

HOME, NEXT, ACROSS = "450109100214", "450109100215", "450109101201"


def names(answer) -> list[str]:
    """The villages of the matrix, in order."""
    return re.findall(r'<th scope="row"><a href="/dossiers/(\d+)/', answer.content.decode())


def test_before_the_first_run_it_says_what_to_do(as_):
    assert "/scoring/runs/new/" in as_("district").get("/overview/").content.decode()
    answer = as_("clerk").get("/overview/")
    assert "还没有评分" in text(answer) or "2013" in text(answer)
    assert "/scoring/runs/new/" not in answer.content.decode()


def test_each_sees_his_own_territory(as_, run):
    assert set(names(as_("district").get("/overview/"))) == {HOME, NEXT, ACROSS, "450109100001"}
    assert set(names(as_("clerk").get("/overview/"))) == {HOME, NEXT, "450109100001"}
    assert names(as_("secretary").get("/overview/")) == [HOME]
    assert names(as_("district_abroad").get("/overview/")) == []


def test_administrators_are_refused(as_, run):
    for name in ("sysadmin", "secadmin", "auditor"):
        assert as_(name).get("/overview/").status_code == 403


def test_a_cell_opens_the_reasons_of_its_group(as_, run):
    page = as_("district").get("/overview/").content.decode()
    assert f'href="/dossiers/{HOME}/#g-facilities"' in page


def test_both_denominators_stand_beside_the_share(as_, run, ground):
    ground.home.in_plan = True
    ground.home.save()
    shown = text(as_("district").get("/overview/"))
    assert "0/4个村（社区）" in shown and "按三年计划口径0/1" in shown and "未测定4" in shown


@pytest.fixture
def facilities_scored(ground, standard):
    """`facilities_scored(home=7800)`: a run in which every village passes, but for the scores of facilities named."""

    def act(**scores: int):
        def bend(results):
            results.update(rules_score=9000, rules_state="meets", musts_failed=0)
            results.update(facilities_score=9000, facilities_state="meets")
            for name, value in scores.items():
                failed = results.filter(village=ground.villages[name])
                failed.update(facilities_score=value, facilities_state="fails")

        return score(ground["district"], standard, bend)

    return act


def test_narrowing_to_failing_and_near(as_, facilities_scored):
    facilities_scored(home=7800, next_door=6000)
    assert set(names(as_("district").get("/overview/?show=failing"))) == {HOME, NEXT}
    assert names(as_("district").get("/overview/?show=near")) == [HOME]
    assert len(names(as_("district").get("/overview/?show=nonsense"))) == 4


def test_nothing_near_says_so(as_, facilities_scored):
    facilities_scored()
    assert "没有这样的村" in text(as_("district").get("/overview/?show=near"))


def test_villages_that_lose_points_at_one_criterion(as_, run, ground):
    losses = Result.objects.losses(ground["district"], run)
    loss = losses[0]
    page = as_("district").get(f"/overview/?lost={loss.criterion.number}")
    assert len(names(page)) == loss.villages and loss.criterion.label in text(page)


def test_what_is_no_number_is_left_out(as_, run):
    for query in ("lost=x", "lost=999999999", "year=abc", "lost=²"):
        assert as_("district").get(f"/overview/?{query}").status_code == 200


def test_another_year_without_a_run(as_, run):
    assert names(as_("district").get("/overview/?year=2012")) == []
