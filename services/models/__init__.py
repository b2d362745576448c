"""The six service mechanisms; one file a mechanism."""

from services.models.bodies import BodyMember, HamletBody, Household
from services.models.case_people import CasePerson, CaseRoom
from services.models.cases import Case
from services.models.commitments import Commitment, CommitmentExemption, CommitmentYear
from services.models.deliberations import Deliberation, DeliberationStep
from services.models.grids import Grid, GridHamlet
from services.models.help import HelpedPerson, Helper, HelpVisit
from services.models.matters import Matter, MatterNote, MatterYear
from services.models.ratings import Rating, RatingBatch, RatingNote, RatingRound, RoundVillage
from services.models.stations import OpeningHours, ServiceItem, ServiceRequest, Station, StationStaff

__all__ = [
    "HelpVisit",
    "HelpedPerson",
    "Helper",
    "Matter",
    "MatterNote",
    "MatterYear",
    "Rating",
    "RatingBatch",
    "RatingNote",
    "RatingRound",
    "RoundVillage",
    "BodyMember",
    "Deliberation",
    "DeliberationStep",
    "HamletBody",
    "Household",
    "Case",
    "CasePerson",
    "CaseRoom",
    "Commitment",
    "CommitmentExemption",
    "CommitmentYear",
    "Grid",
    "GridHamlet",
    "OpeningHours",
    "ServiceItem",
    "ServiceRequest",
    "Station",
    "StationStaff",
]
