"""Reserve cadres and their steps: none is skipped, none is dated before the one before it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadres.choices_development import ReserveStage, StepResult
from cadres.models import Reserve, ReserveStep
from core import actions


def update_reserves(by, reserves: Sequence[Reserve], fields: Iterable[str], *, reason: str = "") -> list[Reserve]:
    """As `core.actions.update`; the pipeline stays while steps of it are on record."""
    with in_order({reserve.pk for reserve in reserves}):
        return actions.update(by, reserves, fields, reason=reason)


def take_steps(by, steps: Sequence[ReserveStep], *, reason: str = "") -> list[ReserveStep]:
    """Record steps. Raises Refused, Invisible; ValidationError for a step that is not the next, or dated too early."""
    with in_order({step.reserve_id for step in steps}):
        return actions.create(by, steps, reason=reason)


def update_steps(by, steps: Sequence[ReserveStep], fields: Iterable[str], *, reason: str = "") -> list[ReserveStep]:
    """As `core.actions.update`, under the conditions of `take_steps`."""
    before = ReserveStep.objects.filter(pk__in=[step.pk for step in steps]).values_list("reserve", flat=True)
    with in_order({*before, *(step.reserve_id for step in steps)}):
        return actions.update(by, steps, fields, reason=reason)


def take_back_steps(by, steps: Sequence[ReserveStep], *, reason: str = "") -> int:
    """Delete steps, the last ones first in mind: what would leave a gap is refused."""
    with in_order({step.reserve_id for step in steps}):
        return actions.delete(by, steps, reason=reason)


@contextmanager
def in_order(reserves: Iterable[int | None]):
    """What is written inside is undone where the steps of one of the reserves don't follow one another.

    The reserves are locked meanwhile, so that two people can't each take half of a step.
    """
    pks = set(reserves) - {None}
    with transaction.atomic():
        list(Reserve.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",)))
        yield
        steps = defaultdict(list)
        for step in ReserveStep.objects.filter(reserve__in=pks).order_by("position"):
            steps[step.reserve_id].append(step)
        for reserve in Reserve.objects.filter(pk__in=list(steps)).select_related("person"):
            _refuse_gaps(reserve, steps[reserve.pk])


def _refuse_gaps(reserve: Reserve, steps: Sequence[ReserveStep]) -> None:
    before = None
    for step, due in zip(steps, (*reserve.stages, *[None] * len(steps)), strict=False):
        facts = {"person": reserve.person, "step": step.get_stage_display()}
        if step.stage != due:
            facts["due"] = ReserveStage(due).label if due else "—"
            raise ValidationError(
                {"stage": _("%(person)s: “%(due)s” comes before “%(step)s”, record it first.") % facts}
            )
        if before and before.result == StepResult.FAILED:
            facts["before"] = before.get_stage_display()
            raise ValidationError(
                {"stage": _("%(person)s did not pass “%(before)s”, so no step follows: correct that result.") % facts}
            )
        floor = before.on if before else reserve.entered_on
        if step.on < floor:
            facts["day"] = floor.isoformat()
            raise ValidationError(
                {"on": _("%(person)s: “%(step)s” can't be before %(day)s, the day of what precedes it.") % facts}
            )
        before = step
