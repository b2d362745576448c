"""What can be measured of practical matters: cadres who took one on, and matters done in time."""

from collections import defaultdict

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared
from services.matters import cadres_on, days_of
from services.models import Matter


@shared
def _registered(villages: QuerySet, period: Period) -> dict[int, set[int]]:
    """Village → people with a confirmed matter of the year, where any matter was ever on record. Two queries."""
    ever = Matter.objects.filter(village__in=villages).order_by().values_list("village", flat=True).distinct()
    found: dict[int, set[int]] = {pk: set() for pk in ever}
    rows = Matter.objects.registered_by(period.as_of).filter(village__in=villages, year=period.year)
    for village, person in rows.order_by().values_list("village", "person"):
        found[village].add(person)
    return found


@indicator(
    "matters_registered",
    name=gettext_lazy("Cadres with a practical matter of the year"),
    kind=Kind.SHARE,
    unit=gettext_lazy("cadres"),
    evidence=gettext_lazy("The matters that the township confirmed"),
)
def matters_registered(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the cadres in post; a village that never had a matter on record is not measured."""
    registered, cadres = _registered(villages, period), cadres_on(villages, period.as_of)
    return {
        pk: Measure(len(people & cadres[pk].keys()), len(cadres[pk]))
        for pk, people in registered.items()
        if pk in cadres
    }


@matters_registered.shortfalls
def cadres_without_matter(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Each cadre without one: to the matter that is not confirmed yet, else to the form for it."""
    registered, cadres = _registered(villages, period), cadres_on(villages, period.as_of)
    waiting = {}
    rows = Matter.objects.filter(village__in=villages, year=period.year).exclude(confirmed_on__lte=period.as_of)
    for matter in rows.order_by("pk"):
        waiting[matter.person_id] = matter
    found = defaultdict(list)
    new = reverse("services:matter_register")
    for village, people in cadres.items():
        if village not in registered:
            continue
        for pk, person in people.items():
            if pk in registered[village]:
                continue
            if matter := waiting.get(pk):
                label = _("%(name)s: %(state)s") % {"name": person, "state": matter.get_state_display()}
                found[village].append(Shortfall(label, reverse("services:matters_detail", args=[matter.pk])))
            else:
                label = _("%(name)s has no matter of the year") % {"name": person}
                url = f"{new}?village={village}&person={pk}"
                found[village].append(Shortfall(label, url))
    return dict(found)


def _in_time(period: Period) -> Q:
    """Done by the cut-off and by the district's day of the year; without one, by the year's end."""
    days = days_of(period.year)
    return Q(finished_on__lte=min(period.as_of, days.finish_by if days else period.end))


@indicator(
    "matters_finished",
    name=gettext_lazy("Practical matters done in the year"),
    kind=Kind.SHARE,
    unit=gettext_lazy("matters"),
    evidence=gettext_lazy("The day on which each was done"),
)
def matters_finished(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the year's confirmed matters that were done or planned to be; one that is not due yet says nothing. Two queries."""
    rows = Matter.objects.due_by(period.as_of).filter(village__in=villages, year=period.year)
    rows = rows.order_by().values("village").annotate(done=Count("pk", filter=_in_time(period)), due=Count("pk"))
    return {row["village"]: Measure(row["done"], row["due"]) for row in rows}


@matters_finished.shortfalls
def matters_not_finished(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    rows = Matter.objects.due_by(period.as_of).filter(village__in=villages, year=period.year)
    rows = rows.exclude(_in_time(period)).select_related("person").defer("person__id_number", "person__phone")
    found = defaultdict(list)
    for matter in rows.order_by("planned_by", "pk"):
        late = matter.finished_on and matter.finished_on <= period.as_of
        day = matter.finished_on if late else matter.planned_by
        facts = {"name": matter.person, "title": matter.title, "day": f"{day:%m-%d}"}
        label = _("%(name)s: %(title)s, done late on %(day)s") if late else _("%(name)s: %(title)s, planned by %(day)s")
        found[matter.village_id].append(Shortfall(label % facts, reverse("services:matters_detail", args=[matter.pk])))
    return dict(found)
