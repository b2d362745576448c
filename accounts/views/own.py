"""One's own account: password, second factor, sessions."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, browsers
from accounts import second_factor as factor
from accounts.forms import AnyCodeForm, OwnPasswordForm
from accounts.views.doors import everybody
from accounts.views.signing_in import UNPROCESSABLE, next_page, too_soon
from core import audit
from core.models import AuditRow


@everybody
@require_GET
def own(request):
    return _own_page(request, AnyCodeForm())


def _own_page(request, form):
    user, now = request.user, timezone.now()
    alive = list(user.sign_ins.alive(now))
    for row in alive:
        row.browser, row.is_this = browsers.name(row.agent), row.pk == request.sign_in.pk
    context = {
        "form": form,
        "sign_ins": sorted(alive, key=lambda row: not row.is_this),
        "device": factor.device_of(user),
        "codes_left": factor.codes_left(user),
        "required": factor.required(user),
        "idle": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
    }
    return render(request, "accounts/own.html", context, status=UNPROCESSABLE if form.errors else 200)


@everybody
@never_cache
@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "POST"])
def own_password(request):
    form = OwnPasswordForm(request.POST or None, request=request)
    if request.method == "POST":
        if form.is_valid() and _change(request, form):
            messages.success(request, _("The password is set. Your other sessions have ended."))
            return redirect(next_page(request))
        if "current" in form.errors:
            audit.write_event(request.user, "set_password", outcome=AuditRow.Outcome.FAILED)
    context = {
        "form": form,
        "person": request.user,
        "cancel_url": reverse("accounts:own"),
        "next": request.GET.get("next") or request.POST.get("next", ""),
        "forced": bool(request.step),
        "days": 0 if request.user.must_change_password else settings.PASSWORD_DAYS,
    }
    template = "accounts/new_password.html" if request.step else "accounts/password.html"
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


def _change(request, form: OwnPasswordForm) -> bool:
    try:
        actions.set_password(request.user, request.user, form.cleaned_data["password"], keep=request.sign_in.pk)
    except ValidationError as error:
        form.add_error("password", error)
        return False
    update_session_auth_hash(request, request.user)
    return True


@everybody
@sensitive_post_parameters("code")
@require_POST
def second_factor(request):
    """New recovery codes, or no second factor any more: each against a code, so that an open session is not enough."""
    user = request.user
    form = AnyCodeForm(request.POST)
    if not form.is_valid():
        return _own_page(request, form)
    try:
        if actions.verify(user, form.cleaned_data["code"]) is None:
            form.refuse()
            return _own_page(request, form)
        if request.POST.get("do") == "drop":
            actions.drop_second_factor(user)
            messages.success(request, _("The second factor is removed: your password alone signs you in."))
            return redirect("accounts:own")
    except factor.TooSoon as wait:
        return too_soon(request, wait)
    except ValidationError as error:
        form.add_error(None, error)
        return _own_page(request, form)
    return render(request, "accounts/codes.html", {"codes": actions.renew_codes(user), "next": reverse("accounts:own")})


@everybody
@require_POST
def end_sign_in(request, pk: int):
    """End one session of one's own; the present one is ended by signing out."""
    rows = request.user.sign_ins.filter(pk=pk)
    if not rows.exists():
        raise Http404(_("There is no such session of yours."))
    if pk == request.sign_in.pk:
        messages.warning(request, _("This is the session that you work in: sign out to end it."))
    else:
        actions.end_sign_ins(request.user, rows)
        messages.success(request, _("The session has ended; whoever uses it is out at the next click."))
    return redirect("accounts:own")


@everybody
@require_POST
def end_others(request):
    ended = actions.end_sign_ins(
        request.user, request.user.sign_ins.alive(timezone.now()).exclude(pk=request.sign_in.pk)
    )
    text = ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", ended) % {"n": ended}
    messages.success(request, text)
    return redirect("accounts:own")
