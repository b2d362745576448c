"""The service mechanisms by which the menu orders the services."""

from django.utils.translation import gettext_lazy as _

from core import menu
from core.menu import Group

menu.divide(
    Group.SERVICE,
    (10, _("Grid service")),
    (20, _("Service stations")),
    (30, _("Public opinion")),
    (40, _("One matter a year")),
    (50, _("Three-to-one help")),
    (60, _("Promise, fulfil, appraise")),
    (70, _("One group, two meetings")),
)
