"""A year of three-to-one help: people in need, their helpers, visits by quarter; some lack a helper or a visit. Invented."""

from datetime import date, timedelta
from random import Random

from cadres.choices import Sex
from cadres.demo.grades import FAIR, GOOD, grade_of
from cadres.demo.names import SURNAMES, Registry
from cadres.demo.people import CLERKS
from cadres.models import Person
from services.choices_help import HelperTier, HelpKind
from services.help import Quarter
from services.matters import cadres_on
from services.models import HelpedPerson, Helper, HelpVisit
from services.models.help import of_age_from
from villages.models import Hamlet, Village

K, T = HelpKind, HelperTier
BEGAN = date(2013, 1, 14)
#: In a village: of which kind, youngest and oldest, what is needed.
KINDS = {
    K.CHILD: (6, 13, ("课业辅导", "与父母通话", "文具衣物")),
    K.ELDER: (66, 84, ("陪护看病", "代买生活用品", "打扫屋子")),
    K.WUBAO: (62, 80, ("房屋漏雨", "医药费", "过冬衣被")),
    K.HARDSHIP: (38, 58, ("子女上学费用", "找活路", "大病医药费")),
}
DONE = {
    K.CHILD: ("辅导作业，送书包文具", "帮孩子与父母视频通话", "家访并到学校了解学习"),
    K.ELDER: ("送药品，量血压", "打扫屋子，修好电灯", "送米油，陪聊天"),
    K.WUBAO: ("检修屋顶", "送过冬棉被", "陪同到卫生院看病"),
    K.HARDSHIP: ("联系务工单位", "送化肥种子", "帮办大病救助申请"),
}
STILL = ("", "", "", "还需再跑一趟民政办", "下次带药来")
OFFICES = {
    T.DISTRICT: ("区委组织部", "区民政局", "区教育局", "区农业局", "区卫生局", "区妇联"),
    T.TOWNSHIP: ("党政办", "民政办", "计生办", "农业服务中心", "综治办"),
}
#: How likely a quarter's visit was made, and a helper is lacking.
VISITED = {GOOD: 0.99, FAIR: 0.93}
VISITED_WEAK = 0.74
LACKS = {GOOD: 0.01, FAIR: 0.06}
LACKS_WEAK = 0.2


def build(rng: Random, villages: list[Village], day: date) -> None:
    maker = Maker(rng, day)
    people = [one for village in villages for one in maker.people(village)]
    HelpedPerson.objects.bulk_create(people, batch_size=300)
    helpers = [helper for one in people for helper in maker.helpers(one)]
    Helper.objects.bulk_create(helpers, batch_size=500)
    HelpVisit.objects.bulk_create(maker.visits(people, helpers), batch_size=500)


class Maker:
    def __init__(self, rng: Random, day: date):
        self.rng, self.day, self.registry = rng, day, Registry(rng)
        self.cadres = cadres_on(Village.objects.all(), day)
        self.hamlets: dict[int, list[Hamlet]] = {}
        for hamlet in Hamlet.objects.order_by("pk"):
            self.hamlets.setdefault(hamlet.village_id, []).append(hamlet)

    def people(self, village: Village) -> list[HelpedPerson]:
        kinds = [*K, *self.rng.choices(list(K), (3, 3, 1, 2), k=self.rng.randint(0, 5))]
        return [self._person(village, kind) for kind in kinds]

    def _person(self, village: Village, kind: str) -> HelpedPerson:
        rng, (youngest, oldest, needs) = self.rng, KINDS[kind]
        sex = rng.choice((Sex.MALE, Sex.FEMALE))
        born_on = self.registry.born_on(rng.randint(youngest, oldest), self.day)
        hamlet = rng.choice(self.hamlets.get(village.pk) or [None])
        child = {}
        if kind == K.CHILD:
            child = {
                "guardian": rng.choice(SURNAMES) + rng.choice(("奶奶", "爷爷", "外婆")),
                "guardian_agreed_on": BEGAN,
            }
        return HelpedPerson(
            village=village,
            hamlet=hamlet,
            kind=kind,
            name=self.registry.name(village.pk, sex),
            sex=sex,
            born_on=born_on,
            of_age_on=of_age_from(born_on),
            id_number="" if kind == K.CHILD else self.registry.id_number(born_on, sex),
            phone="" if kind == K.CHILD else self.registry.phone(),
            address=f"{hamlet.name if hamlet else village.name}{rng.randint(1, 90)}号",
            need=rng.choice(needs),
            starts_on=BEGAN,
            saved_by=CLERKS.get(village.code[:9], ""),
            **child,
        )

    def helpers(self, one: HelpedPerson) -> list[Helper]:
        lacks = LACKS.get(grade_of(one.village), LACKS_WEAK)
        tiers = [tier for tier in T if self.rng.random() >= lacks] or [T.VILLAGE]
        return [helper for tier in tiers if (helper := self._helper(one, tier))]

    def _helper(self, one: HelpedPerson, tier: str) -> Helper | None:
        cadres: list[Person] = list(self.cadres.get(one.village_id, {}).values())
        known = {"helped": one, "tier": tier, "starts_on": BEGAN}
        if tier == T.VILLAGE:
            return Helper(person=self.rng.choice(cadres), **known) if cadres else None
        sex = self.rng.choice((Sex.MALE, Sex.FEMALE))
        office = self.rng.choice(OFFICES[tier])
        if tier == T.TOWNSHIP:
            office = f"{one.village.township.name}{office}"
        return Helper(name=self.registry.name(0, sex), office=office, **known)

    def visits(self, people: list[HelpedPerson], helpers: list[Helper]) -> list[HelpVisit]:
        of: dict[int, list[Helper]] = {}
        for helper in helpers:
            of.setdefault(helper.helped_id, []).append(helper)
        return [visit for one in people for visit in self._visits_of(one, of.get(one.pk, []))]

    def _visits_of(self, one: HelpedPerson, helpers: list[Helper]) -> list[HelpVisit]:
        found, likely = [], VISITED.get(grade_of(one.village), VISITED_WEAK)
        for number in range(1, 5):
            quarter = Quarter(2013, number)
            first, last = max(quarter.start, BEGAN + timedelta(days=1)), min(quarter.end, self.day)
            # The quarter of the day is still running: about half are visited.
            if helpers and self.rng.random() < (likely if quarter.end < self.day else 0.55):
                found.append(self._visit(one, self.rng.choice(helpers), first, last))
        return found

    def _visit(self, one: HelpedPerson, helper: Helper, first: date, last: date) -> HelpVisit:
        return HelpVisit(
            helped=one,
            helper=helper,
            on=first + timedelta(days=self.rng.randint(0, (last - first).days)),
            done=self.rng.choice(DONE[one.kind]),
            still=self.rng.choice(STILL),
            saved_by=f"{one.village.name}书记",
        )
