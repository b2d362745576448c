"""Room sets, buildings, rooms, equipment."""

from datetime import date, timedelta

import factory

from facilities.choices import RoomGroup, SetState
from facilities.models import Building, Equipment, EquipmentItem, Room, RoomReview, RoomSet, RoomType, SetAssignment
from tests.factories.base import RowFactory
from tests.factories.villages import VillageFactory
from villages.choices import AppliesTo
from villages.models import Village


class RoomSetFactory(RowFactory):
    class Meta:
        model = RoomSet

    key = factory.Sequence(lambda n: f"set-{n}")
    name = factory.Sequence(lambda n: f"第{n}套")
    state = SetState.PUBLISHED
    office_area = 200_00
    valid_from = date(2013, 1, 1)
    territory_code = "450109"

    @classmethod
    def changeable(cls, village, **values):
        return cls.at(village, state=SetState.DRAFT, **values)


def standing_set(village: Village) -> RoomSet:
    """The set that holds in the village's district: one, as two would compete."""
    code = village.code[:6]
    found = RoomSet.objects.filter(key="standing", territory_code=code).first()
    return found or RoomSetFactory(key="standing", territory_code=code, default_for=AppliesTo.ALL)


class OfSetFactory(RowFactory):
    class Meta:
        abstract = True

    room_set = factory.SubFactory(RoomSetFactory)
    key = factory.Sequence(lambda n: f"part-{n}")
    name = factory.Sequence(lambda n: f"第{n}件")
    position = factory.Sequence(lambda n: n % 1000)

    @classmethod
    def at(cls, village, **values):
        return cls(room_set=standing_set(village), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls(room_set=RoomSetFactory.changeable(village), **values)


class RoomTypeFactory(OfSetFactory):
    class Meta:
        model = RoomType

    group = RoomGroup.ROOM


class EquipmentItemFactory(OfSetFactory):
    class Meta:
        model = EquipmentItem


class SetAssignmentFactory(RowFactory):
    class Meta:
        model = SetAssignment

    village = factory.SubFactory(VillageFactory)
    room_set = factory.SubFactory(RoomSetFactory)
    starts_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # a day each, so that none overlap
    ends_on = factory.SelfAttribute("starts_on")

    @classmethod
    def at(cls, village, **values):
        return super().at(village, room_set=RoomSetFactory.at(village), **values)


class BuildingFactory(RowFactory):
    class Meta:
        model = Building

    village = factory.SubFactory(VillageFactory)
    area = 250_00
    built_year = 2005
    starts_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # a day each, so that none overlap
    ends_on = factory.SelfAttribute("starts_on")
    address = factory.Sequence(lambda n: f"第{n}号")


class RoomFactory(RowFactory):
    class Meta:
        model = Room

    village = factory.SubFactory(VillageFactory)
    room_type = factory.SubFactory(RoomTypeFactory)
    key = factory.SelfAttribute("room_type.key")

    @classmethod
    def at(cls, village, **values):
        return super().at(village, room_type=RoomTypeFactory.at(village), **values)


class EquipmentFactory(RowFactory):
    class Meta:
        model = Equipment

    village = factory.SubFactory(VillageFactory)
    item = factory.SubFactory(EquipmentItemFactory)
    key = factory.SelfAttribute("item.key")
    quantity = 3

    @classmethod
    def at(cls, village, **values):
        return super().at(village, item=EquipmentItemFactory.at(village), **values)


class RoomReviewFactory(RowFactory):
    class Meta:
        model = RoomReview

    village = factory.SubFactory(VillageFactory)
    year = factory.Sequence(lambda n: 2000 + n % 100)  # one a year
