"""Of whom a commitment is asked in a year, and how far each is."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from cadres.models import PartyMember
from core.shared import shared
from services.choices_commitments import CommitmentState as State
from services.models import Commitment, CommitmentExemption, CommitmentYear
from villages.models import Village


@dataclass
class Line:
    """A member in a year: what was promised by the day, and whether nothing is asked (`exempt`)."""

    member: PartyMember
    exempt: CommitmentExemption | None = None
    promises: list[Commitment] = field(default_factory=list)

    def reached(self, day: date) -> tuple[int, int, int]:
        """Promised, fulfilled and appraised by the day."""
        done = [one for one in self.promises if one.fulfilled_on and one.fulfilled_on <= day]
        judged = [one for one in done if one.state == State.APPRAISED and one.appraised_on <= day]
        return len(self.promises), len(done), len(judged)

    def is_whole(self, day: date) -> bool:
        """Every promise fulfilled and appraised, and at least one given."""
        promised, _done, judged = self.reached(day)
        return 0 < promised == judged


@dataclass
class Board:
    """The members of a village in a year, as they stood on `day`."""

    village: Village
    day: date
    lines: list[Line] = field(default_factory=list)

    @property
    def due(self) -> list[Line]:
        return [line for line in self.lines if line.exempt is None]

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        """Members due who promised, who fulfilled all that they promised, for whom all is appraised."""
        reached = [line.reached(self.day) for line in self.due]
        promised = sum(given > 0 for given, _done, _judged in reached)
        fulfilled = sum(0 < given == done for given, done, _judged in reached)
        return promised, fulfilled, sum(0 < given == judged for given, _done, judged in reached)


@shared
def boards(villages: QuerySet, year: int, day: date) -> list[Board]:
    """One a village that stood on the day, in code order; five queries, however many.

    Asked are the members of the day, but for those admitted after the year's day of promising and those exempted.
    """
    found = {row.pk: Board(row, day) for row in villages.on(day).select_related("township").order_by("code")}
    lines = _lines(found, year, day)
    for line in lines.values():
        found[line.member.branch.village_id].lines.append(line)
    for row in CommitmentExemption.objects.filter(member__in=lines, year=year):
        lines[row.member_id].exempt = row
    for row in Commitment.objects.filter(member__branch__village__in=found, year=year, promised_on__lte=day):
        if row.member_id in lines:
            lines[row.member_id].promises.append(row)
    return list(found.values())


def _lines(villages, year: int, day: date) -> dict[int, Line]:
    days = CommitmentYear.of([year]).get(year)
    latest = min(day, days.promise_by) if days else day
    members = PartyMember.objects.on(day).filter(branch__village__in=villages, joined_on__lte=latest)
    members = members.select_related("person", "branch").defer("person__id_number", "person__phone")
    return {row.pk: Line(row) for row in members.order_by("branch__name", "person__name", "pk")}


def waiting_for_the_meeting(rows: QuerySet, branch) -> dict[int, list[Commitment]]:
    """Year → the branch's promises that are fulfilled and not appraised."""
    found = defaultdict(list)
    waiting = rows.filter(member__branch=branch, state=State.FULFILLED).select_related("member__person")
    for row in waiting.order_by("member__person__name", "kind"):
        found[row.year].append(row)
    return found
