"""Who may go on: sessions that are over end here, and whoever has not finished signing in reaches nothing but that."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts import second_factor, sign_ins
from core import audit
from core.roles import Role

VERIFY, PASSWORD, ENROL = "accounts:verify", "accounts:own_password", "accounts:enrol"
#: Open at every step: to give up, or to read the page in the other language.
ALWAYS = {"accounts:sign_out", "core:set_language"}


class SignInMiddleware:
    """After authentication. Puts `sign_in` (the session's row) and `step` (what is still to be done) on the request."""

    def __init__(self, get_response):
        self.get_response = get_response
        if unknown := set(settings.OTP_REQUIRED_ROLES) - set(Role.values):
            raise ImproperlyConfigured(
                f"OTP_REQUIRED_ROLES names unknown roles: {', '.join(sorted(unknown))}. "
                f"Known are: {', '.join(Role.values)}."
            )

    def __call__(self, request):
        request.step = ""
        if not request.user.is_authenticated:
            if SESSION_KEY in request.session:
                request.session.flush()  # of a disabled account: enabling it again must not bring the session back
            return self.get_response(request)
        now = timezone.now()
        if why := sign_ins.over(request, now):
            return _end(request, why)
        request.step = _step(request, now)
        if request.step and not _reaches(request):
            return _to(request, request.step)
        return self.get_response(request)


def _step(request, now) -> str:
    """What the person has still to do before anything else; "" for nothing."""
    user = request.user
    verified = user.otp_device is not None
    if request.session.get(second_factor.PENDING) and not verified:
        return VERIFY
    if user.needs_new_password(now):
        return PASSWORD
    if not verified and second_factor.required(user):
        return VERIFY if second_factor.device_of(user) else ENROL
    return ""


def _reaches(request) -> bool:
    """Whether the page asked for is one of that step. A public page is shown as to anybody, without the person."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    if match.view_name in ALWAYS or match.view_name == request.step:
        return True
    if getattr(match.func, "allowed_roles", frozenset()) is None:
        request.user = AnonymousUser()
        return True
    return False


def _end(request, why: str):
    """Sign the person out and say why on the sign-in page, which leads back to where he was."""
    audit.write_event(request.user, "sign_out", reason=why)
    logout(request)
    return _to(request, settings.LOGIN_URL, why=why)


def _to(request, name: str, **query: str):
    """A redirect that keeps the page asked for; htmx gets one for the whole page."""
    asked = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    if asked and (request.htmx or request.method == "GET"):
        query["next"] = asked
    address = reverse(name) + (f"?{urlencode(query)}" if query else "")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
