"""Signing in by account and password. Rights come from grants (`core.rights`), not from Django's permissions."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password

from accounts.models import User


class RolesBackend(BaseBackend):
    def authenticate(self, request, username: str | None = None, password: str | None = None, **_kwargs):
        user = User.objects.filter(username=(username or "").strip().lower()).first()
        if user is None:
            make_password(password)  # takes as long as a wrong password, so that accounts can't be told by time
            return None
        return user if user.check_password(password or "") and user.is_active else None

    def get_user(self, user_id: int):
        return User.objects.filter(pk=user_id, is_active=True).first()
