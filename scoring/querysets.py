"""Questions about standards, runs and results; every one through the door."""

from collections import defaultdict
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from core import rights
from core.jobs import JobState
from core.scoping import RegionalQuerySet, ScopedQuerySet, in_any_range, scopes
from core.shared import shared
from scoring.choices import Group, StandardState

#: What a verb needs the standard to be: a published one never changes, so the door itself says no.
STATE_FOR = {
    "change": StandardState.DRAFT,
    "delete": StandardState.DRAFT,
    "publish": StandardState.DRAFT,
    "retire": StandardState.PUBLISHED,
}


class StandardQuerySet(RegionalQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """Drafts are seen by those who may change them; only drafts can be changed."""
        rows = super().visible_to(user, verb)
        if state := STATE_FOR.get(verb):
            return rows.filter(state=state)
        if verb == "view" and not rights.can(user, "change", self.model):
            return rows.exclude(state=StandardState.DRAFT)
        return rows

    def in_force(self, year: int, territory_code: str):
        """Published standards that hold for the year and cover the territory, the one to use first.

        The smallest territory wins, then the one that began last, then the newest edition.
        """
        above = [territory_code[:length] for length in range(len(territory_code) + 1)]
        return self.filter(
            Q(last_year__isnull=True) | Q(last_year__gte=year),
            state=StandardState.PUBLISHED,
            first_year__lte=year,
            territory_code__in=above,
        ).order_by("-territory_code", "-first_year", "-edition", "-pk")


class OfStandardQuerySet(RegionalQuerySet):
    """Rows of a standard: seen with it, changed with it while it is a draft."""

    def visible_to(self, user, verb: str = "view"):
        standards = self.model._meta.get_field("standard").related_model.objects
        if not rights.can(user, verb, self.model):
            return self.none()
        return self.filter(standard__in=standards.visible_to(user, "view" if verb == "view" else "change"))


class RunQuerySet(RegionalQuerySet):
    def sealed(self):
        return self.exclude(digest="")

    def active(self):
        return self.filter(job__state__in=(JobState.QUEUED, JobState.RUNNING))

    def current(self, user, year: int):
        """The sealed run of the year that counts for the person: the newest that covers a territory that he holds."""
        held = scopes(user, "view", self.model)
        above = {code[:length] for code in held for length in range(len(code) + 1)}
        newest = self.sealed().filter(year=year).order_by("-sealed_at", "-pk")
        covering = newest.filter(territory_code__in=above).first()
        return covering or newest.filter(in_any_range("territory_code", held)).first()

    def before(self, run):
        """The sealed run that a run is compared with: the last one before it over the same or a larger territory."""
        above = [run.territory_code[:length] for length in range(len(run.territory_code) + 1)]
        earlier = self.sealed().filter(territory_code__in=above, sealed_at__lt=run.sealed_at)
        return earlier.order_by("-sealed_at", "-pk").first()


class Loss(NamedTuple):
    """A criterion over many villages: how many lose points at it, of how many measured, and how many points in all."""

    criterion: models.Model
    villages: int
    measured: int
    points: int


class Change(NamedTuple):
    """What became of a village since an earlier run; `groups` are those whose state changed, as (group, old, new)."""

    result: models.Model
    before: models.Model
    groups: tuple[tuple[str, str, str], ...]

    @property
    def group_names(self) -> list[str]:
        return [Group(group).label for group, _old, _new in self.groups]


@shared
def results_of(user, run) -> list:
    """The results of a run that the person may see, by township and village; read once a page."""
    return list(run.results.matrix(user, run))


class ResultQuerySet(ScopedQuerySet):
    def matrix(self, user, run):
        """The results of a run that the person may see, by township and village; one query."""
        rows = self.visible_to(user).filter(run=run).select_related("village__township")
        return rows.order_by("village__township__code", "village__code")

    def for_village(self, user, village, run):
        """A village's result in a run with its breakdown, or None."""
        rows = self.visible_to(user).filter(run=run, village=village)
        return rows.select_related("breakdown", "run__standard", "run__job").first()

    def losses(self, user, run) -> list[Loss]:
        """The criteria at which the villages that the person sees lose points, the most frequent first; two queries."""
        counted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for rows in self.visible_to(user).filter(run=run).values_list("breakdown__rows", flat=True):
            for number, _num, _den, points, maximum, _flags in rows or ():  # a `rules.Line`, thousands of them
                if maximum:
                    sums, lost = counted[number], maximum - points
                    sums[0] += lost > 0
                    sums[1] += 1
                    sums[2] += lost
        found = [
            Loss(criterion, *counted[criterion.number])
            for criterion in run.standard.criteria.all()
            if counted[criterion.number][0]
        ]
        return sorted(found, key=lambda loss: (-loss.villages, -loss.points, loss.criterion.number))

    def changes(self, user, run, before) -> list[Change]:
        """Villages whose verdict or a group's state differs from an earlier run, in code order; two queries, one of them shared."""
        old = {row.village_id: row for row in self.visible_to(user).filter(run=before)}
        found = []
        for row in results_of(user, run):
            if was := old.get(row.village_id):
                groups = tuple((g, was.state(g), row.state(g)) for g in Group.values if was.state(g) != row.state(g))
                if groups or was.verdict != row.verdict:
                    found.append(Change(row, was, groups))
        return found
