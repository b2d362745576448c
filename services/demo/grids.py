"""Grids over the hamlets of most villages; some lack a board or a leader, some hamlets lie in none. Invented."""

from datetime import date
from random import Random

from cadres.demo.names import MEN, SURNAMES
from cadres.demo.people import CLERKS
from cadres.models import GroupLeader
from services.models import Grid, GridHamlet
from villages.demo import LIANG
from villages.models import Hamlet, Village

NUMBERS = "一二三四五六七八九十"
BOARDS = ("村口榕树下", "小卖部旁", "文体活动室外墙", "晒谷场边", "祠堂前", "篮球场旁")
NO_GRIDS = 2  # villages without any
#: Where something is lacking: share of villages, and there of hamlets and grids.
LAGGING, LACKING = 0.22, 0.3


def build(rng: Random, villages: list[Village], day: date) -> None:
    hamlets = Hamlet.objects.filter(village__in=villages, closed_on__isnull=True).order_by("village__code", "pk")
    of_village: dict[int, list[Hamlet]] = {}
    for hamlet in hamlets:
        of_village.setdefault(hamlet.village_id, []).append(hamlet)
    leaders = dict(GroupLeader.objects.entitled_on(day).values_list("hamlet", "person"))
    without = rng.sample([village for village in villages if village.code != LIANG], NO_GRIDS)
    grids, covers = [], []
    for village in villages:
        if village not in without:
            made = _of_village(rng, village, of_village.get(village.pk, []), leaders)
            grids += [grid for grid, _own in made]
            covers += [GridHamlet(grid=grid, hamlet=one, starts_on=grid.opened_on) for grid, own in made for one in own]
    Grid.objects.bulk_create(grids)
    GridHamlet.objects.bulk_create(covers, batch_size=400)


def _of_village(rng: Random, village: Village, hamlets: list[Hamlet], leaders: dict) -> list[tuple[Grid, list[Hamlet]]]:
    """Grids of one to three hamlets each; a village that lags leaves some hamlets out."""
    lagging = village.code != LIANG and rng.random() < LAGGING
    left = [one for one in hamlets if not (lagging and rng.random() < LACKING)]
    if village.code == LIANG:
        left = hamlets[1:]  # one hamlet waits for its grid: the secretary's story
    made = []
    while left:
        own, left = left[: (size := rng.randint(1, 3))], left[size:]
        made.append((_grid(rng, village, own, len(made), leaders, lagging), own))
    return made


def _grid(rng: Random, village: Village, own: list[Hamlet], number: int, leaders: dict, lagging: bool) -> Grid:
    has_board = not (lagging and rng.random() < LACKING)
    leaderless = lagging and rng.random() < LACKING / 2
    leader = leaders.get(own[0].pk)
    name = "" if leader or leaderless else rng.choice(SURNAMES) + rng.choice(MEN)
    return Grid(
        village=village,
        name=f"第{NUMBERS[number]}网格",
        leader_id=None if leaderless else leader,
        leader_name=name,
        phone="" if leaderless else f"154{90_000_000 + village.pk * 100 + number}",
        households=sum(one.households or 0 for one in own),
        has_board=has_board,
        board_place=rng.choice(BOARDS) if has_board else "",
        opened_on=date(2013, rng.randint(2, 5), rng.randint(1, 28)),
        saved_by=CLERKS.get(village.code[:9], ""),
    )
