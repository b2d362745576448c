"""Grids: one open grid a hamlet, closed with their hamlets; the map of gaps; what the indicator counts and names."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core import actions
from core.actions import Invisible, Refused
from core.indicators import get
from core.periods import Period
from services.actions.grids import cover, update_grids
from services.grids import grounds_on
from services.models import Grid, GridHamlet
from tests import factories
from tests.cadres.conftest import person
from villages.models import Village

DAY = date(2013, 11, 24)
PERIOD = Period(2013, DAY)


def hamlets(village: Village, *names: str) -> list:
    return [factories.HamletFactory(village=village, name=name) for name in names]


def grid(village: Village, *covered, **facts) -> Grid:
    row = factories.GridFactory(village=village, **facts)
    for hamlet in covered:
        factories.GridHamletFactory(grid=row, hamlet=hamlet)
    return row


def measured(village: Village):
    return get("grid_coverage")(Village.objects.filter(pk=village.pk), PERIOD).get(village.pk)


def named(village: Village) -> dict[str, str]:
    found = get("grid_coverage").find_shortfalls(Village.objects.filter(pk=village.pk), PERIOD)
    return {one.label: one.url for one in found[village.pk]}


def test_a_hamlet_lies_in_one_open_grid(cast):
    (hamlet,) = hamlets(cast.home, "那蒙坡")
    grid(cast.home, hamlet)
    other = factories.GridFactory(village=cast.home)
    with pytest.raises(ValidationError, match="已在别的网格"):
        actions.create(cast["secretary"], [GridHamlet(grid=other, hamlet=hamlet)])


def test_a_grid_covers_hamlets_of_its_own_village(cast):
    (foreign,) = hamlets(cast.next_door, "东门坡")
    own = factories.GridFactory(village=cast.home)
    with pytest.raises(ValidationError, match="别的村"):
        actions.create(cast["clerk"], [GridHamlet(grid=own, hamlet=foreign)])
    with pytest.raises(Invisible):
        actions.create(cast["secretary"], [GridHamlet(grid=own, hamlet=foreign)])


def test_a_hamlet_is_covered_since_the_grid_was_opened_unless_a_day_is_given(cast):
    first, second = hamlets(cast.home, "那蒙坡", "东门坡")
    own = factories.GridFactory(village=cast.home, opened_on=date(2013, 3, 1))
    rows = [GridHamlet(grid=own, hamlet=first), GridHamlet(grid=own, hamlet=second, starts_on=date(2013, 5, 1))]
    actions.create(cast["secretary"], rows)
    assert list(own.covers.order_by("starts_on").values_list("starts_on", flat=True)) == [
        date(2013, 3, 1),
        date(2013, 5, 1),
    ]
    with pytest.raises(ValidationError, match="早于网格"):
        GridHamlet(grid=own, hamlet=first, starts_on=date(2013, 2, 28)).full_clean()


def test_a_grid_has_one_leader_of_its_own_village(cast):
    own = factories.GridFactory(village=cast.home, leader_name="")
    own.leader = person(cast.next_door, "外村人")
    with pytest.raises(ValidationError, match="别的村"):
        own.full_clean()
    own.leader, own.leader_name = person(cast.home, "本村人"), "另一人"
    with pytest.raises(ValidationError, match="一名网格长"):
        own.full_clean()
    own.leader_name = ""
    own.full_clean()
    assert own.led_by == "本村人"


def test_closing_a_grid_frees_its_hamlets_and_opening_it_again_takes_them_back(cast):
    first, second = hamlets(cast.home, "那蒙坡", "东门坡")
    own = grid(cast.home, first, second)
    gone = own.covers.get(hamlet=second)
    gone.ends_on = date(2013, 7, 1)
    gone.save()
    own = Grid.objects.get()
    own.closed_on = date(2013, 10, 1)
    update_grids(cast["secretary"], [own], ["closed_on"])
    ends = dict(GridHamlet.objects.values_list("hamlet__name", "ends_on"))
    assert ends == {"那蒙坡": date(2013, 10, 1), "东门坡": date(2013, 7, 1)}, "who had left before stays out"
    grid(cast.home, second, name="新网格")  # free again
    own = Grid.objects.get(pk=own.pk)
    own.closed_on = None
    update_grids(cast["secretary"], [own], ["closed_on"])
    assert GridHamlet.objects.get(hamlet=first).ends_on is None


def test_hamlets_are_put_into_grids_from_the_list_of_gaps(cast, as_):
    first, second = hamlets(cast.home, "那蒙坡", "东门坡")
    own = grid(cast.home)
    page = as_("secretary").get("/services/grids/gaps/").content.decode()
    assert "那蒙坡" in page and "2个坡（屯）未划入网格" in page
    post = {"village": cast.home.pk, f"h{first.pk}": own.pk, f"h{second.pk}": "", "h999999": own.pk}
    assert as_("secretary").post("/services/grids/cover/", post).status_code == 302
    assert [row.hamlet for row in GridHamlet.objects.all()] == [first]


def test_nobody_puts_hamlets_into_a_foreign_grid(cast, as_):
    (own,) = hamlets(cast.home, "那蒙坡")
    foreign = grid(cast.next_door)
    with pytest.raises(Invisible):
        cover(cast["secretary"], {own.pk: foreign.pk}, DAY)
    with pytest.raises(ValidationError):
        cover(cast["clerk"], {own.pk: foreign.pk}, DAY)
    with pytest.raises(Refused):
        cover(cast["leader"], {own.pk: foreign.pk}, DAY)
    post = {"village": cast.next_door.pk, f"h{own.pk}": foreign.pk}
    assert as_("secretary").post("/services/grids/cover/", post).status_code == 404
    assert not GridHamlet.objects.exists()


def test_covered_is_a_hamlet_of_a_grid_with_leader_and_board(cast, settings):
    assert measured(cast.home) is None, "no hamlet, no grid: not measured"
    whole, boardless, leaderless, alone, gone = hamlets(cast.home, "甲坡", "乙坡", "丙坡", "丁坡", "戊坡")
    gone.closed_on = date(2013, 5, 1)
    gone.save()
    assert measured(cast.home) is None, "no grid was ever entered"
    grid(cast.home, whole, name="一")
    second = grid(cast.home, boardless, name="二", has_board=False)
    third = grid(cast.home, leaderless, name="三", leader_name="")
    assert measured(cast.home) == (1, 4)
    assert named(cast.home) == {
        "乙坡：二没有公示牌": f"/services/grids/{second.pk}/edit/",
        "丙坡：三没有网格长": f"/services/grids/{third.pk}/edit/",
        "丁坡：未划入网格": f"/services/grids/gaps/?place={cast.home.code}",
    }
    before = Period(2013, date(2013, 5, 31))
    assert get("grid_coverage")(Village.objects.filter(pk=cast.home.pk), before)[cast.home.pk] == (0, 4)


def test_coverage_asks_the_same_of_one_village_and_of_five(cast, django_assert_num_queries):
    for village in cast.villages.values():
        for number in range(3):
            grid(village, *hamlets(village, f"{number}坡"), name=str(number))
    for villages in (Village.objects.filter(pk=cast.home.pk), Village.objects.all()):
        with django_assert_num_queries(4):
            get("grid_coverage")(villages, PERIOD)
    with django_assert_num_queries(3):
        grounds_on(Village.objects.all(), DAY)


def test_a_grids_page_shows_what_was_raised_and_leads_to_a_new_case(cast, as_):
    (hamlet,) = hamlets(cast.home, "那蒙坡")
    own = grid(cast.home, hamlet, name="第一网格")
    factories.CaseFactory(village=cast.home, grid=own, title="路灯不亮")
    factories.CaseFactory(village=cast.home, title="别处的事")
    page = as_("secretary").get(f"/services/grids/{own.pk}/").content.decode()
    assert "路灯不亮" in page and "别处的事" not in page and "那蒙坡" in page
    assert f"/services/case-hear/?grid={own.pk}" in page
    assert f"/services/case-hear/?grid={own.pk}" not in as_("leader").get(f"/services/grids/{own.pk}/").content.decode()
