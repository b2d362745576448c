"""Counts of a day in SQL against a plain count in Python; the document's figures out of the demonstration's rows."""

import csv
import io
from collections import Counter
from datetime import date
from fractions import Fraction

from django.test import Client
from django.utils import translation

from accounts.models import User
from cadres.choices import EDUCATIONS, PARTY, AgeBand, Committee, Education, EducationBand, MemberState, Position
from cadres.compare import Pair, tables
from cadres.demo import people as demo_people
from cadres.identity import age_on
from cadres.models import Filing, PartyBranch, PartyMember, Person, Post
from cadres.structure import Part, admitted, cadres_on
from core.shares import rounded
from tests import kept
from tests.cadres.conftest import DAY, person, post, term
from villages.models import Village

DISTRICT = "450109"
BEFORE = date(2012, 11, 24)


# ---- the document's figures ----


def counts(dimension) -> list[int]:
    return [part.num for part in dimension.parts]


def test_figures_two_and_three_and_the_women(demo):
    whole = cadres_on(Village.objects.all(), DAY, DISTRICT).whole
    assert whole.total == 532
    assert counts(whole["age"]) == [168, 256, 108, 0]
    assert counts(whole["education"]) == [261, 199, 72, 0]
    assert whole["sex"]["female"].num == 54
    printed = [
        rounded(Fraction(part.num, part.den), 1) for key in ("age", "education") for part in whole[key].parts[:3]
    ]
    assert printed == ["31.6", "48.1", "20.3", "49.1", "37.4", "13.5"]
    assert rounded(Fraction(54, 532), 1) == "10.2"


def test_figure_six(demo):
    plan = Village.objects.filter(in_plan=True)
    now, before = (admitted(plan, date(year, 1, 1), date(year, 8, 31), DISTRICT).whole for year in (2013, 2012))
    assert [now.total, *(counts(dimension)[0] for dimension in now.dimensions)] == [63, 17, 24, 18]
    assert [before.total, *(counts(dimension)[0] for dimension in before.dimensions)] == [92, 19, 24, 18]
    pairs = [table.pairs[0] for table in tables(now, before)]
    assert [pair.moved(2) for pair in pairs] == ["+6.33", "+12.01", "+9.01"]
    shares = [rounded(Fraction(pair.now.num, pair.now.den), 2) for pair in pairs]
    assert shares == ["26.98", "38.10", "28.57"]


def test_the_pages_say_so(demo):
    client = Client()
    client.force_login(User.objects.get(username="district"))
    page = client.get("/cadres/structure/").content.decode()
    for figure in ("168", "256", "108", "261", "199", "72", "54"):
        assert f">{figure}<" in page
    page = client.get("/cadres/structure/admitted/", {"months": 8, "plan": 1}).content.decode()
    assert "+12.01" in page and "38.10%" in page and ">63<" in page


# ---- against a plain count ----


def plainly(posts: list[Post], day: date, code: str) -> dict:
    """The same by hand: every post looked at, every person judged in Python."""
    held = [
        one
        for one in posts
        if one.starts_on <= day
        and (one.ends_on is None or one.ends_on > day)
        and one.village.scope_code.startswith(code)
    ]
    people = {one.person_id: one.person for one in held}.values()
    return {
        "total": len(people),
        "age": Counter(band_of(one, day) for one in people),
        "education": Counter(next(b for b, codes in EDUCATIONS.items() if one.education in codes) for one in people),
        "sex": Counter({"1": "male", "2": "female"}[one.sex] for one in people),
        "party": Counter("member" if one.political_status in PARTY else "other" for one in people),
    }


def band_of(one: Person, day: date) -> str:
    age = age_on(one.born_on, day)
    return AgeBand.UNDER_40 if age < 40 else AgeBand.OVER_50 if age > 50 else AgeBand.MIDDLE


def test_any_day_and_any_place_is_what_a_plain_count_gives(demo):
    townships = Village.objects.values_list("township__code", flat=True).distinct()
    posts = list(Post.objects.with_names())
    for day in (DAY, BEFORE, date(2013, 5, 31), date(2011, 8, 31), date(2010, 1, 1)):
        roll = cadres_on(Village.objects.all(), day, DISTRICT)
        parts = {part.code: part for part in roll.below}
        for code, found in [(DISTRICT, roll.whole), *((code, parts.get(code)) for code in townships)]:
            by_hand = plainly(posts, day, code)
            assert (found.total if found else 0) == by_hand["total"]
            for key in ("age", "education", "sex", "party") if found else ():
                assert {part.key: part.num for part in found[key].parts if part.num} == dict(by_hand[key])
    own = Village.objects.in_territory("450109102")
    below = {part.code: part.total for part in cadres_on(own, DAY, "450109102").below}
    assert below == {village.code: plainly(posts, DAY, village.code)["total"] for village in own}


# ---- borders ----


def test_forty_and_fifty_belong_to_the_middle(cast):
    for name, born in (
        ("39", date(1973, 11, 25)),
        ("40", date(1973, 11, 24)),
        ("50", date(1962, 11, 25)),
        ("51", date(1962, 11, 24)),
    ):
        post(person(cast.home, name, born_on=born), Position.COMMITTEE_MEMBER)
    whole = cadres_on(Village.objects.all(), DAY, DISTRICT).whole
    assert counts(whole["age"]) == [1, 2, 1, 0]


def test_the_first_day_out_of_post_does_not_count(cast):
    post(person(cast.home), Position.DIRECTOR, ends_on=DAY)
    assert cadres_on(Village.objects.all(), DAY).whole.total == 0
    assert cadres_on(Village.objects.all(), date(2013, 11, 23)).whole.total == 1


def test_two_posts_are_one_cadre_and_two_villages_one_in_the_district(cast):
    who = person(cast.home, education=Education.COLLEGE)
    for position in (Position.SECRETARY, Position.DIRECTOR):
        post(who, position)
    post(who, Position.SECRETARY, village=cast.across)
    roll = cadres_on(Village.objects.all(), DAY, DISTRICT)
    assert roll.whole.total == 1 and [part.total for part in roll.below] == [1, 1]
    assert roll.whole["education"][EducationBand.COLLEGE].num == 1


def test_what_is_not_on_record_is_shown_as_such(cast):
    post(person(cast.home, sex="0"), Position.DIRECTOR, term=term(Committee.VILLAGE))
    whole = cadres_on(Village.objects.all(), DAY).whole
    assert [whole[key]["unknown"].num for key in ("age", "education", "sex")] == [1, 1, 1]
    assert whole["term"]["2011"].num == 1


def test_what_became_of_a_merged_village_has_its_past(cast):
    post(person(cast.next_door), Position.DIRECTOR, ends_on=date(2013, 1, 1))
    Village.objects.filter(pk=cast.next_door.pk).update(
        scope_code=cast.home.code, successor=cast.home, closed_on=date(2013, 1, 1)
    )
    roll = cadres_on(Village.objects.all(), BEFORE, cast.home.township.code)
    assert [(part.code, part.total) for part in roll.below] == [(cast.home.code, 1)]


def test_points_are_rounded_once():
    def pair(a, b):
        return Pair(Part("", "", *a), Part("", "", *b))

    assert pair((1, 3), (1, 3)).points == "0.0"
    assert pair((0, 8), (1, 8)).points == "−12.5"
    assert pair((1, 0), (1, 8)).points == ""
    assert pair((168, 532), (187, 528)).points == "−3.8"


# ---- cost ----


def test_the_queries_do_not_grow(cast, django_assert_num_queries):
    for village in (cast.home, cast.across):
        for number in range(4):
            post(person(village, f"第{number}人"), Position.COMMITTEE_MEMBER)
    with django_assert_num_queries(4):
        cadres_on(Village.objects.all(), DAY, DISTRICT)
    branch = PartyBranch.objects.create(village=cast.home, name="支部")
    PartyMember.objects.create(person=person(cast.home, "党员"), branch=branch, joined_on=date(2013, 3, 1))
    with django_assert_num_queries(3):
        admitted(Village.objects.all(), date(2013, 1, 1), DAY, DISTRICT)


# ---- pages ----


def test_each_sees_his_own_place(as_, cast):
    for village in cast.villages.values():
        post(person(village, f"{village}人"), Position.DIRECTOR)
    assert "450102" not in as_("district").get("/cadres/structure/").content.decode()
    own = as_("secretary").get("/cadres/structure/")
    assert own.context["now"].whole.total == 1 and own.context["place"].code == cast.home.code
    for page in ("structure/", "structure/admitted/", "committees/"):
        for who, code in (
            ("clerk", "450109101"),
            ("secretary", "450109100215"),
            ("district", "450102"),
            ("clerk", "4x"),
        ):
            assert as_(who).get(f"/cadres/{page}", {"place": code}).status_code == 404, (page, who, code)
        assert as_("sysadmin").get(f"/cadres/{page}").status_code == 403


def test_nonsense_in_the_address_is_taken_for_the_usual(as_, cast):
    for query in ({"day": "x", "than": "2013-02-30"}, {"year": "99999", "months": "13"}, {"day": "0001-01-01"}):
        for page in ("structure/", "structure/admitted/", "committees/"):
            assert as_("district").get(f"/cadres/{page}", query).status_code == 200


def test_the_sheet_has_every_part_and_both_days(as_, cast):
    post(person(cast.home, born_on=date(1980, 1, 1)), Position.DIRECTOR)
    with translation.override("en"):
        answer = as_("district").get("/cadres/structure/", {"as": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert [(row[1], row[2], row[3]) for row in rows[1:]] == [
        ("450109100", "2013-11-24", "1"),
        ("450109", "2013-11-24", "1"),
        ("450109100", "2012-11-24", "1"),
        ("450109", "2012-11-24", "1"),
    ]


# ---- the demonstration itself ----


def test_the_demonstration_is_such_as_people_could_have_entered(demo):
    for row in Person.objects.all():
        assert not row.phone or row.phone.plain.startswith("154")  # a number that is not given out
        assert not row.id_number or row.id_number.plain[14:16] == "99"  # a sequence that nobody of this age has
    kept.check(Person, Post, PartyMember, Filing)


def test_the_story_of_the_demonstration(demo):
    liang = Post.objects.on(DAY).get(village__name="梁村", position=Position.SECRETARY)
    assert liang.person.name == "梁国栋"
    newcomers = Post.objects.on(DAY).filter(starts_on__year=2013, village__name__in=demo_people.PUT_RIGHT)
    assert newcomers.values("person").distinct().count() == 12
    assert not Post.objects.on(DAY).filter(village__name=demo_people.NO_SECRETARY, position=Position.SECRETARY).exists()
    assert set(Filing.objects.values_list("state", flat=True)) == {
        "draft",
        "submitted",
        "endorsed",
        "filed",
        "returned",
    }
    assert PartyMember.objects.filter(state=MemberState.PROBATIONARY, joined_on__lte=BEFORE).count() == 0
    assert Filing.objects.filter(due_on__lt=DAY).exists()
