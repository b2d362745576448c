"""What a survey owes and has: the plan beside sheets and visits, by village. The number of queries is constant."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Q, Sum

from surveys.models import FieldVisit, PlanRow, Response, Survey
from villages.models import Village


@dataclass
class Due:
    """One village of a survey; `strata` are (name, planned) where the plan divides it."""

    village: Village
    planned: int = 0
    sheets: int = 0
    visits: int = 0
    last_visit: date | None = None
    teams: list[str] = field(default_factory=list)
    strata: list[tuple[str, int]] = field(default_factory=list)

    @property
    def open(self) -> int:
        return max(0, self.planned - self.sheets)

    @property
    def is_done(self) -> bool:
        return self.sheets >= self.planned


def due_of(user, survey: Survey) -> list[Due]:
    """The villages that the person sees and that the plan names or something came from, in code order; four queries."""
    plan = list(PlanRow.objects.visible_to(user).filter(survey=survey).select_related("team").order_by("stratum"))
    sheets = Response.objects.visible_to(user).filter(survey=survey).order_by()
    counts = dict(sheets.values_list("village").annotate(Count("pk")))
    seen = FieldVisit.objects.visible_to(user).filter(survey=survey).order_by()
    visits = {v: (n, last) for v, n, last in seen.values_list("village").annotate(Count("pk"), Max("day"))}
    wanted = {row.village_id for row in plan} | set(counts) | set(visits)
    villages = Village.objects.visible_to(user).filter(pk__in=wanted).select_related("township").order_by("code")
    found = {village.pk: Due(village) for village in villages}
    for row in plan:
        if due := found.get(row.village_id):
            due.planned += row.planned
            due.strata += [(row.stratum, row.planned)] if row.stratum else []
            due.teams += [row.team.name] if row.team and row.team.name not in due.teams else []
    for due in found.values():
        due.sheets = counts.get(due.village.pk, 0)
        due.visits, due.last_visit = visits.get(due.village.pk, (0, None))
    return list(found.values())


@dataclass
class Stand:
    """One survey over all villages that the person sees."""

    survey: Survey
    planned: int
    sheets: int
    villages: int
    visited: int

    @property
    def open(self) -> int:
        return max(0, self.planned - self.sheets)


def stands(user, surveys) -> list[Stand]:
    """Surveys with what is due and done in the person's territory; four queries."""
    surveys = list(surveys.select_related("edition__questionnaire"))
    among = Q(survey__in=[survey.pk for survey in surveys])
    plan = PlanRow.objects.visible_to(user).filter(among).order_by()
    planned = {
        s: (n, v)
        for s, n, v in plan.values_list("survey").annotate(n=Sum("planned"), v=Count("village", distinct=True))
    }
    sheets = dict(
        Response.objects.visible_to(user).filter(among).order_by().values_list("survey").annotate(Count("pk"))
    )
    seen = FieldVisit.objects.visible_to(user).filter(among).order_by()
    visited = dict(seen.values_list("survey").annotate(Count("village", distinct=True)))
    found = []
    for survey in surveys:
        due, villages = planned.get(survey.pk, (0, 0))
        found.append(Stand(survey, due, sheets.get(survey.pk, 0), villages, visited.get(survey.pk, 0)))
    return found
