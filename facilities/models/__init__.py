"""The rooms that a village must have, what is there, and the township's review of it; one file a subject."""

from facilities.models.facts import Building, Equipment, Room
from facilities.models.reviews import RoomReview
from facilities.models.sets import EquipmentItem, RoomSet, RoomType, SetAssignment

__all__ = [
    "Building",
    "Equipment",
    "EquipmentItem",
    "Room",
    "RoomReview",
    "RoomSet",
    "RoomType",
    "SetAssignment",
]
