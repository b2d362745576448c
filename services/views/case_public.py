"""The page for whoever raised a case: number and code, no account. State, days and the answer; nothing personal."""

import unicodedata
from datetime import timedelta
from ipaddress import ip_network

from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.clock import today
from core.guesses import Lock, too_many
from core.pages import public
from services.actions.case_entry import find_by_code
from services.actions.case_rating import say
from services.choices_cases import CaseRating, CaseState
from services.models import Case

WINDOW = timedelta(minutes=15)
#: Wrong codes: of one number from one network, of one number from anywhere, of any number from one network.
HERE = Lock("case code here", limit=5, window=WINDOW)
NUMBER = Lock("case code", limit=30, window=WINDOW)
NETWORK = Lock("case codes", limit=30, window=WINDOW)
UNPROCESSABLE = 422


def network_of(address: str) -> str:
    """The network of an address: /24 of IPv4, /64 of IPv6; "" for what is no address."""
    try:
        return str(ip_network(f"{address}/{64 if ':' in address else 24}", strict=False))
    except ValueError:
        return ""


@public
@require_http_methods(["GET", "POST"])
def ask(request):
    """POST `number` and `code`; with `say` (satisfied, unsatisfied) the answer is rated."""
    number = _typed(request.POST.get("number") or request.GET.get("number", ""), 40)
    if request.method == "GET":
        return _page(request, {"number": number})
    network = network_of(request.META.get("REMOTE_ADDR", ""))
    if until := _closed(number, network):
        return _too_many(request, until)
    code = _typed(request.POST.get("code", ""), 20)
    case = find_by_code(number, code)
    if case is None:
        if until := _count(number, network):
            return _too_many(request, until)
        wrong = _(
            "Number and code don’t belong together. Both stand on the slip that you were given: type them once more."
        )
        return _page(request, {"number": number, "wrong": wrong}, UNPROCESSABLE)
    return _answer(request, case, code)


def _typed(text: str, longest: int) -> str:
    """Without the spaces that people type; full-width digits are digits."""
    return "".join(unicodedata.normalize("NFKC", text[: 2 * longest]).split())[:longest]


def _closed(number: str, network: str):
    return HERE.until(number, network) or NUMBER.until(number) or NETWORK.until(network)


def _count(number: str, network: str):
    """Each of the three is counted, whichever closes."""
    closed = [HERE.wrong(number, network), NUMBER.wrong(number), NETWORK.wrong(network)]
    return next((until for until in closed if until), None)


def _too_many(request, until):
    why = _("Too many wrong codes were typed.")
    return too_many(request, until, why, _("Take the slip at hand and try again then, or ask in your village."))


def _answer(request, case: Case, code: str):
    said, problem = request.POST.get("say", ""), ""
    if said in (CaseRating.SATISFIED, CaseRating.UNSATISFIED):
        try:
            case = say(case, CaseRating(said), today())
        except ValidationError as error:
            problem = " ".join(error.messages)
    leader = case.leader
    context = {
        "number": case.number,
        "code": code,
        "state": leader.get_state_display(),
        "tag": _look(leader.state),
        "heard_on": case.heard_on,
        "since": leader.state_since,
        "solved_on": leader.solved_on,
        "answered_on": leader.answered_on,
        "answer": leader.answer if leader.answered_on else "",
        "joined": case.joined_to_id is not None,
        "may_rate": case.state == CaseState.ANSWERED,
        "thanks": bool(said) and not problem,
        "problem": problem,
        "known": True,
    }
    return _page(request, context, UNPROCESSABLE if problem else 200)


def _look(state: str) -> str:
    return {CaseState.SATISFIED: "ok", CaseState.CLOSED: "plain"}.get(state, "near")


def _page(request, context: dict, status: int = 200):
    response = render(request, "services/case_ask.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("ask/", ask, name="case_ask")]
