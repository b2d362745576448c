"""A year of branch meetings in two villages of three: most held as often as due, some months left out."""

from datetime import date, timedelta
from random import Random

from cadres.choices_meetings import MeetingKind
from cadres.demo.people import CLERKS
from cadres.models import BranchMeeting, PartyBranch
from villages.demo import LIANG
from villages.models import Village

TOPICS = {
    MeetingKind.COMMITTEE: ("研究本月重点工作", "讨论发展党员", "安排值班和信访排查", "研究集体收入使用"),
    MeetingKind.GROUP: ("学习文件，讨论屯内事务",),
    MeetingKind.MEMBERS: ("传达上级精神，通报党费收缴", "讨论接收预备党员", "审议村务事项", "民主评议党员"),
    MeetingKind.LECTURE: ("学习党章", "群众路线怎么走", "种养致富经验", "廉洁自律"),
}
#: Months of each; the last three are quarterly.
MONTHS = {
    MeetingKind.COMMITTEE: tuple(range(1, 12)),
    MeetingKind.GROUP: (3, 6, 9),
    MeetingKind.MEMBERS: (3, 6, 9, 11),
    MeetingKind.LECTURE: (1, 4, 7, 10),
}


def build(rng: Random, villages: list[Village], day: date) -> None:
    rows = []
    for place, branch in enumerate(PartyBranch.objects.select_related("village").order_by("village__code", "pk")):
        own = branch.village.code == LIANG
        if place % 3 == 2 and not own:
            continue
        missed = 0.25 if place % 9 == 4 else 0.03
        for kind, months in MONTHS.items():
            rows += [
                _meeting(rng, branch, kind, date(day.year, month, rng.randint(4, 20)))
                for month in months
                if own or rng.random() > missed
            ]
    BranchMeeting.objects.bulk_create([row for row in rows if row.held_on <= day], batch_size=500)


def _meeting(rng: Random, branch: PartyBranch, kind: str, on: date) -> BranchMeeting:
    entitled = rng.randint(3, 7) if kind == MeetingKind.COMMITTEE else rng.randint(12, 40)
    return BranchMeeting(
        branch=branch,
        kind=kind,
        held_on=on + timedelta(days=rng.randrange(4)),
        topic=rng.choice(TOPICS[kind]),
        led_by="支部书记",
        entitled=entitled,
        present=entitled - rng.randint(0, entitled // 4),
        saved_by=CLERKS.get(branch.village.code[:9], ""),
    )
