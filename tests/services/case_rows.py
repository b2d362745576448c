"""Cases in any state, and a move of one."""

from datetime import date

from core.workflow import move
from services.actions.cases import CASE_FLOW
from services.choices_cases import CaseState
from services.models import Case
from tests.factories import CaseFactory

DAY = date(2013, 11, 25)  # a Monday
S = CaseState
#: What every move may need.
READY = {"findings": "属实", "answer": "路灯已修好", "heard_on": date(2013, 11, 1)}


def case_in(place, state: str, **values) -> Case:
    if state == S.JOINED:
        values["joined_to"] = CaseFactory(village=place.home)
    if state in (S.TOWNSHIP, S.DISTRICT):
        values["tier"] = state
    return CaseFactory(**({"village": place.home, "state": state} | READY | values))


def go(by, case: Case, name: str, day: date = DAY, **more) -> Case:
    return move(by, CASE_FLOW, [Case.objects.get(pk=case.pk)], name, day, **more)[0]
