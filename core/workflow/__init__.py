"""Workflows: states and transitions in one table; every move is refused with a sentence or kept with who, when, why.

    ADOPTION_FLOW = Workflow(
        Transition("submit", _("Submit"), sources=(DRAFT, RETURNED), target=SUBMITTED, roles={Role.SECRETARY}),
        Transition("confirm", _("Confirm"), sources=(SUBMITTED,), target=IN_FORCE, roles={Role.CLERK}, needs=(dated,)),
        Transition("send_back", _("Return"), sources=(SUBMITTED,), target=RETURNED, roles={Role.CLERK}, reason=True),
        limits={SUBMITTED: "adoption_review"},
        tags={IN_FORCE: "ok", RETURNED: "bad"},
    )

A register names it (`workflow = ADOPTION_FLOW`); badge, buttons and trail on its detail page follow by themselves.
`docs/add-a-workflow.md` is the recipe.
"""

from core.workflow.engine import available, move
from core.workflow.table import Transition, Workflow

__all__ = ["Transition", "Workflow", "available", "move"]
