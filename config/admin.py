"""The Django admin behind the portal's own door."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import views


class PortalAdminSite(admin.AdminSite):
    """Signing in, signing out and passwords are the portal's own pages: the admin's would go past the audit."""

    def login(self, request, extra_context=None):
        if request.user.is_authenticated:
            raise PermissionDenied(_("Your role may not open this page."))
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return views.sign_out(request)

    def password_change(self, request, extra_context=None):
        return redirect("accounts:own_password")

    password_change_done = password_change
