"""The steps of a case over the three tiers. Its state says with whom it lies, so a step is that tier's alone."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.roles import LOCAL, Role
from core.workflow import Transition, Workflow
from services.choices_cases import CaseRating, CaseState
from services.models.cases import Case

S = CaseState
VILLAGE, TOWNSHIP, DISTRICT = {Role.SECRETARY}, {Role.CLERK}, {Role.DISTRICT}
#: Who calls on the person and writes down what he says: the village, or the township in its place.
CALLERS = LOCAL


# ---- what a step needs ----


def _looked_into(case: Case) -> str | None:
    return None if case.findings.strip() else _("what was found is not written down yet")


def _has_answer(case: Case) -> str | None:
    return None if case.answer.strip() else _("what was done and is answered is not written down yet")


def _not_reopened(case: Case) -> str | None:
    return _("was reopened once already: close it and say why") if case.reopened else None


def _follows_one(case: Case) -> str | None:
    return None if case.joined_to_id else _("says no case that it follows: choose that one on the page of this case")


# ---- what else a step does ----


def _to_other_hands(_by, cases: Sequence[Case], _day: date) -> None:
    for case in cases:
        case.handler = ""


def _take_up(by, cases: Sequence[Case], _day: date) -> None:
    for case in cases:
        case.handler = case.handler or by.name


def _solve(by, cases: Sequence[Case], day: date) -> None:
    _take_up(by, cases, day)
    for case in cases:
        case.solved_on = day


def _tell(_by, cases: Sequence[Case], day: date) -> None:
    for case in cases:
        case.answered_on = day


def _rate(rating: CaseRating) -> Callable:
    def act(_by, cases: Sequence[Case], day: date) -> None:
        for case in cases:
            case.rating, case.rated_on = rating, day

    return act


def _reopen(_by, cases: Sequence[Case], _day: date) -> None:
    for case in cases:
        case.reopened += 1
        case.handler, case.solved_on, case.answered_on = "", None, None


def _let_go(_by, cases: Sequence[Case], _day: date) -> None:
    for case in cases:
        case.joined_to = None


CASE_FLOW = Workflow(
    # Heard and inspected in the village.
    Transition(
        "inspect",
        gettext_lazy("Note what was found"),
        sources=(S.HEARD,),
        target=S.INSPECTED,
        roles=VILLAGE,
        needs=(_looked_into,),
        asks="findings",
    ),
    Transition(
        "take_up", gettext_lazy("Take up"), sources=(S.INSPECTED,), target=S.VILLAGE, roles=VILLAGE, effect=_take_up
    ),
    # Handled by one of the three tiers.
    Transition(
        "solve_village",
        gettext_lazy("Settled in the village"),
        sources=(S.VILLAGE,),
        target=S.SOLVED,
        roles=VILLAGE,
        needs=(_has_answer,),
        effect=_solve,
        asks="answer",
    ),
    Transition(
        "to_township",
        gettext_lazy("Pass up to the township"),
        sources=(S.INSPECTED, S.VILLAGE),
        target=S.TOWNSHIP,
        roles=VILLAGE,
        effect=_to_other_hands,
        reason=True,
        awaited=False,
    ),
    Transition(
        "solve_township",
        gettext_lazy("Settled by the township"),
        sources=(S.TOWNSHIP,),
        target=S.SOLVED,
        roles=TOWNSHIP,
        needs=(_has_answer,),
        effect=_solve,
        asks="answer",
    ),
    Transition(
        "to_district",
        gettext_lazy("Pass up to the district"),
        sources=(S.TOWNSHIP,),
        target=S.DISTRICT,
        roles=TOWNSHIP,
        effect=_to_other_hands,
        reason=True,
        awaited=False,
    ),
    Transition(
        "back_to_village",
        gettext_lazy("Hand back to the village"),
        sources=(S.TOWNSHIP,),
        target=S.VILLAGE,
        roles=TOWNSHIP,
        effect=_to_other_hands,
        reason=True,
        awaited=False,
    ),
    Transition(
        "solve_district",
        gettext_lazy("Settled by the district"),
        sources=(S.DISTRICT,),
        target=S.SOLVED,
        roles=DISTRICT,
        needs=(_has_answer,),
        effect=_solve,
        asks="answer",
    ),
    Transition(
        "back_to_township",
        gettext_lazy("Hand back to the township"),
        sources=(S.DISTRICT,),
        target=S.TOWNSHIP,
        roles=DISTRICT,
        effect=_to_other_hands,
        reason=True,
        awaited=False,
    ),
    # Answered by the village, whoever handled it: people turn to where they were heard.
    Transition(
        "answer",
        gettext_lazy("Tell the person"),
        sources=(S.SOLVED,),
        target=S.ANSWERED,
        roles=VILLAGE,
        needs=(_has_answer,),
        effect=_tell,
        asks="answer",
    ),
    # Rated by the person who raised it.
    Transition(
        "satisfied",
        gettext_lazy("Satisfied"),
        sources=(S.ANSWERED,),
        target=S.SATISFIED,
        roles=CALLERS,
        effect=_rate(CaseRating.SATISFIED),
    ),
    Transition(
        "unsatisfied",
        gettext_lazy("Not satisfied"),
        sources=(S.ANSWERED,),
        target=S.UNSATISFIED,
        roles=CALLERS,
        effect=_rate(CaseRating.UNSATISFIED),
        reason=True,
        awaited=False,
    ),
    Transition(
        "unreached",
        gettext_lazy("Nobody reached"),
        sources=(S.ANSWERED,),
        target=S.UNREACHED,
        roles=CALLERS,
        effect=_rate(CaseRating.UNREACHED),
        reason=True,
        awaited=False,
    ),
    # Who is not satisfied is heard again once, and not by those who answered him: the township looks at it.
    Transition(
        "reopen",
        gettext_lazy("Reopen"),
        sources=(S.UNSATISFIED,),
        target=S.TOWNSHIP,
        roles=TOWNSHIP,
        needs=(_not_reopened,),
        effect=_reopen,
        reason=True,
    ),
    Transition(
        "close",
        gettext_lazy("Close as it is"),
        sources=(S.UNSATISFIED,),
        target=S.CLOSED,
        roles=TOWNSHIP,
        reason=True,
        danger=True,
        awaited=False,
    ),
    # The same thing raised twice has one end.
    Transition(
        "join",
        gettext_lazy("Join to another case"),
        sources=(S.HEARD, S.INSPECTED, S.VILLAGE),
        target=S.JOINED,
        roles=VILLAGE,
        needs=(_follows_one,),
        awaited=False,
        page="services:case_join",
    ),
    Transition(
        "part",
        gettext_lazy("Take out again"),
        sources=(S.JOINED,),
        target=S.HEARD,
        roles=VILLAGE,
        effect=_let_go,
        reason=True,
        awaited=False,
    ),
    limits={
        S.HEARD: "case_inspect",
        S.INSPECTED: "case_take_up",
        S.VILLAGE: "case_village",
        S.TOWNSHIP: "case_township",
        S.DISTRICT: "case_district",
        S.SOLVED: "case_answer",
        S.ANSWERED: "case_rate",
        S.UNSATISFIED: "case_review",
    },
    tags={
        S.SATISFIED: "ok",
        S.UNSATISFIED: "bad",
        S.CLOSED: "bad",
        S.VILLAGE: "near",
        S.TOWNSHIP: "near",
        S.DISTRICT: "near",
    },
)
