"""Weak villages put right: the township opens and works, the district accepts or returns."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cadres.choices_development import RectificationState as State
from cadres.models import Rectification
from core.roles import Role
from core.workflow import Transition, Workflow


def _planned(case: Rectification) -> str | None:
    """What a case needs before work begins."""
    if not case.measures.strip():
        return _("measures are not written down yet")
    return None if case.responsible.strip() else _("nobody answers for it yet")


def _has_outcome(case: Rectification) -> str | None:
    return None if case.outcome.strip() else _("the outcome is not written down yet")


#: From the township's list to the district's acceptance.
RECTIFICATION_FLOW = Workflow(
    Transition(
        "begin",
        gettext_lazy("Begin"),
        sources=(State.OPEN,),
        target=State.UNDER_WAY,
        roles={Role.CLERK},
        needs=(_planned,),
    ),
    Transition(
        "hand_in",
        gettext_lazy("Hand in for acceptance"),
        sources=(State.UNDER_WAY, State.RETURNED),
        target=State.SUBMITTED,
        roles={Role.CLERK},
        needs=(_planned, _has_outcome),
    ),
    Transition(
        "accept",
        pgettext_lazy("weak village", "Accept"),
        sources=(State.SUBMITTED,),
        target=State.ACCEPTED,
        roles={Role.DISTRICT},
    ),
    Transition(
        "send_back",
        gettext_lazy("Return"),
        sources=(State.SUBMITTED,),
        target=State.RETURNED,
        roles={Role.DISTRICT},
        reason=True,
        awaited=False,
    ),
    limits={State.SUBMITTED: "rectification_accept"},
    tags={State.ACCEPTED: "ok", State.RETURNED: "bad", State.UNDER_WAY: "near", State.SUBMITTED: "near"},
)
