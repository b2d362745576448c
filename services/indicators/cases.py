"""What can be measured of public-opinion cases: handled in time, and satisfied with the answer."""

from collections import Counter, defaultdict

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.models import Move
from core.periods import Period
from core.shared import shared
from services.choices_cases import IN_HAND, CaseRating, CaseState
from services.models import Case


def _heard(villages: QuerySet, period: Period) -> QuerySet:
    """The year's cases; who follows another one is counted with that one."""
    rows = Case.objects.filter(village__in=villages, heard_on__range=(period.start, period.as_of))
    return rows.exclude(state=CaseState.JOINED).order_by("heard_on", "pk")


def _late(cases: QuerySet, period: Period) -> set[int]:
    """Those of the cases that some tier had in hand beyond its limit, by the day that is looked at. Two queries."""
    day = period.as_of
    moves = Move.objects.filter(
        model=Case._meta.label, source__in=IN_HAND, due_on__lt=day, on__gt=F("due_on"), on__gte=period.start
    )
    late = set(moves.values_list("object_id", flat=True))
    still = cases.filter(state__in=IN_HAND, due_on__lt=day)
    return late | set(still.values_list("pk", flat=True))


@shared
def _due(villages: QuerySet, period: Period) -> list[tuple[Case, bool]]:
    """(case, in time) of the cases that were handled by the day, or are late: those still in time are not due yet."""
    cases, day = _heard(villages, period), period.as_of
    late, found = _late(cases, period), []
    for case in cases.filter(Q(solved_on__lte=day) | Q(pk__in=cases.filter(state__in=IN_HAND))).only(
        "village_id", "title", "solved_on", "state", "due_on"
    ):
        if case.pk in late:
            found.append((case, False))
        elif case.solved_on and case.solved_on <= day:
            found.append((case, True))
    return found


@indicator(
    "cases_in_time",
    name=gettext_lazy("Opinion cases handled in time"),
    kind=Kind.SHARE,
    unit=gettext_lazy("cases"),
    evidence=gettext_lazy("The steps of each case against the limit of its tier"),
)
def cases_in_time(villages: QuerySet, period: Period) -> dict[int, Measure]:
    due, kept = Counter(), Counter()
    for case, in_time in _due(villages, period):
        due[case.village_id] += 1
        kept[case.village_id] += in_time
    return {pk: Measure(kept[pk], total) for pk, total in due.items()}


@cases_in_time.shortfalls
def cases_late(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    found = defaultdict(list)
    for case, in_time in _due(villages, period):
        if not in_time:
            state = _("handled late") if case.solved_on else _("not handled yet, and late")
            label = _("%(title)s: %(state)s") % {"title": case.title, "state": state}
            found[case.village_id].append(Shortfall(label, reverse("services:cases_detail", args=[case.pk])))
    return dict(found)


def _rated(villages: QuerySet, period: Period) -> QuerySet:
    """Rated in the year by a person who was reached."""
    rows = Case.objects.filter(village__in=villages, rated_on__range=(period.start, period.as_of))
    return rows.filter(rating__in=(CaseRating.SATISFIED, CaseRating.UNSATISFIED)).order_by("rated_on", "pk")


@indicator(
    "cases_satisfied",
    name=gettext_lazy("Satisfied with the answer to their case"),
    kind=Kind.SHARE,
    unit=gettext_lazy("people"),
    evidence=gettext_lazy("What each person who was asked says"),
)
def cases_satisfied(villages: QuerySet, period: Period) -> dict[int, Measure]:
    asked, satisfied = Counter(), Counter()
    for village, rating in _rated(villages, period).values_list("village_id", "rating"):
        asked[village] += 1
        satisfied[village] += rating == CaseRating.SATISFIED
    return {pk: Measure(satisfied[pk], total) for pk, total in asked.items()}


@cases_satisfied.shortfalls
def cases_unsatisfied(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    found = defaultdict(list)
    for case in _rated(villages, period).filter(rating=CaseRating.UNSATISFIED).only("village_id", "title"):
        label = _("%(title)s: not satisfied") % {"title": case.title}
        found[case.village_id].append(Shortfall(label, reverse("services:cases_detail", args=[case.pk])))
    return dict(found)
