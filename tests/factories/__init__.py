"""A row of every model, for tests.

Each factory makes rows that stand by themselves, and `at(village)` makes one that belongs to that village, to its
district, or to nobody, as the model has it. `of(model)` finds the factory; every model of the portal needs one, so that
the tests of routes and of the door reach it. A module an app, named here so that it is found.
"""

from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.base import DAY, RowFactory, of
from tests.factories.cadres import (
    FilingFactory,
    PartyBranchFactory,
    PartyMemberFactory,
    PersonFactory,
    PostFactory,
    TermFactory,
)
from tests.factories.facilities import (
    BuildingFactory,
    EquipmentFactory,
    EquipmentItemFactory,
    OfSetFactory,
    RoomFactory,
    RoomSetFactory,
    RoomTypeFactory,
    SetAssignmentFactory,
    standing_set,
)
from tests.factories.kit import (
    AuditRowFactory,
    BlobFactory,
    ChunkFactory,
    EvidenceFactory,
    HolidayFactory,
    JobFactory,
    MoveFactory,
    ReminderFactory,
    TimeLimitFactory,
)
from tests.factories.scoring import (
    BreakdownFactory,
    CriterionFactory,
    OfStandardFactory,
    ResultFactory,
    RunFactory,
    ScoringScheduleFactory,
    StandardFactory,
    StandardGroupFactory,
)
from tests.factories.villages import (
    AdoptionFactory,
    DistrictFactory,
    HamletFactory,
    LegalRuleFactory,
    RegulationFactory,
    TownshipFactory,
    VillageFactory,
)

__all__ = [
    "AdoptionFactory",
    "AuditRowFactory",
    "BlobFactory",
    "BreakdownFactory",
    "BuildingFactory",
    "ChunkFactory",
    "CriterionFactory",
    "DAY",
    "DistrictFactory",
    "EquipmentFactory",
    "EquipmentItemFactory",
    "EvidenceFactory",
    "GrantFactory",
    "HamletFactory",
    "HolidayFactory",
    "JobFactory",
    "LegalRuleFactory",
    "MoveFactory",
    "ReminderFactory",
    "OfSetFactory",
    "OfStandardFactory",
    "RegulationFactory",
    "ResultFactory",
    "RoomFactory",
    "RoomSetFactory",
    "RoomTypeFactory",
    "RowFactory",
    "RunFactory",
    "ScoringScheduleFactory",
    "SetAssignmentFactory",
    "StandardFactory",
    "StandardGroupFactory",
    "TimeLimitFactory",
    "TownshipFactory",
    "UserFactory",
    "VillageFactory",
    "FilingFactory",
    "PartyBranchFactory",
    "PartyMemberFactory",
    "PersonFactory",
    "PostFactory",
    "TermFactory",
    "of",
    "standing_set",
]
