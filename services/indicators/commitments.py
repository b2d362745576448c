"""What can be measured of commitments: the members who kept what they promised, and were appraised on it."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from services.choices_commitments import CommitmentState as State
from services.commitments import Line, boards
from services.models import Commitment


@indicator(
    "commitments_fulfilled",
    name=gettext_lazy("Party members’ commitments fulfilled and appraised"),
    kind=Kind.SHARE,
    unit=gettext_lazy("members"),
    evidence=gettext_lazy("The promises on record, with what was done and the meeting’s grades"),
)
def commitments_fulfilled(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of villages with any promise on record: members for whom all is fulfilled and appraised, of those due."""
    known = _known(villages)
    found = boards(villages, period.year, period.as_of)
    return {
        board.village.pk: Measure(board.counts[2], len(board.due))
        for board in found
        if board.village.pk in known and board.due
    }


def _known(villages: QuerySet) -> set[int]:
    rows = Commitment.objects.filter(member__branch__village__in=villages).order_by()
    return set(rows.values_list("member__branch__village", flat=True).distinct())


@commitments_fulfilled.shortfalls
def not_kept(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Who promised nothing, what is not fulfilled, what no meeting has appraised: each where it is entered."""
    return {
        board.village.pk: [
            short
            for line in board.due
            if not line.is_whole(board.day)
            for short in _short(line, period, board.village.pk)
        ]
        for board in boards(villages, period.year, period.as_of)
    }


def _short(line: Line, period: Period, village: int) -> list[Shortfall]:
    if not line.promises:
        url = f"{reverse('services:commitment_file')}?village={village}&year={period.year}&member={line.member.pk}"
        return [Shortfall(_("%(name)s: no promise") % {"name": line.member}, url)]
    found, day = [], period.as_of
    for one in line.promises:
        facts = {"name": line.member, "kind": one.get_kind_display()}
        if not (one.fulfilled_on and one.fulfilled_on <= day):
            label, page = _("%(name)s, %(kind)s: not fulfilled") % facts, "services:commitment_fulfil"
            found.append(Shortfall(label, reverse(page, args=[one.pk])))
        elif one.state != State.APPRAISED or one.appraised_on > day:
            url = reverse("services:commitment_appraise", args=[line.member.branch_id])
            found.append(Shortfall(_("%(name)s, %(kind)s: not appraised") % facts, f"{url}?year={period.year}"))
    return found
