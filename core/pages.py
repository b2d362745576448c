"""Pages that are not a register: who may open them is said on the view itself."""

from collections.abc import Iterable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core import rights
from core.roles import Role

MOST_ROWS = 10**11  # no table has a row of a higher number


def page(roles: Iterable[Role]):
    """Decorator: signed in, with one of the roles; else the sign-in page or 403. Territory is the view's to ask."""
    allowed = frozenset(roles)

    def decorate(view):
        @wraps(view)
        @login_required
        def guarded(request, *args, **kwargs):
            if not request.user.roles & allowed:
                raise PermissionDenied(_("Your role may not open this page."))
            return view(request, *args, **kwargs)

        guarded.allowed_roles = allowed
        return guarded

    return decorate


def public(view):
    """Decorator: a page for everybody, without an account. Says so where the routes are checked."""
    view.allowed_roles = None
    return view


def opens_for(user, address: str) -> bool:
    """Whether the person's roles open the page at an address of this site. Whose record it shows is the page's to ask."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return True  # no page that could refuse
    if hasattr(view, "allowed_roles"):
        return view.allowed_roles is None or bool(user.roles & view.allowed_roles)
    register = getattr(view, "view_initkwargs", {}).get("register")
    return register is None or rights.can(user, view.view_class.verb, register.model)


def number_in(text: str, most: int = MOST_ROWS) -> int | None:
    """The whole number that an address or a form says, up to `most`; None where it says anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    return int(text) if is_number and int(text) <= most else None


def own_address(request, *wanted: str | None, default: str) -> str:
    """The first of `wanted` that lies on this site; else `default`."""
    for address in wanted:
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
            return address
    return default
