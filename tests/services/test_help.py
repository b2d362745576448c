"""Three-to-one help: pairings, visits by quarter, and who reads of whom."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import actions, indicators
from core.actions import Invisible
from core.periods import Period
from services.actions.help import record_visit
from services.choices_help import HelperTier, HelpKind
from services.help import Quarter, quarters_over
from services.models import HelpedPerson, Helper, HelpVisit
from services.models.help import of_age_from
from tests.cadres.conftest import person
from tests.factories import HelpedPersonFactory, HelperFactory, HelpVisitFactory
from villages.models import Village

DAY = date(2013, 11, 24)
PERIOD = Period(2013, DAY)


def child(village, **facts) -> HelpedPerson:
    known = {"village": village, "kind": HelpKind.CHILD, "name": "小明", "born_on": date(2004, 5, 1)}
    known |= {"starts_on": date(2013, 1, 10), "guardian": "奶奶", "guardian_agreed_on": date(2013, 1, 9)}
    return HelpedPerson(**known | facts)


def paired(village, *tiers, visits=(), **facts) -> HelpedPerson:
    """Helped by those tiers (all three by default), visited on the days by the first of them."""
    helped = HelpedPersonFactory(village=village, **facts)
    helpers = [helper_of(helped, tier) for tier in tiers or HelperTier]
    for on in visits:
        HelpVisitFactory(helped=helped, helper=helpers[0], on=on)
    return helped


def helper_of(helped, tier, **facts) -> Helper:
    if tier == HelperTier.VILLAGE:
        facts = {"name": "", "office": "", "person": person(helped.village)} | facts
    return HelperFactory(helped=helped, tier=tier, **facts)


# ---- quarters ----


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_quarters_cover_every_day_once(day):
    quarter = Quarter.of(day)
    assert quarter.start <= day <= quarter.end
    assert quarter.after.start == quarter.end + timedelta(days=1) and quarter.after.before == quarter
    assert Quarter.read(quarter.key, day) == quarter
    over = quarters_over(day.year, day)
    assert len(over) == quarter.number - (day != quarter.end)


@pytest.mark.parametrize("text", ["", "2013-5", "2013-0", "1913-1", "2014-1", "２０１３-1", "x", "2013-44"])
def test_what_is_no_quarter_is_taken_for_the_days_own(text):
    assert Quarter.read(text, DAY) == Quarter(2013, 4)


@given(st.dates(date(1990, 1, 1), date(2013, 12, 31)))
def test_of_age_on_the_fourteenth_birthday(born_on):
    then = of_age_from(born_on)
    assert then.year - born_on.year == 14
    assert (then.month, then.day) == (born_on.month, born_on.day) or (born_on.month, born_on.day) == (2, 29)


# ---- whose data, and what it takes to write them down ----


def test_numbers_and_addresses_are_sealed_and_masked(cast):
    facts = {"phone": "13877104521", "address": "坛头坡12号", "guardian": "梁奶奶"}
    actions.create(cast["secretary"], [child(cast.home, **facts)])
    row = HelpedPerson.objects.get()
    assert (str(row.phone), str(row.address), str(row.guardian)) == ("138****4521", "******", "梁**")
    with connection.cursor() as cursor:
        cursor.execute("select phone, address, guardian from services_helpedperson")
        stored = " ".join(cursor.fetchone())
    assert not any(plain in stored for plain in facts.values())


def test_an_id_number_that_can_not_be_is_refused_and_gives_the_birth_date(cast):
    known = {"village": cast.home, "kind": HelpKind.ELDER, "name": "老人", "starts_on": date(2013, 1, 10), "sex": "2"}
    with pytest.raises(ValidationError) as refused:
        HelpedPerson(id_number="110105194912310020", **known).full_clean()
    assert "id_number" in refused.value.message_dict
    one = HelpedPerson(id_number="11010519491231002X", **known)
    one.full_clean()
    assert one.born_on == date(1949, 12, 31)


@pytest.mark.parametrize("lacking", [{"guardian": ""}, {"guardian_agreed_on": None}])
def test_under_fourteen_a_guardian_agrees_first(cast, lacking):
    with pytest.raises(ValidationError, match="监护人"):
        actions.create(cast["secretary"], [child(cast.home, **lacking)])
    one = child(cast.home, **lacking)
    one.of_age_on = date(2018, 5, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpedPerson.objects.bulk_create([one])


@pytest.mark.parametrize(("born_on", "asked"), [(date(1999, 1, 11), True), (date(1999, 1, 10), False)])
def test_whoever_is_fourteen_on_the_day_needs_no_guardian(cast, born_on, asked):
    one = child(cast.home, born_on=born_on, guardian="", guardian_agreed_on=None)
    if asked:
        with pytest.raises(ValidationError):
            one.full_clean()
    else:
        one.full_clean()


def test_a_child_without_a_birth_date_is_refused(cast):
    with pytest.raises(ValidationError):
        child(cast.home, born_on=None).full_clean()


@pytest.mark.parametrize("who", ["district", "leader", "inspector", "clerk_across", "secretary_next_door", "auditor"])
def test_a_child_is_read_by_its_village_and_township_alone(cast, as_, who):
    actions.create(cast["secretary"], [child(cast.home)])
    row = HelpedPerson.objects.get()
    helper = HelperFactory(helped=row)
    visit = HelpVisitFactory(helped=row, helper=helper)
    for model in (HelpedPerson, Helper, HelpVisit):
        assert not model.objects.visible_to(cast[who]).exists()
        assert model.objects.visible_to(cast["clerk"]).exists() and model.objects.visible_to(cast["secretary"]).exists()
    pages = (f"helped-people/{row.pk}/", "helped-people/", f"help-visits/{visit.pk}/", "help-visits/", "help/")
    for page in pages:
        assert "小明" not in as_(who).get(f"/services/{page}").content.decode()
    assert "小明" in as_("clerk").get(f"/services/helped-people/{row.pk}/").content.decode()


def test_the_district_reads_the_others_and_counts_the_children(cast, as_):
    actions.create(cast["secretary"], [child(cast.home)])
    paired(cast.home, name="老人甲")
    with time_machine.travel(DAY):
        page = as_("district").get("/services/help/").content.decode()
        leader = as_("leader").get("/services/help/").content.decode()
    assert "老人甲" in page and "另有1名儿童" in page
    assert "老人甲" not in leader and '1<span class="den">/2' in leader


# ---- helpers and visits ----


@pytest.mark.parametrize(
    "facts",
    [
        {"tier": HelperTier.TOWNSHIP, "name": ""},
        {"tier": HelperTier.VILLAGE, "name": "某人"},
        {"ends_on": date(2013, 1, 10)},
    ],
)
def test_the_database_holds_helpers_to_their_tier(cast, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelperFactory(helped=HelpedPersonFactory(village=cast.home), **facts)


def test_one_helper_a_tier_at_a_time(cast):
    helped = paired(cast.home, HelperTier.TOWNSHIP)
    with pytest.raises(ValidationError, match="已有帮扶人"):
        Helper(helped=helped, tier=HelperTier.TOWNSHIP, name="新人", starts_on=DAY).full_clean()
    Helper.objects.update(ends_on=DAY)
    Helper(helped=helped, tier=HelperTier.TOWNSHIP, name="新人", starts_on=DAY).full_clean()


def test_a_visit_is_by_a_helper_of_the_day_on_a_day_that_has_come(cast):
    helped, other = paired(cast.home), paired(cast.home)
    helper = helped.helpers.first()

    def visit(**facts):
        known = {"helped": helped, "helper": helper, "on": DAY, "done": "送药"}
        return record_visit(cast["secretary"], HelpVisit(**known | facts), DAY)

    for facts in ({"on": DAY + timedelta(days=1)}, {"on": date(2013, 1, 9)}, {"helper": other.helpers.first()}):
        with pytest.raises(ValidationError):
            visit(**facts)
    visit()
    with pytest.raises(ValidationError, match="已登记"):
        visit()
    with pytest.raises(Invisible):
        record_visit(cast["secretary_next_door"], HelpVisit(helped=helped, helper=helper, on=DAY, done="送药"), DAY)


def test_four_inputs_on_the_phone_record_a_visit_once(cast, as_):
    helped = paired(cast.home)
    url = f"/services/help/visit/?helped={helped.pk}"
    with time_machine.travel(DAY):
        page = as_("secretary").get(url)
        assert len(page.context["form"].visible_fields()) == 4
        sent = {"helper": helped.helpers.first().pk, "on": "2013-11-20", "done": "送药", "_once": page.context["once"]}
        for _n in range(2):
            assert as_("secretary").post(url, sent).status_code == 302
        assert as_("secretary").post(url, sent | {"on": "2013-11-30", "_once": "d" * 32}).status_code == 422
        assert as_("secretary_next_door").get(url).status_code == 404
        assert as_("leader").get(url).status_code == 403
    assert HelpVisit.objects.get().on == date(2013, 11, 20)


# ---- figures ----

IN_EACH = (date(2013, 2, 1), date(2013, 5, 1), date(2013, 8, 1))


def measured(period=PERIOD) -> dict:
    return dict(indicators.get("three_to_one")(Village.objects.all(), period))


def test_three_helpers_and_a_visit_in_every_quarter_that_is_over(cast):
    paired(cast.home, visits=IN_EACH)
    paired(cast.home, visits=IN_EACH[:2])
    paired(cast.home, HelperTier.TOWNSHIP, HelperTier.VILLAGE, visits=IN_EACH)
    paired(cast.home, starts_on=date(2013, 8, 10), visits=[date(2013, 9, 1)]).helpers.update(
        starts_on=date(2013, 8, 10)
    )
    paired(cast.home, starts_on=date(2013, 11, 1)).helpers.update(starts_on=date(2013, 11, 1))
    paired(cast.home, ends_on=date(2013, 6, 1))
    paired(cast.next_door, ends_on=date(2013, 6, 1))
    assert measured() == {cast.home.pk: (3, 5)}
    found = indicators.get("three_to_one").find_shortfalls(Village.objects.all(), PERIOD)[cast.home.pk]
    assert sorted(one.label for one in found) == ["空巢老人：第3季度没有走访", "空巢老人：缺城区干部"]
    assert not any("老人0" in one.label or "老人1" in one.label for one in found), "the reasons name nobody"


def test_the_running_quarter_is_asked_for_when_it_is_over(cast):
    paired(cast.home, visits=IN_EACH)
    assert measured(Period(2013, date(2013, 12, 30))) == {cast.home.pk: (1, 1)}
    assert measured(Period(2013, date(2013, 12, 31))) == {cast.home.pk: (0, 1)}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(st.sets(st.sampled_from(list(HelperTier)), min_size=1), st.sets(st.sampled_from(IN_EACH))), max_size=6
    )
)
def test_the_share_agrees_with_plain_counting(cast, undone, people):
    with undone():
        for tiers, visits in people:
            paired(cast.home, *sorted(tiers), visits=visits)
        complete = sum(len(tiers) == 3 and len(visits) == 3 for tiers, visits in people)
        assert measured() == ({cast.home.pk: (complete, len(people))} if people else {})
        found = indicators.get("three_to_one").find_shortfalls(Village.objects.all(), PERIOD)
        assert len(found.get(cast.home.pk, [])) == len(people) - complete


def test_three_queries_for_all_villages(cast, as_, django_assert_num_queries, django_assert_max_num_queries):
    for village in cast.villages.values():
        for _n in range(4):
            paired(village, visits=IN_EACH)
    with django_assert_num_queries(3):
        measured()
    district = as_("district")
    district.get("/services/help/")
    with django_assert_max_num_queries(20):
        district.get("/services/help/?quarter=2013-3")


def test_a_district_reads_townships_first_and_names_by_the_page(cast, as_, django_assert_max_num_queries):
    for n in range(25):
        paired(cast.home, name=f"老人{n:02}")
    paired(cast.across, visits=[date(2013, 11, 5)], name="外镇老人")
    with time_machine.travel(DAY):
        district = as_("district")
        first = district.get("/services/help/").content.decode()
        second = district.get("/services/help/?page=2&quarter=2013-4").content.decode()
        township = district.get(f"/services/help/?place={cast.home.code[:9]}").content.decode()
        with django_assert_max_num_queries(24):
            district.get("/services/help/?page=2")
    assert "各乡镇情况" in first and first.index("各乡镇情况") < first.index("老人00")
    assert f"?place={cast.home.code[:9]}&amp;quarter=2013-4" in first and "梁村</a>" not in first
    assert first.count("登记走访</a>") == 20 and second.count("登记走访</a>") == 6
    assert "page=2" in first and "page=1&amp;quarter=2013-4" in second, "the quarter stays"
    assert "各村情况" in township and f"?place={cast.home.code}&amp;" in township and "外镇老人" not in township


def test_the_board_says_who_is_due_and_who_was_missed(cast, as_):
    paired(cast.home, visits=[date(2013, 11, 5)], name="已访")
    paired(cast.home, HelperTier.TOWNSHIP, name="未访")
    with time_machine.travel(DAY):
        now = as_("secretary").get("/services/help/").content.decode()
        before = as_("secretary").get("/services/help/?quarter=2013-3").content.decode()
    assert "待走访" in now and "11-05" in now and ">缺" in now
    assert "没有走访" in before and "待走访" not in before
    assert now.index("未访") < now.index("已访"), "who waits comes first"
