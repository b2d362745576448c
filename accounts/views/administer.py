"""What administrators do with accounts: passwords, locks, second factors, grants."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import PasswordForm, ReasonForm
from accounts.models import Grant, User
from accounts.views.signing_in import UNPROCESSABLE
from core.pages import page
from core.roles import Role


def _account(request, pk: int) -> User:
    user = User.objects.visible_to(request.user, "change").filter(pk=pk).first()
    if user is None:
        raise Http404(_("There is no such account in your territory."))
    return user


@page({Role.SYSADMIN})
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def set_password(request, pk: int):
    user = _account(request, pk)
    if user.pk == request.user.pk:
        return redirect("accounts:own_password")
    actions.require_upkeep(request.user, user)
    back = reverse("accounts:users_detail", args=[pk])
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_password(request.user, user, form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error)
        else:
            messages.success(request, _("The password is set. It must be changed at the next sign-in."))
            return redirect(back)
    context = {"form": form, "person": user, "cancel_url": back}
    return render(request, "accounts/password.html", context, status=UNPROCESSABLE if form.errors else 200)


@page({Role.SYSADMIN})
@require_POST
def unlock(request, pk: int):
    user = _account(request, pk)
    actions.unlock(request.user, user)
    messages.success(request, _("%(name)s may sign in again at once.") % {"name": user.name})
    return redirect("accounts:users_detail", pk)


@page({Role.SYSADMIN})
@require_http_methods(["GET", "POST"])
def reset_second_factor(request, pk: int):
    """For whoever lost the phone and the recovery codes."""
    user = _account(request, pk)
    actions.require_upkeep(request.user, user)
    form = ReasonForm(request.POST or None)
    back = reverse("accounts:users_detail", args=[pk])
    if request.method == "POST" and form.is_valid():
        if actions.reset_second_factor(request.user, user, reason=form.cleaned_data["reason"]):
            messages.success(request, _("The second factor is reset: it is set up anew at the next sign-in."))
        else:
            messages.info(request, _("This account had no second factor."))
        return redirect(back)
    context = {"form": form, "person": user, "cancel_url": back}
    return render(request, "accounts/reset.html", context, status=UNPROCESSABLE if form.errors else 200)


@page({Role.SECADMIN})
@require_POST
def end_grant(request, pk: int):
    grant = Grant.objects.visible_to(request.user, "end").filter(pk=pk).first()
    if grant is None:
        raise Http404(_("There is no such grant in your territory."))
    try:
        actions.end_grants(request.user, [grant])
        messages.success(request, _("The grant has ended; the person is out at the next click."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("accounts:grants_detail", pk)
