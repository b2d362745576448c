"""A year of deliberations in villages and hamlets: finished, under way, late in disclosure, one outside the procedure."""

from collections import defaultdict
from datetime import date, timedelta
from math import floor
from random import Random

from cadres.choices import Committee
from cadres.demo.people import CLERKS
from cadres.models import PartyMember, Post, Representative
from core.models import Move
from services.actions.deliberations import DELIBERATION_FLOW, VOTE_DOWN
from services.choices_bodies import BodyKind
from services.choices_deliberations import (
    DECISIONS,
    NINE_MATTERS,
    VOTES,
    Deciders,
    DeliberationState,
    MatterKind,
    StepKind,
)
from services.models import BodyMember, Deliberation, DeliberationStep, Household
from services.trail import LIMITS, Limits
from villages.demo import LIANG
from villages.models import Hamlet, Village

#: Village matters: kind, subject, what is proposed, what came of it.
MATTERS = (
    (
        MatterKind.ASSETS,
        "村东鱼塘发包",
        "鱼塘12亩，公开竞价发包3年，每年租金6000元。",
        "已签订承包合同，首年租金入账。",
    ),
    (
        MatterKind.PUBLIC_WORKS,
        "村道硬化工程",
        "硬化进村道路1.2公里，宽3.5米，自筹部分由集体收入列支。",
        "已完工并验收。",
    ),
    (MatterKind.LEVY, "饮水管网一事一议筹劳", "每户投工2个，铺设饮水主管800米。", "投工完成，已通水。"),
    (
        MatterKind.PROCEEDS,
        "集体收入使用方案",
        "年度集体收入用于办公、慰问和公益支出，余额结转。",
        "已按方案执行，逐笔公开。",
    ),
    (MatterKind.ALLOWANCES, "误工补贴人员和标准", "村民小组长每月补贴80元，按出勤发放。", "已按月发放。"),
    (MatterKind.COLLECTIVE_PROJECT, "旧校舍出租立项", "旧校舍出租作木薯收购点，租期5年。", "已签约，租金按季收取。"),
    (MatterKind.OTHER, "修订卫生公约", "每月15日全村清扫，各户门前三包。", "公约已张贴到各坡。"),
    (MatterKind.HOUSE_PLOTS, "旧村宅基地调整", "收回空置宅基地6宗，按申请先后安排。", "6宗全部安排到户。"),
)
HAMLET_MATTERS = (
    (MatterKind.OTHER, "屯内道路保洁分段", "各户分段保洁，理事会每周检查。", "已分段到户，检查上墙。"),
    (MatterKind.LEVY, "进屯路投工", "每户投工1个，平整进屯路。", "投工结束，道路已平整。"),
    (MatterKind.PUBLIC_WORKS, "文化广场硬化", "硬化屯内文化广场，自筹水泥30吨。", "已完工使用。"),
)
#: The village's place in the row → its matter of this autumn, where something befalls it.
BEFALLEN = {
    place: [one for one, *_words in MATTERS].index(kind)
    for place, kind in ((0, MatterKind.LEVY), (1, MatterKind.HOUSE_PLOTS), (3, MatterKind.ALLOWANCES))
}
#: So many of other villages have matters on record in the year.
VILLAGES = 40
MEETING_OF = {StepKind.DECIDE: Deciders.REPRESENTATIVES, StepKind.AGREE: Deciders.HOUSEHOLDERS}
MANDATE = "2011年10月20日村民会议授权代表会议决定"
SECRETARYS = (
    # subject, first day, steps taken: what the secretary's own village has before it
    (0, date(2013, 3, 4), 7),
    (1, date(2013, 5, 6), 7),
    (6, date(2013, 10, 8), 4),  # decided, late in disclosure
    (3, date(2013, 10, 26), 3),  # waits for the representatives
)


class Registers:
    """Those entitled by the registers, as rows read once: village or hamlet → days in and out."""

    def __init__(self):
        self.posts, self.members, self.speakers, self.groups = (defaultdict(list) for _n in range(4))
        for village, person, committee, since, until in Post.objects.values_list(
            "village", "person", "committee", "starts_on", "ends_on"
        ):
            self.posts[village].append((person, committee, since, until))
        for village, since, until in PartyMember.objects.exclude(full_on=None).values_list(
            "branch__village", "full_on", "left_on"
        ):
            self.members[village].append((since, until))
        for village, since, until in Representative.objects.values_list("village", "starts_on", "ends_on"):
            self.speakers[village].append((since, until))
        for hamlet, since in BodyMember.objects.filter(body__kind=BodyKind.PARTY_GROUP).values_list(
            "body__hamlet", "starts_on"
        ):
            self.groups[hamlet].append((since, None))
        rows = Household.objects.values_list("hamlet", flat=True)
        self.households = defaultdict(int)
        for hamlet in rows:
            self.households[hamlet] += 1

    def of(self, matter: Deliberation, step: str, day: date) -> int:
        posts = [row for row in self.posts[matter.village_id] if _holds(row[2:], day)]
        if step == StepKind.PROPOSE:
            return len({row[0] for row in posts if row[1] == Committee.BRANCH})
        if step == StepKind.DISCUSS:
            return len({row[0] for row in posts})
        if step == StepKind.AGREE:
            return self.households[matter.hamlet_id] or matter.hamlet.households
        rows = {
            StepKind.REVIEW: self.members[matter.village_id],
            StepKind.DECIDE: self.speakers[matter.village_id],
            StepKind.GROUP_PROPOSE: self.groups[matter.hamlet_id],
        }[step]
        return sum(_holds(row, day) for row in rows)


def _holds(row: tuple, day: date) -> bool:
    since, until = row
    return since <= day and (until is None or until > day)


class Year:
    """Collects matters with their steps and moves; written at the end, in three statements."""

    def __init__(self, rng: Random, day: date):
        self.rng, self.day, self.registers, self.limits = rng, day, Registers(), Limits.load()
        self.matters, self.steps, self.moves = [], [], []

    def add(self, matter: Deliberation, begun: date, steps: int, outcome: str) -> Deliberation:
        """A matter that took so many of its steps from the day on."""
        matter.saved_by = CLERKS.get(matter.village.code[:9], "")
        matter.state = DeliberationState.HAMLET_DRAFT if matter.hamlet else DeliberationState.DRAFT
        self.matters.append(matter)
        on = begun
        for name in matter.path[:steps]:
            on = self._next_day(name, on)
            if on > self.day or not self._take(matter, name, on, outcome):
                break
        return matter

    def _next_day(self, name: str, before: date) -> date:
        if name in LIMITS:
            return self.limits.calendar.add(before, self.rng.choice((1, 1, 2, 3)))
        if name == StepKind.CARRY_OUT:
            return before + timedelta(days=self.rng.randint(12, 60))
        return before + timedelta(days=self.rng.randint(2, 8))

    def _take(self, matter: Deliberation, name: str, on: date, outcome: str) -> bool:
        step = DeliberationStep(deliberation=matter, step=name, held_on=on, saved_by=matter.saved_by)
        if name in VOTES and not self._vote(matter, step):
            return False
        if name == StepKind.CARRY_OUT:
            step.note = outcome
        elif name in LIMITS:
            step.note = "村委会公开栏和各坡公告栏"
        self.steps.append(step)
        self._move(matter, name, on)
        return True

    def _vote(self, matter: Deliberation, step: DeliberationStep) -> bool:
        """Most came and most agreed, more than the rules ask; False where nobody is on record as entitled."""
        step.deciders = self._deciders(matter, step.step)
        entitled = self.registers.of(matter, step.step, step.held_on) if step.deciders != Deciders.HOUSEHOLDS else 0
        step.entitled = step.on_record = entitled or (matter.village.households if step.deciders else 0)
        least = -(-step.entitled * 2 // 3)
        step.present = max(least, round(step.entitled * self.rng.uniform(0.72, 0.97)))
        most = floor(step.entitled / 2) + 1
        step.in_favour = min(step.present, max(most, round(step.present * self.rng.uniform(0.84, 1))))
        if step.deciders == Deciders.REPRESENTATIVES and matter.kind in NINE_MATTERS:
            step.mandate = MANDATE
        return bool(step.entitled)

    def _deciders(self, matter: Deliberation, name: str) -> str:
        if name == StepKind.DECIDE and not self.registers.speakers[matter.village_id]:
            return Deciders.HOUSEHOLDS
        return MEETING_OF.get(name, "")

    def _move(self, matter: Deliberation, name: str, on: date, reason: str = "") -> None:
        source, matter.state = matter.state, DELIBERATION_FLOW.get(name).target
        key = DELIBERATION_FLOW.limits.get(matter.state)
        matter.state_since = on
        matter.due_on = self.limits.due(matter.path[matter.path.index(name) + 1], on) if key else None
        if name in {*DECISIONS, VOTE_DOWN, "go_outside"}:
            matter.decided_on = on
        facts = {"by": matter.saved_by, "on": on, "reason": reason, "territory_code": matter.village.code}
        self.moves.append((matter, Move(transition=name, source=source, target=matter.state, **facts)))

    def vote_down(self, matter: Deliberation, name: str, on: date, note: str) -> None:
        """The next step, to which nearly all came and which half of them refused."""
        step = DeliberationStep(deliberation=matter, step=name, held_on=on, saved_by=matter.saved_by, note=note)
        step.deciders, step.passed = self._deciders(matter, name), False
        step.entitled = step.on_record = self.registers.of(matter, name, on) or matter.village.households
        step.present = -(-step.entitled * 9 // 10)
        step.in_favour = step.present // 2
        if step.deciders == Deciders.REPRESENTATIVES and matter.kind in NINE_MATTERS:
            step.mandate = MANDATE
        self.steps.append(step)
        self._move(matter, VOTE_DOWN, on)

    def leave(self, matter: Deliberation, name: str, on: date, reason: str) -> None:
        """Out of the procedure, or given up."""
        self._move(matter, name, on, reason)

    def write(self) -> None:
        Deliberation.objects.bulk_create(self.matters, batch_size=500)
        DeliberationStep.objects.bulk_create(self.steps, batch_size=500)
        for matter, move in self.moves:
            move.model, move.object_id = Deliberation._meta.label, matter.pk
        Move.objects.bulk_create((move for _matter, move in self.moves), batch_size=500)


def build(rng: Random, villages: list[Village], day: date) -> None:
    year = Year(rng, day)
    own = next(village for village in villages if village.code == LIANG)
    for number, begun, steps in SECRETARYS:
        _matter(year, own, number, begun, steps)
    others = [village for village in villages if village.code != LIANG and village.in_plan]
    for place, village in enumerate(rng.sample(others, min(VILLAGES, len(others)))):
        now = BEFALLEN.get(place, place % len(MATTERS))
        before = [number for number in range(len(MATTERS)) if number != now]
        for number in rng.sample(before, rng.randint(2, 3)):
            _matter(year, village, number, date(2013, 1, 10) + timedelta(days=rng.randrange(270)), 7)
        _under_way(year, village, place, now)
    hamlets = Hamlet.objects.filter(bodies__kind=BodyKind.PARTY_GROUP).select_related("village").order_by("pk")
    for place, hamlet in enumerate(rng.sample(list(hamlets.distinct()), 45)):
        _in_hamlet(year, hamlet, place)
    for place, hamlet in enumerate(hamlets.filter(village=own).distinct()[:3]):
        _in_hamlet(year, hamlet, place)
    year.write()


def _matter(year: Year, village: Village, number: int, begun: date, steps: int) -> Deliberation:
    kind, subject, content, outcome = MATTERS[number]
    return year.add(Deliberation(village=village, kind=kind, subject=subject, content=content), begun, steps, outcome)


def _under_way(year: Year, village: Village, place: int, number: int) -> None:
    """In every village something of this autumn; one left the procedure, one was voted down, one given up."""
    begun = year.day - timedelta(days=year.rng.randint(40, 48))
    if place == 0:
        matter = _matter(year, village, number, date(2013, 6, 3), 2)
        year.leave(matter, "go_outside", date(2013, 6, 20), "汛期水管冲毁，两委商议后即组织抢修，未开会议决。")
    elif place == 1:
        matter = _matter(year, village, number, date(2013, 8, 5), 3)
        year.vote_down(matter, StepKind.DECIDE, date(2013, 9, 2), "同意人数未过半，方案修改后另行提议。")
    elif place % 5 == 2:
        _matter(year, village, number, begun, 4)  # decided and not made public in time
    elif place == 3:
        matter = _matter(year, village, number, begun, 1)
        year.leave(matter, "drop", year.day - timedelta(days=20), "补贴标准由上级统一规定，本村不再另议。")
    else:
        _matter(year, village, number, begun, 1 + place % 3)


def _in_hamlet(year: Year, hamlet: Hamlet, place: int) -> None:
    kind, subject, content, outcome = HAMLET_MATTERS[place % len(HAMLET_MATTERS)]
    matter = Deliberation(village=hamlet.village, hamlet=hamlet, kind=kind, subject=subject, content=content)
    steps = 4 if place % 4 else 1 + place % 3
    year.add(matter, date(2013, 2, 20) + timedelta(days=year.rng.randrange(230)), steps, outcome)
