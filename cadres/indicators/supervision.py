"""What can be measured of supervision: the group of four, and the yearly appraisal with its follow-ups."""

from collections import defaultdict
from itertools import chain

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.actions.supervision import group_size, size_rules
from cadres.choices_supervision import BELOW_COMPETENT, SupervisorState
from cadres.models import Admonishment, Appraisal, AppraisalSheet, Post, Supervisor
from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared

#: Not read for a name: each would be decrypted.
NUMBERS = ("person__id_number", "person__phone")
UNDER_WAY = (SupervisorState.RECOMMENDED, SupervisorState.PROPOSED, SupervisorState.VETTED)


# ---- the supervision group ----


@shared
def _groups(villages: QuerySet, period: Period) -> dict[int, tuple[int, int]]:
    """Village → (in the group, how many there should be), where anybody was ever recommended. Two queries."""
    day, rules = period.as_of, size_rules()
    in_post = Q(supervisors__starts_on__lte=day) & (
        Q(supervisors__ends_on__isnull=True) | Q(supervisors__ends_on__gt=day)
    )
    rows = villages.filter(supervisors__isnull=False).annotate(
        there=Count("supervisors", distinct=True, filter=in_post)
    )
    sizes = ((village, group_size(day, rules, village)) for village in rows.order_by())
    return {village.pk: (village.there, size) for village, size in sizes if size}


@indicator(
    "supervision_group",
    name=gettext_lazy("Discipline supervision group in post"),
    kind=Kind.YES_NO,
    evidence=gettext_lazy("The appointments on record"),
)
def supervision_group(villages: QuerySet, period: Period) -> dict[int, Measure]:
    return {pk: Measure(int(there >= size)) for pk, (there, size) in _groups(villages, period).items()}


@supervision_group.shortfalls
def supervision_group_short(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Who is on the way into the group, each with his record; then how many are still to be recommended."""
    short = {pk: size - there for pk, (there, size) in _groups(villages, period).items() if there < size}
    found = defaultdict(list)
    for one in (
        Supervisor.objects.filter(village__in=short, state__in=UNDER_WAY)
        .defer(*NUMBERS)
        .select_related("person")
        .order_by("pk")
    ):
        facts = {"name": one.person, "state": one.get_state_display()}
        label = _("%(name)s: %(state)s") % facts
        found[one.village_id].append(Shortfall(label, reverse("cadres:supervisors_detail", args=[one.pk])))
    new = reverse("cadres:supervisors_new")
    for pk, lacking in short.items():
        if (more := lacking - len(found[pk])) > 0:
            found[pk].append(Shortfall(_("%(n)d supervisors to be recommended") % {"n": more}, f"{new}?village={pk}"))
    return dict(found)


# ---- the yearly appraisal ----


@shared
def _held(villages: QuerySet, period: Period) -> dict[int, Appraisal]:
    """Village → its confirmed appraisal of the year."""
    rows = Appraisal.objects.confirmed_by(period.as_of).filter(village__in=villages, year=period.year)
    return {row.village_id: row for row in rows}


@shared
def without_follow_up(villages: QuerySet, period: Period) -> dict[int, list[AppraisalSheet]]:
    """Village → tallies of the year below competent that nothing followed: no admonishment, no end of the posts."""
    day = period.as_of
    sheets = AppraisalSheet.objects.confirmed_by(day).filter(
        appraisal__village__in=villages, appraisal__year=period.year, verdict__in=BELOW_COMPETENT
    )
    sheets = list(sheets.select_related("person", "appraisal").defer(*NUMBERS).order_by("pk"))
    people = [sheet.person_id for sheet in sheets]
    followed = defaultdict(list)
    talks = Admonishment.objects.filter(person__in=people, talked_on__lte=day).values_list("person", "talked_on")
    ends = Post.objects.filter(person__in=people, ends_on__lte=day).values_list("person", "ends_on")
    for person, on in chain(talks, ends):
        followed[person].append(on)
    found = defaultdict(list)
    for sheet in sheets:
        if not any(on >= sheet.appraisal.held_on for on in followed[sheet.person_id]):
            found[sheet.appraisal.village_id].append(sheet)
    return dict(found)


@indicator(
    "cadres_appraised",
    name=gettext_lazy("Democratic appraisal of cadres held and followed up"),
    kind=Kind.YES_NO,
    evidence=gettext_lazy("The confirmed appraisal and the admonishments on record"),
)
def cadres_appraised(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of villages with any appraisal on record; held this year, and nobody below competent without a follow-up."""
    held, open_ones = _held(villages, period), without_follow_up(villages, period)
    known = Appraisal.objects.filter(village__in=villages).order_by().values_list("village", flat=True).distinct()
    return {pk: Measure(int(pk in held and pk not in open_ones)) for pk in known}


@cadres_appraised.shortfalls
def cadres_not_appraised(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """The appraisal under way or to be entered; else those whom somebody still has to talk to."""
    held, open_ones = _held(villages, period), without_follow_up(villages, period)
    under_way = {
        row.village_id: row
        for row in Appraisal.objects.filter(village__in=villages, year=period.year).exclude(village__in=held)
    }
    found = {}
    for pk in villages.order_by().values_list("pk", flat=True):
        if pk in open_ones:
            found[pk] = [_to_talk_to(sheet) for sheet in open_ones[pk]]
        elif pk in under_way:
            row = under_way[pk]
            label = _("Appraisal %(year)d: %(state)s") % {"year": row.year, "state": row.get_state_display()}
            found[pk] = [Shortfall(label, reverse("cadres:appraisals_detail", args=[row.pk]))]
        elif pk not in held:
            label = _("Appraisal %(year)d is not on record") % {"year": period.year}
            url = f"{reverse('cadres:appraisals_new')}?village={pk}&year={period.year}"
            found[pk] = [Shortfall(label, url)]
    return found


def _to_talk_to(sheet: AppraisalSheet) -> Shortfall:
    label = _("%(name)s: %(verdict)s, no follow-up") % {"name": sheet.person, "verdict": sheet.get_verdict_display()}
    return Shortfall(label, reverse("cadres:appraisal_result", args=[sheet.appraisal_id]))
