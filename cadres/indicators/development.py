"""What can be measured of training, duty and reserves. Facts missing are not facts bad: without any record, no figure."""

from collections import defaultdict

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cadres import duty
from cadres.models import DutyDay, Person, Reserve
from cadres.training import hours_of
from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period

# ---- training ----


@indicator(
    "cadres_trained",
    name=gettext_lazy("Cadres with the hours of training of a year"),
    kind=Kind.SHARE,
    unit=gettext_lazy("people"),
    evidence=gettext_lazy("The sheets of the courses"),
)
def cadres_trained(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the cadres in post; courses count that ended by the day. The hours asked are a rule of the day and place."""
    return {
        village: Measure(own.enough, own.total)
        for village, own in hours_of(villages, period).items()
        if own.known and own.asked is not None
    }


@cadres_trained.shortfalls
def cadres_short_of_hours(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Each cadre with the hours that he lacks, on the page of his training."""
    short = {
        village: {person: own.lacks(person) for person in own.of if own.lacks(person)}
        for village, own in hours_of(villages, period).items()
    }
    names = dict(Person.objects.filter(pk__in=[p for own in short.values() for p in own]).values_list("pk", "name"))
    return {
        village: [
            Shortfall(_hours_lacking(names[person], n), reverse("cadres:training_record", args=[person]))
            for person, n in sorted(own.items(), key=lambda item: -item[1])
        ]
        for village, own in short.items()
        if own
    }


def _hours_lacking(name: str, n: int) -> str:
    text = ngettext("%(name)s lacks %(n)d hour", "%(name)s lacks %(n)d hours", n)
    return text % {"name": name, "n": n}


# ---- duty ----


@indicator(
    "duty_kept",
    name=gettext_lazy("Duty days kept"),
    kind=Kind.SHARE,
    unit=gettext_lazy("days"),
    evidence=gettext_lazy("The check-ins on the rota"),
)
def duty_kept(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the days due so far; late is kept, excused is not due."""
    return {village: Measure(*figures) for village, figures in duty.rate(villages, period).items()}


@duty_kept.shortfalls
def duty_missed(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    days = DutyDay.objects.filter(village__in=villages).due_in(period).missed(period.as_of).select_related("person")
    found = defaultdict(list)
    for row in days.order_by("village", "-day"):
        label = _("%(day)s %(name)s") % {"day": f"{row.day:%m-%d}", "name": row.person}
        found[row.village_id].append(Shortfall(label, reverse("cadres:duty_days_detail", args=[row.pk])))
    return dict(found)


# ---- reserves ----


@indicator(
    "reserves_in_training",
    name=gettext_lazy("Reserve cadres in training"),
    kind=Kind.COUNT,
    unit=gettext_lazy("people"),
    evidence=gettext_lazy("The steps on record"),
)
def reserves_in_training(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """On the list and chosen for training by the day; those trained wait for a post and count on."""
    there = Reserve.objects.filter(village__in=villages, entered_on__lte=period.as_of)
    found = dict.fromkeys(there.order_by().values_list("village", flat=True).distinct(), Measure(0))
    training = Reserve.objects.in_training_on(period.as_of).filter(village__in=villages)
    for village in training.order_by().values_list("village", flat=True):
        found[village] = Measure(found[village].num + 1)
    return found


@reserves_in_training.shortfalls
def reserves_not_yet_in_training(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Those on the list whose next step brings them nearer; where there is nobody, the page to enter one on."""
    day, found = period.as_of, defaultdict(list)
    training = Reserve.objects.in_training_on(day)
    waiting = Reserve.objects.on(day).filter(village__in=villages).exclude(pk__in=training.values("pk"))
    for reserve in waiting.standing_on(day).select_related("person").order_by("village", "entered_on"):
        step = reserve.standing or _("no step yet")
        label = _("%(name)s: %(step)s") % {"name": reserve.person, "step": step}
        found[reserve.village_id].append(Shortfall(label, reverse("cadres:reserves_detail", args=[reserve.pk])))
    listed = set(Reserve.objects.on(day).filter(village__in=villages).order_by().values_list("village", flat=True))
    for village in villages.order_by().values_list("pk", flat=True):
        if village not in listed:
            url = f"{reverse('cadres:reserves_new')}?village={village}"
            found[village] = [Shortfall(_("no reserve cadre on the list"), url)]
    return dict(found)
