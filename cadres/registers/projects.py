"""The four projects by which the menu orders the team: stronger committees, abler cadres, better style, new blood."""

from django.utils.translation import gettext_lazy as _

from core import menu
from core.menu import Group
from core.roles import READERS

menu.divide(
    Group.TEAM,
    (0, _("Stronger committees")),
    (30, _("Abler cadres")),
    (40, _("Better style")),
    (60, _("New blood")),
)
menu.add("cadres:training_plan", _("Training plan"), Group.TEAM, 30, READERS)
menu.add("cadres:duty", _("Duty rota"), Group.TEAM, 40, READERS)
menu.add("cadres:duty_faults", _("Duty missed"), Group.TEAM, 42, READERS)
menu.add("cadres:reserve_board", _("Board of reserves"), Group.TEAM, 60, READERS)
