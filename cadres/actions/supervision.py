"""The supervision group's four steps, and admonishments that are followed up."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cadres.choices import PARTY
from cadres.choices_supervision import AdmonishmentState, SupervisorState
from cadres.models import Post, Supervisor
from core.roles import Role
from core.workflow import Transition, Workflow
from villages.choices import AppliesTo, LegalRuleKey
from villages.models import LegalRule, Village

CLERKS, INSPECTORS = frozenset({Role.CLERK}), frozenset({Role.INSPECTOR})


def group_size(day: date, rules: Sequence[LegalRule], village: Village) -> int | None:
    """How many sit in the group of the village; None where no rule says."""
    rule = LegalRule.pick(rules, LegalRuleKey.SUPERVISORS, day, AppliesTo.ALL, village.code)
    return int(rule.value) if rule else None


def size_rules() -> list[LegalRule]:
    return list(LegalRule.objects.filter(key=LegalRuleKey.SUPERVISORS))


def _unfit(supervisor: Supervisor) -> str | None:
    """A supervisor is a party member and sits in neither committee, whom he supervises."""
    if supervisor.person.political_status not in PARTY:
        return _("is no party member; the members' meeting recommends one of its own")
    if Post.objects.filter(person=supervisor.person_id, ends_on__isnull=True).exists():
        return _("sits in a committee that the group supervises: recommend somebody else")
    return None


def _appoint(_by, supervisors: Sequence[Supervisor], day: date) -> None:
    """They are in the group from the day on. Raises ValidationError where the group would be larger than the rule."""
    villages = {row.village_id: row.village for row in supervisors}
    list(Village.objects.filter(pk__in=villages).order_by("pk").select_for_update(of=("self",)))
    there = Counter(Supervisor.objects.in_post_on(day).filter(village__in=villages).values_list("village", flat=True))
    there.update(row.village_id for row in supervisors)
    rules = size_rules()
    for pk, village in villages.items():
        size = group_size(day, rules, village)
        if size is not None and there[pk] > size:
            facts = {"village": village, "n": there[pk], "size": size}
            sentence = _("%(village)s would have %(n)d supervisors; a group has %(size)d: let one go first.")
            raise ValidationError(sentence % facts)
    for row in supervisors:
        row.starts_on, row.ends_on = day, None


def _end(_by, supervisors: Sequence[Supervisor], day: date) -> None:
    for row in supervisors:
        row.ends_on = day


#: Recommended by the members' meeting, proposed by the branch, vetted by the discipline committee, appointed.
SUPERVISOR_FLOW = Workflow(
    Transition(
        "propose",
        gettext_lazy("Propose"),
        sources=(SupervisorState.RECOMMENDED,),
        target=SupervisorState.PROPOSED,
        roles={Role.SECRETARY},
        needs=(_unfit,),
    ),
    Transition(
        "vet",
        gettext_lazy("Approve after vetting"),
        sources=(SupervisorState.PROPOSED,),
        target=SupervisorState.VETTED,
        roles=INSPECTORS,
        needs=(_unfit,),
    ),
    Transition(
        "appoint",
        gettext_lazy("Appoint"),
        sources=(SupervisorState.VETTED,),
        target=SupervisorState.APPOINTED,
        roles=CLERKS,
        needs=(_unfit,),
        effect=_appoint,
    ),
    Transition(
        "refuse",
        gettext_lazy("Do not approve"),
        sources=(SupervisorState.PROPOSED,),
        target=SupervisorState.REFUSED,
        roles=INSPECTORS,
        reason=True,
        awaited=False,
    ),
    Transition(
        "decline",
        gettext_lazy("Do not appoint"),
        sources=(SupervisorState.VETTED,),
        target=SupervisorState.REFUSED,
        roles=CLERKS,
        reason=True,
        awaited=False,
    ),
    Transition(
        "end",
        gettext_lazy("Let go"),
        sources=(SupervisorState.APPOINTED,),
        target=SupervisorState.ENDED,
        roles=CLERKS,
        effect=_end,
        reason=True,
        danger=True,
        awaited=False,
    ),
    limits={SupervisorState.PROPOSED: "supervisor_vet", SupervisorState.VETTED: "supervisor_appoint"},
    tags={
        SupervisorState.APPOINTED: "ok",
        SupervisorState.REFUSED: "bad",
        SupervisorState.PROPOSED: "near",
        SupervisorState.VETTED: "near",
    },
)

#: An admonishment stays open until somebody has looked what came of it; what was found is the reason of the move.
ADMONISHMENT_FLOW = Workflow(
    Transition(
        "improve",
        pgettext_lazy("step", "Put right"),
        sources=(AdmonishmentState.OPEN,),
        target=AdmonishmentState.IMPROVED,
        roles=CLERKS | INSPECTORS,
        reason=True,
    ),
    Transition(
        "fail",
        pgettext_lazy("step", "Not put right"),
        sources=(AdmonishmentState.OPEN,),
        target=AdmonishmentState.NOT_IMPROVED,
        roles=CLERKS | INSPECTORS,
        reason=True,
        awaited=False,
    ),
    tags={AdmonishmentState.IMPROVED: "ok", AdmonishmentState.NOT_IMPROVED: "bad", AdmonishmentState.OPEN: "near"},
)
