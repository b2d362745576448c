"""Open selection: announced, assessed, chosen by the township; the one chosen is filed with the district as secretary."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.actions.filings import create_filings
from cadres.choices import FilingKind, HowChosen
from cadres.choices_supervision import Qualification
from cadres.choices_supervision import SelectionState as State
from cadres.models import Applicant, Filing, Selection
from core.roles import Role
from core.templatetags.portal import tenths
from core.workflow import Transition, Workflow

CLERKS = frozenset({Role.CLERK})


def ranked(selection: Selection) -> list[Applicant]:
    """The applicants, the highest total first, those without one last; one query."""
    rows = selection.applicants.select_related("person__village", "selection")
    return sorted(rows, key=lambda row: (row.total is None, -(row.total or 0), row.applied_on, row.pk))


def _is_under_way(selection: Selection) -> str | None:
    """A village looks for one secretary at a time."""
    others = Selection.objects.filter(village=selection.village_id, state__in=(State.OPEN, State.ASSESSED))
    return _("another selection for this village is under way") if others.exists() else None


def _has_applicants(selection: Selection) -> str | None:
    return None if selection.applicants.exists() else _("nobody has applied yet: enter the applicants first")


def _has_one_chosen(selection: Selection) -> str | None:
    """What stands against the choice, in a sentence."""
    if selection.starts_on is None:
        return _("say from which day the new secretary is in post")
    pending = [row for row in ranked(selection) if row.qualification == Qualification.PENDING]
    if pending:
        return _("the papers of %(name)s are not looked at yet") % {"name": pending[0]}
    chosen = next((row for row in ranked(selection) if row.chosen), None)
    if chosen is None:
        return _("mark the applicant who is chosen")
    if chosen.qualification != Qualification.QUALIFIED or chosen.total is None:
        return _("%(name)s has not been examined and interviewed") % {"name": chosen}
    if chosen.total < selection.pass_mark * 100:
        facts = {"name": chosen, "total": tenths(chosen.total), "mark": selection.pass_mark}
        return _("%(name)s has %(total)s points, below the %(mark)d that are asked for") % facts
    return None


def _file(by, selections: Sequence[Selection], _day: date) -> None:
    """A filing for each one chosen; the township has it before it at once."""
    chosen = {
        row.selection_id: row
        for row in Applicant.objects.filter(selection__in=selections, chosen=True).select_related("person")
    }
    filings = [_filing(one, chosen[one.pk]) for one in selections]
    for one, filing in zip(selections, create_filings(by, filings), strict=True):
        one.filing = filing


def _filing(selection: Selection, applicant: Applicant) -> Filing:
    return Filing(
        village=selection.village,
        person=applicant.person,
        kind=FilingKind.APPOINT,
        how=HowChosen.OPEN_SELECTION,
        effective_on=selection.starts_on,
        grounds=_("Open selection of %(day)s, %(total)s points.")
        % {"day": selection.announced_on, "total": tenths(applicant.total)},
        document=selection.document,
    )


#: From the announcement to the filing.
SELECTION_FLOW = Workflow(
    Transition(
        "announce",
        gettext_lazy("Announce"),
        sources=(State.PREPARED,),
        target=State.OPEN,
        roles=CLERKS,
        needs=(_is_under_way,),
    ),
    Transition(
        "assess",
        gettext_lazy("Close applications"),
        sources=(State.OPEN,),
        target=State.ASSESSED,
        roles=CLERKS,
        needs=(_has_applicants,),
    ),
    Transition(
        "choose",
        gettext_lazy("Choose and file"),
        sources=(State.ASSESSED,),
        target=State.CHOSEN,
        roles=CLERKS,
        needs=(_has_one_chosen,),
        effect=_file,
    ),
    Transition(
        "call_off",
        gettext_lazy("Call off"),
        sources=(State.PREPARED, State.OPEN, State.ASSESSED),
        target=State.CALLED_OFF,
        roles=CLERKS,
        reason=True,
        danger=True,
        awaited=False,
    ),
    tags={State.CHOSEN: "ok", State.CALLED_OFF: "bad", State.OPEN: "near", State.ASSESSED: "near"},
)
