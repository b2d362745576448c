"""What the ground's records may say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VillageKind(TextChoices):
    VILLAGE = "village", _("Village")
    RURAL_COMMUNITY = "rural_community", _("Rural community")
    URBAN_COMMUNITY = "urban_community", _("Urban community")


#: Kinds governed by a residents' committee, under another law than villagers' committees.
COMMUNITIES = (VillageKind.RURAL_COMMUNITY, VillageKind.URBAN_COMMUNITY)


class AppliesTo(TextChoices):
    """For which villages a catalogue row holds."""

    ALL = "all", _("Villages and communities")
    VILLAGE = "village", _("Villages")
    COMMUNITY = "community", _("Communities")


class RegulationField(TextChoices):
    """What a regulation regulates; the catalogue is grouped by it."""

    DUTIES = "duties", _("Duties")
    PARTY = "party", _("Party organisation")
    SELF_GOVERNMENT = "self_government", _("Self-government")
    AFFAIRS = "affairs", _("Affairs and finance")
    CADRES = "cadres", _("Cadres")
    SUPPORT = "support", _("Supporting organisations")


class Body(TextChoices):
    """Who adopted a regulation."""

    BRANCH = "branch", _("Party branch committee")
    MEMBERS = "members", _("Party members' meeting")
    COMMITTEES = "committees", _("Joint meeting of the two committees")
    REPRESENTATIVES = "representatives", _("Representatives' meeting")
    ASSEMBLY = "assembly", _("Villagers' or residents' meeting")
    TOWNSHIP = "township", _("Township")


class AdoptionState(TextChoices):
    """How far the adoption of a regulation is."""

    DRAFT = "draft", _("Drafted")
    SUBMITTED = "submitted", _("Under review")
    RETURNED = "returned", _("Returned")
    IN_FORCE = "in_force", _("In force")
    ABOLISHED = "abolished", _("Abolished")


class Confidence(TextChoices):
    """How a figure of law came here; what nobody has read in the text itself says so wherever it is shown."""

    SEEN = "seen", _("Text seen")
    SECONDARY = "secondary", _("From a secondary source")
    TO_CONFIRM = "to_confirm", _("To be confirmed by the district")


class Voters(TextChoices):
    """Whom a meeting's numbers count: the law knows both, each with its own quorum."""

    ADULTS = "adults", _("Adults")
    HOUSEHOLDS = "households", pgettext_lazy("votes counted by", "Households")


class LegalRuleKey(TextChoices):
    ASSEMBLY_QUORUM_ADULTS = "quorum_adults", _("Quorum of the meeting, of adults")
    ASSEMBLY_QUORUM_HOUSEHOLDS = "quorum_households", _("Quorum of the meeting, of households")
    ASSEMBLY_MAJORITY = "majority", _("Majority of those present at the meeting")
    COMMITTEE_MIN = "committee_min", _("Members of the committee, at least")
    COMMITTEE_MAX = "committee_max", _("Members of the committee, at most")
    COMMITTEE_WOMEN = "committee_women", _("Women in the committee, at least")
    BRANCH_COMMITTEE_MIN = "branch_committee_min", _("Members of the branch committee, at least")
    BRANCH_COMMITTEE_MAX = "branch_committee_max", _("Members of the branch committee, at most")
    TRAINING_HOURS = "training_hours", _("Hours of training a cadre has in a year, at least")
    DUTY_HOUR = "duty_hour", _("Hour of the day by which who is on duty has checked in")
    ELECTION_QUORUM_BRANCH = "election_quorum_branch", _("Election of the branch: voters, of those entitled")
    ELECTION_MAJORITY_BRANCH = "election_majority_branch", _("Election of the branch: votes, of those who voted")
    ELECTION_MAJORITY_BRANCH_ALL = (
        "election_majority_branch_all",
        _("Election of the branch: votes, of those entitled"),
    )
    ELECTION_SURPLUS_BRANCH = (
        "election_surplus_branch",
        _("Election of the branch: candidates more than seats, of the seats"),
    )
    ELECTION_QUORUM = "election_quorum", _("Election of the committee: voters, of those entitled")
    ELECTION_MAJORITY = "election_majority", _("Election of the committee: votes, of those who voted")
    ELECTION_RUNOFF = "election_runoff", _("Another ballot: votes, of those who voted")
    GROUP_QUORUM = "group_quorum", _("Meeting of a group: present, of those entitled")
    GROUP_MAJORITY = "group_majority", _("Meeting of a group: votes, of those present")
    REPRESENTATIVES_QUORUM = "representatives_quorum", _("Representatives' meeting: present, of all")
    REPRESENTATIVES_MAJORITY = "representatives_majority", _("Representatives' meeting: in favour, of those present")
    MEETING_QUORUM = "meeting_quorum", _("Meeting of a committee or party group: present, of its members")
    MEETING_MAJORITY = "meeting_majority", _("Meeting of a committee or party group: in favour, of those present")
    MEMBERS_QUORUM = "members_quorum", _("Party members' meeting: present, of those entitled")
    MEMBERS_MAJORITY = "members_majority", _("Party members' meeting: in favour, of those entitled")
    HOUSEHOLDERS_QUORUM = "householders_quorum", _("Householders' meeting: present, of those entitled")
    HOUSEHOLDERS_MAJORITY = "householders_majority", _("Householders' meeting: in favour, of those present")
    LEVY_QUORUM_ADULTS = "levy_quorum_adults", _("Levy of money or labour: adults present, of all")
    LEVY_QUORUM_HOUSEHOLDS = "levy_quorum_households", _("Levy of money or labour: households present, of all")
    LEVY_QUORUM_REPRESENTATIVES = (
        "levy_quorum_representatives",
        _("Levy of money or labour: representatives present, of all"),
    )
    LEVY_MAJORITY = "levy_majority", _("Levy of money or labour: in favour, of those present")
    COMMITTEE_MEETINGS = "committee_meetings", _("Branch committee meetings a year")
    MEMBERS_ASSEMBLIES = "members_assemblies", _("Members' assemblies a year")
    PARTY_LECTURES = "party_lectures", _("Party lectures a year")
    POSTING_DAYS = "posting_days", _("Days that a resolution hangs on the wall, at least")
    REPRESENTATIVE_HOUSEHOLDS_MIN = "representative_households_min", _("Households a representative, at least")
    REPRESENTATIVE_HOUSEHOLDS_MAX = "representative_households_max", _("Households a representative, at most")
    REPRESENTATIVE_WOMEN = "representative_women", _("Women among the representatives, of all")
    SUPERVISORS = "supervisors", _("Members of the discipline supervision group")
    APPRAISAL_MAJORITY = "appraisal_majority", _("Appraisal: ballots for a verdict or a better one, of all ballots")
    APPRAISAL_IN_A_ROW = "appraisal_in_a_row", _("Appraisals “incompetent” in a row that end a post")
