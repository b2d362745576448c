"""The five villages that were put right in 2013, and the twelve people brought into their committees."""

from datetime import date, timedelta
from random import Random

from cadres.choices_development import Cause, RectificationState
from cadres.demo.filings import DISTRICT
from cadres.demo.people import CLERKS
from cadres.demo.reserve import brought_in
from cadres.models import BroughtIn, Rectification
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.models import Village

S = RectificationState
#: village → cause, what was wrong, what came of it.
CASES = {
    "梁村": (Cause.TEAM, "班子成员年龄偏大，分工不清，党员会议开不起来。", "补选3人，班子分工到人，三会一课按期召开。"),
    "新平村": (Cause.QUARREL, "两个坡的地界纠纷多年未决，群众多次上访。", "纠纷经调解签订协议，半年无上访。"),
    "中山村": (Cause.MANAGEMENT, "村务、财务公开不按期，群众有意见。", "公开栏按月更新，财务由理财小组逐季审核。"),
    "新乐村": (Cause.ECONOMY, "集体经济收入低，办公经费困难。", "租出旧校舍和鱼塘，年收入增至3.2万元。"),
    "那才村": (Cause.SECRETARY, "书记外出务工多，村里事务无人牵头。", "书记在岗，补选3人，值班、说事制度正常。"),
}
OPEN_STILL = "那才村"  # handed in and before the district
MEASURES = "派驻工作组，按三推两选一培补齐班子；建立台账，逐条销号；每月向镇党委报告。"
#: (move, from, to, whose, days before the end)
WAY = (
    ("begin", S.OPEN, S.UNDER_WAY, "township", 170),
    ("hand_in", S.UNDER_WAY, S.SUBMITTED, "township", 14),
    ("accept", S.SUBMITTED, S.ACCEPTED, "district", 0),
)


def build(rng: Random, villages: list[Village], day: date) -> None:
    places = {village.name: village for village in villages}
    cases = {name: _case(rng, places[name], day, *facts) for name, facts in CASES.items()}
    Rectification.objects.bulk_create(cases.values())
    BroughtIn.objects.bulk_create(
        BroughtIn(rectification=cases[post.village.name], person=post.person, post=post) for post in brought_in()
    )
    Move.objects.bulk_create(move for case in cases.values() for move in _trail(case))


def _case(rng: Random, village: Village, day: date, cause: str, findings: str, outcome: str) -> Rectification:
    state = S.SUBMITTED if village.name == OPEN_STILL else S.ACCEPTED
    since = day - timedelta(days=6) if state == S.SUBMITTED else date(2013, 10, rng.randint(8, 30))
    due = Calendar.load().add(since, limit_on("rectification_accept", day).workdays) if state == S.SUBMITTED else None
    return Rectification(
        village=village,
        opened_on=date(2013, 2, rng.randint(18, 27)),
        cause=cause,
        findings=findings,
        responsible=f"{village.township}党委副书记",
        measures=MEASURES,
        finish_by=date(2013, 12, 31),
        outcome=outcome,
        state=state,
        state_since=since,
        due_on=due,
        saved_by=CLERKS.get(village.code[:9], ""),
    )


def _trail(case: Rectification) -> list[Move]:
    way = WAY if case.state == S.ACCEPTED else WAY[:2]
    last = way[-1][4]
    return [
        Move(
            model=Rectification._meta.label,
            object_id=case.pk,
            transition=name,
            source=source,
            target=target,
            by=DISTRICT if whose == "district" else case.saved_by,
            on=case.state_since - timedelta(days=ago - last),
            territory_code=case.village.code,
        )
        for name, source, target, whose, ago in way
    ]
