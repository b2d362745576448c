"""The file of a village."""

import pytest
from django.urls import reverse

from core.indicators import Shortfall
from dashboards import dossier
from facilities.models import Room
from scoring import explain
from tests.dashboards.conftest import score
from tests.dashboards.test_homes import text
from villages.models import Adoption

HOME, NEXT, ACROSS, ABROAD = "450109100214", "450109100215", "450109101201", "450102001201"
TABS = ("", "rooms", "regulations", "hamlets", "services", "changes")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["district", "leader", "clerk", "secretary", "inspector"])
def test_every_reader_opens_every_chapter(as_, run, name, tab):
    assert "梁村" in text(as_(name).get(f"/dossiers/{HOME}/?tab={tab}"))


@pytest.mark.parametrize("tab", TABS)
def test_every_chapter_opens_before_anything_is_there(as_, tab):
    assert text(as_("district").get(f"/dossiers/{HOME}/?tab={tab}"))


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("secretary", HOME, 200),
        ("secretary", NEXT, 404),
        ("clerk", NEXT, 200),
        ("clerk", ACROSS, 404),
        ("district", ACROSS, 200),
        ("district", ABROAD, 404),
        ("leader", ABROAD, 404),
        ("inspector", ABROAD, 404),
        ("district_abroad", ABROAD, 200),
        ("sysadmin", HOME, 403),
        ("auditor", HOME, 403),
        ("district", "000000000000", 404),
    ],
)
def test_another_territory_is_not_there(as_, run, name, code, status):
    assert as_(name).get(f"/dossiers/{code}/").status_code == status


def test_neighbours_stay_in_the_readers_territory(as_, run):
    page = as_("clerk").get(f"/dossiers/{NEXT}/").content.decode()
    assert f'rel="prev" href="/dossiers/{HOME}/"' in page and 'rel="next"' not in page
    page = as_("district").get(f"/dossiers/{NEXT}/").content.decode()
    assert f'rel="next" href="/dossiers/{ACROSS}/"' in page
    assert 'rel="prev"' not in as_("secretary").get(f"/dossiers/{HOME}/").content.decode()


def test_the_secretary_finds_his_own_without_its_code(as_, run):
    assert as_("secretary").get("/village/").url == f"/dossiers/{HOME}/"
    assert as_("clerk").get("/village/").status_code == 403


def test_a_reader_who_may_not_write_gets_no_link_to_a_form(as_, run):
    for name in ("leader", "inspector"):
        for tab in TABS:
            page = as_(name).get(f"/dossiers/{HOME}/?tab={tab}").content.decode()
            assert "/edit/" not in page and "/new/" not in page, (name, tab)


def test_a_room_not_there_is_said_with_the_page_to_mend_it(as_, run, ground):
    room = Room.objects.get(village=ground.home, present=False)
    page = as_("clerk").get(f"/dossiers/{HOME}/?tab=rooms").content.decode()
    assert f"/facilities/rooms/{room.pk}/edit/" in page and "12/13" in page


def test_a_regulation_not_adopted_opens_its_form_for_this_village(as_, ground):
    adoption = Adoption.objects.filter(village=ground.home).first()
    adoption.delete()
    page = as_("secretary").get(f"/dossiers/{HOME}/?tab=regulations").content.decode()
    assert f"/villages/adoptions/new/?village={ground.home.pk}&amp;regulation={adoption.regulation_id}" in page


def test_a_charter_passed_by_the_wrong_body_is_said(as_, ground):
    charter = Adoption.objects.filter(village=ground.home, regulation__needs_vote=True).first()
    Adoption.objects.filter(pk=charter.pk).update(body="committees")
    assert "表决不合规" in text(as_("leader").get(f"/dossiers/{HOME}/?tab=regulations"))


def test_the_ways_promise_what_the_engine_gives(ground, run):
    """Each way's new score is what the group gets when that criterion has full points, by the engine's own rounding."""
    sheet = sheet_of(ground, run, ground.home)
    found = dossier.ways(sheet)
    assert found
    for way in found:
        points = sum(row.line.points for row in way.block.rows) + way.row.line.lost
        assert way.after == (20000 * points + way.block.measurable) // (2 * way.block.measurable)


def test_what_brings_most_comes_first_within_a_group(ground, run):
    found = [way for way in dossier.ways(sheet_of(ground, run, ground.home)) if way.block.group == "rules"]
    assert [way.gain for way in found] == sorted((way.gain for way in found), reverse=True)


def test_groups_that_fail_come_first(ground, standard):
    def fail(results):
        results.filter(village=ground.home).update(facilities_score=7900, facilities_state="fails", rules_state="meets")

    run = score(ground["district"], standard, fail)
    found = dossier.ways(sheet_of(ground, run, ground.home))
    assert [way.block.passed for way in found] == sorted(way.block.passed for way in found)
    assert not found[0].block.passed


def sheet_of(ground, run, village) -> explain.Sheet:
    from core.periods import Period

    return dossier.score_of(ground["district"], village, run, Period(2013, run.cutoff), False)


def test_a_record_is_a_link_for_whom_its_page_opens_alone(cast):
    """A promise is kept by the village: whom the page would refuse reads what lacks, without a link."""
    promise = Shortfall("维护稳定：未践诺", reverse("services:commitment_fulfil", args=[1]))
    assert promise.shown_to(cast["secretary"]) == promise
    assert promise.shown_to(cast["district"]) == (promise.label, "")
    edit = Shortfall("梁村", reverse("villages:villages_edit", args=[1]))
    assert (edit.shown_to(cast["clerk"]).url, edit.shown_to(cast["leader"]).url) == (edit.url, "")
    new = Shortfall("矛盾纠纷调解室", f"{reverse('facilities:rooms_new')}?village=1")
    assert new.shown_to(cast["clerk"]) == new
