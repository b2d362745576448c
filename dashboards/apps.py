from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = _("Dashboards")

    def ready(self) -> None:
        from core.menu import Group, add
        from core.roles import READERS, Role
        from dashboards import names

        add("dashboards:home", names.home, Group.WORK, 0, Role)
        add("dashboards:overview", names.overview, Group.WORK, 1, READERS - {Role.SECRETARY})
        add("dashboards:figures", _("Figures"), Group.SURVEY, 90, READERS)
        add("dashboards:own_village", _("My village's file"), Group.WORK, 2, {Role.SECRETARY})
