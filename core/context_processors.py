"""What every page of the portal is given."""

from typing import NamedTuple

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.translation import get_language

from core import menu
from core.clock import today


class Holding(NamedTuple):
    """A role and where it is held."""

    role: str
    territory: str


class Person(NamedTuple):
    name: str
    holdings: list[Holding]

    @property
    def role(self) -> str:
        return self.holdings[0].role if self.holdings else ""

    @property
    def territory(self) -> str:
        return self.holdings[0].territory if self.holdings else ""


def _person(user) -> Person:
    return Person(user.name, [Holding(role, territory) for role, territory in user.holdings])


def portal(request) -> dict:
    """`menu` (sections), `me` (None before sign-in), `today`, `demo`, `home_url`, `languages`, `shell`.

    Kept on the request: a page that renders tables and forms with the request would else ask again for each.
    """
    if not hasattr(request, "_portal"):
        request._portal = _values(request)
    return request._portal


def _values(request) -> dict:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    here = get_language()
    return {
        "menu": menu.for_user(user, request) if signed_in else [],
        "me": _person(user) if signed_in else None,
        "today": today(),
        "demo": bool(settings.DEMONSTRATION or settings.PORTAL_TODAY),
        "home_url": resolve_url(settings.LOGIN_REDIRECT_URL),
        "languages": [(code, name, code == here) for code, name in settings.LANGUAGES],
        "shell": "base.html" if signed_in else "public.html",
    }
