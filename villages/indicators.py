"""What can be measured of regulations. Required is what the catalogue asks of the village's kind on the day."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared
from villages.choices import AppliesTo, Body, LegalRuleKey, RegulationField, Voters
from villages.models import Adoption, LegalRule, Regulation

QUORUM = {
    Voters.ADULTS: LegalRuleKey.ASSEMBLY_QUORUM_ADULTS,
    Voters.HOUSEHOLDS: LegalRuleKey.ASSEMBLY_QUORUM_HOUSEHOLDS,
}


@shared
def _required(period: Period, **narrow) -> dict[str, list[Regulation]]:
    """The regulations asked of each kind on the day, by what the kind falls under."""
    required = {AppliesTo.VILLAGE: [], AppliesTo.COMMUNITY: []}
    for regulation in Regulation.objects.required_on(period.as_of).filter(**narrow):
        for kind in required:
            if regulation.applies_to in (AppliesTo.ALL, kind):
                required[kind].append(regulation)
    return required


def _adopted(villages: QuerySet, period: Period, **narrow) -> QuerySet:
    return Adoption.objects.required_on(period.as_of).filter(village__in=villages, **narrow)


@shared
def _on_file(villages: QuerySet) -> list[tuple[int, str]]:
    """(id, kind) of the villages that have entered any regulation at all: none on file is not known, not none."""
    return list(villages.filter(adoptions__isnull=False).with_applies_to().distinct().values_list("pk", "falls_under"))


def _shares(villages: QuerySet, period: Period, met: Q, **narrow) -> dict[int, Measure]:
    """For each village: those of its required regulations whose adoption satisfies `met`, of all required."""
    required = _required(period, **narrow)
    adopted = _adopted(villages, period, **{f"regulation__{key}": value for key, value in narrow.items()})
    counted = dict(adopted.filter(met).values_list("village").annotate(n=Count("regulation", distinct=True)).order_by())
    return {pk: Measure(counted.get(pk, 0), len(required[kind])) for pk, kind in _on_file(villages)}


@shared
def _kinds(villages: QuerySet) -> list[tuple[int, str]]:
    """(id, kind) of all the villages."""
    return list(villages.with_applies_to().values_list("pk", "falls_under"))


@shared
def _there(villages: QuerySet, period: Period) -> set[tuple[int, int]]:
    """(village, regulation) of every adoption in force."""
    return set(_adopted(villages, period).values_list("village", "regulation"))


def _missing(villages: QuerySet, period: Period, **narrow) -> dict[int, list[Shortfall]]:
    """Required regulations that a village has not adopted, each with the page to enter it on."""
    required = _required(period, **narrow)
    there = _there(villages, period)
    new = reverse("villages:adoptions_new")
    return {
        pk: [
            Shortfall(regulation.label, f"{new}?village={pk}&regulation={regulation.pk}")
            for regulation in required[kind]
            if (pk, regulation.pk) not in there
        ]
        for pk, kind in _kinds(villages)
    }


def _unposted(villages: QuerySet, period: Period, **narrow) -> dict[int, list[Shortfall]]:
    """Adoptions that don't hang on the wall by the day."""
    adopted = list(_adopted(villages, period, **narrow).select_related("regulation"))
    return _edits(adopted, lambda adoption: adoption.posted_on is not None and adoption.posted_on <= period.as_of)


def _edits(adoptions: list[Adoption], met: Callable, text: str = "%(name)s") -> dict[int, list[Shortfall]]:
    """Adoptions that want mending, each with its own page; not those that another of the same regulation makes up."""
    satisfied = {(adoption.village_id, adoption.regulation_id) for adoption in adoptions if met(adoption)}
    found = defaultdict(list)
    for adoption in adoptions:
        if (adoption.village_id, adoption.regulation_id) in satisfied:
            continue
        label = text % {"name": adoption.regulation.label}
        found[adoption.village_id].append(Shortfall(label, reverse("villages:adoptions_edit", args=[adoption.pk])))
    return found


@indicator(
    "regulations_adopted",
    name=gettext_lazy("Required regulations adopted"),
    kind=Kind.SHARE,
    unit=gettext_lazy("regulations"),
    evidence=gettext_lazy("The adoption on record"),
)
def regulations_adopted(villages: QuerySet, period: Period) -> dict[int, Measure]:
    return _shares(villages, period, Q())


@regulations_adopted.shortfalls
def regulations_not_adopted(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    return _missing(villages, period)


@indicator(
    "regulations_posted",
    name=gettext_lazy("Adopted regulations on the wall"),
    kind=Kind.SHARE,
    unit=gettext_lazy("regulations"),
    evidence=gettext_lazy("The day since when it hangs on the wall"),
)
def regulations_posted(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the regulations that the village has adopted; a village without any has nothing to post."""
    adopted = Count("regulation", distinct=True)
    on_wall = Count("regulation", distinct=True, filter=Q(posted_on__lte=period.as_of))
    rows = _adopted(villages, period).values("village").annotate(den=adopted, num=on_wall)
    return {row["village"]: Measure(row["num"], row["den"]) for row in rows.order_by()}


@regulations_posted.shortfalls
def regulations_not_posted(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    return _unposted(villages, period)


@indicator(
    "duties_posted",
    name=gettext_lazy("Duties of party organisation and committee written down and posted"),
    kind=Kind.SHARE,
    unit=gettext_lazy("regulations"),
    evidence=gettext_lazy("The adoption and the day since when it hangs on the wall"),
)
def duties_posted(villages: QuerySet, period: Period) -> dict[int, Measure]:
    return _shares(villages, period, Q(posted_on__lte=period.as_of), field=RegulationField.DUTIES)


@duties_posted.shortfalls
def duties_not_posted(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    found = _missing(villages, period, field=RegulationField.DUTIES)
    for pk, wanting in _unposted(villages, period, regulation__field=RegulationField.DUTIES).items():
        found[pk] = [*found.get(pk, []), *wanting]
    return found


@indicator(
    "charter_voted",
    name=gettext_lazy("Charter and covenant passed by the meeting, with the vote"),
    kind=Kind.SHARE,
    unit=gettext_lazy("regulations"),
    evidence=gettext_lazy("Those entitled, present and in favour"),
)
def charter_voted(villages: QuerySet, period: Period) -> dict[int, Measure]:
    required = _required(period, needs_vote=True)
    passed = defaultdict(set)
    for adoption in _voted(villages, period):
        if adoption.passed:
            passed[adoption.village_id].add(adoption.regulation_id)
    return {pk: Measure(len(passed[pk]), len(required[kind])) for pk, kind in _on_file(villages)}


@charter_voted.shortfalls
def charter_not_voted(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    found = _missing(villages, period, needs_vote=True)
    text = _("%(name)s: the vote of the meeting")
    for pk, labels in _edits(_voted(villages, period), lambda adoption: adoption.passed, text).items():
        found[pk] = [*found.get(pk, []), *labels]
    return found


@shared
def _voted(villages: QuerySet, period: Period) -> list[Adoption]:
    """Adoptions that need the meeting's vote; `passed` says whether it satisfies the rules in force on that day."""
    adopted = _adopted(villages, period, regulation__needs_vote=True)
    adoptions = list(adopted.select_related("village", "regulation"))
    rules = list(LegalRule.objects.all())
    for adoption in adoptions:
        adoption.passed = _passes(adoption, rules)
    return adoptions


def _passes(adoption: Adoption, rules: list[LegalRule]) -> bool:
    """Voted by the meeting itself, with the quorum and the majority in force on that day at that place."""
    if adoption.body != Body.ASSEMBLY or not (adoption.entitled and adoption.voters):
        return False
    village = adoption.village
    kind = AppliesTo.COMMUNITY if village.is_community else AppliesTo.VILLAGE
    quorum = LegalRule.pick(rules, QUORUM[adoption.voters], adoption.adopted_on, kind, village.code)
    majority = LegalRule.pick(rules, LegalRuleKey.ASSEMBLY_MAJORITY, adoption.adopted_on, kind, village.code)
    if quorum is None or majority is None:
        return False
    return quorum.met(adoption.present, adoption.entitled) and majority.met(adoption.in_favour, adoption.present)
