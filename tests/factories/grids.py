"""Grids, stations and what is asked there, commitments."""

from datetime import date, time

import factory

from services.choices_commitments import ExemptionReason
from services.choices_stations import Tier
from services.models import (
    Commitment,
    CommitmentExemption,
    CommitmentYear,
    Grid,
    GridHamlet,
    OpeningHours,
    ServiceItem,
    ServiceRequest,
    Station,
    StationStaff,
)
from tests.factories.base import DAY, RowFactory
from tests.factories.cadres import PartyMemberFactory
from tests.factories.villages import HamletFactory, VillageFactory


class GridFactory(RowFactory):
    class Meta:
        model = Grid

    village = factory.SubFactory(VillageFactory)
    name = factory.Sequence(lambda n: f"第{n}网格")
    leader_name = factory.Sequence(lambda n: f"黄网格{n}")
    has_board = True
    opened_on = DAY


class GridHamletFactory(RowFactory):
    class Meta:
        model = GridHamlet

    grid = factory.SubFactory(GridFactory)
    hamlet = factory.SubFactory(HamletFactory, village=factory.SelfAttribute("..grid.village"))
    starts_on = factory.SelfAttribute("grid.opened_on")


class StationFactory(RowFactory):
    """The point of a new hamlet: a village has one open station of its own, a township too."""

    class Meta:
        model = Station

    tier = Tier.HAMLET
    village = factory.SubFactory(VillageFactory)
    hamlet = factory.SubFactory(HamletFactory, village=factory.SelfAttribute("..village"))
    territory_code = factory.SelfAttribute("village.scope_code")
    name = factory.Sequence(lambda n: f"{n}号服务点")
    opened_on = DAY

    @classmethod
    def at(cls, village, **values):
        return cls(village=village, **values)


class OfStationFactory(RowFactory):
    class Meta:
        abstract = True

    station = factory.SubFactory(StationFactory)
    territory_code = factory.SelfAttribute("station.territory_code")

    @classmethod
    def at(cls, village, **values):
        return cls(station__village=village, **values)


class StationStaffFactory(OfStationFactory):
    class Meta:
        model = StationStaff

    name = factory.Sequence(lambda n: f"覃服务{n}")
    starts_on = DAY


class OpeningHoursFactory(OfStationFactory):
    class Meta:
        model = OpeningHours

    weekday = 1
    opens, closes = time(8, 30), time(12)


class ServiceItemFactory(RowFactory):
    """One that every tier can finish, in five working days."""

    class Meta:
        model = ServiceItem

    key = factory.Sequence(lambda n: f"item-{n}")
    name = factory.Sequence(lambda n: f"证明{n}")
    tier = Tier.HAMLET
    workdays = 5
    in_force_from = date(2013, 1, 1)


class ServiceRequestFactory(RowFactory):
    class Meta:
        model = ServiceRequest

    village = factory.SubFactory(VillageFactory)
    station = factory.SubFactory(StationFactory, village=factory.SelfAttribute("..village"))
    item = factory.SubFactory(ServiceItemFactory)
    resident = "某某"
    accepted_on = DAY
    state_since = factory.SelfAttribute("accepted_on")


class CommitmentYearFactory(RowFactory):
    class Meta:
        model = CommitmentYear

    year = factory.Sequence(lambda n: 2030 + n % 30_000)
    promise_by, fulfil_by, appraise_by = date(2013, 3, 31), date(2013, 10, 31), date(2013, 11, 30)


class CommitmentFactory(RowFactory):
    class Meta:
        model = Commitment

    member = factory.SubFactory(PartyMemberFactory)
    year = 2013
    promise = "帮助困难户1户"
    promised_on = date(2013, 3, 1)
    state_since = factory.SelfAttribute("promised_on")


class CommitmentExemptionFactory(RowFactory):
    class Meta:
        model = CommitmentExemption

    member = factory.SubFactory(PartyMemberFactory)
    year = 2013
    reason = ExemptionReason.OLD
    decided_on = date(2013, 3, 1)
