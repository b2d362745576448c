"""Democratic appraisal: the village enters the tallies, the township confirms; verdicts follow from the dated rules.

“Incompetent” as often in a row as the rule says leads to a proposal, which the township decides; nothing ends by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres import verdicts
from cadres.actions.filings import create_filings
from cadres.actions.people import update_posts
from cadres.ballots import rule_text
from cadres.choices import FilingKind, FilingState, Position
from cadres.choices_supervision import AppraisalState as State
from cadres.choices_supervision import EndingState, Verdict
from cadres.models import Appraisal, AppraisalSheet, Filing, Person, Post, PostEnding
from core import actions
from core.roles import Role
from core.workflow import Transition, Workflow
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.choices import LegalRuleKey

CLERKS = frozenset({Role.CLERK})


def _incomplete(appraisal: Appraisal) -> str | None:
    """What the meeting lacks, in a sentence with the rule."""
    rule = verdicts.rule_of(verdicts.load_rules(), verdicts.QUORUM[appraisal.body], appraisal)
    if rule and not rule.met(appraisal.present, appraisal.entitled):
        facts = {"n": appraisal.present, "all": appraisal.entitled, "rule": rule_text(rule)}
        return _("%(n)d of %(all)d were there; the rule is %(rule)s") % facts
    sheets = list(appraisal.sheets.select_related("person"))
    if empty := [sheet for sheet in sheets if not sheet.ballots]:
        return _("%(name)s has no ballots: enter the tally or take the line out") % {"name": empty[0]}
    there = {sheet.person_id for sheet in sheets}
    held = Post.objects.on(appraisal.held_on).filter(village=appraisal.village_id).select_related("person")
    missing = list(dict.fromkeys(str(post.person) for post in held if post.person_id not in there))
    if missing or not sheets:
        return _("cadres without a tally: %(names)s") % {"names": _(", ").join(missing)}
    return None


def _judge(by, appraisals: Sequence[Appraisal], day: date) -> None:
    """Verdicts are written, and proposals made; a number of queries that doesn't grow with the appraisals."""
    rules, own = verdicts.load_rules(), {one.pk: one for one in appraisals}
    sheets = list(AppraisalSheet.objects.filter(appraisal__in=own).select_related("person"))
    for sheet in sheets:
        majority = verdicts.rule_of(rules, LegalRuleKey.APPRAISAL_MAJORITY, own[sheet.appraisal_id])
        if majority is None:
            raise ValidationError(_("No rule says how a tally becomes a verdict: enter it among the rules of law."))
        sheet.verdict = verdicts.verdict_of(sheet, majority)
    actions.update(by, sheets, ["verdict"], verb="confirm")
    bad = [sheet for sheet in sheets if sheet.verdict == Verdict.INCOMPETENT]
    before = _verdicts_before(bad, own)
    proposals = []
    for sheet in bad:
        appraisal = own[sheet.appraisal_id]
        rule = verdicts.rule_of(rules, LegalRuleKey.APPRAISAL_IN_A_ROW, appraisal)
        times = 1 + verdicts.in_a_row(before[sheet.pk])
        if rule and times >= rule.value:
            facts = {"n": times, "year": appraisal.year, "source": rule.source}
            grounds = _("“Incompetent” %(n)d times in a row, last in %(year)d (%(source)s)") % facts
            proposals.append(PostEnding(village=appraisal.village, person=sheet.person, sheet=sheet, grounds=grounds))
    _propose(by, proposals, day)


def _propose(by, proposals: Sequence[PostEnding], day: date) -> None:
    """They wait for the township from the day on, as long as its time limit says."""
    limit = limit_on(ENDING_FLOW.limits[EndingState.PROPOSED], day) if proposals else None
    due = Calendar.load().add(day, limit.workdays) if limit else None
    for proposal in proposals:
        proposal.state_since, proposal.due_on = day, due
    actions.create(by, proposals)


def _verdicts_before(sheets: Sequence[AppraisalSheet], own: dict[int, Appraisal]) -> dict[int, list[str]]:
    """The person's confirmed verdicts in the same village before each of the sheets, the latest first; one query."""
    rows = AppraisalSheet.objects.filter(
        person__in=[sheet.person_id for sheet in sheets], appraisal__state=State.CONFIRMED
    ).select_related("appraisal")
    found = defaultdict(list)
    for row in rows.order_by("-appraisal__year"):
        for sheet in sheets:
            appraisal = own[sheet.appraisal_id]
            same = row.person_id == sheet.person_id and row.appraisal.village_id == appraisal.village_id
            if same and row.appraisal.year < appraisal.year:
                found[sheet.pk].append(row.verdict)
    return found


def add_sheets(by, appraisal: Appraisal) -> list[AppraisalSheet]:
    """An empty tally for each cadre in post on the day who has none, the weightiest first. Raises Refused, Invisible.

    Whoever came here from a village that the person doesn't see is left to the township.
    """
    actions.require(by, "change", Appraisal)
    with transaction.atomic():
        (appraisal,) = actions.lock(by, "change", Appraisal, [appraisal])
        there = set(appraisal.sheets.values_list("person", flat=True))
        held = Post.objects.on(appraisal.held_on).filter(village=appraisal.village_id).ranked().order_by("rank", "pk")
        people = dict.fromkeys(post.person_id for post in held if post.person_id not in there)
        seen = set(Person.objects.visible_to(by).filter(pk__in=people).values_list("pk", flat=True))
        return actions.create(by, [AppraisalSheet(appraisal=appraisal, person_id=pk) for pk in people if pk in seen])


#: From the village's tallies to the township's confirmation.
APPRAISAL_FLOW = Workflow(
    Transition(
        "submit",
        gettext_lazy("Hand in to the township"),
        sources=(State.DRAFT, State.RETURNED),
        target=State.SUBMITTED,
        roles={Role.SECRETARY, Role.CLERK},
        needs=(_incomplete,),
    ),
    Transition(
        "confirm",
        gettext_lazy("Confirm the appraisal"),
        sources=(State.SUBMITTED,),
        target=State.CONFIRMED,
        roles=CLERKS,
        needs=(_incomplete,),
        effect=_judge,
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
    limits={State.SUBMITTED: "appraisal_confirm"},
    tags={State.CONFIRMED: "ok", State.RETURNED: "bad", State.SUBMITTED: "near"},
)


# ---- proposals to end posts ----


def _end(by, endings: Sequence[PostEnding], day: date) -> None:
    """Posts end on the day; that of a secretary is filed for removal, as the district has to know."""
    people = {(ending.person_id, ending.village_id): ending for ending in endings}
    held = (
        Post.objects.on(day).filter(person__in=[one.person_id for one in endings]).select_related("person", "village")
    )
    posts = [post for post in held if (post.person_id, post.village_id) in people]
    others = [post for post in posts if post.position != Position.SECRETARY]
    for post in others:
        post.ends_on = day
    update_posts(by, others, ["ends_on"], reason=_("Decided on a proposal to end the posts"))
    secretaries = [post for post in posts if post.position == Position.SECRETARY]
    under_way = set(
        Filing.objects.filter(person__in=[post.person_id for post in secretaries], kind=FilingKind.REMOVE)
        .exclude(state__in=(FilingState.FILED, FilingState.RETURNED))
        .values_list("person", "village")
    )
    filings = [_removal(post, people[post.person_id, post.village_id], day) for post in secretaries]
    create_filings(by, [filing for filing in filings if (filing.person_id, filing.village_id) not in under_way])


def _removal(post: Post, ending: PostEnding, day: date) -> Filing:
    return Filing(
        village=post.village, person=post.person, kind=FilingKind.REMOVE, effective_on=day, grounds=ending.grounds
    )


#: A proposal is followed or not; either is decided by the township, with its reason.
ENDING_FLOW = Workflow(
    Transition(
        "end",
        gettext_lazy("End the posts"),
        sources=(EndingState.PROPOSED,),
        target=EndingState.ENDED,
        roles=CLERKS,
        effect=_end,
        danger=True,
    ),
    Transition(
        "drop",
        gettext_lazy("Do not follow"),
        sources=(EndingState.PROPOSED,),
        target=EndingState.DROPPED,
        roles=CLERKS,
        reason=True,
        awaited=False,
    ),
    limits={EndingState.PROPOSED: "ending_decide"},
    tags={EndingState.ENDED: "bad", EndingState.PROPOSED: "near"},
)
