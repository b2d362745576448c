"""The pages of links: the first hop, what is behind it, thanks; and the sheet of slips to print."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import qr
from core.clock import today
from core.context import RequestContext, entered
from core.guesses import Lock, too_many
from core.pages import own_address, page, public
from core.roles import EDITORS
from core.tickets.actions import revoke
from core.tickets.models import TicketBatch
from core.tickets.purposes import page_of
from core.tickets.slip import Slip, Spent, digest_of

COOKIE = "slip"
COOKIE_AGE, ANSWERED_AGE = 2 * 60 * 60, 90 * 24 * 60 * 60
PATH = "/t/"
#: Wrong links are counted by address and beginning of the token: a village behind one address that mistypes one link is
#: not locked out of its others, and a link that is right is never turned away.
GUESSES = Lock("link", limit=10, window=timedelta(minutes=10))
MANY_GUESSES = Lock("links", limit=200, window=timedelta(minutes=10))
PREFIX = 4
GONE = 410


@public
@require_GET
def enter(request, token: str):
    """The first hop: takes the token out of the address."""
    digest = digest_of(token)
    if Slip.find(digest) is None:
        return _unknown(request, token)
    response = _discreet(redirect("core:ticket_page"))
    response["Referrer-Policy"] = "no-referrer"  # this address holds the token
    return _keep(response, COOKIE, digest)


@public
@require_http_methods(["GET", "POST"])
def answer(request):
    """The page behind the link that this browser opened last."""
    slip = Slip.find(_kept(request, COOKIE) or "")
    if slip is None:
        return closed(request, _("Scan the code, or open the link that you were given, once more."), 404)
    reason = slip.closed(today())
    if not reason and _kept(request, _answered(slip.batch)):
        reason = _("This telephone has answered already.")
    if reason:
        return closed(request, reason)
    try:
        # What is written behind a link is written from nowhere: no audit row holds its address or the request's number.
        with entered(RequestContext()):
            response = page_of(slip.batch.purpose)(request, slip)
    except Spent:
        return closed(request, slip.used_up)
    if request.method == "POST" and response.status_code == 302:
        response.delete_cookie(COOKIE, path=PATH)
        if slip.batch.is_open:
            _keep(response, _answered(slip.batch), True, age=ANSWERED_AGE)
    return _discreet(response)


@public
@require_GET
def thanked(request):
    return _discreet(render(request, "tickets/thanks.html"))


def thanks(request) -> HttpResponse:
    """Where an answer that was counted leads."""
    return redirect("core:ticket_thanks")


def closed(request, reason: str, status: int = GONE):
    """The page of a link that leads nowhere (any more); `reason` is a sentence."""
    return _discreet(render(request, "tickets/closed.html", {"reason": reason}, status=status))


@page(EDITORS)
@require_POST
def withdraw(request, pk: int):
    """Withdraw a batch, then back to `next`."""
    batch = TicketBatch.objects.visible_to(request.user, "change").filter(pk=pk).first()
    if batch is None:
        raise Http404(_("There is no such record in your territory."))
    revoke(request.user, batch, today())
    return redirect(own_address(request, request.POST.get("next"), default="/"))


#: A batch with its tokens, which are kept nowhere.
Issued = tuple[TicketBatch, Sequence[str]]


def slips_page(request, given: Sequence[Issued]) -> HttpResponse:
    """Sheets to print and cut, one a batch: the answer to the POST that made the links, never to be had again."""
    sheets = [(batch, [_slip(token) for token in tokens]) for batch, tokens in given]
    response = render(request, "tickets/slips.html", {"batch": given[0][0], "sheets": sheets})
    response["Cache-Control"] = "no-store"
    return response


def _slip(token: str) -> dict:
    address = settings.BASE_URL + reverse("core:ticket", args=[token])
    return {"address": address, "qr": qr.draw(address, _("QR code"))}


# ---- steps ----


def _unknown(request, token: str):
    address = request.META.get("REMOTE_ADDR", "")
    until = max(filter(None, (GUESSES.wrong(address, token[:PREFIX]), MANY_GUESSES.wrong(address))), default=None)
    if until:
        return too_many(
            request,
            until,
            _("Too many links that do not exist were opened from your network address."),
            _("Scan the code again. A link that is right opens at any time."),
        )
    return closed(request, _("There is no such link. Check it letter by letter, or scan the code."), 404)


def _discreet(response: HttpResponse) -> HttpResponse:
    """Nobody learns from a cache or another site's log which link was opened.

    Not "no-referrer": a form on such a page is sent with the origin "null", which the check against forgery refuses.
    """
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def _keep(response: HttpResponse, name: str, value, age: int = COOKIE_AGE) -> HttpResponse:
    response.set_cookie(
        name,
        signing.dumps(value, salt=f"core.tickets.{name}"),
        max_age=age,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _answered(batch: TicketBatch) -> str:
    """The cookie that says that this browser has answered an open link."""
    return f"answered-{batch.pk}"


def _kept(request, name: str):
    """What the cookie holds, or None: none, forged, or too old."""
    try:
        return signing.loads(request.COOKIES.get(name, ""), salt=f"core.tickets.{name}", max_age=ANSWERED_AGE)
    except signing.BadSignature:
        return None
