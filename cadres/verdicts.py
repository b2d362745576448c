"""From a tally to a verdict, and from two bad verdicts in a row to what the law says of them."""

from collections.abc import Iterable

from cadres.choices_supervision import AppraisalBody, Verdict
from cadres.models import Appraisal, AppraisalSheet
from villages.choices import COMMUNITIES, AppliesTo, LegalRuleKey
from villages.models import LegalRule

QUORUM = {
    AppraisalBody.REPRESENTATIVES: LegalRuleKey.REPRESENTATIVES_QUORUM,
    AppraisalBody.ADULTS: LegalRuleKey.ASSEMBLY_QUORUM_ADULTS,
    AppraisalBody.HOUSEHOLDS: LegalRuleKey.ASSEMBLY_QUORUM_HOUSEHOLDS,
}
KEYS = (*QUORUM.values(), LegalRuleKey.APPRAISAL_MAJORITY, LegalRuleKey.APPRAISAL_IN_A_ROW)


def load_rules() -> list[LegalRule]:
    return list(LegalRule.objects.filter(key__in=KEYS))


def rule_of(rules: Iterable[LegalRule], key: str, appraisal: Appraisal) -> LegalRule | None:
    """The rule that holds for the appraisal's day and village."""
    kind = AppliesTo.COMMUNITY if appraisal.village.kind in COMMUNITIES else AppliesTo.VILLAGE
    return LegalRule.pick(rules, key, appraisal.held_on, kind, appraisal.village.code)


def verdict_of(sheet: AppraisalSheet, majority: LegalRule) -> str:
    """The best verdict that enough ballots give or surpass; "" without a ballot."""
    if not sheet.ballots:
        return ""
    reached = 0
    for verdict in Verdict:
        reached += getattr(sheet, verdict.value)
        if majority.met(reached, sheet.ballots):
            return verdict
    return Verdict.INCOMPETENT


def in_a_row(verdicts: Iterable[str]) -> int:
    """How many of the verdicts, the latest first, are “incompetent” without a break."""
    count = 0
    for verdict in verdicts:
        if verdict != Verdict.INCOMPETENT:
            break
        count += 1
    return count
