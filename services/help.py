"""Quarters of help: who must be visited by when, who was, and which of the three helpers is lacking."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from services.choices_help import HelperTier
from services.models import HelpedPerson, Helper, HelpVisit


class Quarter(NamedTuple):
    """A quarter of a year: `number` 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str, day: date) -> "Quarter":
        """“2013-4”; what is no quarter, or lies ahead, is taken for the day's own."""
        found = re.fullmatch(r"(20\d\d)-([1-4])", text, re.ASCII)
        own = cls.of(day)
        return min(cls(int(found[1]), int(found[2])), own) if found else own

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        return self.after.start - timedelta(days=1)

    @property
    def after(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter.of(self.start - timedelta(days=1))

    @property
    def key(self) -> str:
        return f"{self.year}-{self.number}"


def quarters_over(year: int, day: date) -> list[Quarter]:
    """The quarters of the year that are over by the day, its last day counted as over."""
    return [quarter for quarter in (Quarter(year, n) for n in range(1, 5)) if quarter.end <= day]


@dataclass
class Helped:
    """One who is helped: the helpers by tier, and the last visit of each quarter asked for."""

    person: HelpedPerson
    helpers: dict[str, Helper] = field(default_factory=dict)
    visits: dict[Quarter, date] = field(default_factory=dict)

    @property
    def lacking(self) -> list[HelperTier]:
        """The tiers from which nobody helps."""
        return [tier for tier in HelperTier if tier not in self.helpers]

    def asked_in(self, quarter: Quarter) -> bool:
        """Whether a visit is due in the quarter: help had begun before its end and has not ended within it."""
        person = self.person
        return person.starts_on <= quarter.end and (person.ends_on is None or person.ends_on > quarter.end)

    def missed(self, quarters: Iterable[Quarter]) -> list[Quarter]:
        return [quarter for quarter in quarters if self.asked_in(quarter) and quarter not in self.visits]


def helped_on(people: QuerySet, day: date, quarters: Iterable[Quarter], *, named: bool = True) -> list[Helped]:
    """Of `people`, those who are helped on the day, their helpers of the day and their visits. Three queries.

    Numbers and addresses are left sealed. For figures, which are of thousands and name nobody (not `named`), no more is
    read than they count.
    """
    rows, helpers = people.on(day), Helper.objects.on(day).filter(helped__in=people.on(day).order_by().values("pk"))
    if named:
        rows = rows.select_related("village__township", "hamlet").defer("id_number", "phone", "address", "guardian")
        helpers = helpers.select_related("person").defer("person__id_number", "person__phone")
    else:
        rows, helpers = rows.only("village", "kind", "starts_on", "ends_on"), helpers.order_by().only("helped", "tier")
    found = {row.pk: Helped(row) for row in rows}
    for helper in helpers:
        if helper.helped_id in found:
            found[helper.helped_id].helpers[helper.tier] = helper
    for pk, visits in _last_visits(people.on(day), list(quarters), day).items():
        if pk in found:
            found[pk].visits = visits
    return list(found.values())


def helped_in(villages: QuerySet, day: date, quarters: Iterable[Quarter], *, named: bool = True) -> list[Helped]:
    """Everybody who is helped in the villages, whoever may read their names. Three queries."""
    return helped_on(HelpedPerson.objects.filter(village__in=villages), day, quarters, named=named)


def _last_visits(people: QuerySet, quarters: list[Quarter], day: date) -> dict[int, dict[Quarter, date]]:
    """Number → the last visit of each of the quarters, up to the day; one query."""
    if not quarters:
        return {}
    first, last = min(quarters).start, min(day, max(quarters).end)
    rows = HelpVisit.objects.filter(helped__in=people.order_by().values("pk"), on__range=(first, last))
    found: dict[int, dict[Quarter, date]] = defaultdict(dict)
    for pk, on in rows.order_by("on").values_list("helped", "on"):
        if (quarter := Quarter.of(on)) in quarters:
            found[pk][quarter] = on
    return found
