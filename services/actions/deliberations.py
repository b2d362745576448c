"""Deliberations: step after step, each with its date and vote; matters outside the procedure; corrections.

A step is the workflow's move of the same name: `take_step` writes its row and makes the move, or neither.
"""

from collections.abc import Callable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions
from core.roles import LOCAL
from core.workflow import Transition, Workflow, move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from services.choices_deliberations import DECISIONS, VOTES, StepKind
from services.choices_deliberations import DeliberationState as State
from services.deliberating import check, load_rules
from services.entitled import entitled_on
from services.models import Deliberation, DeliberationStep

#: Who enters what a village or hamlet decided; the district reads.
ENTERING = LOCAL
#: What a person enters of a step.
FIELDS = ("held_on", "deciders", "entitled", "present", "in_favour", "explanation", "mandate", "note")
STEP_PAGE = "services:deliberation_step"


def _decide(_by, deliberations: Sequence[Deliberation], day: date) -> None:
    for deliberation in deliberations:
        deliberation.decided_on = day


def _taken(step: str) -> Callable[[Deliberation], str | None]:
    def need(deliberation: Deliberation) -> str | None:
        if deliberation.steps.filter(step=step, passed=True).exists():
            return None
        return _("enter date and vote of “%(step)s” first") % {"step": StepKind(step).label}

    return need


def _step(step: str, source: tuple[str, ...], target: str) -> Transition:
    return Transition(
        step,
        StepKind(step).label,
        sources=source,
        target=target,
        roles=ENTERING,
        needs=(_taken(step),),
        effect=_decide if step in DECISIONS else None,
        page=STEP_PAGE,
    )


def _was_voted_down(deliberation: Deliberation) -> str | None:
    if deliberation.steps.filter(passed=False).exists():
        return None
    return _("enter date and vote of the meeting that did not pass it first")


def _close_voted_down(_by, deliberations: Sequence[Deliberation], day: date) -> None:
    """Where those who decide voted it down, it is decided; a meeting before them only ended it."""
    for deliberation in deliberations:
        if deliberation.steps.filter(passed=False, step__in=DECISIONS).exists():
            deliberation.decided_on = day


#: A matter that left the procedure stays where it went.
LEFT = (State.OUTSIDE, State.DROPPED)
#: The move of a step whose vote did not pass.
VOTE_DOWN = "vote_down"
#: Before the decision: from here a matter can still leave the procedure.
UNDECIDED = (
    State.DRAFT,
    State.PROPOSED,
    State.DISCUSSED,
    State.REVIEWED,
    State.HAMLET_DRAFT,
    State.GROUP_PROPOSED,
)

DELIBERATION_FLOW = Workflow(
    _step(StepKind.PROPOSE, (State.DRAFT,), State.PROPOSED),
    _step(StepKind.DISCUSS, (State.PROPOSED,), State.DISCUSSED),
    _step(StepKind.REVIEW, (State.DISCUSSED,), State.REVIEWED),
    _step(StepKind.DECIDE, (State.REVIEWED,), State.DECIDED),
    _step(StepKind.DISCLOSE, (State.DECIDED,), State.DISCLOSED),
    _step(StepKind.GROUP_PROPOSE, (State.HAMLET_DRAFT,), State.GROUP_PROPOSED),
    _step(StepKind.AGREE, (State.GROUP_PROPOSED,), State.AGREED),
    _step(StepKind.CARRY_OUT, (State.DISCLOSED, State.AGREED), State.CARRIED_OUT),
    _step(StepKind.DISCLOSE_RESULT, (State.CARRIED_OUT,), State.DONE),
    Transition(
        VOTE_DOWN,
        gettext_lazy("Was voted down"),
        sources=UNDECIDED,
        target=State.VOTED_DOWN,
        roles=ENTERING,
        needs=(_was_voted_down,),
        effect=_close_voted_down,
        awaited=False,
        page=STEP_PAGE,
    ),
    Transition(
        "go_outside",
        gettext_lazy("Was decided outside the procedure"),
        sources=UNDECIDED,
        target=State.OUTSIDE,
        roles=ENTERING,
        effect=_decide,
        reason=True,
        awaited=False,
        page="services:deliberation_outside",
    ),
    Transition(
        "drop",
        gettext_lazy("Give the matter up"),
        sources=UNDECIDED,
        target=State.DROPPED,
        roles=ENTERING,
        reason=True,
        awaited=False,
    ),
    limits={State.DECIDED: "resolution_disclose", State.CARRIED_OUT: "result_disclose"},
    tags={
        State.DONE: "ok",
        State.OUTSIDE: "bad",
        State.DECIDED: "near",
        State.CARRIED_OUT: "near",
    },
)


def next_step(deliberation: Deliberation) -> str | None:
    """The step that comes next; None where the matter is closed."""
    steps = [one.name for one in DELIBERATION_FLOW.leaving(deliberation.state) if one.name in deliberation.path]
    return steps[0] if steps else None


def take_step(by, step: DeliberationStep) -> DeliberationStep:
    """Write a new step of `step.deliberation` and move the matter on.

    `step.passed` False: it had its quorum and not its majority, which closes the matter. Those entitled are taken from
    the registers where the number was left out. Raises Refused, Invisible; ValidationError where it is not the next step,
    its date is out of order, its vote breaks a rule or says otherwise than `passed`.
    """
    name = step.step
    actions.require(by, name, Deliberation)
    with transaction.atomic():
        deliberation = actions.lock(by, name, Deliberation, [step.deliberation])[0]
        if name != next_step(deliberation):
            facts = {"state": deliberation.get_state_display(), "step": step.get_step_display()}
            raise ValidationError(_("The matter stands at “%(state)s”: “%(step)s” is not its next step.") % facts)
        step.deliberation = deliberation
        _judge(step, list(deliberation.steps.all()))
        actions.create(by, [step])
        move(by, DELIBERATION_FLOW, [deliberation], name if step.passed else VOTE_DOWN, step.held_on)
    return step


def correct_step(by, step: DeliberationStep, *, reason: str) -> DeliberationStep:
    """Write the new values that `step` carries; what stood before stays in its history, with the reason.

    Raises as `take_step`: a corrected vote has to satisfy the same rules. Dates that follow from it follow.
    """
    if not reason.strip():
        raise ValidationError(_("Say why it is corrected: the reason stands in the history."))
    actions.require(by, "correct", DeliberationStep)
    with transaction.atomic():
        deliberation = actions.lock(by, "correct", Deliberation, [step.deliberation])[0]
        step.deliberation = deliberation
        taken = list(deliberation.steps.exclude(pk=step.pk))
        _judge(step, taken)
        actions.update(by, [step], [*FIELDS, "passed", "on_record"], verb="correct", reason=reason)
        _follow(by, deliberation, step, taken, reason)
    return step


def _judge(step: DeliberationStep, others: Sequence[DeliberationStep]) -> None:
    """The number that the registers give is kept beside the one entered."""
    if step.step in VOTES and (step.deciders or step.step not in DECISIONS):
        step.on_record = entitled_on(step.deliberation, step.step, step.deciders, step.held_on)
        if step.entitled is None:
            step.entitled = step.on_record
    check(step, others, load_rules())
    order = step.deliberation.path.index
    if not step.passed and any(order(other.step) > order(step.step) for other in others):
        raise ValidationError(_("Later steps are on record, so the matter passed this one: correct those first."))


def _follow(by, deliberation: Deliberation, step: DeliberationStep, others, reason: str) -> None:
    """The matter's own dates, and where it stands, where the corrected step is its last one or the one that decided it."""
    if step.step in DECISIONS:
        deliberation.decided_on = step.held_on
    order = deliberation.path.index
    is_last = all(order(other.step) < order(step.step) for other in others)
    if is_last and deliberation.state not in LEFT:
        deliberation.state = DELIBERATION_FLOW.get(step.step if step.passed else VOTE_DOWN).target
        deliberation.state_since, deliberation.due_on = step.held_on, due_after(deliberation.state, step.held_on)
    fields = ["state", "decided_on", "state_since", "due_on"]
    actions.update(by, [deliberation], fields, verb="correct", reason=reason)


def due_after(state: str, since: date) -> date | None:
    """The day by which a matter has to leave the state that it came into; None where no limit runs."""
    key = DELIBERATION_FLOW.limits.get(state)
    limit = limit_on(key, since) if key else None
    return Calendar.load().add(since, limit.workdays) if limit else None


def record_outside(by, deliberation: Deliberation, decided_on: date, *, reason: str) -> Deliberation:
    """The matter was decided without the procedure on that day, and why. Raises as `core.workflow.move`."""
    return move(by, DELIBERATION_FLOW, [deliberation], "go_outside", decided_on, reason=reason)[0]
