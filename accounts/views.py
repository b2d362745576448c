"""Signing in and out, passwords, ending a grant."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.demo import DEMO_PASSWORD, demo_accounts
from accounts.forms import PasswordForm, SignInForm
from accounts.models import Grant, User
from core import audit
from core.clock import today
from core.models import AuditRow
from core.pages import page, public
from core.roles import Role
from villages.querysets import townships_at_a_glance


@public
@require_http_methods(["GET", "POST"])
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST":
        if form.is_valid():
            login(request, form.user)
            audit.write_event(form.user, "sign_in")
            return redirect(_next(request))
        audit.write_event(None, "sign_in", name=request.POST.get("username", ""), outcome=AuditRow.Outcome.FAILED)
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "townships": townships_at_a_glance(today()),
        "demo_accounts": demo_accounts() if settings.DEMONSTRATION else [],
        "demo_password": DEMO_PASSWORD if settings.DEMONSTRATION else "",
    }
    return render(request, "accounts/sign_in.html", context, status=200 if request.method == "GET" else 422)


def _next(request) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse(settings.LOGIN_REDIRECT_URL)


@public
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        audit.write_event(request.user, "sign_out")
        logout(request)
    return redirect("accounts:sign_in")


@login_required
@require_http_methods(["GET", "POST"])
def own_password(request):
    return _password_page(request, request.user, reverse(settings.LOGIN_REDIRECT_URL))


own_password.allowed_roles = frozenset(Role)


@page({Role.SYSADMIN})
@require_http_methods(["GET", "POST"])
def set_password(request, pk: int):
    user = User.objects.visible_to(request.user, "change").filter(pk=pk).first()
    if user is None:
        raise Http404(_("There is no such account in your territory."))
    return _password_page(request, user, reverse("accounts:users_detail", args=[pk]))


def _password_page(request, user: User, back: str):
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(request.user, user, form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error)
        else:
            if user.pk == request.user.pk:
                update_session_auth_hash(request, user)
            messages.success(request, _("The password is set."))
            return redirect(back)
    return render(request, "accounts/password.html", {"form": form, "person": user, "cancel_url": back})


@page({Role.SECADMIN})
@require_POST
def end_grant(request, pk: int):
    grant = Grant.objects.visible_to(request.user, "change").filter(pk=pk).first()
    if grant is None:
        raise Http404(_("There is no such grant in your territory."))
    try:
        actions.end_grants(request.user, [grant])
        messages.success(request, _("The grant has ended; the person is out at the next click."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("accounts:grants_detail", pk)
