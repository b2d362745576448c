from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        from core import menu
        from core.roles import READERS, Role

        menu.add("dashboards:home", _home, menu.Group.WORK, 0, Role)
        menu.add("dashboards:overview", _overview, menu.Group.WORK, 1, READERS - {Role.SECRETARY})
        menu.add("dashboards:own_village", _("My village's file"), menu.Group.WORK, 2, {Role.SECRETARY})


def _home(user) -> str:
    from core.roles import Role

    return gettext("To do today") if user.roles & {Role.CLERK, Role.SECRETARY} else gettext("Desk")


def _overview(user) -> str:
    from core.roles import READERS, Role

    return gettext("My township") if user.roles & READERS == {Role.CLERK} else gettext("Overview of compliance")
