"""Hearing a case: its number, its first time limit, the code for asking without an account; joining it to another."""

import secrets
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Substr
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions, audit
from core.workflow import move
from core.workflow.engine import due_on
from services.actions.cases import CASE_FLOW
from services.choices_cases import CaseState
from services.models.cases import Case
from villages.models import Village

PREFIX = "民意"
CODE_DIGITS = 8
audit.name_verbs(issue_code=gettext_lazy("Gave a new code"))


def create_cases(by, cases: Sequence[Case], *, reason: str = "") -> list[Case]:
    """Write new cases with their numbers, heard and waiting to be looked into. Raises as `core.actions.create`."""
    actions.require(by, "add", Case)
    whole = [case for case in cases if case.village_id and case.heard_on]  # of the others validation speaks below
    due = {day: due_on(CASE_FLOW, CaseState.HEARD, day) for day in {case.heard_on for case in whole}}
    with transaction.atomic():
        _number(whole)
        for case in whole:
            case.heard_by = case.heard_by or by.name
            case.state_since, case.due_on = case.heard_on, due[case.heard_on]
        return actions.create(by, cases, reason=reason)


def _number(cases: Sequence[Case]) -> None:
    """民意-2013-450109100214-0007: the year, the village, and a count in that village and year."""
    # Locked, so that two people who hear at the same moment are given two numbers.
    places = Village.objects.select_for_update(of=("self",)).in_bulk({case.village_id for case in cases})
    last = {}
    kept = Case.objects.filter(village__in=places).annotate(year=Substr("number", len(PREFIX) + 2, 4))
    for village, year, number in kept.order_by().values_list("village", "year").annotate(last=Max("number")):
        last[village, int(year)] = int(number.rpartition("-")[2])
    for case in cases:
        key = case.village_id, case.heard_on.year
        last[key] = last.get(key, 0) + 1
        case.number = f"{PREFIX}-{case.heard_on.year}-{places[case.village_id].code}-{last[key]:04d}"


# ---- the code ----


def hash_of(number: str, code: str) -> str:
    """What is kept of a code: a hash under the portal's key, so that who reads the database can't try all codes out."""
    return salted_hmac("services.case code", f"{number}\0{code}", algorithm="sha256").hexdigest()


def issue_code(by, case: Case) -> str:
    """A new code for the case, to be printed at once: nothing but its hash is kept. An older one is void."""
    code = "".join(secrets.choice("0123456789") for _n in range(CODE_DIGITS))
    case.code_hash = hash_of(case.number, code)
    actions.update(by, [case], ["code_hash"], verb="issue_code")
    return code


def find_by_code(number: str, code: str) -> Case | None:
    """The case of which somebody holds number and code."""
    case = Case.objects.with_place().filter(number=number).first()
    # The same work whether the number is known or not.
    known = constant_time_compare(hash_of(number, code), case.code_hash if case else "")
    return case if case and known else None


# ---- the same thing raised twice ----


def join(by, case: Case, leader: Case, day: date) -> Case:
    """Let the case follow another of its village. Raises Invisible; ValidationError with a sentence."""
    with transaction.atomic():
        leader = actions.lock(by, "view", Case, [leader])[0]
        if problem := _no_leader(case, leader):
            raise ValidationError(problem)
        # The state and what it follows go together: the move writes both.
        return move(by, CASE_FLOW, [case], "join", day, values={"joined_to": leader})[0]


def _no_leader(case: Case, leader: Case) -> str:
    """Why the case can't follow that one; "": it can."""
    if leader.pk == case.pk:
        return _("A case can't follow itself: choose another one.")
    if leader.village_id != case.village_id:
        return _("That case is another village's: choose one of this village.")
    if leader.state == CaseState.JOINED:
        return _("That case follows another one itself: choose that one.")
    if case.followers.exists():
        return _("Others follow this case: join that one to this one instead.")
    return ""
