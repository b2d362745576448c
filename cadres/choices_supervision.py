"""What elections, open selections, supervision, appraisals and messages may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cadres.choices import Committee


class ElectionBody(TextChoices):
    """What is elected."""

    BRANCH = "branch", _("Party branch committee")
    COMMITTEE = "committee", _("Villagers' or residents' committee")
    REPRESENTATIVES = "representatives", _("Representatives")
    LEADERS = "leaders", _("Group leaders")


#: The committee that a body is, or whose term it shares.
TERM_OF = {
    ElectionBody.BRANCH: Committee.BRANCH,
    ElectionBody.COMMITTEE: Committee.VILLAGE,
    ElectionBody.REPRESENTATIVES: Committee.VILLAGE,
    ElectionBody.LEADERS: Committee.VILLAGE,
}
#: Bodies whose candidates stand for a position.
COMMITTEES = (ElectionBody.BRANCH, ElectionBody.COMMITTEE)


class ElectionMethod(TextChoices):
    OPEN_NOMINATION = "open_nomination", _("Open nomination by all voters")
    PUBLIC_DIRECT = "public_direct", _("Public recommendation and direct election")
    COMPETITIVE = "competitive", _("More candidates than seats")


class ElectionKind(TextChoices):
    GENERAL = "general", _("General election")
    RUNOFF = "runoff", _("Another ballot for seats left open")
    BY_ELECTION = "by_election", _("Election for a vacant seat")


class ElectionState(TextChoices):
    """How far an election is: the village counts, the township confirms."""

    DRAFT = "draft", _("Being entered")
    SUBMITTED = "submitted", _("Before the township")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Returned")
    VOID = "void", _("Void")


class SelectionState(TextChoices):
    """How far an open selection is."""

    PREPARED = "prepared", _("In preparation")
    OPEN = "open", _("Open to applicants")
    ASSESSED = "assessed", _("Applicants are being assessed")
    CHOSEN = "chosen", _("Chosen, filing under way")
    CALLED_OFF = "called_off", _("Called off")


class Qualification(TextChoices):
    """What the township found of an applicant's papers."""

    PENDING = "pending", _("Not looked at yet")
    QUALIFIED = "qualified", _("Qualified")
    REFUSED = "refused", _("Not qualified")


class SupervisorState(TextChoices):
    """The four steps to an appointment, and its end."""

    RECOMMENDED = "recommended", _("Recommended by the members' meeting")
    PROPOSED = "proposed", _("Proposed by the branch")
    VETTED = "vetted", _("Vetted by the township's discipline committee")
    APPOINTED = "appointed", _("Appointed")
    REFUSED = "refused", _("Not approved")
    ENDED = "ended", _("Out of the group")


class AppraisalBody(TextChoices):
    """Who appraises."""

    REPRESENTATIVES = "representatives", _("Representatives' meeting")
    ADULTS = "adults", _("Meeting of all adults")
    HOUSEHOLDS = "households", _("Meeting of households")


class AppraisalState(TextChoices):
    DRAFT = "draft", _("Being entered")
    SUBMITTED = "submitted", _("Before the township")
    CONFIRMED = "confirmed", _("Confirmed")
    RETURNED = "returned", _("Returned")


class Verdict(TextChoices):
    """How a cadre is appraised, the best first."""

    EXCELLENT = "excellent", _("Excellent")
    COMPETENT = "competent", _("Competent")
    BASIC = "basic", _("Basically competent")
    INCOMPETENT = "incompetent", _("Incompetent")


#: Verdicts that call for a follow-up.
BELOW_COMPETENT = (Verdict.BASIC, Verdict.INCOMPETENT)


class EndingState(TextChoices):
    """What becomes of a proposal to end somebody's posts."""

    PROPOSED = "proposed", _("Before the township")
    ENDED = "ended", _("Posts ended")
    DROPPED = "dropped", _("Not followed")


class AdmonishmentState(TextChoices):
    OPEN = "open", _("Waits for the follow-up")
    IMPROVED = "improved", _("Put right")
    NOT_IMPROVED = "not_improved", _("Not put right")


class PlanKind(TextChoices):
    """What an integrity message's day follows."""

    MONTHLY = "monthly", _("Every month")
    FESTIVAL = "festival", _("Before a festival")


class MessageState(TextChoices):
    """A message leaves the outbox once; of an uncertain one nobody knows whether it left."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, to be tried again")
    GIVEN_UP = "given_up", _("Given up")
    NO_PHONE = "no_phone", _("No telephone on record")
    UNCERTAIN = "uncertain", _("Uncertain whether it was sent")
