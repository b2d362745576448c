"""What the records of service stations, items and requests may say."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    """The three tiers of the network under the people, the nearest last."""

    TOWNSHIP = "township", _("Township station")
    VILLAGE = "village", _("Village station")
    HAMLET = "hamlet", _("Hamlet point")


#: How far up a tier lies: what a tier can finish, those above it can too.
HEIGHT = {Tier.HAMLET: 0, Tier.VILLAGE: 1, Tier.TOWNSHIP: 2}


class Weekday(IntegerChoices):
    """As Python's date.isoweekday()."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class RequestState(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    CARRIED = "carried", _("Carried up for the resident")
    FINISHED = "finished", _("Finished")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = (RequestState.ACCEPTED, RequestState.CARRIED)
