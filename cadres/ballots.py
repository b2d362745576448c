"""Whether an election is valid: its numbers against the rules of law of its day and place, one by one.

What is found is shown on the election's page, and what is broken refuses it, with the rule that it breaks.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices_supervision import ElectionBody, ElectionKind, ElectionMethod
from cadres.models import Candidate, Election
from villages.choices import COMMUNITIES, AppliesTo, LegalRuleKey
from villages.models import LegalRule

Key = LegalRuleKey
QUORUM = {ElectionBody.BRANCH: Key.ELECTION_QUORUM_BRANCH, ElectionBody.COMMITTEE: Key.ELECTION_QUORUM}
#: Of these, whichever is in force on the day.
MAJORITY_OF_VOTERS = {ElectionBody.BRANCH: Key.ELECTION_MAJORITY_BRANCH, ElectionBody.COMMITTEE: Key.ELECTION_MAJORITY}
KEYS = [key for key in Key if key.value.startswith(("election_", "group_"))]


@dataclass(frozen=True)
class Check:
    """One question put to an election. `rule` is None for what follows from the count itself."""

    label: str
    found: str
    met: bool
    rule: LegalRule | None = None

    @property
    def sentence(self) -> str:
        """What is wrong, with the rule and its source."""
        facts = {"label": self.label, "found": self.found, "rule": rule_text(self.rule)}
        return (_("%(label)s: %(found)s; the rule is %(rule)s") if self.rule else _("%(label)s: %(found)s")) % facts


def rule_text(rule: LegalRule | None) -> str:
    """“超过1/2（村民委员会组织法第十五条）”"""
    if rule is None:
        return ""
    text = _("at least %(value)s (%(source)s)") if rule.inclusive else _("more than %(value)s (%(source)s)")
    return text % {"value": rule.value, "source": rule.source}


def load_rules() -> list[LegalRule]:
    return list(LegalRule.objects.filter(key__in=KEYS))


def checks_of(election: Election, candidates: Sequence[Candidate], rules: Iterable[LegalRule]) -> list[Check]:
    """Everything that is asked of the election, whether it is met or not. Reads nothing but what it is given."""

    def rule(key: str) -> LegalRule | None:
        kind = AppliesTo.COMMUNITY if election.village.kind in COMMUNITIES else AppliesTo.VILLAGE
        return LegalRule.pick(rules, key, election.held_on, kind, election.village.code)

    elected = [candidate for candidate in candidates if candidate.elected]
    found = [
        _share(
            gettext_lazy("Voters"), election.voted, election.entitled, rule(QUORUM.get(election.body, Key.GROUP_QUORUM))
        )
    ]
    enough, base = _majority(election, rule)
    found += [_share(str(candidate.person), candidate.votes, base, enough) for candidate in elected]
    found += [_seats(election, elected), _votes(election, candidates), _order(candidates, elected, enough, base)]
    if election.method == ElectionMethod.COMPETITIVE:
        found.append(_surplus(election, candidates, rule(Key.ELECTION_SURPLUS_BRANCH)))
    return [check for check in found if check]


def _majority(election: Election, rule) -> tuple[LegalRule | None, int]:
    """The rule on the votes of whoever is elected, and the number that they are a part of."""
    if election.body == ElectionBody.BRANCH and (of_all := rule(Key.ELECTION_MAJORITY_BRANCH_ALL)):
        return of_all, election.entitled
    key = MAJORITY_OF_VOTERS.get(election.body, Key.GROUP_MAJORITY)
    if election.body == ElectionBody.COMMITTEE and election.kind == ElectionKind.RUNOFF:
        key = Key.ELECTION_RUNOFF
    return rule(key), election.voted


def _share(label: str, part: int, whole: int, rule: LegalRule | None) -> Check | None:
    """None where no rule is known for the day: then nothing can be said."""
    if rule is None:
        return None
    return Check(str(label), _("%(part)d of %(whole)d") % {"part": part, "whole": whole}, rule.met(part, whole), rule)


def _seats(election: Election, elected: Sequence[Candidate]) -> Check:
    facts = {"n": len(elected), "seats": election.seats}
    return Check(_("Seats"), _("%(n)d elected for %(seats)d") % facts, 0 < len(elected) <= election.seats)


def _votes(election: Election, candidates: Sequence[Candidate]) -> Check:
    """A ballot names at most as many people as there are seats."""
    facts = {"n": sum(c.votes for c in candidates), "most": election.voted * election.seats}
    return Check(_("Votes counted"), _("%(n)d, at most %(most)d are possible") % facts, facts["n"] <= facts["most"])


def _order(candidates, elected, enough: LegalRule | None, base: int) -> Check | None:
    """Nobody with enough votes is passed over for somebody with no more of them."""
    lowest = {}
    for candidate in elected:
        lowest[candidate.position] = min(candidate.votes, lowest.get(candidate.position, candidate.votes))
    seated = {candidate.person_id for candidate in elected}
    passed = [
        candidate
        for candidate in candidates
        if candidate.person_id not in seated
        and candidate.votes >= lowest.get(candidate.position, candidate.votes + 1)
        and (enough is None or enough.met(candidate.votes, base))
    ]
    if not passed:
        return None
    facts = {"name": passed[0].person, "n": passed[0].votes}
    found = _("%(name)s has %(n)d votes, no fewer than somebody elected to the same post") % facts
    return Check(_("Order of votes"), found, False)


def _surplus(election: Election, candidates, rule: LegalRule | None) -> Check:
    people = len({candidate.person_id for candidate in candidates})
    facts = {"n": people, "seats": election.seats}
    found = _("%(n)d candidates for %(seats)d seats") % facts
    more = people > election.seats
    if election.body != ElectionBody.BRANCH or rule is None:
        return Check(_("More candidates than seats"), found, more)
    return Check(
        _("More candidates than seats"), found, more and rule.met(people - election.seats, election.seats), rule
    )


def by_election(elections: Iterable[Election]) -> dict[int, list[Candidate]]:
    """The candidates of each, the elected first; one query."""
    found = defaultdict(list)
    rows = Candidate.objects.filter(election__in=[one.pk for one in elections])
    rows = rows.defer("person__id_number", "person__phone")  # a name needs no decryption
    for candidate in rows.select_related("person", "hamlet").order_by("election", "-elected", "-votes", "pk"):
        found[candidate.election_id].append(candidate)
    return found
