"""What public-opinion cases choose from: tiers, states, kinds, how a case was heard."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    """With whom a case lies."""

    VILLAGE = "village", _("At the village")
    TOWNSHIP = "township", _("At the township")
    DISTRICT = "district", _("At the district")


class CaseState(TextChoices):
    """Heard, inspected, handled, answered, rated. A case under way says by its state with which tier it lies."""

    HEARD = "heard", _("Heard, to be looked into")
    INSPECTED = "inspected", _("Looked into, to be taken up")
    VILLAGE = "village", _("Handled by the village")
    TOWNSHIP = "township", _("Handled by the township")
    DISTRICT = "district", _("Handled by the district")
    SOLVED = "solved", _("Handled, to be answered")
    ANSWERED = "answered", _("Answered, to be rated")
    UNSATISFIED = "unsatisfied", _("Not satisfied, to be reviewed")
    SATISFIED = "satisfied", _("Closed, satisfied")
    UNREACHED = "unreached", _("Closed, nobody reached")
    CLOSED = "closed", _("Closed, not satisfied")
    JOINED = "joined", _("Joined to another case")


S = CaseState
#: State → the tier whose turn it is; after the handling the tier that handled it stays.
TIER_OF = {
    S.HEARD: Tier.VILLAGE,
    S.INSPECTED: Tier.VILLAGE,
    S.VILLAGE: Tier.VILLAGE,
    S.TOWNSHIP: Tier.TOWNSHIP,
    S.DISTRICT: Tier.DISTRICT,
}
#: Until it is handled; the time limits of these states decide whether a case was handled in time.
IN_HAND = tuple(TIER_OF)
#: Nothing follows any more.
ENDED = (S.SATISFIED, S.UNREACHED, S.CLOSED, S.JOINED)
OPEN = tuple(state for state in S if state not in ENDED)


class CaseKind(TextChoices):
    ROAD = "road", _("Roads and streets")
    WATER = "water", _("Water and electricity")
    LAND = "land", _("Land and boundaries")
    DISPUTE = "dispute", _("Disputes")
    WELFARE = "welfare", _("Subsidies and help")
    CLEAN = "clean", _("Rubbish and environment")
    CONDUCT = "conduct", _("Cadres' conduct")
    OTHER = "other", _("Other")


class HeardHow(TextChoices):
    VISIT = "visit", _("Came by")
    CALL = "call", _("Called")
    HOME = "home", _("Visit at home")
    ROOM = "room", _("Talk room")
    GRID = "grid", _("In a grid")
    LETTER = "letter", _("Letter")


class CaseRating(TextChoices):
    """What the person who raised it says of the answer."""

    SATISFIED = "satisfied", _("Satisfied")
    UNSATISFIED = "unsatisfied", _("Not satisfied")
    UNREACHED = "unreached", _("Not reached")


class CaseDuty(TextChoices):
    """The three duties of “hear, inspect, handle”, each with its room."""

    RECORDER = "recorder", _("Recorder of voices")
    OBSERVER = "observer", _("Observer of conditions")
    HANDLER = "handler", _("Handler of cases")


class CaseRoomKind(TextChoices):
    TALK = "talk", _("Talk room")
    OBSERVE = "observe", _("Observation room")
    HANDLE = "handle", _("Handling room")
