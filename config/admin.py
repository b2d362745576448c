"""The Django admin behind the portal's own door."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._lists = {}

    def register(self, *args, **kwargs):
        super().register(*args, **kwargs)
        self._lists = {}

    def unregister(self, *args, **kwargs):
        super().unregister(*args, **kwargs)
        self._lists = {}

    def get_app_list(self, request, app_label=None):
        """Kept, as every page lists all registers: it follows from roles, language and addresses alone."""
        roles = getattr(request.user, "roles", frozenset())
        asked = roles, get_language(), get_script_prefix(), app_label
        if asked not in self._lists:
            self._lists[asked] = super().get_app_list(request, app_label)
        return self._lists[asked]
