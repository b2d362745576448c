"""Which set holds where and when."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core.actions import Invisible, Refused
from core.models import AuditRow
from facilities import actions, standards
from facilities.choices import SetState
from facilities.models import RoomSet, SetAssignment
from facilities.querysets import sets_on
from tests.facilities.conftest import DAY, room_set
from villages.choices import VillageKind
from villages.models import Village


def keys_on(day: date = DAY) -> dict[str, str]:
    sets = sets_on(Village.objects.all(), day)
    return {village.name: str(sets[village.pk].key) for village in Village.objects.all() if village.pk in sets}


def test_by_default_the_committee_decides(place):
    """A rural community has a residents' committee too."""
    Village.objects.filter(pk=place.across.pk).update(kind=VillageKind.RURAL_COMMUNITY)
    assert keys_on() == {"红星社区": "11147", "梁村": "111118", "广良村": "111118", "屯六村": "11147"}
    assert keys_on(date(2012, 12, 31)) == {}


def test_an_assignment_holds_from_its_first_day_to_its_last(place):
    SetAssignment.objects.create(
        village=place.home, room_set=room_set("11147"), starts_on=date(2013, 3, 1), ends_on=date(2013, 9, 30)
    )
    days = [date(2013, 2, 28), date(2013, 3, 1), date(2013, 9, 30), date(2013, 10, 1)]
    assert [keys_on(day)["梁村"] for day in days] == ["111118", "11147", "11147", "111118"]


def test_five_queries_for_any_number(place, django_assert_num_queries):
    SetAssignment.objects.create(village=place.home, room_set=room_set("11147"), starts_on=DAY)
    for villages in (Village.objects.filter(pk=place.home.pk), Village.objects.all()):
        with django_assert_num_queries(5):
            for one in sets_on(villages, DAY).values():
                list(one.rooms.all())
                list(one.equipment.all())


def test_the_most_local_set_wins(place):
    """A set of the whole country, and one of another district that must not be taken for ours."""
    standards.load("")
    standards.load("450110")
    ours = Village.objects.in_territory("450109")
    assert {one.territory_code for one in sets_on(ours, DAY).values()} == {"450109"}
    assert sets_on(Village.objects.all(), DAY)[place.abroad.pk].territory_code == ""
    RoomSet.objects.filter(territory_code="450109").update(valid_until=date(2013, 6, 30))
    assert {one.territory_code for one in sets_on(ours, DAY).values()} == {""}


def test_a_new_edition_is_drafted_changed_and_published(place):
    draft = actions.new_edition(place["district"], room_set("111118"))
    assert (draft.edition, draft.state, draft.rooms.count(), draft.equipment.count()) == (2, SetState.DRAFT, 13, 12)
    assert sets_on(Village.objects.all(), date(2014, 5, 1))[place.home.pk].edition == 1
    RoomSet.objects.filter(pk=draft.pk).update(valid_from=date(2014, 1, 1))

    actions.publish_set(place["district"], draft)

    old = room_set("111118")
    assert (old.state, old.valid_until) == (SetState.RETIRED, date(2013, 12, 31))
    assert sets_on(Village.objects.all(), date(2013, 12, 31))[place.home.pk].edition == 1
    assert sets_on(Village.objects.all(), date(2014, 1, 1))[place.home.pk].edition == 2
    verbs = AuditRow.objects.filter(model="facilities.RoomSet").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "publish", "retire"]


def test_an_assignment_follows_the_editions(place):
    SetAssignment.objects.create(village=place.home, room_set=room_set("11147"), starts_on=date(2013, 1, 1))
    draft = actions.new_edition(place["district"], room_set("11147"))
    RoomSet.objects.filter(pk=draft.pk).update(valid_from=date(2014, 1, 1))
    actions.publish_set(place["district"], draft)
    assert sets_on(Village.objects.all(), date(2014, 1, 1))[place.home.pk].pk == draft.pk


def test_a_set_without_rooms_is_not_published(place):
    draft = actions.new_edition(place["district"], room_set("111118"))
    draft.rooms.all().delete()
    with pytest.raises(ValidationError):
        actions.publish_set(place["district"], draft)


def test_only_the_district_publishes_and_only_drafts(place):
    with pytest.raises(Refused):
        actions.publish_set(place["clerk"], room_set("111118"))
    with pytest.raises(Invisible):
        actions.publish_set(place["district"], room_set("111118"))


def test_assignments_of_a_village_may_not_overlap(place):
    communities = room_set("11147")
    actions.create_dated(
        place["district"],
        [SetAssignment(village=place.home, room_set=communities, starts_on=DAY, ends_on=date(2014, 6, 30))],
    )
    overlapping = SetAssignment(village=place.home, room_set=communities, starts_on=date(2014, 6, 30))
    with pytest.raises(ValidationError):
        actions.create_dated(place["district"], [overlapping])
    overlapping.starts_on = date(2014, 7, 1)
    actions.create_dated(place["district"], [overlapping])
    overlapping.starts_on = date(2014, 6, 30)
    with pytest.raises(ValidationError):
        actions.update_dated(place["district"], [overlapping], ["starts_on"])
    assert SetAssignment.objects.get(pk=overlapping.pk).starts_on == date(2014, 7, 1)
