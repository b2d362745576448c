"""Elections: the village counts, the township confirms; then posts, representatives and group leaders follow.

The secretary comes and goes by a filing with the district, everybody else at once.
"""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres import ballots
from cadres.actions.filings import create_filings
from cadres.actions.people import appoint, update_posts
from cadres.choices import FilingKind, FilingState, HowChosen, Position
from cadres.choices_supervision import TERM_OF, ElectionBody, ElectionKind
from cadres.choices_supervision import ElectionState as State
from cadres.models import Candidate, Election, Filing, GroupLeader, Post, Representative
from core import actions
from core.roles import Role
from core.workflow import Transition, Workflow
from villages.models import Village

HOW = {ElectionBody.BRANCH: HowChosen.MEMBERS_ELECTION, ElectionBody.COMMITTEE: HowChosen.VILLAGE_ELECTION}
#: Who is one of a kind on any day: a group has one leader, a person represents once.
ONE_OF = {GroupLeader: "hamlet_id", Representative: "person_id"}


def _unlawful(election: Election) -> str | None:
    """What the count breaks, in one sentence with the rules."""
    candidates = ballots.by_election([election])[election.pk]
    checks = ballots.checks_of(election, candidates, ballots.load_rules())
    return _("; ").join(check.sentence for check in checks if not check.met) or None


# ---- representatives and leaders ----


def create_elected(by, rows: Sequence[Model], *, reason: str = "") -> list[Model]:
    """Representatives or group leaders, in it or out of it already. Raises as `core.actions.create`, and for overlaps."""
    with _one_at_a_time(rows):
        return actions.create(by, rows, reason=reason)


def update_elected(by, rows: Sequence[Model], fields: Iterable[str], *, reason: str = "") -> list[Model]:
    """As `core.actions.update`, under the condition of `create_elected`."""
    with _one_at_a_time(rows):
        return actions.update(by, rows, fields, reason=reason)


@contextmanager
def _one_at_a_time(rows: Sequence[Model]):
    """What is written inside is undone where two hold on the same day what only one can; villages are locked meanwhile."""
    villages = {row.village_id for row in rows} - {None}
    with transaction.atomic():
        list(Village.objects.filter(pk__in=villages).order_by("pk").select_for_update(of=("self",)))
        yield
        if rows:
            model = type(rows[0])
            key = ONE_OF[model]
            held = model.objects.filter(village__in=villages).select_related("person").order_by(key, "starts_on", "pk")
            for first, second in pairwise(held):
                if getattr(first, key) == getattr(second, key) and _meet(first, second):
                    facts = {"first": first.person, "second": second.person, "since": second.starts_on}
                    sentence = _("%(first)s is in it when %(second)s begins on %(since)s: end that record first.")
                    raise ValidationError({"starts_on": sentence % facts})


def _meet(first: Model, second: Model) -> bool:
    return first.ends_on is None or first.ends_on > second.starts_on


# ---- what a confirmed election brings ----


def _take_effect(by, elections: Sequence[Election], _day: date) -> None:
    """A set of elections at once: those before them end, then those elected begin."""
    candidates = ballots.by_election(elections)
    winners = [(one, c) for one in elections for c in candidates[one.pk] if c.elected]
    _seat_committees(by, [one for one in elections if one.is_of_committee], winners)
    for body, model in ((ElectionBody.REPRESENTATIVES, Representative), (ElectionBody.LEADERS, GroupLeader)):
        own = [one for one in elections if one.body == body]
        if own:
            _end_elected(by, model, own)
            create_elected(by, [_elected(one, c) for one, c in winners if one.body == body])


def _seat_committees(by, elections: Sequence[Election], winners) -> None:
    winners = [(one, c) for one, c in winners if one.is_of_committee]
    held = list(Post.objects.filter(village__in=[one.village_id for one in elections]).select_related("person"))
    others = [post for post in held if post.position != Position.SECRETARY]
    ended = [post for one in elections for post in others if _is_before(one, post)]
    update_posts(by, ended, ["ends_on"], reason=_("Followed by the election"))
    there = {(p.person_id, p.village_id, p.position) for p in others if p.ends_on is None}
    posts = [_post(one, c) for one, c in winners if c.position != Position.SECRETARY]
    appoint(by, [post for post in posts if (post.person_id, post.village_id, post.position) not in there])
    secretaries = [post for post in held if post.position == Position.SECRETARY and post.ends_on is None]
    for filings in _filings([(one, c) for one, c in winners if c.position == Position.SECRETARY], secretaries):
        create_filings(by, filings)


def _is_before(election: Election, post: Post) -> bool:
    """Whether a general election ends the post; sets its end then."""
    if election.kind != ElectionKind.GENERAL or post.committee != TERM_OF[election.body]:
        return False
    if post.village_id != election.village_id or not post.starts_on < election.held_on:
        return False
    if post.ends_on is not None and post.ends_on <= election.held_on:
        return False
    post.ends_on = election.held_on
    return True


def _post(election: Election, candidate: Candidate) -> Post:
    by_election = election.kind == ElectionKind.BY_ELECTION
    return Post(
        person=candidate.person,
        village=election.village,
        position=candidate.position,
        term=election.term,
        starts_on=election.held_on,
        how=HowChosen.BY_ELECTION if by_election else HOW[election.body],
        entitled=election.entitled,
        present=election.voted,
        in_favour=candidate.votes,
        document=election.document,
    )


def _filings(winners, secretaries: Sequence[Post]) -> tuple[list[Filing], list[Filing]]:
    """Removals of those who are secretary still, and appointments; none that is under way or on file already."""
    since = {one.village_id: one.held_on for one, _c in winners}
    rows = Filing.objects.filter(village__in=since).exclude(state=FilingState.RETURNED)
    known = {(f.village_id, f.person_id, f.kind) for f in rows if f.effective_on >= since[f.village_id]}
    removals, appointments = [], []
    for one, candidate in winners:
        for post in secretaries:
            if post.village_id == one.village_id and post.person_id != candidate.person_id:
                removals.append(_filing(one, post.person, FilingKind.REMOVE))
        appointments.append(_filing(one, candidate.person, FilingKind.APPOINT))
    fresh = [[f for f in some if (f.village_id, f.person_id, f.kind) not in known] for some in (removals, appointments)]
    return tuple(fresh)


def _filing(election: Election, person, kind: str) -> Filing:
    by_election = election.kind == ElectionKind.BY_ELECTION
    return Filing(
        village=election.village,
        person=person,
        kind=kind,
        effective_on=election.held_on,
        how="" if kind == FilingKind.REMOVE else HowChosen.BY_ELECTION if by_election else HowChosen.MEMBERS_ELECTION,
        grounds=_("Election of %(day)s: %(voted)d of %(entitled)d voted.")
        % {"day": election.held_on, "voted": election.voted, "entitled": election.entitled},
        document=election.document,
    )


def _end_elected(by, model: type[Model], elections: Sequence[Election]) -> None:
    """A general election ends those before it, in its group or in the whole village."""
    rows = []
    for row in model.objects.filter(village__in=[one.village_id for one in elections], ends_on__isnull=True):
        for one in elections:
            same = row.village_id == one.village_id and one.hamlet_id in (None, row.hamlet_id)
            if same and one.kind == ElectionKind.GENERAL and row.starts_on < one.held_on:
                row.ends_on = one.held_on
                rows.append(row)
                break
    update_elected(by, rows, ["ends_on"], reason=_("Followed by the election"))


def _elected(election: Election, candidate: Candidate) -> Model:
    hamlet = election.hamlet or candidate.hamlet
    common = {
        "village": election.village,
        "person": candidate.person,
        "hamlet": hamlet,
        "starts_on": election.held_on,
        "election": election,
    }
    if election.body == ElectionBody.LEADERS:
        return GroupLeader(**common)
    return Representative(households=candidate.households, **common)


CLERKS = frozenset({Role.CLERK})

#: From the village's count to the township's confirmation.
ELECTION_FLOW = Workflow(
    Transition(
        "submit",
        gettext_lazy("Hand in the result"),
        sources=(State.DRAFT, State.RETURNED),
        target=State.SUBMITTED,
        roles={Role.SECRETARY, Role.CLERK},
        needs=(_unlawful,),
    ),
    Transition(
        "confirm",
        gettext_lazy("Confirm the result"),
        sources=(State.SUBMITTED,),
        target=State.CONFIRMED,
        roles=CLERKS,
        needs=(_unlawful,),
        effect=_take_effect,
    ),
    Transition(
        "send_back",
        gettext_lazy("Return"),
        sources=(State.SUBMITTED,),
        target=State.RETURNED,
        roles=CLERKS,
        reason=True,
        awaited=False,
    ),
    Transition(
        "annul",
        gettext_lazy("Declare void"),
        sources=(State.DRAFT, State.SUBMITTED, State.RETURNED),
        target=State.VOID,
        roles=CLERKS,
        reason=True,
        danger=True,
        awaited=False,
    ),
    limits={State.SUBMITTED: "election_confirm"},
    tags={State.CONFIRMED: "ok", State.RETURNED: "bad", State.VOID: "bad", State.SUBMITTED: "near"},
)
