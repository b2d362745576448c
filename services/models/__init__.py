"""The six service mechanisms; one file a mechanism."""

from services.models.commitments import Commitment, CommitmentExemption, CommitmentYear
from services.models.grids import Grid, GridHamlet
from services.models.stations import OpeningHours, ServiceItem, ServiceRequest, Station, StationStaff

__all__ = [
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
