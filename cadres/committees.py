"""Whether the two committees of a village are complete on a day, against the rules of law of that day and place.

It is shown and counted, never refused: a committee is what it is.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cadres.choices import Committee, Position, Sex
from cadres.models import Post
from core.shared import shared
from villages.choices import LegalRuleKey
from villages.models import LegalRule, Village

MINIMA = {
    Committee.BRANCH: (LegalRuleKey.BRANCH_COMMITTEE_MIN, LegalRuleKey.BRANCH_COMMITTEE_MAX),
    Committee.VILLAGE: (LegalRuleKey.COMMITTEE_MIN, LegalRuleKey.COMMITTEE_MAX),
}


@dataclass
class Size:
    """How many sit in a committee, and how many may. A bound is None where no rule is known."""

    members: int
    least: LegalRule | None
    most: LegalRule | None

    @property
    def fits(self) -> bool:
        return not (self.too_few or self.too_many)

    @property
    def too_few(self) -> bool:
        return self.least is not None and self.members < self.least.value

    @property
    def too_many(self) -> bool:
        return self.most is not None and self.members > self.most.value

    @property
    def rule(self) -> str:
        """“3–7”"""
        return "–".join(str(bound.value) for bound in (self.least, self.most) if bound)


@dataclass
class Committees:
    """The two committees of a village. `women` sit in the villagers' or residents' committee; `cadres` in either."""

    village: Village
    branch: Size
    committee: Size
    women: int
    women_least: LegalRule | None
    cadres: int
    secretary: Post | None = None
    director: Post | None = None
    lacks: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.lacks

    @property
    def women_fit(self) -> bool:
        return self.women_least is None or self.women >= self.women_least.value

    @property
    def is_one_person(self) -> bool:
        """Secretary and director in one."""
        return bool(self.secretary and self.director and self.secretary.person_id == self.director.person_id)

    @property
    def to_confirm(self) -> list[LegalRule]:
        """Rules behind the verdict that nobody has read in the text itself."""
        rules = (self.branch.least, self.branch.most, self.committee.least, self.committee.most, self.women_least)
        return [rule for rule in rules if rule and rule.confidence == "to_confirm"]


@shared
def committees_on(villages: QuerySet, day: date) -> dict[int, Committees]:
    """Every village of the query that has any post on record, by its id. Four queries, however many villages."""
    counts = _counts(villages, day)
    heads = {
        (post.village_id, post.position): post
        for post in Post.objects.on(day)
        .filter(village__in=villages, position__in=(Position.SECRETARY, Position.DIRECTOR))
        .with_names()
        .with_filed(day)
    }
    rules = list(LegalRule.objects.filter(key__in=[key for pair in MINIMA.values() for key in pair] + [_WOMEN]).on(day))
    found = {}
    for village in villages.with_applies_to().filter(posts__isnull=False).distinct():
        found[village.pk] = _judged(village, counts.get(village.pk, {}), heads, rules, day)
    return found


_WOMEN = LegalRuleKey.COMMITTEE_WOMEN


def _counts(villages: QuerySet, day: date) -> dict[int, dict]:
    """Each village's heads by committee, and the women of the villagers' committee; one query."""
    people, of_village = Count("person", distinct=True), Q(committee=Committee.VILLAGE)
    rows = (
        Post.objects.on(day)
        .filter(village__in=villages)
        .values("village")
        .annotate(
            cadres=people,
            in_branch=Count("person", distinct=True, filter=Q(committee=Committee.BRANCH)),
            in_committee=Count("person", distinct=True, filter=of_village),
            women=Count("person", distinct=True, filter=of_village & Q(person__sex=Sex.FEMALE)),
        )
        .order_by()
    )
    return {row["village"]: row for row in rows}


def _judged(village: Village, counts: dict, heads: dict, rules: list[LegalRule], day: date) -> Committees:
    def rule(key: str) -> LegalRule | None:
        return LegalRule.pick(rules, key, day, village.falls_under, village.code)

    found = Committees(
        village=village,
        branch=Size(counts.get("in_branch", 0), *map(rule, MINIMA[Committee.BRANCH])),
        committee=Size(counts.get("in_committee", 0), *map(rule, MINIMA[Committee.VILLAGE])),
        women=counts.get("women", 0),
        women_least=rule(_WOMEN),
        cadres=counts.get("cadres", 0),
        secretary=heads.get((village.pk, Position.SECRETARY)),
        director=heads.get((village.pk, Position.DIRECTOR)),
    )
    found.lacks = _lacks(found)
    return found


def _lacks(found: Committees) -> list[str]:
    lacks = []
    if found.secretary is None:
        lacks.append(_("no secretary in post"))
    if found.director is None:
        lacks.append(_("no director in post"))
    if not found.branch.fits:
        facts = {"n": found.branch.members, "rule": found.branch.rule}
        lacks.append(_("branch committee of %(n)d, should be %(rule)s") % facts)
    if not found.committee.fits:
        facts = {"n": found.committee.members, "rule": found.committee.rule}
        lacks.append(_("committee of %(n)d, should be %(rule)s") % facts)
    if not found.women_fit:
        lacks.append(_("no woman in the committee") if not found.women else _("too few women in the committee"))
    return lacks
