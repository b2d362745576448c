"""The registers of room sets, buildings, rooms and equipment, and the room matrix's line in the menu."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import menu, rights
from core.clock import today
from core.fields import write_hundredths
from core.menu import Group
from core.registers import Inline, Register, register
from core.registers.values import computed
from core.rights import Rights
from core.roles import CLERKS, DISTRICT, EDITORS, READERS, Role
from facilities import actions
from facilities.models import Building, Equipment, EquipmentItem, Room, RoomReview, RoomSet, RoomType, SetAssignment
from facilities.querysets import sets_on
from facilities.reviews import ROOM_REVIEW
from villages.models import Village

SET_PARTS = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
rights.declare(RoomType, SET_PARTS)
rights.declare(EquipmentItem, SET_PARTS)

menu.add("facilities:matrix", _("Rooms"), Group.PLACE, 10, READERS)


def area(hundredths: int | None) -> str:
    return "—" if hundredths is None else write_hundredths(hundredths)


def matrix_of(village: Village, cell: str = "") -> str:
    """The room matrix with the village in view, at a cell of it where one is named."""
    query = urlencode({"township": village.code[:9]})
    return f"{reverse('facilities:matrix')}?{query}#{cell or f'r{village.pk}'}"


class PartRegister(Register):
    """Rooms and equipment: a row must be of the set that its village has today."""

    @classmethod
    def sheet_choose(cls, name: str, user, day):
        """“会议室” in a workbook is that of the set which the village has."""
        sets = sets_on(Village.objects.visible_to(user), day)
        return lambda place, parts: [part for part in parts if place in sets and part.room_set_id == sets[place].pk]

    @staticmethod
    def create(by, rows, **kwargs):
        return actions.create_parts(by, rows, day=today(), **kwargs)

    @staticmethod
    def update(by, rows, fields, **kwargs):
        return actions.update_parts(by, rows, fields, day=today(), **kwargs)


@register
class RoomRegister(PartRegister):
    model = Room
    evidence = True
    path = "rooms"
    sheet_key = ("village", "room_type")
    sheet_words = {
        "room_type": ("功能室名称", "房间", "用途"),
        "present": ("有/无", "有无", "是否有", "已建", "是否建成"),
        "sign": ("标识", "有统一标识", "标识牌"),
        "furniture": ("标配", "统一配备"),
        "layout": ("布局",),
        "shared_with": ("共用部门", "共用功能室", "与何室共用"),
        "inspected_on": ("检查时间", "检查日期"),
        "shared": ("是否共用",),
    }
    columns = (
        "room_type",
        "village",
        "present",
        "area",
        "sign",
        "furniture",
        "layout",
        "shared_with",
        "inspected_on",
        "saved_by",
    )
    card = ("room_type", "village", "present", "area")
    search = ("room_type__name", "room_type__name_en", "village__name", "note")
    filters = ("village__township", "village", "present", "sign", "furniture", "layout")
    sections = (
        (_("Room"), ("village", "room_type", "present", "area")),
        (_("Uniform"), ("sign", "furniture", "layout")),
        (_("Use"), ("shared", "shared_with", "note")),
        (_("Inspection"), ("inspected_on", "inspected_by")),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.PLACE, 20)
    empty = _("Record the rooms of each village in the room matrix; a room takes one key.")

    @computed(_("Room"))
    def show_room_type(row: Room) -> str:
        return row.room_type.label

    @computed(_("Area (m²)"))
    def show_area(row: Room) -> str:
        return area(row.area)

    @classmethod
    def extra_actions(cls, user, row: Room) -> list[dict]:
        return [
            {"label": _("In the room matrix"), "url": matrix_of(row.village, f"{row.village_id}-{row.room_type_id}")}
        ]


@register
class BuildingRegister(Register):
    model = Building
    evidence = True
    path = "buildings"
    sheet_months = ("starts_on", "ends_on")
    sheet_words = {
        "address": ("办公楼地址", "地址", "地点", "位置"),
        "area": ("建筑面积", "办公面积", "面积"),
        "built_year": ("建成时间", "建设年份", "建设时间", "建成年月"),
        "condition": ("状况", "房屋质量", "房屋情况"),
        "starts_on": ("启用时间", "投入使用时间"),
        "grounds_area": ("文体活动场地面积", "活动场地面积", "场地面积"),
    }
    columns = ("village", "village__township", "area", "built_year", "condition", "easy_access", "starts_on", "ends_on")
    card = ("village", "area", "condition", "easy_access")
    search = ("village__name", "address")
    filters = ("village__township", "village", "condition", "easy_access")
    sections = (
        (_("Office building"), ("village", "address", "area", "built_year", "condition", "easy_access")),
        (_("Use"), ("starts_on", "ends_on", "grounds_area")),
    )
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=CLERKS)
    menu = (Group.PLACE, 30)
    empty = _("Enter the office building of each village: its area, condition and access count in the score.")
    create = staticmethod(actions.create_dated)
    update = staticmethod(actions.update_dated)

    @computed(_("Office area (m²)"))
    def show_area(row: Building) -> str:
        return area(row.area)

    @computed(_("Grounds for culture and sport (m²)"))
    def show_grounds_area(row: Building) -> str:
        return area(row.grounds_area)


@register
class RoomReviewRegister(Register):
    """Handed in from the room matrix by one button (`facilities.reviews.hand_in`); a form makes one as well."""

    model = RoomReview
    path = "room-reviews"
    columns = ("village", "village__township", "year", "state", "state_since", "due_on", "saved_by")
    card = ("village", "year", "state", "due_on")
    search = ("village__name", "village__pinyin", "year")
    filters = ("village__township", "village", "state")
    sections = ((_("Review of rooms"), ("village", "year")),)
    workflow = ROOM_REVIEW
    may = Rights(view=READERS, add={Role.SECRETARY}, delete=DISTRICT)
    menu = (Group.PLACE, 15)
    empty = _(
        "Villages hand in their rooms from the room matrix once all are filled in; the township reviews them here."
    )

    @classmethod
    def extra_actions(cls, user, row: RoomReview) -> list[dict]:
        return [{"label": _("In the room matrix"), "url": matrix_of(row.village)}]


@register
class EquipmentRegister(PartRegister):
    model = Equipment
    path = "equipment"
    sheet_key = ("village", "item")
    sheet_words = {
        "item": ("设备名称", "名称", "物品名称", "品名"),
        "quantity": ("数量", "现有"),
    }
    columns = ("item", "village", "village__township", "quantity", "asked", "note", "saved_by")
    card = ("item", "village", "quantity", "asked")
    search = ("item__name", "item__name_en", "village__name", "note")
    filters = ("village__township", "village")
    sections = ((_("Equipment"), ("village", "item", "quantity", "note")),)
    may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete=EDITORS)
    menu = (Group.PLACE, 40)
    empty = _("Enter how many of each piece of the list the village has, 0 where it has none.")

    @computed(_("Equipment"))
    def show_item(row: Equipment) -> str:
        return row.item.label

    @computed(_("Quantity asked"))
    def show_asked(row: Equipment) -> str:
        return str(row.item.quantity)


@register
class RoomSetRegister(Register):
    model = RoomSet
    path = "room-sets"
    columns = (
        "key",
        "label",
        "edition",
        "state",
        "default_for",
        "office_area",
        "valid_from",
        "valid_until",
        "territory_code",
    )
    card = ("key", "label", "edition", "state")
    search = ("key", "name", "name_en")
    filters = ("state", "default_for")
    sections = (
        (_("Room set"), ("key", "name", "name_en", "territory_code", "default_for", "office_area")),
        (_("Validity"), ("valid_from", "valid_until", "source")),
    )
    facts = ("edition", "state")
    inlines = (
        Inline(RoomType, ("position", "group", "key", "name", "name_en", "heading")),
        Inline(EquipmentItem, ("position", "key", "name", "name_en", "quantity")),
    )
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT, publish=DISTRICT)
    menu = (Group.SETTINGS, 50)
    empty = _("Enter which rooms a village must have, then publish the set.")

    @computed(_("Name"))
    def show_label(row: RoomSet) -> str:
        return row.label

    @computed(_("Office area (m²)"))
    def show_office_area(row: RoomSet) -> str:
        return area(row.office_area)

    @classmethod
    def extra_actions(cls, user, row: RoomSet) -> list[dict]:
        buttons = []
        if (
            rights.can(user, "publish", RoomSet)
            and RoomSet.objects.visible_to(user, "publish").filter(pk=row.pk).exists()
        ):
            url = reverse("facilities:room_set_publish", args=[row.pk])
            buttons.append({"label": _("Publish the set"), "url": url, "post": True})
        if rights.can(user, "add", RoomSet) and not row.is_draft:
            url = reverse("facilities:room_set_new_edition", args=[row.pk])
            buttons.append({"label": _("New edition"), "url": url, "post": True})
        return buttons


@register
class SetAssignmentRegister(Register):
    model = SetAssignment
    path = "set-assignments"
    sheet_key = ("village", "room_set", "starts_on")
    columns = ("village", "village__township", "room_set", "starts_on", "ends_on")
    search = ("village__name", "room_set__key")
    filters = ("village__township", "room_set")
    sections = ((_("Assignment of a room set"), ("village", "room_set", "starts_on", "ends_on")),)
    may = Rights(view=READERS, add=DISTRICT, change=DISTRICT, delete=DISTRICT)
    menu = (Group.SETTINGS, 60)
    empty = _("Nothing to do: villages have 111118 and communities 11147 until you assign another set.")
    create = staticmethod(actions.create_dated)
    update = staticmethod(actions.update_dated)
