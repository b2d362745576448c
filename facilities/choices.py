"""What the records of rooms and buildings may say."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SetState(TextChoices):
    """A retired set still holds for the days before its successor."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class RoomGroup(TextChoices):
    """The groups that a set's short name counts: 1 station, 1 post, … 8 rooms."""

    STATION = "station", pgettext_lazy("room", "Station")
    POST = "post", _("Militia post")
    HALL = "hall", _("Service hall")
    HOME = "home", _("Home of a group")
    STORE = "store", _("Charity store")
    CENTRE = "centre", _("Centre")
    ROOM = "room", _("Office or room")


class Condition(TextChoices):
    SOUND = "sound", _("Sound")
    REPAIR = "repair", _("Needs repair")
    DANGEROUS = "dangerous", _("Dangerous")


class ReviewState(TextChoices):
    """How far the township's review of a village's rooms is."""

    FILING = "filing", _("Being filled in")
    SUBMITTED = "submitted", _("Under review")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Reviewed")


class State(IntegerChoices):
    """What a cell of the room matrix says, and the key that sets it. 0: nobody has recorded the room yet."""

    EMPTY = 0, _("Not filled in")
    IN_ORDER = 1, _("In order")
    MISSING = 2, _("Not there")
    NO_SIGN = 3, _("Lacks the sign")
    NO_FURNITURE = 4, _("Lacks the furniture")
    SHARED = 5, _("Shared with another room")
    NO_LAYOUT = 6, _("Lacks the layout")


NOT_SHARED = {"shared": False, "shared_with": ""}
#: What each key says of a room; what it doesn't name stays as it was.
FACTS = {
    State.IN_ORDER: {"present": True, "sign": True, "furniture": True, "layout": True} | NOT_SHARED,
    State.MISSING: {"present": False, "sign": False, "furniture": False, "layout": False, "area": None} | NOT_SHARED,
    State.NO_SIGN: {"present": True, "sign": False, "furniture": True, "layout": True},
    State.NO_FURNITURE: {"present": True, "sign": True, "furniture": False, "layout": True},
    State.SHARED: {"present": True, "sign": True, "furniture": True, "layout": True, "shared": True},
    State.NO_LAYOUT: {"present": True, "sign": True, "furniture": True, "layout": False},
}
