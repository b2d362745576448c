"""People, their posts, the party's members, and what is done with them; one file a subject."""

from cadres.models.appraisal import Appraisal, AppraisalSheet, PostEnding
from cadres.models.drives import Drive, DriveRecord
from cadres.models.duty import DutyDay
from cadres.models.elections import Candidate, Election, GroupLeader, Representative
from cadres.models.filings import Filing
from cadres.models.meetings import BranchMeeting
from cadres.models.messages import Message, MessagePlan
from cadres.models.people import PartyBranch, PartyMember, Person, Post, Term
from cadres.models.rectification import BroughtIn, Rectification
from cadres.models.reserve import Reserve, ReserveStep
from cadres.models.selection import Applicant, Selection
from cadres.models.supervision import Admonishment, Supervisor
from cadres.models.training import Attendance, Course

__all__ = [
    "Admonishment",
    "Applicant",
    "Appraisal",
    "AppraisalSheet",
    "Attendance",
    "BranchMeeting",
    "BroughtIn",
    "Candidate",
    "Course",
    "Drive",
    "DriveRecord",
    "DutyDay",
    "Election",
    "Filing",
    "GroupLeader",
    "Message",
    "MessagePlan",
    "PartyBranch",
    "PartyMember",
    "Person",
    "Post",
    "PostEnding",
    "Rectification",
    "Representative",
    "Reserve",
    "ReserveStep",
    "Selection",
    "Supervisor",
    "Term",
]
