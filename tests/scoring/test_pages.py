"""The pages of scoring, by role and territory, and what they say."""

import re

import pytest

from core import jobs
from scoring import actions
from scoring.models import Criterion, Run, Standard
from tests.scoring.conftest import DAY, DISTRICT_CODE, KINDS

HOME = "450109100214"


@pytest.fixture
def published(cast):
    actions.load_shipped(cast["district"], DISTRICT_CODE)
    return Standard.objects.get(name="2013年标准")


@pytest.fixture
def draft(published):
    return Standard.objects.get(name="2026年标准")


@pytest.fixture
def scored(cast, facts, published):
    """A sealed run: home lost 0.92 at its rooms' sign and has one room missing, next door fails the must."""
    for key in KINDS:
        facts.everywhere(cast.villages.values(), key, 20, 20)
    facts.everywhere(cast.villages.values(), "office_area", 21600, 20000)
    facts["rooms_in_place"] |= {cast.home.pk: (12, 13), cast.next_door.pk: (10, 13)}
    facts["rooms_uniform"][cast.home.pk] = (9, 13)
    facts["charter_voted"][cast.home.pk] = (0, 1)
    del facts["residents_satisfaction"]
    facts["cases_satisfied"][cast.home.pk] = (0, 0)
    return run_now(cast, published)


def run_now(cast, standard):
    run = actions.start_run(
        cast["district"], standard=standard, year=2013, territory_code=DISTRICT_CODE, cutoff=DAY, wake=False
    )
    jobs.run_inline(run.job)
    return Run.objects.select_related("job").get(pk=run.pk)


def text(response):
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# ---- standards ----


def test_the_standard_is_read_by_group_with_rules_musts_and_veto(as_, published):
    page = as_("secretary").get(published.get_absolute_url())
    shown = text(page)
    for words in ("60→95%", "0→33.3%", "≥90%", "干部登记实事", "按程序发展党员"):
        assert words in shown
    assert "criteria_edit" not in page.content.decode() and "/edit/" not in page.content.decode()


def test_a_draft_is_shown_to_the_district_alone(as_, draft):
    assert as_("district").get(draft.get_absolute_url()).status_code == 200
    for name in ("leader", "clerk", "secretary", "district_abroad"):
        assert as_(name).get(draft.get_absolute_url()).status_code == 404
    assert as_("sysadmin").get(draft.get_absolute_url()).status_code == 403


def test_a_criterion_of_a_draft_is_edited_and_leads_back_to_its_standard(as_, draft):
    criterion = draft.criteria.get(indicator="cases_in_time")
    client, url = as_("district"), f"/scoring/criteria/{criterion.pk}/edit/"
    form = client.get(url).context["form"]
    posted = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    assert (posted["points"], posted["zero_at"]) == ("14", "60%")
    response = client.post(url, posted | {"zero_at": "55%", "points": "13.5"})
    assert response.status_code == 302, response.context["form"].errors
    assert response["Location"] == f"{draft.get_absolute_url()}#c3"
    criterion.refresh_from_db()
    assert (str(criterion.zero_at), criterion.points) == ("11/20", 1350)
    assert "13.5" in text(client.get(draft.get_absolute_url()))


def test_steps_are_typed_in_a_line_and_indicators_chosen_by_name(as_, draft, facts):
    del facts.registry["cases_in_time"]
    criterion = draft.criteria.get(indicator="cases_in_time")
    client, url = as_("district"), f"/scoring/criteria/{criterion.pk}/edit/"
    form = client.get(url).context["form"]
    offered = dict(form.fields["indicator"].choices)
    assert offered["cases_in_time"] == "民意按期办结（尚无登记途径）" and len(offered) == 32
    posted = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    response = client.post(url, posted | {"rule": "steps", "steps": "60%：5；90%: 14"})
    assert response.status_code == 302
    criterion.refresh_from_db()
    assert criterion.steps == [["60%", "5"], ["90%", "14"]]
    assert "60%：5分；90%：14分" in text(client.get(draft.get_absolute_url()))
    form = client.get(url).context["form"]
    assert form["steps"].value() == "60%: 5; 90%: 14"
    posted["_version"] = criterion.version
    for wrong in ("60%", "60: x", "90%: 14; 60%: 5", "60%: 5: 3", "60%: 99"):
        response = client.post(url, posted | {"rule": "steps", "steps": wrong})
        assert response.status_code == 422 and response.context["form"].errors["steps"]


def test_a_new_standard_gets_its_four_groups(as_, published):
    client = as_("district")
    posted = {
        "name": "2014年标准",
        "name_en": "",
        "territory_code": DISTRICT_CODE,
        "first_year": "2014",
        "last_year": "",
        "note": "",
    }
    management = {f"groups-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    response = client.post("/scoring/standards/new/", posted | management)
    assert response.status_code == 302
    new = Standard.objects.get(name="2014年标准")
    assert (new.state, new.groups.count()) == ("draft", 4)
    response = as_("district").post(
        "/scoring/standards/new/", posted | management | {"territory_code": "450102", "name": "x"}
    )
    assert response.status_code == 404


def test_a_criterion_of_a_published_standard_is_not_edited(as_, published):
    criterion = published.criteria.first()
    client = as_("district")
    for page in ("edit", "delete"):
        assert client.get(f"/scoring/criteria/{criterion.pk}/{page}/").status_code == 403
        assert client.post(f"/scoring/criteria/{criterion.pk}/{page}/").status_code == 403
    assert Criterion.objects.filter(pk=criterion.pk).exists()


def test_publishing_is_confirmed_and_says_what_is_missing(as_, draft):
    client, url = as_("district"), f"/scoring/standards/{draft.pk}/publish/"
    Criterion.objects.filter(standard=draft, number=1).delete()
    assert client.post(url).status_code == 422
    assert client.get(url).context["problems"]
    Criterion.objects.filter(standard=draft, number=2).update(points=1800)
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 404
    assert as_("leader").post(url).status_code == 403


def test_a_new_edition_and_retiring(as_, published):
    client = as_("district")
    response = client.post(f"/scoring/standards/{published.pk}/new-edition/")
    edition = Standard.objects.get(name=published.name, edition=2)
    assert response["Location"] == edition.get_absolute_url()
    assert client.get(f"/scoring/standards/{published.pk}/retire/").status_code == 200
    assert client.post(f"/scoring/standards/{published.pk}/retire/").status_code == 302
    published.refresh_from_db()
    assert published.state == "retired"


def test_the_admin_shows_the_same_and_refuses_the_same(as_, published, draft):
    client = as_("district")
    for model in ("standard", "criterion", "scoringschedule"):
        assert client.get(f"/admin/scoring/{model}/").status_code == 200
    page = client.get(f"/admin/scoring/criterion/{draft.criteria.first().pk}/change/")
    assert page.status_code == 200 and b'name="_save"' in page.content
    page = client.get(f"/admin/scoring/criterion/{published.criteria.first().pk}/change/")
    assert b'name="_save"' not in page.content


def test_the_yearly_date_is_a_row(as_, published):
    client = as_("district")
    posted = {"territory_code": DISTRICT_CODE, "month": "12", "day": "31", "enabled": "on"}
    assert client.post("/scoring/schedules/new/", posted).status_code == 302
    assert client.post("/scoring/schedules/new/", posted).status_code == 422
    assert client.post("/scoring/schedules/new/", posted | {"territory_code": "450102"}).status_code == 404
    assert "450109" in text(as_("leader").get("/scoring/schedules/"))


# ---- runs ----


def test_a_run_is_started_on_a_page_followed_and_found_again(as_, published, facts):
    client = as_("district")
    posted = {"standard": published.pk, "year": 2013, "territory_code": DISTRICT_CODE, "cutoff": "2013-11-24"}
    response = client.post("/scoring/runs/new/", posted)
    run = Run.objects.get()
    assert response["Location"] == run.get_absolute_url()
    page = client.get(run.get_absolute_url())
    assert f'hx-get="/scoring/runs/{run.pk}/progress/"' in page.content.decode()
    progress = client.get(f"/scoring/runs/{run.pk}/progress/")
    assert progress.status_code == 200 and "HX-Refresh" not in progress
    again = client.post("/scoring/runs/new/", posted)
    assert again["Location"] == run.get_absolute_url() and Run.objects.count() == 1
    jobs.run_inline(run.job)
    assert client.get(f"/scoring/runs/{run.pk}/progress/")["HX-Refresh"] == "true"
    assert run.get_absolute_url() in client.get("/scoring/runs/").content.decode()


def test_a_run_is_stopped_and_resumed_on_its_page(as_, cast, published, facts):
    client = as_("district")
    run = actions.start_run(
        cast["district"], standard=published, year=2013, territory_code=DISTRICT_CODE, cutoff=DAY, wake=False
    )
    assert as_("leader").post(f"/scoring/runs/{run.pk}/stop/").status_code == 403
    assert as_("district_abroad").post(f"/scoring/runs/{run.pk}/stop/").status_code == 404
    client.post(f"/scoring/runs/{run.pk}/stop/")
    assert "/resume/" in client.get(run.get_absolute_url()).content.decode()
    client.post(f"/scoring/runs/{run.pk}/resume/")
    assert "/stop/" in client.get(run.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"cutoff": "2013-11-25"},
        {"year": "2012"},
        {"territory_code": "450102"},
        {"standard": "0"},
        {"year": "x"},
        {"cutoff": ""},
    ],
)
def test_what_is_wrong_with_a_start_is_said_on_the_form(as_, published, change):
    posted = {"standard": published.pk, "year": 2013, "territory_code": DISTRICT_CODE, "cutoff": "2013-11-24"} | change
    response = as_("district").post("/scoring/runs/new/", posted)
    assert response.status_code == 422 and response.context["form"].errors
    assert not Run.objects.exists()


def test_the_sealed_run_shows_each_person_his_own_villages(as_, cast, scored):
    district = text(as_("district").get(scored.get_absolute_url()))
    assert scored.digest in district and "屯六村" in district
    clerk = text(as_("clerk").get(scored.get_absolute_url()))
    assert "梁村" in clerk and "屯六村" not in clerk
    assert "广良村" not in text(as_("secretary").get(scored.get_absolute_url()))
    assert as_("district_abroad").get(scored.get_absolute_url()).status_code == 404
    assert as_("auditor").get(scored.get_absolute_url()).status_code == 403


# ---- the sheet of a village ----


def test_the_sheet_says_what_was_measured_lost_why_and_where_to_mend(as_, cast, scored):
    page = as_("secretary").get(f"/dossiers/{HOME}/")
    rows = {row.criterion.indicator: row for block in page.context["sheet"].blocks for row in block.rows}
    missing = rows["rooms_in_place"]
    assert (missing.line.points, missing.line.lost, missing.gain) == (3692, 308, 0)
    assert missing.why == "差1件满分：rooms_in_place 0"
    assert [record.url for record in missing.records] == ["/mend/rooms_in_place/0/"]
    uniform = rows["rooms_uniform"]
    assert (uniform.gain, uniform.count) == (153, "4件")
    assert uniform.why == "差4件满分：rooms_uniform 0、rooms_uniform 1、rooms_uniform 2等4项"
    assert rows["charter_voted"].count == "1条"
    assert rows["charter_voted"].why == "未达到：charter_voted 0"
    assert rows["office_area"].why == "" and rows["office_area"].measured == "216件"
    assert rows["residents_satisfaction"].why == "未测得：尚无登记"
    assert rows["cases_satisfied"].line.left_out
    shown = text(page)
    assert "36.9 /40" in shown and "−3.1" in shown
    assert "/mend/rooms_in_place/0/" in page.content.decode()


def test_only_lost_points(as_, scored):
    everything = as_("secretary").get(f"/dossiers/{HOME}/?year=2013")
    lost = as_("secretary").get(f"/dossiers/{HOME}/?year=2013&only=lost")
    assert "40岁以下干部" in text(everything) and "40岁以下干部" not in text(lost)
    assert "功能室配齐" in text(lost)
    assert lost.context["links"] == {"all": "?year=2013", "lost": "?year=2013&only=lost"}


def test_facts_that_moved_since_are_said(as_, cast, facts, scored):
    page = as_("secretary").get(f"/dossiers/{HOME}/")
    assert not page.context["sheet"].moved
    facts["rooms_in_place"][cast.home.pk] = (13, 13)
    page = as_("secretary").get(f"/dossiers/{HOME}/")
    assert page.context["sheet"].moved
    assert "重新评分后生效" in text(page)
    assert "36.9 /40" in text(page)


def test_a_reader_who_changes_nothing_gets_no_link_to_mend(as_, scored):
    assert "/mend/" not in as_("leader").get(f"/dossiers/{HOME}/").content.decode()


def test_the_must_that_failed_stands_out(as_, scored):
    page = as_("clerk").get("/dossiers/450109100215/")
    block = page.context["sheet"].blocks[2]
    assert (block.must_failed, block.state, block.gap) == (True, "fails", "")


@pytest.mark.parametrize(
    ("who", "status"),
    [("district", 200), ("leader", 200), ("clerk", 200), ("inspector", 200), ("secretary", 200)]
    + [("secretary_next_door", 404), ("clerk_across", 404), ("district_abroad", 404), ("sysadmin", 403), (None, 302)],
)
def test_who_sees_a_village(as_, scored, who, status):
    assert as_(who).get(f"/dossiers/{HOME}/").status_code == status
    assert as_(who).post(f"/scoring/villages/{HOME}/trial/").status_code == status


def test_a_village_not_scored_says_so(as_, published):
    assert "尚未评分" in text(as_("secretary").get(f"/dossiers/{HOME}/"))
    assert as_("secretary").get(f"/dossiers/{HOME}/?year=99999&run=x").status_code == 200
    assert as_("secretary").get(f"/dossiers/{HOME}/?run=999").status_code == 404


def test_the_number_of_queries_of_a_sheet_is_that_of_its_indicators(as_, scored, django_assert_max_num_queries):
    client = as_("secretary")
    client.get(f"/dossiers/{HOME}/")
    with django_assert_max_num_queries(66):
        client.get(f"/dossiers/{HOME}/")


# ---- trial ----


def test_a_trial_shows_the_points_that_the_sheet_promised_and_says_it_is_not_official(as_, cast, facts, scored):
    client = as_("clerk")
    promised = client.get(f"/dossiers/{HOME}/").context["sheet"]
    lost = next(r.line.lost for b in promised.blocks for r in b.rows if r.criterion.indicator == "rooms_in_place")
    facts["rooms_in_place"][cast.home.pk] = (13, 13)
    page = client.post(f"/scoring/villages/{HOME}/trial/", {"year": 2013})
    before, now = page.context["compared"][2]
    assert now.score - before.score == lost == 308
    assert "试算结果，非正式评分" in text(page)
    assert Run.objects.count() == 1


def test_without_a_standard_a_trial_says_why(as_, cast):
    response = as_("clerk").post(f"/scoring/villages/{HOME}/trial/")
    assert response.status_code == 422
    assert as_("clerk").get(f"/scoring/villages/{HOME}/trial/").status_code == 405


def test_english_by_choice(as_, scored):
    client = as_("district")
    client.cookies["django_language"] = "en"
    assert "Criterion by criterion" in text(client.get(f"/dossiers/{HOME}/"))
