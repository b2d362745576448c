"""Whether a step of a deliberation holds: its order, its numbers, its vote against the rules of law of its day.

What is broken refuses the step, with the rule that it breaks and what the rule asks for. A vote that missed its majority
alone breaks nothing: it did not pass, and is on record as such once the person says so (`passed`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cadres.ballots import rule_text
from services.choices_deliberations import DECISIONS, NINE_MATTERS, VOTES, Deciders, MatterKind, StepKind
from services.models import Deliberation, DeliberationStep
from villages.choices import AppliesTo, LegalRuleKey
from villages.models import LegalRule

Key = LegalRuleKey
#: meeting → (rule on those present, of those entitled; rule on those in favour).
BY_STEP = {
    StepKind.PROPOSE: (Key.MEETING_QUORUM, Key.MEETING_MAJORITY),
    StepKind.DISCUSS: (Key.MEETING_QUORUM, Key.MEETING_MAJORITY),
    StepKind.REVIEW: (Key.MEMBERS_QUORUM, Key.MEMBERS_MAJORITY),
    StepKind.GROUP_PROPOSE: (Key.MEETING_QUORUM, Key.MEETING_MAJORITY),
}
BY_DECIDERS = {
    Deciders.REPRESENTATIVES: (Key.REPRESENTATIVES_QUORUM, Key.REPRESENTATIVES_MAJORITY),
    Deciders.HOUSEHOLDS: (Key.ASSEMBLY_QUORUM_HOUSEHOLDS, Key.ASSEMBLY_MAJORITY),
    Deciders.ADULTS: (Key.ASSEMBLY_QUORUM_ADULTS, Key.ASSEMBLY_MAJORITY),
    Deciders.HOUSEHOLDERS: (Key.HOUSEHOLDERS_QUORUM, Key.HOUSEHOLDERS_MAJORITY),
    Deciders.DELEGATES: (Key.HOUSEHOLDERS_QUORUM, Key.HOUSEHOLDERS_MAJORITY),
}
#: Levies, matter by matter, have rules of their own in the village's meetings.
BY_DECIDERS_OF_LEVY = BY_DECIDERS | {
    Deciders.REPRESENTATIVES: (Key.LEVY_QUORUM_REPRESENTATIVES, Key.LEVY_MAJORITY),
    Deciders.HOUSEHOLDS: (Key.LEVY_QUORUM_HOUSEHOLDS, Key.LEVY_MAJORITY),
    Deciders.ADULTS: (Key.LEVY_QUORUM_ADULTS, Key.LEVY_MAJORITY),
}
#: Majorities that count of all those entitled; the others count of those present.
OF_ALL = frozenset({Key.MEMBERS_MAJORITY})
KEYS = frozenset(
    key for table in (BY_STEP, BY_DECIDERS, BY_DECIDERS_OF_LEVY) for pair in table.values() for key in pair
) | {Key.POSTING_DAYS}


@dataclass(frozen=True)
class Count:
    """One question put to a vote: `part` of `whole` against a rule. `field` is the number that is in question."""

    field: str
    part: int
    whole: int
    rule: LegalRule

    @property
    def met(self) -> bool:
        return self.rule.met(self.part, self.whole)

    @property
    def needed(self) -> int:
        """The fewest that meet the rule."""
        asked = self.rule.value * self.whole
        return ceil(asked) if self.rule.inclusive else floor(asked) + 1

    @property
    def text(self) -> str:
        """“至少2/3（村民委员会组织法第二十六条）”"""
        return rule_text(self.rule)

    @property
    def sentence(self) -> str:
        """“到会9，应到15，须到10：至少2/3（…）”"""
        facts = {"part": self.part, "whole": self.whole, "need": self.needed, "rule": self.text}
        if self.field == "present":
            return _("%(part)d of %(whole)d were there, %(need)d are needed. The rule: %(rule)s") % facts
        return _("%(part)d of %(whole)d were in favour, %(need)d are needed. The rule: %(rule)s") % facts


def load_rules() -> list[LegalRule]:
    return list(LegalRule.objects.filter(key__in=KEYS))


def rule_of(rules: Iterable[LegalRule], key: str, deliberation: Deliberation, day: date) -> LegalRule | None:
    village = deliberation.village
    kind = AppliesTo.COMMUNITY if village.is_community else AppliesTo.VILLAGE
    return LegalRule.pick(rules, key, day, kind, village.code)


def counts_of(step: DeliberationStep, rules: Iterable[LegalRule]) -> list[Count]:
    """What is asked of the vote, as far as a rule of its day is known."""
    if step.step not in VOTES or step.entitled is None:
        return []
    table = BY_DECIDERS_OF_LEVY if step.deliberation.kind == MatterKind.LEVY else BY_DECIDERS
    quorum, majority = table[step.deciders] if step.deciders else BY_STEP[step.step]
    whole = step.entitled if majority in OF_ALL else step.present
    asked = ((quorum, "present", step.present, step.entitled), (majority, "in_favour", step.in_favour, whole))
    found = []
    for key, field, part, of in asked:
        if rule := rule_of(rules, key, step.deliberation, step.held_on):
            found.append(Count(field, part, of, rule))
    return found


def hangs_until(step: DeliberationStep, rules: Iterable[LegalRule]) -> date | None:
    """The last day on which a disclosed resolution hangs on the wall; None where no rule says how long."""
    rule = rule_of(rules, Key.POSTING_DAYS, step.deliberation, step.held_on)
    return step.held_on + timedelta(days=ceil(rule.value)) if rule else None


def check(step: DeliberationStep, others: Sequence[DeliberationStep], rules: Sequence[LegalRule]) -> None:
    """`others`: the steps taken before and after it. Raises ValidationError, each sentence at its field."""
    problems = {}
    for problem in (_dates(step, others, rules), _meeting(step), _numbers(step, rules)):
        problems |= problem
    if problems:
        raise ValidationError(problems)


def _dates(step: DeliberationStep, others: Sequence[DeliberationStep], rules) -> dict[str, str]:
    path = step.deliberation.path
    place = path.index(step.step)
    for other in others:
        facts = {"step": other.get_step_display(), "day": other.held_on}
        where = path.index(other.step)
        if where < place and step.held_on < other.held_on:
            return {"held_on": _("It lies before “%(step)s” of %(day)s: correct the date.") % facts}
        if where > place and step.held_on > other.held_on:
            return {"held_on": _("It lies after “%(step)s” of %(day)s: correct the date.") % facts}
    return _while_it_hangs(step, others, rules)


def _while_it_hangs(step: DeliberationStep, others: Sequence[DeliberationStep], rules) -> dict[str, str]:
    """A resolution is carried out when it has hung as long as the rule says."""
    pair = {one.step: one for one in (step, *others)}
    posted, done = pair.get(StepKind.DISCLOSE), pair.get(StepKind.CARRY_OUT)
    until = hangs_until(posted, rules) if posted and done else None
    if until is None or done.held_on >= until:
        return {}
    facts = {"until": until, "day": posted.held_on}
    sentence = _("The resolution of %(day)s hangs until %(until)s: nothing is finished before that day.")
    return {"held_on": sentence % facts}


def _meeting(step: DeliberationStep) -> dict[str, str]:
    """Who decided, and whether they were empowered to."""
    if step.step not in DECISIONS:
        sentence = _("Only a decision is taken by one of these meetings: leave it empty.")
        return {"deciders": sentence} if step.deciders else {}
    if step.deciders not in step.deliberation.deciders:
        return {"deciders": _("Say which meeting decided.")}
    reserved = step.deliberation.kind in NINE_MATTERS
    if reserved and step.deciders == Deciders.REPRESENTATIVES and not step.mandate.strip():
        sentence = _("“%(kind)s” is the meeting's own: say how it empowered the representatives, or let it decide.")
        return {"mandate": sentence % {"kind": step.deliberation.get_kind_display()}}
    return {}


def _numbers(step: DeliberationStep, rules) -> dict[str, str]:
    numbers = (step.entitled, step.present, step.in_favour)
    if step.step not in VOTES:
        return {} if numbers == (None, None, None) else {"entitled": _("No vote is taken in this step.")}
    if None in numbers:
        missing = ("entitled", "present", "in_favour")[numbers.index(None)]
        return {missing: _("A vote is taken in this step: enter the number.")}
    if step.entitled == 0:
        return {"entitled": _("Nobody is entitled: enter how many could come.")}
    if not step.in_favour <= step.present <= step.entitled:
        return {}  # the constraint says so, in its own words
    problems = _vote(step, counts_of(step, rules))
    if step.on_record is not None and step.entitled != step.on_record and not step.explanation.strip():
        facts = {"n": step.on_record, "day": step.held_on}
        problems["explanation"] = (
            _("The registers say %(n)d for %(day)s: enter that number, or say why it differs.") % facts
        )
    return problems


def _vote(step: DeliberationStep, counts: Iterable[Count]) -> dict[str, str]:
    """Without a quorum there is no vote; with one, the person says what came of it, and the numbers have to agree."""
    found = {}
    for count in counts:
        if count.field == "present" and not count.met:
            found["present"] = count.sentence
        elif count.field == "in_favour" and step.passed and not count.met:
            found["in_favour"] = _("%(sentence)s If the numbers are right, enter the step as not passed.") % {
                "sentence": count.sentence
            }
        elif count.field == "in_favour" and not step.passed and count.met:
            found["in_favour"] = _("%(part)d in favour are enough, %(need)d are needed: enter the step as passed.") % {
                "part": count.part,
                "need": count.needed,
            }
    return found
