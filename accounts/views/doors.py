"""Who may open the pages of one's own account: everybody who is signed in, whatever the role, also without one."""

from django.contrib.auth.decorators import login_required

from core.roles import Role


def everybody(view):
    """Decorator: signed in. A person without a role must be able to change a password too."""
    guarded = login_required(view)
    guarded.allowed_roles = frozenset(Role)
    return guarded
