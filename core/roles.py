"""The roles of the portal.

They live in the kit because every floor names them in its declarations; who holds which role where is
`accounts.Grant`.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    DISTRICT = "district", _("District staff")
    LEADER = "leader", _("District leader")
    CLERK = "clerk", _("Township clerk")
    SECRETARY = "secretary", _("Village secretary")
    INSPECTOR = "inspector", _("Discipline inspector")
    SYSADMIN = "sysadmin", _("System administrator")
    SECADMIN = "secadmin", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")


#: Who reads the business data of the territory that they hold.
READERS = frozenset({Role.DISTRICT, Role.LEADER, Role.CLERK, Role.SECRETARY, Role.INSPECTOR})
#: Who enters it.
EDITORS = frozenset({Role.DISTRICT, Role.CLERK, Role.SECRETARY})
#: The district's own: catalogues, and the days of a year.
DISTRICT = frozenset({Role.DISTRICT})
#: What a village doesn't enter of itself: the township does, or the district.
CLERKS = frozenset({Role.DISTRICT, Role.CLERK})
#: Whoever does a village's work: its secretary, or the township's clerk in his place.
LOCAL = frozenset({Role.SECRETARY, Role.CLERK})
#: The offices one above the other, from the village up: who stands higher may do the work of who stands lower.
TIERS = (Role.SECRETARY, Role.CLERK, Role.DISTRICT)
#: The three separated administrators; none reads business data, none does another's work.
ADMINS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})
NOBODY: frozenset[Role] = frozenset()
