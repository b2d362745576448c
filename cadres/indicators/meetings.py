"""What can be measured of branch life: whether meetings are held as often as the rules of the day ask."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices_meetings import TIMES_A_YEAR, MeetingKind
from cadres.models import BranchMeeting, PartyBranch
from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared
from villages.choices import AppliesTo
from villages.models import LegalRule

MONTHS = 12


class Span(NamedTuple):
    """A stretch of the year in which one meeting of a kind is due; both days included."""

    kind: MeetingKind
    first: date
    last: date


def spans_of(period: Period, branch: PartyBranch, rules: Iterable[LegalRule]) -> Iterator[Span]:
    """The stretches that are over by the day and in which the branch stood all along."""
    for kind, key in TIMES_A_YEAR.items():
        rule = LegalRule.pick(rules, key, period.as_of, AppliesTo.ALL, branch.village.code)
        if rule is None or rule.value < 1:
            continue
        months = max(MONTHS // int(rule.value), 1)
        for month in range(1, MONTHS + 1, months):
            first, after = date(period.year, month, 1), month + months
            last = (date(period.year, after, 1) if after <= MONTHS else date(period.year + 1, 1, 1)) - timedelta(days=1)
            stood = branch.opened_on is None or branch.opened_on <= first
            if last <= period.as_of and stood and (branch.closed_on is None or branch.closed_on > last):
                yield Span(kind, first, last)


@shared
def _missed(villages: QuerySet, period: Period) -> dict[int, list[tuple[PartyBranch, Span, bool]]]:
    """Village → what was due of each branch, and whether it was held; of villages with any meeting on record. Three queries."""
    rules = list(LegalRule.objects.filter(key__in=TIMES_A_YEAR.values()))
    held = defaultdict(list)
    known = set()
    rows = BranchMeeting.objects.filter(branch__village__in=villages, held_on__lte=period.as_of)
    for branch, village, kind, on in rows.order_by().values_list("branch", "branch__village", "kind", "held_on"):
        known.add(village)
        held[branch, kind].append(on)
    branches = PartyBranch.objects.filter(village__in=known).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=period.start)
    )
    found = defaultdict(list)
    for branch in branches.select_related("village").order_by("pk"):
        for span in spans_of(period, branch, rules):
            met = any(span.first <= on <= span.last for on in held[branch.pk, span.kind])
            found[branch.village_id].append((branch, span, met))
    return found


@indicator(
    "branch_meetings",
    name=gettext_lazy("Three meetings and one lecture held as often as due"),
    kind=Kind.SHARE,
    unit=gettext_lazy("meetings due"),
    evidence=gettext_lazy("The meetings on record"),
)
def branch_meetings(villages: QuerySet, period: Period) -> dict[int, Measure]:
    return {
        village: Measure(sum(met for _branch, _span, met in due), len(due))
        for village, due in _missed(villages, period).items()
    }


@branch_meetings.shortfalls
def meetings_missed(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Each stretch without its meeting, with the form to enter it on."""
    new, found = reverse("cadres:branch_meetings_new"), defaultdict(list)
    for village, due in _missed(villages, period).items():
        for branch, span, met in due:
            if not met:
                facts = {"branch": branch, "kind": span.kind.label, "first": span.first, "last": span.last}
                label = _("%(branch)s: %(kind)s of %(first)s to %(last)s") % facts
                found[village].append(Shortfall(label, f"{new}?branch={branch.pk}&kind={span.kind}"))
    return dict(found)
