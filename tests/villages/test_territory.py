"""The ground: codes, what follows from them, and what becomes of places that are closed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core import actions
from core.models import AuditRow
from tests import cast as stage
from tests.factories import HamletFactory, VillageFactory
from villages.actions import close_into, update_divisions
from villages.demo import build_territory
from villages.models import District, Hamlet, Township, Village

pytestmark = pytest.mark.django_db

DAY = date(2013, 7, 1)


# ---- codes ----


@pytest.mark.parametrize(
    "code", ["", "45010910021", "4501091002145", "45010910021x", "450109 00214", "４５０１０９１００２１４５"]
)
def test_a_village_has_twelve_digits(cast, code):
    with pytest.raises(ValidationError) as refused:
        actions.create(cast["district"], [Village(code=code, name="新村", official_name="新村", kind="village")])
    assert "code" in refused.value.message_dict


def test_a_code_without_a_township_is_refused(cast):
    with pytest.raises(ValidationError) as refused:
        actions.create(
            cast["district"], [Village(code="450109999201", name="新村", official_name="新村", kind="village")]
        )
    assert list(refused.value.message_dict) == ["code"]


def test_the_place_above_is_found_by_the_code(cast):
    village = Village(code="450109100399", name="新村", official_name="新村委会", kind="village")
    actions.create(cast["district"], [village])
    village.refresh_from_db()
    assert village.township.code == stage.PUMIAO and village.scope_code == "450109100399"
    # A township that was given and is another one's is not believed.
    other = Village(code="450109101399", name="二村", official_name="二村", kind="village", township=village.township)
    actions.create(cast["district"], [other])
    assert other.township.code == stage.NALOU


@pytest.mark.parametrize("number", ["1٢3", "²²²"])
def test_digits_are_ascii(cast, number):
    """`isdigit` takes other scripts' digits too; a range over codes does not."""
    with pytest.raises(ValidationError):
        actions.create(
            cast["district"], [Village(code=f"450109100{number}", name="新村", official_name="新村", kind="village")]
        )


# ---- standing on a day ----


def test_a_village_stands_from_its_first_day_to_the_day_before_its_end(cast):
    Village.objects.filter(pk=cast.home.pk).update(opened_on=DAY, closed_on=date(2013, 8, 1))
    days = {date(2013, 6, 30): False, DAY: True, date(2013, 7, 31): True, date(2013, 8, 1): False}
    assert {day: Village.objects.on(day).filter(pk=cast.home.pk).exists() for day in days} == days
    assert Village.objects.on(DAY).filter(pk=cast.abroad.pk).exists()  # without dates: always


# ---- closing ----


def test_a_merged_village_keeps_its_code_and_rows_and_is_seen_with_its_successor(cast):
    hamlet = HamletFactory(village=cast.across)
    close_into(cast["district"], [cast.across], cast.home, DAY, reason="合并")
    closed = Village.objects.get(pk=cast.across.pk)
    assert (closed.code, closed.scope_code) == ("450109101201", stage.HOME)
    assert (closed.closed_on, closed.successor) == (DAY, cast.home)
    assert list(closed.hamlets.all()) == [hamlet]
    assert hamlet in Hamlet.objects.visible_to(cast["secretary"])
    assert hamlet not in Hamlet.objects.visible_to(cast["secretary_across"])
    assert hamlet not in Hamlet.objects.visible_to(cast["clerk_across"])
    written = AuditRow.objects.get(object_id=str(closed.pk), model="villages.Village")
    assert written.reason == "合并" and written.after["closed_on"] == "2013-07-01"


def test_what_a_village_absorbed_follows_it(cast):
    """across → next_door → home: all three are home's, in whatever order they were closed."""
    district = cast["district"]
    older = VillageFactory(township=cast.across.township)
    close_into(district, [older], cast.across, DAY)
    close_into(district, [cast.across], cast.next_door, DAY)
    close_into(district, [cast.next_door], cast.home, date(2014, 7, 1))
    codes = Village.objects.filter(pk__in=[older.pk, cast.across.pk, cast.next_door.pk, cast.home.pk])
    assert set(codes.values_list("scope_code", flat=True)) == {stage.HOME}
    older.refresh_from_db()
    assert older.closed_on == DAY and older.successor == cast.across


def test_the_edit_page_of_a_village_moves_its_past_too(cast, as_):
    close_into(cast["district"], [cast.across], cast.next_door, DAY)
    cast.next_door.refresh_from_db()
    cast.next_door.closed_on, cast.next_door.successor = DAY, cast.home
    update_divisions(cast["district"], [cast.next_door], ["closed_on", "successor"])
    cast.across.refresh_from_db()
    assert cast.across.scope_code == stage.HOME


def test_a_closed_village_that_opens_again_is_its_own(cast):
    district = cast["district"]
    close_into(district, [cast.next_door], cast.home, DAY)
    again = Village.objects.get(pk=cast.next_door.pk)
    again.closed_on = again.successor = None
    update_divisions(district, [again], ["closed_on", "successor"])
    assert Village.objects.get(pk=again.pk).scope_code == again.code


def test_a_village_cannot_become_part_of_itself(cast):
    district = cast["district"]
    with pytest.raises(ValidationError):
        close_into(district, [cast.home], cast.home, DAY)
    cast.home.refresh_from_db()
    close_into(district, [cast.across], cast.home, DAY)
    with pytest.raises(ValidationError):
        close_into(district, [Village.objects.get(pk=cast.home.pk)], Village.objects.get(pk=cast.across.pk), DAY)
    cast.home.refresh_from_db()
    assert cast.home.closed_on is None and cast.home.scope_code == stage.HOME


@pytest.mark.parametrize("username", ["clerk", "clerk_across"])
def test_a_clerk_closes_no_village_into_anothers_township(cast, username):
    """Neither giving one's own away nor taking a neighbour's."""
    with pytest.raises(actions.Invisible):
        close_into(cast[username], [cast.across], cast.home, DAY)
    assert not Village.objects.filter(closed_on__isnull=False).exists()


def test_one_foreign_village_and_none_is_closed(cast):
    with pytest.raises(actions.Invisible):
        close_into(cast["district"], [cast.next_door, cast.abroad], cast.home, DAY)
    assert not Village.objects.filter(closed_on__isnull=False).exists()


# ---- the demonstration's ground ----


def test_the_district_of_2013():
    """74 in all: 65 villages, 5 rural and 4 urban communities; 70 of them in the plan."""
    villages = build_territory()
    kinds = [village.kind for village in villages]
    counts = [kinds.count(kind) for kind in ("village", "rural_community", "urban_community")]
    assert (len(villages), counts, sum(v.in_plan for v in villages)) == (74, [65, 5, 4], 70)
    assert (District.objects.count(), Township.objects.count()) == (1, 5)
    for village in villages:
        village.full_clean()
        assert village.scope_code == village.code and village.township.code == village.code[:9]
        committee = village.code[9:]
        assert ("001" <= committee <= "199") == village.is_community
