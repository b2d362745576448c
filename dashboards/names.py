"""What people call the pages: one page, different names by role."""

from django.utils.translation import gettext as _

from core.roles import READERS, Role


def home(user) -> str:
    return _("To do today") if user.roles & {Role.CLERK, Role.SECRETARY} else _("Desk")


def overview(user) -> str:
    return _("My township") if user.roles & READERS == {Role.CLERK} else _("Overview of compliance")
