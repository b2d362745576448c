"""Five workbooks as townships send them (tests/core/make_real_sheets.py): what each gives, and what is wrong in it."""

from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from accounts.models import Grant, User
from cadres.models import PartyMember, Person, Post
from core.registers.base import for_model
from core.roles import Role
from core.sheets.choosing import best_table
from core.sheets.columns import columns_of
from core.sheets.parsing import parse
from core.sheets.reading import read
from facilities.models import Room
from tests.core.make_real_sheets import id_number
from tests.factories import (
    DistrictFactory,
    PartyBranchFactory,
    PersonFactory,
    RoomTypeFactory,
    SetAssignmentFactory,
    TownshipFactory,
    VillageFactory,
)
from villages.models import Hamlet

HERE = Path(__file__).parent / "sheets_real"
DAY = date(2013, 11, 24)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def ground(db):
    """The villages that the workbooks name, and who enters for the whole district."""
    home, away = DistrictFactory(code="450109", name="邕宁区"), DistrictFactory(code="450108", name="良庆区")
    pumiao = TownshipFactory(code="450109100", name="蒲庙镇", district=home)
    nalou = TownshipFactory(code="450109101", name="那楼镇", district=home)
    liangqing = TownshipFactory(code="450108100", name="良庆镇", district=away)
    user = User.objects.create(username="office", name="组织部")
    Grant.objects.create(user=user, role=Role.DISTRICT, territory_code="450109")
    return {
        "user": user,
        "张村": VillageFactory(code="450109100901", name="张村", township=pumiao),
        "李家坡村": VillageFactory(code="450109100902", name="李家坡村", township=pumiao),
        "城东社区": VillageFactory(code="450109100003", name="城东社区", township=pumiao),
        "王村": VillageFactory(code="450109100904", name="王村", township=pumiao),
        "那楼王村": VillageFactory(code="450109101904", name="王村", township=nalou),
        "域外村": VillageFactory(code="450108100905", name="域外村", township=liangqing),
    }


def lines_of(file: str, model, user):
    register = for_model(model)
    table = best_table(read(file, (HERE / file).read_bytes()), columns_of(register))
    return table, parse(register, user, table, DAY)


def wrong(lines) -> dict[str, tuple[str, str]]:
    """{address: (sentence, proposal)}"""
    return {error.address: (error.sentence, error.proposal) for line in lines for error in line.errors}


def test_the_list_of_cadres(ground):
    table, lines = lines_of("cadres.xlsx", Person, ground["user"])
    assert [line.number for line in lines] == [5, 6, 7, 8, 9, 10, 11]
    assert [why for _row, why in table.skipped] == ["合计行", "表下的说明"]
    assert [unknown.heading for unknown in table.unknown] == ["备注"]
    good = [line.row for line in lines if not line.errors]
    assert [(p.village.name, p.name, p.sex, p.born_on) for p in good] == [
        ("张村", "陆大明", "1", date(1968, 3, 5)),
        ("张村", "韦秀", "2", date(1975, 7, 19)),
        ("张村", "黄小军", "1", date(1980, 12, 1)),
        ("李家坡村", "李四", "1", date(1974, 1, 1)),
    ]
    labels = [p.get_education_display() for p in good]
    assert labels == ["高中", "大专", "大专", "初中"]
    assert good[0].id_number.plain == id_number("45010919680305101") and good[1].phone.plain == "13800006002"
    assert not good[2].phone
    found = wrong(lines)
    assert set(found) == {"E9", "G10", "B11"}
    assert found["E9"] == ("“84.6.1”的年份只有两位：写满四位。", "1984-06-01")
    assert found["G10"][0].startswith("Excel把这个长数字改成了近似值")
    assert found["B11"] == ("没有“张坡”，是不是“张村”？", "张村")
    assert lines[5].row.village == ground["城东社区"], "居委会 is the community"


def test_the_list_of_posts_with_two_villages_of_one_name(ground):
    people = {
        "王一": PersonFactory(name="王一", village=ground["王村"]),
        "那楼王一": PersonFactory(name="王一", village=ground["那楼王村"]),
        "陆大明": PersonFactory(name="陆大明", village=ground["张村"]),
    }
    PersonFactory(name="王三", village=ground["那楼王村"])
    table, lines = lines_of("posts.xlsx", Post, ground["user"])
    assert table.sheet.name != "填表说明" and table.unknown == []
    good = [line.row for line in lines if not line.errors]
    assert [(p.village, p.person, p.position, p.starts_on) for p in good] == [
        (ground["王村"], people["王一"], "secretary", date(2011, 8, 15)),
        (ground["张村"], people["陆大明"], "secretary", date(2011, 8, 16)),
        (ground["那楼王村"], people["那楼王一"], "director", date(2011, 9, 1)),
    ]
    assert (good[0].entitled, good[0].present, good[2].entitled) == (32, 28, 1204)
    found = wrong(lines)
    assert found["B7"][0] == "有不止一个“王村”：写成“蒲庙镇王村”或“那楼镇王村”，或写代码。"
    assert "没有“王二”" in found["C7"][0]
    assert found["D8"][1] == "副主任" and lines[4].row.starts_on == date(2011, 9, 1), "a month is enough"
    assert "不是数字" in found["G8"][0]
    assert "不在您的辖区" in found["B9"][0] and "没有“外人”" in found["C9"][0]
    assert "F9" not in found, "任命 is 上级任命"


def test_the_old_workbook_of_members(ground):
    branches = [PartyBranchFactory(name="第一党支部", village=ground[name]) for name in ("张村", "李家坡村")]
    people = [PersonFactory(name="陆大明", village=ground[name]) for name in ("张村", "李家坡村")]
    PersonFactory(name="韦秀", village=ground["张村"])
    table, lines = lines_of("members.xls", PartyMember, ground["user"])
    assert [why for _row, why in table.skipped] == ["栏次行"] and table.unknown == []
    assert [(line.row.person, line.row.branch) for line in lines[:2]] == list(zip(people, branches, strict=True))
    assert [line.row.joined_on for line in lines] == [date(1995, 10, 28), date(1999, 7, 1), date(2013, 6, 28)]
    assert [line.row.state for line in lines] == ["full", "full", "probationary"]
    assert {address: proposal for address, (_sentence, proposal) in wrong(lines).items()} == {"D6": "第一党支部"}


def test_the_open_workbook_of_rooms(ground):
    types = {name: RoomTypeFactory(name=name) for name in ("党员活动室", "会议室")}
    RoomTypeFactory(name="会议室")  # of another set: 会议室 is that of the village's own
    own = types["会议室"].room_set
    SetAssignmentFactory(village=ground["张村"], room_set=own, starts_on=date(2013, 1, 1), ends_on=None)
    table, lines = lines_of("rooms.ods", Room, ground["user"])
    assert table.unknown == []
    good = [line.row for line in lines if not line.errors]
    assert [(r.village, r.room_type, r.present, r.area, r.sign, r.inspected_on) for r in good] == [
        (ground["张村"], types["党员活动室"], True, 3500, True, date(2013, 10, 8)),
        (ground["张村"], types["会议室"], False, None, False, None),
        (ground["李家坡村"], types["党员活动室"], True, 4250, True, date(2013, 10, 9)),
    ]
    found = wrong(lines)
    assert found["B6"][1] == "会议室" and "不是数字" in found["D6"][0]
    assert "只写到月" in found["G6"][0] and found["G6"][1] == "2013-10-01"


def test_the_csv_of_hamlets_in_gb18030(ground):
    table, lines = lines_of("hamlets.csv", Hamlet, ground["user"])
    assert [why for _row, why in table.skipped] == ["合计行"]
    good = [(line.row.village, line.row.name, line.row.households) for line in lines if not line.errors]
    assert good == [(ground["张村"], "上坡", 1024), (ground["张村"], "下坡", 25), (ground["张村"], "㙟坡", 18)]
    found = wrong(lines)
    assert set(found) == {"C6", "A7"}
    assert "不是数字" in found["C6"][0] and "科学计数" in found["A7"][0]
    assert lines[3].row.name == "𠮷坡" and lines[3].row.village == ground["李家坡村"]
