"""What the lists of workflows have in common: state and time limit as tags."""

from django.utils.translation import gettext_lazy as _

from core.registers import Register
from core.registers.base import for_model
from core.registers.flow import due_of
from core.registers.values import EMPTY, computed
from core.templatetags.portal import tag


class FlowRegister(Register):
    """A register with a workflow; its columns may name `state` and `due_on`."""

    @computed(_("State"), order=("state",))
    def show_state(row) -> str:
        return tag(for_model(type(row)).workflow.tags.get(row.state, "plain"), row.get_state_display())

    @computed(_("Due on"), order=("due_on",))
    def show_due_on(row) -> str:
        due = due_of(row)
        return tag(due.kind, due.text) if due else EMPTY
