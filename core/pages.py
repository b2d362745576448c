"""Pages that are not a register: who may open them is said on the view itself."""

from collections.abc import Iterable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.roles import Role


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


def own_address(request, *wanted: str | None, default: str) -> str:
    """The first of `wanted` that lies on this site; else `default`."""
    for address in wanted:
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
            return address
    return default
