"""What there is to do, live, and how complete the files are."""

from datetime import date

from core.periods import Period
from dashboards import files
from dashboards.todo import Urgency, by_urgency, of_group, todos
from facilities.models import Building, Room
from villages.models import Adoption, Village

DAY = date(2013, 11, 24)
LIANG = "450109100214"


def found_in(standard, code=LIANG):
    return todos(Village.objects.filter(code=code), Period(2013, DAY), standard)


def test_a_record_stands_once_where_it_weighs_most(standard, ground):
    room = Room.objects.get(village=ground.home, present=False)
    naming = [item for item in found_in(standard) if any(f"/rooms/{room.pk}/" in r.url for r in item.records)]
    assert [item.criterion.indicator for item in naming] == ["rooms_in_place"]
    assert naming[0].url == naming[0].records[0].url


def test_several_records_open_the_sheet_of_the_village(standard, ground):
    Adoption.objects.filter(village=ground.home, pk__in=_some(ground, 3)).delete()
    (item,) = [item for item in found_in(standard) if item.criterion.indicator == "regulations_adopted"]
    assert len(item.records) >= 3 and item.url == f"/dossiers/{LIANG}/#g-rules"
    assert item.more == len(item.records) - 2


def _some(ground, number):
    rows = Adoption.objects.filter(village=ground.home, regulation__needs_vote=False, regulation__field="party")
    return list(rows.values_list("pk", flat=True)[:number])


def test_musts_first_then_what_is_not_on_record_then_what_loses_most(standard, ground):
    Building.objects.filter(village=ground.home).update(area=50_00)
    Building.objects.filter(village=ground.next_door).delete()
    found = todos(Village.objects.filter(code__startswith="450109"), Period(2013, DAY), standard)
    order = [item.urgency for item in found]
    assert order == sorted(order, key=list(Urgency).index)
    assert found[0].urgency == Urgency.MUST
    assert any(item.urgency == Urgency.UNKNOWN and item.village == ground.next_door for item in found)
    losing = [item.lost for item in found if item.urgency == Urgency.LOSES]
    assert losing == sorted(losing, reverse=True)


def test_entered_is_gone(standard, ground):
    before = found_in(standard)
    Room.objects.filter(village=ground.home).update(present=True, sign=True, furniture=True, layout=True)
    after = found_in(standard)
    assert any(item.criterion.indicator == "rooms_in_place" for item in before)
    assert not any(item.criterion.indicator.startswith("rooms") for item in after)


def test_narrowing_and_grouping(standard):
    found = found_in(standard)
    assert {item.criterion.group for item in of_group(found, "rules")} <= {"rules"}
    assert of_group(found, "nonsense") == found
    assert sum(n for _urgency, _lines, n in by_urgency(found, 1)) == len(found)


def test_a_file_counts_what_is_on_record_good_or_bad(ground):
    (file,) = files.completeness(Village.objects.filter(code=LIANG), DAY)
    parts = {part.key: part for part in file.parts}
    assert (parts["rooms"].filled, parts["rooms"].asked) == (13, 13)  # one of them is on record as not there
    assert (parts["building"].filled, parts["building"].asked) == (3, 3)
    assert parts["equipment"].missing == 0
    assert file.filled == sum(part.filled for part in file.parts)


def test_what_is_not_on_record_is_missing_and_named(ground):
    Room.objects.filter(village=ground.home).delete()
    Building.objects.filter(village=ground.home).update(area=None, easy_access=None)
    (file,) = files.completeness(Village.objects.filter(code=LIANG), DAY)
    parts = {part.key: part for part in file.parts}
    assert parts["rooms"].missing == 13 and parts["building"].missing == 2
    assert file.worst.key == "rooms" and file.url == f"/dossiers/{LIANG}/?tab=rooms"


def test_the_least_complete_first(ground):
    Room.objects.filter(village=ground.across).delete()
    found = files.completeness(Village.objects.filter(code__startswith="450109"), DAY)
    assert found[0].village == ground.across and len(found) == 4
