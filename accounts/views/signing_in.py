"""Signing in: the password, then the second factor where there is one; setting one up; signing out."""

import django_otp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, login, logout
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts import second_factor as factor
from accounts.demo import DEMO_PASSWORD, demo_accounts
from accounts.forms import AnyCodeForm, CodeForm, SignInForm
from accounts.lockout import account_named
from accounts.models import User
from accounts.views.doors import everybody
from core import audit
from core.clock import today
from core.guesses import too_many
from core.models import AuditRow
from core.pages import public
from villages.querysets import townships_at_a_glance

UNPROCESSABLE = 422
#: What the sign-in page says to whom the portal has signed out.
WHY = {
    "idle": gettext_lazy(
        "You did nothing here for %(minutes)d minutes, so the portal signed you out. Sign in to go on."
    ),
    "long": gettext_lazy("You were signed in for %(hours)d hours, so the portal signed you out. Sign in to go on."),
    "ended": gettext_lazy("This session was ended, here or from another device. Sign in to go on."),
}
FEW_CODES = 3
WARN_DAYS = 7


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(next_page(request))
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST":
        if form.is_valid():
            if SESSION_KEY in request.session:
                logout(request)  # a sign-in that was not finished, perhaps of another person
            login(request, form.user)
            audit.write_event(form.user, "sign_in")
            _warn_of_old_password(request, form.user)
            return redirect(next_page(request))
        _record_failure(request)
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "why": _why(request) if request.method == "GET" else "",
        "townships": townships_at_a_glance(today()),
        "tries": settings.AXES_FAILURE_LIMIT,
        "minutes": int(settings.AXES_COOLOFF_TIME.total_seconds() // 60),
        "demo_accounts": demo_accounts() if settings.DEMONSTRATION else [],
        "demo_password": DEMO_PASSWORD if settings.DEMONSTRATION else "",
    }
    return render(request, "accounts/sign_in.html", context, status=200 if request.method == "GET" else UNPROCESSABLE)


def _record_failure(request) -> None:
    """One row for each try; a name that is no account is not kept: it may be a password in the wrong box."""
    name = account_named(request)
    if not User.objects.filter(username=name).exists():
        name = _("(no such account)")
    counted = getattr(request, "axes_failures_since_start", None)
    locked = getattr(request, "axes_locked_out", False)
    outcome = AuditRow.Outcome.REFUSED if locked and counted is None else AuditRow.Outcome.FAILED
    audit.write_event(None, "sign_in", name=name, outcome=outcome)
    if locked and counted is not None:
        audit.write_event(None, "lock_out", name=name)


def _why(request) -> str:
    text = WHY.get(request.GET.get("why", ""), "")
    return text % {"minutes": settings.SESSION_IDLE_MINUTES, "hours": settings.SESSION_HOURS} if text else ""


def _warn_of_old_password(request, user: User) -> None:
    lapses = user.password_lapses_at
    days = (lapses - timezone.now()).days if lapses else WARN_DAYS
    if 0 <= days < WARN_DAYS:
        text = ngettext(
            "Your password lapses in %(n)d day: change it in the menu at your name.",
            "Your password lapses in %(n)d days: change it in the menu at your name.",
            days + 1,
        )
        messages.warning(request, text % {"n": days + 1})


def next_page(request) -> str:
    """The page that was asked for before signing in, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else reverse(settings.LOGIN_REDIRECT_URL)


@public
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        audit.write_event(request.user, "sign_out")
        logout(request)
    return redirect("accounts:sign_in")


# ---- the second factor ----


@everybody
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def verify(request):
    """After the password: the code of the phone, or a recovery code."""
    if request.user.is_verified() or factor.device_of(request.user) is None:
        return redirect(next_page(request))
    form = AnyCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = actions.verify(request.user, form.cleaned_data["code"])
        except factor.TooSoon as wait:
            return too_soon(request, wait)
        if device:
            _verified(request, device)
            return redirect(next_page(request))
        form.refuse()
    context = {"form": form, "next": request.GET.get("next") or request.POST.get("next", "")}
    return render(request, "accounts/verify.html", context, status=UNPROCESSABLE if form.errors else 200)


def _verified(request, device) -> None:
    django_otp.login(request, device)
    request.session.cycle_key()  # who knew the session before the second factor does not know it after
    request.session[factor.PENDING] = False
    left = factor.codes_left(request.user)
    if left < FEW_CODES:
        text = ngettext(
            "%(n)d recovery code is left: make new ones under “Account and security”.",
            "%(n)d recovery codes are left: make new ones under “Account and security”.",
            left,
        )
        messages.warning(request, text % {"n": left})


def too_soon(request, wait: factor.TooSoon):
    return too_many(
        request,
        wait.until,
        _("Wrong codes in a row make the next try wait, each time twice as long."),
        _("Wait until then and type the newest code; see that the phone's time is right."),
    )


@everybody
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enrol(request):
    """Set up a phone: scan, type its first code, keep the recovery codes, which are shown this once."""
    user = request.user
    form = CodeForm(request.POST or None)
    key = factor.key_in(request.session)
    if request.method == "POST" and key and form.is_valid():
        if done := actions.enrol(user, key, form.cleaned_data["code"], keep=request.sign_in.pk):
            device, codes = done
            del request.session[factor.KEY]
            _verified(request, device)
            return render(request, "accounts/codes.html", {"codes": codes, "next": next_page(request)})
        form.refuse()
    if not key:
        key = factor.new_key(request.session)
    context = {
        "form": form,
        "qr": factor.qr(user, key),
        "address": factor.address(user, key),
        "secret": factor.secret_text(key),
        "replaces": factor.device_of(user) is not None,
        "forced": bool(request.step),
        "next": request.GET.get("next") or request.POST.get("next", ""),
    }
    return render(request, "accounts/enrol.html", context, status=UNPROCESSABLE if form.errors else 200)
