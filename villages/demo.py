"""The demonstration's ground: the real 74 villages and communities of 2013, hamlets and regulations invented.

`data/register.csv` is the district's register; its columns say which rows stood in 2013 and are in the plan.
"""

import csv
from datetime import date
from pathlib import Path
from random import Random

from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.catalogue import load_catalogue
from villages.choices import COMMUNITIES, AdoptionState, AppliesTo, Body, Voters
from villages.models import Adoption, District, Hamlet, Regulation, Township, Village

REGISTER = Path(__file__).parent / "data" / "register.csv"
DISTRICT = ("450109", "邕宁区")
#: The document writes 中和乡, the register 中和镇: the same township, renamed.
FORMER_NAMES = {"450109104": "中和乡"}
INDUSTRIES = ("甘蔗", "水稻", "香蕉", "火龙果", "木薯", "蔬菜", "生猪", "林木", "茉莉花", "淡水养殖")
HAMLET_NAMES = [
    "那蒙",
    "那马",
    "屯岜",
    "坛楼",
    "坡头",
    "新屋",
    "旧村",
    "大塘",
    "岭脚",
    "平地",
    "上灵",
    "下灵",
    "东门",
    "西园",
    "南蛇",
    "北岭",
    "六律",
    "那陈",
    "那例",
    "渌口",
]
#: The secretary's village; what the story tells of it is set by hand, not by chance.
LIANG = "450109100214"


def build_territory() -> list[Village]:
    """The district, its 5 townships and the 74 of 2013, with their real codes. Returns the villages in code order."""
    code, name = DISTRICT
    district = District.objects.create(code=code, scope_code=code, name=name)
    rows = [
        row
        for row in csv.DictReader(REGISTER.read_text(encoding="utf-8").splitlines())
        if row["in_2013_register"] == "1"
    ]
    names = {row["township_code"]: row["township_name"] for row in rows}
    townships = {
        code: Township.objects.create(
            code=code, scope_code=code, name=name, district=district, former_name=FORMER_NAMES.get(code, "")
        )
        for code, name in names.items()
    }
    Village.objects.bulk_create(
        Village(
            code=row["code"],
            scope_code=row["code"],
            name=row["short_name"],
            official_name=row["official_name"],
            township=townships[row["township_code"]],
            kind=row["kind"],
            in_plan=row["in_plan"] == "1",
        )
        for row in rows
    )
    return list(Village.objects.select_related("township"))


def build(rng: Random, villages: list[Village], day: date) -> None:
    """Hamlets, facts and adopted regulations: invented, by the seed of `rng`."""
    load_catalogue()
    _facts(rng, villages)
    _hamlets(rng, villages)
    _adoptions(rng, villages, day)


def _facts(rng: Random, villages: list[Village]) -> None:
    for village in villages:
        village.households = rng.randint(380, 1400)
        village.population = round(village.households * rng.uniform(3.6, 4.3))
        village.main_industry = rng.choice(INDUSTRIES) if village.kind not in COMMUNITIES else ""
    Village.objects.bulk_update(villages, ["households", "population", "main_industry"])


def _hamlets(rng: Random, villages: list[Village]) -> None:
    hamlets = []
    for village in villages:
        names = rng.sample(HAMLET_NAMES, rng.randint(4, 12))
        share = village.households // len(names)
        hamlets += [Hamlet(village=village, name=f"{name}坡", households=share) for name in names]
    Hamlet.objects.bulk_create(hamlets)


def _adoptions(rng: Random, villages: list[Village], day: date) -> None:
    """Most villages have nearly all; a tenth lag, and every fifth has one regulation not yet on the wall."""
    regulations = list(Regulation.objects.required_on(day))
    adoptions = []
    for number, village in enumerate(villages):
        asked = AppliesTo.COMMUNITY if village.is_community else AppliesTo.VILLAGE
        lagging = number % 10 == 7 and village.code != LIANG
        for regulation in regulations:
            if regulation.applies_to not in (AppliesTo.ALL, asked) or rng.random() < (0.22 if lagging else 0.02):
                continue
            adoptions.append(_adoption(rng, village, regulation, lagging))
    _file_for_review(rng, adoptions, day)
    Adoption.objects.bulk_create(adoptions)


def _file_for_review(rng: Random, adoptions: list[Adoption], day: date) -> None:
    """Some were handed in of late and wait for the township, one of them too long; some came back, some are drafts."""
    calendar = Calendar.load()
    filed = (AdoptionState.SUBMITTED, AdoptionState.SUBMITTED, AdoptionState.RETURNED, AdoptionState.DRAFT)
    for number, adoption in enumerate(rng.sample(adoptions, 24)):
        adoption.state = filed[number % len(filed)]
        adoption.state_since = calendar.add(day, -rng.randint(1, 7))
        adoption.posted_on = None
        adoption.adopted_on = date(2013, 11, rng.randint(1, 10))
        if adoption.state == AdoptionState.SUBMITTED:
            adoption.due_on = calendar.add(adoption.state_since, limit_on("adoption_review", day).workdays)


def _adoption(rng: Random, village: Village, regulation: Regulation, lagging: bool) -> Adoption:
    adopted_on = date(2013, rng.randint(1, 9), rng.randint(1, 28))
    adoption = Adoption(village=village, regulation=regulation, adopted_on=adopted_on, body=Body.COMMITTEES)
    if rng.random() > (0.3 if lagging else 0.05):
        adoption.posted_on = date(2013, 10, rng.randint(1, 28))
    if regulation.needs_vote:
        adoption.body = Body.REPRESENTATIVES if lagging else Body.ASSEMBLY
        adoption.voters = Voters.HOUSEHOLDS
        adoption.entitled = village.households
        adoption.present = round(village.households * rng.uniform(0.68, 0.9))
        adoption.in_favour = round(adoption.present * rng.uniform(0.7, 0.98))
    return adoption
