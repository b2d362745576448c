"""A register's pages by what they do: lists, choices, forms with their inlines, deletion. Rights are in test_routes."""

import re
from datetime import date

import pytest
from django.conf import settings

from accounts.models import Grant
from core.models import AuditRow
from core.roles import Role
from tests import cast as stage
from tests.factories import AdoptionFactory, HamletFactory, RegulationFactory, VillageFactory
from villages.models import Adoption, Hamlet, Regulation, Township, Village

pytestmark = pytest.mark.django_db

HAMLETS = "/villages/hamlets/"


def names(response) -> list[str]:
    """The first cell of each row of a list."""
    return re.findall(r'<a class="b" href="[^"]*">([^<]*)</a>', response.content.decode())


def options(response, name: str) -> set[str]:
    """The values that a drop-down offers."""
    found = re.search(rf'<select[^>]*\bname="{name}"[^>]*>(.*?)</select>', response.content.decode(), re.S)
    assert found, f"no drop-down {name}"
    return set(re.findall(r'<option value="([^"]+)"', found[1]))


# ---- lists ----


@pytest.fixture
def some(cast):
    for village, name, households in (
        (cast.home, "那蒙坡", 30),
        (cast.home, "坛楼坡", 10),
        (cast.next_door, "那马坡", 20),
        (cast.across, "那陈坡", 40),
    ):
        HamletFactory(village=village, name=name, households=households)
    return cast


def test_a_list_holds_what_the_person_may_see(some, as_):
    for username, seen in (("secretary", 2), ("clerk", 3), ("district", 4), ("clerk_abroad", 0)):
        response = as_(username).get(HAMLETS)
        assert len(names(response)) == response.context["total"] == seen


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=那", {"那蒙坡", "那马坡"}),
        ("q=那 蒙", {"那蒙坡"}),
        ("q=梁村", {"那蒙坡", "坛楼坡"}),
        ("q=梁村 坛", {"坛楼坡"}),
        ("q=%25", set()),
        ("q=_", set()),
        ("q=不存在", set()),
        ("village={next_door}", {"那马坡"}),
        ("village={home}&q=那", {"那蒙坡"}),
        ("village__township={township}", {"那蒙坡", "坛楼坡", "那马坡"}),
    ],
)
def test_search_and_filters_narrow(some, as_, query, found):
    query = query.format(
        next_door=some.next_door.pk, home=some.home.pk, township=some.home.township_id, across=some.across.pk
    )
    assert set(names(as_("clerk").get(f"{HAMLETS}?{query}"))) == found


def test_another_places_filter_finds_and_tells_nothing(some, as_):
    for query in (f"village={some.across.pk}", f"village__township={some.across.township_id}", "village=999999"):
        response = as_("clerk").get(f"{HAMLETS}?{query}")
        assert response.status_code == 200 and "那陈坡" not in response.content.decode()
        assert "屯六村" not in response.content.decode() and "那楼镇" not in response.content.decode()


def test_a_yes_no_filter_and_a_filter_of_words(cast, as_):
    VillageFactory(township=cast.home.township, name="不在计划", in_plan=False)
    VillageFactory(township=cast.home.township, name="在计划", in_plan=True)
    client = as_("clerk")
    yes, no = (names(client.get(f"/villages/villages/?in_plan={value}&q=在计划")) for value in (1, 0))
    assert (yes, no) == (["在计划"], ["不在计划"])
    assert names(client.get("/villages/villages/?kind=urban_community")) == ["红星社区"]


def test_what_narrows_is_shown_and_can_be_taken_away(some, as_):
    response = as_("clerk").get(f"{HAMLETS}?q=那&village={some.home.pk}&page=1")
    active = {item["name"]: item for item in response.context["active_filters"]}
    assert set(active) == {"q", "village"}
    assert str(active["village"]["value"]) == "梁村" and active["q"]["url_without"] == f"?village={some.home.pk}"


@pytest.mark.parametrize(
    ("sort", "first"),
    [("households", "坛楼坡"), ("-households", "那蒙坡"), ("village", "那蒙坡"), ("-village", "那马坡")],
)
def test_columns_sort(some, as_, sort, first):
    if sort == "village":
        Hamlet.objects.filter(name="坛楼坡").delete()
    assert names(as_("clerk").get(f"{HAMLETS}?sort={sort}"))[0] == first


def test_a_relation_sorts_by_its_own_order_not_by_number(cast, as_):
    early = VillageFactory(township=cast.home.township, code="450109100201")
    HamletFactory(village=cast.home, name="后坡")
    HamletFactory(village=early, name="前坡")
    assert names(as_("clerk").get(f"{HAMLETS}?sort=village")) == ["前坡", "后坡"]


def test_paging(cast, as_):
    HamletFactory.create_batch(45, village=cast.home)
    client = as_("clerk")
    pages = [names(client.get(f"{HAMLETS}?page={page}")) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5] and len(set(sum(pages, []))) == 45
    assert names(client.get(f"{HAMLETS}?page=99")) == pages[2] and names(client.get(f"{HAMLETS}?page=x")) == pages[0]
    assert len(names(client.get(f"{HAMLETS}?per_page=100"))) == 45
    assert len(names(client.get(f"{HAMLETS}?per_page=100000"))) == 20


def test_an_empty_list_says_what_to_do(cast, as_):
    page = as_("clerk").get(HAMLETS).content.decode()
    assert "坡" in page and names(as_("clerk").get(HAMLETS)) == []


# ---- choices ----


def test_drop_downs_hold_what_the_person_may_see(cast, as_):
    for username in ("secretary", "clerk", "district"):
        own = {str(v.pk) for v in cast.villages.values() if v.code.startswith(cast.code[username])}
        client = as_(username)
        HamletFactory(village=cast.home)
        assert options(client.get(HAMLETS), "village") == own
        assert options(client.get(f"{HAMLETS}new/"), "village") == own
        townships = {str(v.township_id) for v in cast.villages.values() if v.code.startswith(cast.code[username][:9])}
        if username != "secretary":  # he holds no township, only a village in one
            assert options(client.get(HAMLETS), "village__township") == townships


def test_a_form_is_filled_in_beforehand_by_its_address_but_not_with_what_is_foreign(cast, as_):
    client = as_("clerk")
    page = client.get(f"{HAMLETS}new/?village={cast.home.pk}&name=新坡&version=9&saved_by=x").content.decode()
    assert re.search(rf'<option value="{cast.home.pk}" selected', page) and 'value="新坡"' in page
    foreign = client.get(f"{HAMLETS}new/?village={cast.across.pk}").content.decode()
    assert f'value="{cast.across.pk}"' not in foreign and "屯六村" not in foreign


# ---- forms ----


def test_a_record_is_made_and_shown(cast, as_):
    response = as_("clerk").post(f"{HAMLETS}new/", {"village": cast.home.pk, "name": "新坡", "households": "12"})
    row = Hamlet.objects.get()
    assert response.url == f"{HAMLETS}{row.pk}/" and (row.name, row.households) == ("新坡", 12)
    page = as_("clerk").get(response.url).content.decode()
    assert "新坡" in page and "梁村" in page


def test_a_mistake_is_named_at_its_field_and_what_was_typed_stays(cast, as_):
    response = as_("clerk").post(f"{HAMLETS}new/", {"village": cast.home.pk, "name": "", "households": "十二"})
    assert response.status_code == 422 and set(response.context["form"].errors) == {"name", "households"}
    assert "十二" in response.content.decode() and not Hamlet.objects.exists()


def test_the_databases_refusal_comes_back_in_chinese(cast, as_):
    HamletFactory(village=cast.home, name="那蒙坡")
    response = as_("clerk").post(f"{HAMLETS}new/", {"village": cast.home.pk, "name": "那蒙坡"})
    assert response.status_code == 422 and "本村已有同名坡" in response.content.decode()


@pytest.mark.parametrize("name", ["saved_by", "version", "scope_code", "id", "pk", "township", "territory_code"])
def test_a_field_that_no_form_declares_is_not_taken(cast, as_, name):
    village = cast.home
    fields = ("code", "name", "official_name", "kind")
    values = {field: getattr(village, field) for field in fields} | {"in_plan": "on", "_version": village.version}
    values |= {"hamlets-TOTAL_FORMS": 0, "hamlets-INITIAL_FORMS": 0, "main_industry": "甘蔗"}
    smuggled = {"township": cast.across.township_id, "id": cast.across.pk, "pk": cast.across.pk, "version": 77}
    given = values | {name: smuggled.get(name, "999999")}
    assert as_("clerk").post(f"/villages/villages/{village.pk}/edit/", given).status_code == 302
    again = Village.objects.get(pk=village.pk)
    assert again.main_industry == "甘蔗" and again.scope_code == stage.HOME and again.township_id == village.township_id
    assert (again.saved_by, again.version) == ("clerk先生", 2)
    assert Village.objects.get(pk=cast.across.pk).main_industry == ""


def test_a_foreign_reference_posted_past_the_choices_writes_nothing(cast, as_):
    row = HamletFactory(village=cast.home, name="那蒙坡")
    for url in (f"{HAMLETS}new/", f"{HAMLETS}{row.pk}/edit/"):
        for foreign in (cast.across.pk, cast.abroad.pk, 0, "x", ""):
            response = as_("clerk").post(url, {"village": foreign, "name": "新坡"})
            assert response.status_code == 422 and "village" in response.context["form"].errors
    assert list(Hamlet.objects.values_list("name", "village")) == [("那蒙坡", cast.home.pk)]
    assert not AuditRow.objects.filter(model="villages.Hamlet").exists()


def test_who_reads_the_district_and_writes_one_township(cast, as_):
    """Leader and clerk in one person: pages of rows that he only reads offer no change and take none."""
    Grant.objects.create(user=cast.people["leader"], role=Role.CLERK, territory_code=stage.NALOU)
    home, across = HamletFactory(village=cast.home), HamletFactory(village=cast.across)
    client = as_("leader")
    assert client.get(f"{HAMLETS}{home.pk}/").context["may_change"] is False
    assert client.get(f"{HAMLETS}{across.pk}/").context["may_change"] is True
    assert client.get(f"{HAMLETS}{home.pk}/edit/").status_code == 403
    assert client.post(f"{HAMLETS}{home.pk}/delete/").status_code == 403
    assert client.post(f"{HAMLETS}new/", {"village": cast.home.pk, "name": "新坡"}).status_code in (404, 422)
    moved = {"village": cast.home.pk, "name": "移", "_version": across.version}
    assert client.post(f"{HAMLETS}{across.pk}/edit/", moved).status_code in (404, 422)
    assert Hamlet.objects.count() == 2 and Hamlet.objects.get(pk=across.pk).village == cast.across


# ---- rows edited with their parent ----


def village_form(village, rows=(), new=(), **more) -> dict:
    """The edit form of a village: its hamlets with changes, and new ones."""
    values = {name: getattr(village, name) for name in ("code", "name", "official_name", "kind")} | {"in_plan": "on"}
    values |= {"_version": Village.objects.get(pk=village.pk).version}
    read = [{"_version": 1, **row} for row in rows]
    for number, row in enumerate((*read, *new)):
        values |= {f"hamlets-{number}-{name}": value for name, value in row.items()}
    total = len(rows) + len(new)
    return values | {"hamlets-TOTAL_FORMS": total, "hamlets-INITIAL_FORMS": len(rows)} | more


def test_inlines_are_written_through_the_actions(cast, as_):
    kept, gone = (HamletFactory(village=cast.home, name=name) for name in ("甲坡", "乙坡"))
    rows = [{"id": kept.pk, "name": "改坡", "households": 40}, {"id": gone.pk, "name": "乙坡", "DELETE": "on"}]
    url = f"/villages/villages/{cast.home.pk}/edit/"
    assert as_("clerk").post(url, village_form(cast.home, rows, [{"name": "丙坡"}])).status_code == 302
    assert set(Hamlet.objects.values_list("name", "village")) == {("改坡", cast.home.pk), ("丙坡", cast.home.pk)}
    written = AuditRow.objects.filter(model="villages.Hamlet").order_by("verb")
    assert [(row.verb, row.territory_code) for row in written] == [
        (verb, stage.HOME) for verb in ("create", "delete", "update")
    ]
    assert len(set(written.values_list("request_id", flat=True))) == 1
    assert written[2].before["name"] == "甲坡" and written[2].after["name"] == "改坡"


def test_one_bad_inline_and_nothing_of_the_page_is_written(cast, as_):
    row = HamletFactory(village=cast.home, name="甲坡")
    url = f"/villages/villages/{cast.home.pk}/edit/"
    for bad in ({"name": "", "households": 3}, {"name": "甲坡"}, {"name": "乙坡", "households": "-1"}):
        given = village_form(cast.home, [{"id": row.pk, "name": "甲坡"}], [bad], main_industry="改")
        assert as_("clerk").post(url, given).status_code == 422
    assert list(Hamlet.objects.values_list("name", flat=True)) == ["甲坡"]
    assert (
        Village.objects.get(pk=cast.home.pk).main_industry == "" and not AuditRow.objects.filter(verb="update").exists()
    )


def test_another_villages_row_cannot_be_drawn_in(cast, as_):
    foreign = HamletFactory(village=cast.across, name="他坡")
    neighbour = HamletFactory(village=cast.next_door, name="邻坡")
    url = f"/villages/villages/{cast.home.pk}/edit/"
    for row in (foreign, neighbour):
        for change in ({"name": "改"}, {"name": row.name, "DELETE": "on"}):
            response = as_("clerk").post(url, village_form(cast.home, [{"id": row.pk, **change}]))
            assert response.status_code in (302, 404, 422)  # a mark to delete what is not there is passed over
    assert set(Hamlet.objects.values_list("name", "village")) == {
        ("他坡", cast.across.pk),
        ("邻坡", cast.next_door.pk),
    }


def test_inlines_without_their_counters_are_no_error_page(cast, as_):
    values = village_form(cast.home)
    for name in ("hamlets-TOTAL_FORMS", "hamlets-INITIAL_FORMS"):
        for wrong in (None, "", "x", "-1", "99999999"):
            given = {key: value for key, value in values.items() if key != name} | (
                {name: wrong} if wrong is not None else {}
            )
            assert as_("clerk").post(f"/villages/villages/{cast.home.pk}/edit/", given).status_code in (302, 409, 422)


def test_a_detail_page_shows_inlines_and_other_readers_no_buttons(cast, as_):
    HamletFactory(village=cast.home, name="那蒙坡")
    response = as_("secretary").get(f"/villages/villages/{cast.home.pk}/")
    assert "那蒙坡" in response.content.decode() and response.context["may_change"] is False


# ---- deletion ----


def test_the_page_says_what_a_deletion_touches_and_does_it(cast, as_):
    row = HamletFactory(village=cast.home, name="那蒙坡")
    page = as_("clerk").get(f"{HAMLETS}{row.pk}/delete/")
    assert page.context["touches"] == [] and page.context["blocked"] == []
    assert as_("clerk").post(f"{HAMLETS}{row.pk}/delete/", {"reason": "重复"}).url == HAMLETS
    assert not Hamlet.objects.exists() and AuditRow.objects.get(verb="delete").reason == "重复"


def test_the_page_says_what_forbids_a_deletion(cast, as_):
    regulation = RegulationFactory()
    AdoptionFactory(village=cast.home, regulation=regulation)
    AdoptionFactory(village=cast.abroad, regulation=regulation)
    client, url = as_("district"), f"/villages/regulations/{regulation.pk}/delete/"
    page = client.get(url)
    assert page.context["blocked"] == [(Adoption._meta.verbose_name_plural, 2)]
    assert "梁村" not in page.content.decode() and "他乡村" not in page.content.decode()  # how many, not which
    assert client.post(url).status_code in (200, 422)
    assert Regulation.objects.exists() and not AuditRow.objects.filter(verb="delete").exists()


# ---- language ----


def test_a_register_speaks_english_after_the_switch(cast, as_):
    regulation = RegulationFactory(name="党支部议事制度", name_en="Party branch deliberation")
    client = as_("clerk")
    assert "党支部议事制度" in client.get("/villages/regulations/").content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for page in ("/villages/regulations/", f"/villages/regulations/{regulation.pk}/"):
        text = client.get(page).content.decode()
        assert "Party branch deliberation" in text and '<html lang="en"' in text
    page = client.get(f"{HAMLETS}new/").content.decode()
    assert "Households" in page and not re.search(r"<label[^>]*>[^<]*[一-鿿]", page)


def test_dates_are_as_the_browser_needs_them_in_both_languages(cast, as_):
    row = HamletFactory(village=cast.home, opened_on=date(2013, 3, 9))
    client = as_("clerk")
    for version, language in enumerate(("zh-hans", "en"), start=row.version):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = client.get(f"{HAMLETS}{row.pk}/edit/").content.decode()
        assert 'value="2013-03-09"' in page
        assert (
            client.post(
                f"{HAMLETS}{row.pk}/edit/",
                {"village": cast.home.pk, "name": row.name, "opened_on": "2013-03-09", "_version": version},
            ).status_code
            == 302
        )
    assert Township.objects.count() == 3
