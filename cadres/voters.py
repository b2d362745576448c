"""Who speaks for others in a village on a day, against the rules of law: the base of every vote."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from cadres.choices import Sex
from cadres.models import GroupLeader, Representative
from villages.choices import LegalRuleKey
from villages.models import Hamlet, LegalRule, Village

KEYS = (
    LegalRuleKey.REPRESENTATIVE_HOUSEHOLDS_MIN,
    LegalRuleKey.REPRESENTATIVE_HOUSEHOLDS_MAX,
    LegalRuleKey.REPRESENTATIVE_WOMEN,
    LegalRuleKey.REPRESENTATIVES_QUORUM,
)


@dataclass
class Base:
    """Who speaks for others in a village. Rules are None where none is known."""

    village: Village
    people: int = 0
    women: int = 0
    leaders: int = 0
    hamlets: int = 0
    least: LegalRule | None = None
    most: LegalRule | None = None
    share: LegalRule | None = None
    quorum: LegalRule | None = None

    @property
    def each(self) -> int | None:
        """Households a representative, in hundredths, cut; None without representatives."""
        return self.village.households * 100 // self.people if self._known else None

    @property
    def _known(self) -> bool:
        return bool(self.people and self.village.households)

    @property
    def each_fits(self) -> bool:
        households = self.village.households
        too_few = self._known and self.least and households < self.least.value * self.people
        too_many = self._known and self.most and households > self.most.value * self.people
        return not (too_few or too_many)

    @property
    def women_fit(self) -> bool:
        return not self.people or self.share is None or self.share.met(self.women, self.people)

    @property
    def must_come(self) -> int | None:
        """How many make a quorum: the fewest that meet the rule."""
        if not self.people or self.quorum is None:
            return None
        return next((n for n in range(self.people + 1) if self.quorum.met(n, self.people)), None)

    @property
    def fits(self) -> bool:
        return bool(self.people) and self.each_fits and self.women_fit and self.leaders == self.hamlets


def load_rules() -> list[LegalRule]:
    return list(LegalRule.objects.filter(key__in=KEYS))


def bases_on(villages: QuerySet, day: date, rules: list[LegalRule]) -> list[Base]:
    """One line a village that stood on the day; four queries, however many."""
    found = {}
    for village in villages.on(day).with_applies_to().select_related("township"):
        of = [LegalRule.pick(rules, key, day, village.falls_under, village.code) for key in KEYS]
        found[village.pk] = Base(village, least=of[0], most=of[1], share=of[2], quorum=of[3])
    people = Representative.objects.entitled_on(day).filter(village__in=found)
    women = Count("pk", filter=Q(person__sex=Sex.FEMALE))
    for row in people.order_by().values("village").annotate(n=Count("pk"), women=women):
        base = found[row["village"]]
        base.people, base.women = row["n"], row["women"]
    leaders = GroupLeader.objects.entitled_on(day).filter(village__in=found)
    for row in leaders.order_by().values("village").annotate(n=Count("hamlet", distinct=True)):
        found[row["village"]].leaders = row["n"]
    groups = Hamlet.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), village__in=found)
    for row in groups.order_by().values("village").annotate(n=Count("pk")):
        found[row["village"]].hamlets = row["n"]
    return list(found.values())
