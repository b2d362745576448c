"""What the records of people may say. Sex and education use the codes of the national standards."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("Unknown")
    MALE = "1", _("Male")
    FEMALE = "2", _("Female")
    UNSPECIFIED = "9", _("Not specified")


class Education(TextChoices):
    """GB/T 4658; there is no 50."""

    GRADUATE = "10", _("Graduate school")
    BACHELOR = "20", _("Bachelor's degree")
    COLLEGE = "30", _("Junior college")
    TECHNICAL = "40", _("Secondary technical school")
    SENIOR = "60", _("Senior secondary school")
    JUNIOR = "70", _("Junior secondary school")
    PRIMARY = "80", _("Primary school")
    OTHER = "90", _("Other schooling")


#: Senior secondary or technical school, and above.
SENIOR_AND_ABOVE = (
    Education.GRADUATE,
    Education.BACHELOR,
    Education.COLLEGE,
    Education.TECHNICAL,
    Education.SENIOR,
)


class PoliticalStatus(TextChoices):
    MEMBER = "member", _("Party member")
    PROBATIONARY = "probationary", _("Probationary party member")
    LEAGUE = "league", _("Youth league member")
    MASSES = "masses", _("Not a party member")


class Committee(TextChoices):
    """The two committees."""

    BRANCH = "branch", _("Party branch committee")
    VILLAGE = "village", _("Villagers' or residents' committee")


class Position(TextChoices):
    SECRETARY = "secretary", _("Secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy secretary")
    BRANCH_MEMBER = "branch_member", _("Member of the branch committee")
    DIRECTOR = "director", _("Director")
    DEPUTY_DIRECTOR = "deputy_director", _("Deputy director")
    COMMITTEE_MEMBER = "committee_member", _("Member of the committee")
    WOMEN_HEAD = "women_head", _("Head of women's affairs")


#: Which committee a position belongs to.
COMMITTEE_OF = {
    Position.SECRETARY: Committee.BRANCH,
    Position.DEPUTY_SECRETARY: Committee.BRANCH,
    Position.BRANCH_MEMBER: Committee.BRANCH,
    Position.DIRECTOR: Committee.VILLAGE,
    Position.DEPUTY_DIRECTOR: Committee.VILLAGE,
    Position.COMMITTEE_MEMBER: Committee.VILLAGE,
    Position.WOMEN_HEAD: Committee.VILLAGE,
}

#: Of these a village has at most one on any day.
SINGLE_POSITIONS = (Position.SECRETARY, Position.DIRECTOR)


class HowChosen(TextChoices):
    """How a post was come by."""

    MEMBERS_ELECTION = "members_election", _("Elected by the members' meeting")
    VILLAGE_ELECTION = "village_election", _("Elected by the villagers or residents")
    BY_ELECTION = "by_election", _("By-election")
    OPEN_SELECTION = "open_selection", _("Open selection")
    APPOINTED = "appointed", _("Appointed by the higher organisation")


class MemberState(TextChoices):
    PROBATIONARY = "probationary", _("Probationary")
    FULL = "full", _("Full member")
    LEFT = "left", _("Left the branch")


class Source(TextChoices):
    """Where an applicant or a reserve cadre comes from."""

    LEAGUE = "league", _("Recommended by the youth league")
    WOMEN = "women", _("Women")
    VETERAN = "veteran", _("Veteran")
    RETURNED = "returned", _("Returned from work elsewhere")
    NEW_ORGANISATION = "new_organisation", _("New economic or social organisation")
    PROSPEROUS = "prosperous", _("Leads others to prosperity")
    STUDENT = "student", _("Returned college student")
    OTHER = "other", _("Other")


class FilingKind(TextChoices):
    """What a filing with the district is about."""

    APPOINT = "appoint", _("Appointment")
    REMOVE = "remove", _("Removal")


class FilingState(TextChoices):
    """How far the filing is: the village drafts, the township endorses, the district files."""

    DRAFT = "draft", _("Drafted")
    SUBMITTED = "submitted", _("Before the township")
    ENDORSED = "endorsed", _("Before the district")
    FILED = "filed", _("Filed")
    RETURNED = "returned", _("Returned")


class AgeBand(TextChoices):
    """40 and 50 belong to the middle."""

    UNDER_40 = "under_40", _("Under 40")
    MIDDLE = "40_to_50", _("40 to 50")
    OVER_50 = "over_50", _("Over 50")
    UNKNOWN = "unknown", _("Not on record")


class EducationBand(TextChoices):
    JUNIOR = "junior", _("Junior secondary or below")
    SENIOR = "senior", _("Senior secondary or technical")
    COLLEGE = "college", _("Junior college or above")
    UNKNOWN = "unknown", _("Not on record")


#: The codes of each band.
EDUCATIONS = {
    EducationBand.JUNIOR: (Education.JUNIOR, Education.PRIMARY, Education.OTHER),
    EducationBand.SENIOR: (Education.TECHNICAL, Education.SENIOR),
    EducationBand.COLLEGE: (Education.GRADUATE, Education.BACHELOR, Education.COLLEGE),
}

#: Members of the party, full or on probation.
PARTY = (PoliticalStatus.MEMBER, PoliticalStatus.PROBATIONARY)
