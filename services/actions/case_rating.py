"""What the person who raised a case says of its answer, without an account."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import actions, audit
from core.workflow.engine import due_on
from core.workflow.models import Move
from services.actions.cases import CASE_FLOW
from services.choices_cases import CaseRating, CaseState
from services.models.cases import Case

#: What he says → the move that a secretary would make for him.
MOVES = {CaseRating.SATISFIED: "satisfied", CaseRating.UNSATISFIED: "unsatisfied"}


def say(case: Case, rating: CaseRating, day: date) -> Case:
    """Rate once what was answered; the holder of the code has no account, so the trail says who he is to the case.

    Raises ValidationError where nothing was answered yet, or it was rated before.
    """
    transition = CASE_FLOW.get(MOVES[rating])
    with transaction.atomic():
        row = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if row.state != CaseState.ANSWERED:
            raise ValidationError(_("This case waits for no rating: it was rated already, or is not answered yet."))
        before, was_due = row.state, row.due_on
        row.state, row.state_since, row.due_on = transition.target, day, due_on(CASE_FLOW, transition.target, day)
        row.rating, row.rated_on = rating, day
        row.version += 1
        row.saved_by = _("The person who raised it")
        row.save()
        codes = actions.codes_of(Case, [row])
        Move.objects.create(
            model=Case._meta.label,
            object_id=row.pk,
            transition=transition.name,
            source=before,
            target=row.state,
            by=row.saved_by,
            on=day,
            due_on=was_due,
            territory_code=codes[row.pk],
        )
        old, new = {"state": before, "rating": ""}, {"state": str(row.state), "rating": str(rating)}
        audit.write(None, transition.name, [row], codes=codes, before={row.pk: old}, after={row.pk: new})
    return row
