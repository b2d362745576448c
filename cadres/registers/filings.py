"""The register of filings."""

from django.utils.translation import gettext_lazy as _

from cadres.actions.filings import FILING_FLOW, create_filings
from cadres.models import Filing
from core.evidence import owners
from core.menu import Group
from core.registers import Register, register
from core.registers.flow import due_of
from core.registers.values import EMPTY, computed
from core.rights import Rights
from core.roles import EDITORS, READERS
from core.templatetags.portal import tag


@register
class FilingRegister(Register):
    model = Filing
    path = "filings"
    sheet_key = ("person", "kind", "effective_on")
    sheet_words = {
        "kind": ("任免", "任/免", "任免类型"),
        "effective_on": ("时间", "任免时间", "任职时间"),
        "grounds": ("任免理由", "原因", "备注"),
        "person": ("书记姓名", "干部姓名"),
    }
    columns = ("person", "village", "village__township", "kind", "effective_on", "how", "document", "state", "due_on")
    card = ("person", "village", "kind", "effective_on", "state")
    search = ("person__name", "person__pinyin", "village__name", "document")
    filters = ("village__township", "village", "kind", "state")
    sections = (
        (_("Filing of a secretary"), ("village", "kind", "person", "effective_on", "how", "document", "grounds")),
    )
    facts = ("post",)
    workflow = FILING_FLOW
    create = staticmethod(create_filings)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.TEAM, 20)
    add_label = _("File an appointment or removal")
    empty = _("Enter the appointment or removal of a secretary; the post changes when the district has it on file.")

    @computed(_("State"), order=("state",))
    def show_state(row: Filing) -> str:
        return tag(FILING_FLOW.tags.get(row.state, "plain"), row.get_state_display())

    @computed(_("Due on"), order=("due_on",))
    def show_due_on(row: Filing) -> str:
        due = due_of(row)
        return tag(due.kind, due.text) if due else EMPTY


owners.accept(Filing)
