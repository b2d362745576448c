"""The service mechanisms by place: each village's share, and what is late, passed up, sent back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.homes import villages_of
from dashboards.mechanisms import lines_of, standing
from services.choices_cases import CaseState
from services.choices_help import HelperTier, HelpKind
from services.choices_matters import MatterState
from tests.dashboards.test_homes import text
from tests.factories import CaseFactory, HelpedPersonFactory, HelperFactory, MatterFactory, VillageFactory
from villages.models import Village

DAY = date(2013, 11, 24)
YESTERDAY = DAY - timedelta(days=1)


def now(cast, name: str = "district"):
    user = cast[name]
    return standing(user, villages_of(user, DAY), DAY)


def cell(row, key: str):
    return next((one.num, one.den) for one in row.cells if one.mechanism.key == key)


@pytest.fixture
def rows(cast):
    """Home has everything; next door and across a little."""
    CaseFactory(village=cast.home, due_on=YESTERDAY)
    CaseFactory(village=cast.home, state=CaseState.DISTRICT, tier=CaseState.DISTRICT, due_on=DAY)
    MatterFactory(village=cast.home, state=MatterState.RETURNED)
    MatterFactory(village=cast.home, state=MatterState.UNDER_WAY, due_on=YESTERDAY)
    CaseFactory(village=cast.across, state=CaseState.TOWNSHIP, tier=CaseState.TOWNSHIP, due_on=YESTERDAY)
    for village in (cast.home, cast.next_door):
        HelpedPersonFactory(village=village, kind=HelpKind.ELDER, starts_on=date(2013, 11, 1))
    HelperFactory(helped=HelpedPersonFactory(village=cast.abroad), tier=HelperTier.DISTRICT)


def test_by_village_the_most_late_first(cast, rows):
    found = {row.name: row for row in now(cast).by_village()}
    home, across = found["梁村"], found["屯六村"]
    assert (home.late, home.passed_up, home.sent_back) == (2, 1, 1)
    assert (across.late, across.passed_up, across.sent_back) == (1, 1, 0)
    assert cell(home, "three_to_one") == (0, 1) and cell(home, "matters_registered") == (1, 2)
    assert list(found)[0] == "梁村" and "他乡村" not in found


def test_a_townships_row_is_the_sum_of_its_villages(cast, rows):
    standing_now = now(cast)
    townships = {row.name: row for row in standing_now.by_township()}
    assert set(townships) == {"蒲庙镇", "那楼镇"}
    assert cell(townships["蒲庙镇"], "three_to_one") == (0, 2) and townships["蒲庙镇"].late == 2
    total = standing_now.total()
    assert (total.late, total.passed_up, total.sent_back) == (3, 2, 1)
    assert cell(total, "three_to_one") == (0, 2) and cell(total, "deliberations_full") == (0, 0)


def test_a_clerk_counts_his_township_alone(cast, rows):
    assert {row.name for row in now(cast, "clerk").by_village()} == {"梁村", "广良村", "红星社区"}
    assert now(cast, "clerk").total().late == 2


def test_the_file_names_what_is_lacking_and_leads_there(cast, rows):
    village = Village.objects.get(pk=cast.home.pk)
    own = Village.objects.filter(pk=village.pk).select_related("township")
    lines = lines_of(cast["clerk"], village, standing(cast["clerk"], own, DAY), DAY)
    helped = next(line for line in lines if line.cell.mechanism.key == "three_to_one")
    assert (helped.cell.num, helped.cell.den) == (0, 1) and helped.named
    assert helped.url == f"/services/help/?place={village.code}"
    assert lines[-1].url == f"/services/deliberations/?village={village.pk}"


@pytest.mark.parametrize("name", ["district", "leader", "clerk"])
def test_the_table_stands_on_the_home(as_, cast, rows, name):
    page = text(as_(name).get("/"))
    assert "服务机制" in page and "帮扶到位" in page


@pytest.mark.parametrize("name", ["district", "leader", "clerk", "secretary", "inspector"])
def test_every_link_of_the_chapter_opens(as_, cast, rows, name):
    client, village = as_(name), Village.objects.get(pk=cast.home.pk)
    own = Village.objects.filter(pk=village.pk).select_related("township")
    assert client.get(f"/dossiers/{village.code}/?tab=services").status_code == 200
    for line in lines_of(cast[name], village, standing(cast[name], own, DAY), DAY):
        assert client.get(line.url).status_code == 200, line.url


def test_the_number_of_questions_does_not_grow(cast, rows):
    def asked() -> int:
        user = cast["district"]
        with CaptureQueriesContext(connection) as queries:
            standing(user, villages_of(user, DAY), DAY).by_township()
        return len(queries)

    few = asked()
    for village in [VillageFactory(township=cast.home.township) for _n in range(12)]:
        CaseFactory(village=village, due_on=YESTERDAY)
        MatterFactory(village=village, state=MatterState.UNDER_WAY, due_on=YESTERDAY)
        HelpedPersonFactory(village=village, kind=HelpKind.ELDER, starts_on=date(2013, 1, 1))
    assert asked() == few <= 40
