"""What the records of reserves, training, duty, style drives and rectification may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReserveSource(TextChoices):
    """Where a reserve cadre comes from."""

    PROSPEROUS = "prosperous", _("Prosperous and able")
    STUDENT = "student", _("Returned college student")
    VETERAN = "veteran", _("Veteran")
    RETURNED = "returned", _("Returned from work elsewhere")
    OTHER = "other", _("Other")


class Pipeline(TextChoices):
    """The way by which a reserve cadre is found, chosen and brought up."""

    THREE_TWO_ONE = "three_two_one", _("Three nominations, two selections, one training")
    TWO_TWO_THREE = "two_two_three", _("Two nominations, two studies, three appraisals")


class ReserveStage(TextChoices):
    """The steps of both pipelines."""

    BY_ORGANISATION = "by_organisation", _("Nominated by the organisation")
    BY_MASSES = "by_masses", _("Nominated by the masses")
    BY_ONESELF = "by_oneself", _("Nominated by oneself")
    CHOSEN_BY_ORGANISATION = "chosen_by_organisation", _("Selected by the organisation")
    CHOSEN_BY_MASSES = "chosen_by_masses", _("Selected by the masses")
    TRAINED = "trained", _("Trained")
    THEORY = "theory", _("Studied theory")
    ON_THE_JOB = "on_the_job", _("Studied on the job")
    FRONTAL = "frontal", _("Appraised: frontal measure")
    MERIT = "merit", _("Appraised: merit")
    REVERSE = "reverse", _("Appraised: reverse look")


#: The steps of each pipeline in their order; none is skipped.
STEPS_OF = {
    Pipeline.THREE_TWO_ONE: (
        ReserveStage.BY_ORGANISATION,
        ReserveStage.BY_MASSES,
        ReserveStage.BY_ONESELF,
        ReserveStage.CHOSEN_BY_ORGANISATION,
        ReserveStage.CHOSEN_BY_MASSES,
        ReserveStage.TRAINED,
    ),
    Pipeline.TWO_TWO_THREE: (
        ReserveStage.BY_MASSES,
        ReserveStage.BY_ORGANISATION,
        ReserveStage.THEORY,
        ReserveStage.ON_THE_JOB,
        ReserveStage.FRONTAL,
        ReserveStage.MERIT,
        ReserveStage.REVERSE,
    ),
}

#: With this step passed the training begins; it goes on until the person leaves the list.
TRAINING_FROM = {
    Pipeline.THREE_TWO_ONE: ReserveStage.CHOSEN_BY_MASSES,
    Pipeline.TWO_TWO_THREE: ReserveStage.BY_ORGANISATION,
}

#: Steps at which people vote.
VOTED = (ReserveStage.BY_MASSES, ReserveStage.CHOSEN_BY_ORGANISATION, ReserveStage.CHOSEN_BY_MASSES)


class StepResult(TextChoices):
    PASSED = "passed", _("Qualified")
    FAILED = "failed", _("Not qualified")


class Grade(TextChoices):
    """How somebody is found in one respect."""

    GOOD = "good", _("Good")
    FAIR = "fair", _("Fair")
    POOR = "poor", _("Poor")


class ReserveOutcome(TextChoices):
    """How somebody left the list of reserves."""

    IN_POST = "in_post", _("Came into a post")
    MOVED = "moved", _("Moved away")
    WITHDREW = "withdrew", _("Withdrew")
    DROPPED = "dropped", _("Taken off the list")


class TrainingMode(TextChoices):
    ROTATION = "rotation", _("Training in rotation")
    PARTY_SCHOOL = "party_school", _("Party school")
    TO_VILLAGES = "to_villages", _("Teachers sent to the villages")
    MOBILE = "mobile", _("Mobile party lessons")
    ON_SITE = "on_site", _("Visit on site")
    ELSEWHERE = "elsewhere", _("Training elsewhere")
    STUDY_TOUR = "study_tour", _("Study tour")
    DISTANCE = "distance", _("Distance education")
    ADULT = "adult", _("Adult education")


class Topic(TextChoices):
    """What is taught; each cadre should have had something of each, and what he lacks is made up for first."""

    POLICY = "policy", _("Policies")
    PARTY_WORK = "party_work", _("Party work")
    LAW = "law", _("Law and mediation")
    MASSES = "masses", _("Work among the masses")
    MANAGEMENT = "management", _("Village management and finance")
    FARMING = "farming", _("Farming and business")
    INTEGRITY = "integrity", _("Integrity")


class TrainingResult(TextChoices):
    NOT_EXAMINED = "", _("Not examined")
    PASSED = "passed", _("Qualified")
    FAILED = "failed", _("Not qualified")


class DutyState(TextChoices):
    DUE = "due", _("Not checked in")
    KEPT = "kept", _("Kept")
    LATE = "late", _("Came late")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


#: Somebody was there.
DUTY_KEPT = (DutyState.KEPT, DutyState.LATE)


class DriveState(TextChoices):
    BEGUN = "begun", _("Problems found")
    MENDING = "mending", _("Being put right")
    DONE = "done", _("Put right")


class Cause(TextChoices):
    """Why a village fell behind."""

    SECRETARY = "secretary", _("Secretary not up to the work")
    TEAM = "team", _("Team incomplete or divided")
    QUARREL = "quarrel", _("Disputes and petitions")
    MANAGEMENT = "management", _("Affairs and finance in disorder")
    PLACE = "place", _("No place for meetings")
    ECONOMY = "economy", _("Weak collective economy")
    OTHER = "other", _("Other")


class RectificationState(TextChoices):
    OPEN = "open", pgettext_lazy("weak village", "On the list")
    UNDER_WAY = "under_way", _("Under way")
    SUBMITTED = "submitted", _("Before the district for acceptance")
    ACCEPTED = "accepted", pgettext_lazy("weak village", "Accepted")
    RETURNED = "returned", _("Returned")
