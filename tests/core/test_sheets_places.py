"""Villages as people name them, and records that a cell names by their text."""

from datetime import date

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadres.models import PartyBranch, Person
from core.sheets.errors import CellError
from core.sheets.lookups import Lookups
from core.sheets.places import is_place, parent_name, stem
from tests.factories import PartyBranchFactory, PersonFactory, VillageFactory
from villages.models import District, Hamlet, Township, Village

DAY = date(2013, 11, 24)
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def ground(cast):
    """张村 and 李家坡村 in 蒲庙镇, 王村 there and in 那楼镇, 赵村 that became 张村, 外村 of another district."""
    pumiao, nalou = cast.home.township, cast.across.township
    Township.objects.filter(pk=pumiao.pk).update(name="蒲庙镇")
    Township.objects.filter(pk=nalou.pk).update(name="那楼镇")
    pumiao.refresh_from_db(), nalou.refresh_from_db()
    village = {
        "zhang": VillageFactory(name="张村", township=pumiao),
        "li": VillageFactory(name="李家坡村", township=pumiao),
        "wang": VillageFactory(name="王村", township=pumiao),
        "wang2": VillageFactory(name="王村", township=nalou),
        "town": VillageFactory(name="城东社区", township=pumiao),
        "out": VillageFactory(name="域外村", township=cast.abroad.township),
    }
    village["zhao"] = VillageFactory(
        name="赵村", township=pumiao, closed_on=date(2012, 3, 1), successor=village["zhang"]
    )
    village["qian"] = VillageFactory(name="钱村", township=pumiao, closed_on=date(2012, 3, 1))
    return village


@pytest.fixture
def district(cast, ground):
    return Lookups(cast["district"], DAY).places(Village)


@pytest.fixture
def clerk(cast, ground):
    return Lookups(cast["clerk"], DAY).places(Village)


def mistake(function, *args) -> CellError:
    with pytest.raises(CellError) as caught:
        function(*args)
    return caught.value


def test_what_is_a_place():
    assert is_place(Village) and is_place(Township) and not is_place(Hamlet) and not is_place(None)
    assert parent_name(Village) == "township" and parent_name(Township) == "district" and parent_name(District) == ""


@pytest.mark.parametrize(
    "raw",
    [
        "张村",
        "张",
        " 张 村 ",
        "张村村委会",
        "张村村民委员会",
        "蒲庙镇张村",
        "蒲庙张村",
        "邕宁区蒲庙镇张村",
        "广西南宁市邕宁区蒲庙镇张村",
        "张村社区",
    ],
)
def test_a_village_is_found_however_it_is_named(ground, district, raw):
    assert district.find(raw) == ground["zhang"]


def test_a_community_is_found_without_its_ending(ground, district):
    for raw in ("城东社区", "城东", "城东居委会", "城东社区居委会", "城东社区居民委员会"):
        assert district.find(raw) == ground["town"]


def test_a_village_is_found_by_its_code(ground, district):
    code = ground["li"].code
    for raw in (code, f"'{code}", float(code), int(code), f" {code} "):
        assert district.find(raw) == ground["li"]
    assert "科学计数" in mistake(district.find, "4.50109E+11").sentence
    error = mistake(district.find, code[:-1] + ("8" if code[-1] != "8" else "9") + "1")
    assert "没有代码" in error.sentence


def test_a_near_miss_is_proposed(ground, clerk):
    error = mistake(clerk.find, "张坡")
    assert error.sentence == "没有“张坡”，是不是“张村”？" and error.proposal == "张村"
    assert mistake(clerk.find, "李家波村").proposal == "李家坡村"
    assert mistake(clerk.find, "☆☆☆☆").proposal == ""


def test_two_villages_of_one_name_are_told_apart(ground, district, clerk):
    error = mistake(district.find, "王村")
    assert "“蒲庙镇王村”" in error.sentence and "“那楼镇王村”" in error.sentence
    assert district.find("王村", "那楼镇") == ground["wang2"]
    assert district.find("王村", "蒲庙") == ground["wang"]
    assert district.find("那楼镇王村") == ground["wang2"]
    assert "“那楼镇”没有“张村”；“蒲庙镇”有" in mistake(district.find, "张村", "那楼镇").sentence
    assert district.find("张村", "全区") == ground["zhang"], "what is no township says nothing"
    assert clerk.find("王村") == ground["wang"], "the clerk has only one of them"


def test_a_village_elsewhere_is_named_as_such_and_nothing_more(ground, district, clerk):
    assert "不在您的辖区" in mistake(district.find, "域外村").sentence
    assert "不在您的辖区" in mistake(clerk.find, "那楼镇王村").sentence
    assert "不在您的辖区" in mistake(clerk.find, "王村", "那楼镇").sentence
    assert mistake(clerk.find, "域外村").proposal == ""
    assert "域外" not in "".join(clerk.names())


def test_a_closed_village_leads_to_what_it_became(ground, district):
    error = mistake(district.find, "赵村")
    assert "2012-03-01" in error.sentence and error.proposal == "张村"
    assert district.find(ground["zhao"].code) == ground["zhao"], "its code names the old place all the same"
    assert "撤销" in mistake(district.find, "钱村").sentence
    assert "赵村" not in district.names()


def test_before_its_last_day_a_village_stands(cast, ground):
    then = Lookups(cast["district"], date(2012, 2, 1)).places(Village)
    assert then.find("赵村") == ground["zhao"]


def test_the_names_of_the_list_are_all_found(ground, district, clerk):
    for places in (district, clerk):
        assert places.names()
        for name in places.names():
            assert places.find(name).name in name


def test_nobody_finds_nothing(ground):
    assert "不在您的辖区" in mistake(Lookups(None, DAY).places(Village).find, "张村").sentence


def test_a_sheet_asks_for_places_once(cast, ground, django_assert_max_num_queries):
    lookups = Lookups(cast["district"], DAY)
    with django_assert_max_num_queries(4):
        for raw in ("张村", "王村", "赵村", "无此村", "450109"):
            try:
                lookups.places(Village).find(raw)
            except CellError:
                pass
        lookups.places(Village).names()


@QUIET
@given(st.text(max_size=30) | st.floats() | st.integers() | st.none() | st.dates(), st.text(max_size=8))
def test_no_junk_breaks_the_looking_up(district, raw, hint):
    try:
        district.find(raw, hint)
    except CellError as error:
        assert error.sentence


@given(st.text("村社区镇乡委会居民张蒲", max_size=12))
def test_a_stem_is_never_empty(name):
    assert bool(stem(name)) == bool(name)


# ---- records ----


def test_people_of_one_name_are_told_apart_by_their_village(cast, ground):
    here, there = PersonFactory(name="张三", village=ground["zhang"]), PersonFactory(name="张三", village=ground["li"])
    third = PersonFactory(name="张三", village=ground["li"])
    people = Lookups(cast["district"], DAY).records(Person)
    assert people.find("张 三", ground["zhang"].pk) == here
    error = mistake(people.find, "张三", ground["li"].pk)
    assert f"张三#{there.pk}" in error.sentence and f"张三#{third.pk}" in error.sentence
    assert people.find(f"张三#{third.pk}") == third
    assert "不止一条" in mistake(people.find, "张三").sentence
    assert "没有“李四#" in mistake(people.find, f"李四#{third.pk}").sentence, "number and name must agree"


def test_a_record_out_of_the_territory_is_none(cast, ground):
    PersonFactory(name="域外人", village=ground["out"])
    people = Lookups(cast["district"], DAY).records(Person)
    assert "没有“域外人”" in mistake(people.find, "域外人").sentence
    assert "域外人" not in people.names()


def test_a_record_is_proposed(cast, ground):
    PartyBranchFactory(name="张村第一党支部", village=ground["zhang"])
    error = mistake(Lookups(cast["district"], DAY).records(PartyBranch).find, "张村第1党支部")
    assert error.proposal == "张村第一党支部"


def test_records_cost_one_query_and_decrypt_nothing(cast, ground, django_assert_num_queries, monkeypatch):
    from core.sensitive import fields

    for number in range(5):
        PersonFactory(name=f"人{number}", village=ground["zhang"])
    user = cast["district"]
    Person.objects.visible_to(user)  # reads the person's grants
    monkeypatch.setattr(fields, "decrypt", lambda *args: pytest.fail("a number was decrypted for a name"))
    lookups = Lookups(user, DAY)
    with django_assert_num_queries(1):
        assert len({lookups.records(Person).find(f"人{n}").pk for n in range(5)}) == 5
