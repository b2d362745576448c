"""The recipes of docs/, followed to the letter with toys: all pages are there, scoped and audited, by themselves."""

import sys
from datetime import date
from types import ModuleType

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, include, path, set_urlconf

from core import indicators, jobs, menu, rights
from core.models import AuditRow, Move, TimeLimit
from core.periods import Period
from core.registers import base
from core.registers.admin import admin_of
from core.registers.urls import register_urls
from core.workflow.todo import waiting_for
from tests import factories, test_routes, test_routes_admin
from tests.core import toys as declared
from tests.scoring.conftest import DAY
from villages.models import Village

YEAR = Period(2013, DAY)
REGISTRIES = (
    (base, "_registers"),
    (rights, "_declared"),
    (menu, "_entries"),
    (indicators, "_registry"),
)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The toys, their tables and their addresses; afterwards the portal is as it was."""
    patch = pytest.MonkeyPatch()
    for module, name in REGISTRIES:
        patch.setattr(module, name, dict(getattr(module, name)))
    toys = declared.declare()
    registers = (toys.WellRegister, toys.RepairRegister)
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for register in registers:
            editor.create_model(register.model)
    for register in registers:
        admin.site.register(register.model, admin_of(register))
    patch.setitem(sys.modules, "tests.core.toy_urls", urls())
    yield toys
    for register in registers:
        admin.site.unregister(register.model)
        apps.all_models["villages"].pop(register.model._meta.model_name)
    apps.clear_cache()
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for register in registers:
            editor.delete_model(register.model)
    patch.undo()


def urls() -> ModuleType:
    """The portal's addresses, with those of the app that has got the toys made anew."""
    from config.urls import urlpatterns

    kept = [entry for entry in urlpatterns if getattr(entry, "namespace", None) not in ("admin", "villages")]
    module = ModuleType("tests.core.toy_urls")
    module.urlpatterns = [
        path("admin/", admin.site.urls),
        path("villages/", include((register_urls("villages"), "villages"))),
        *kept,
    ]
    return module


@pytest.fixture
def toys(made, settings, db):
    settings.ROOT_URLCONF = "tests.core.toy_urls"
    ContentType.objects.get_for_models(made.Well, made.Repair)  # as a migration would have left them
    yield made
    set_urlconf(None)
    clear_url_caches()


# ---- add a register ----


def test_a_register_has_its_pages_for_every_role_and_place(cast, walk, toys):
    """The very walk that every register of the portal passes: own, neighbouring, foreign places, GET and POST."""
    test_routes.test_a_registers_pages(cast, walk, toys.WellRegister)


def test_a_register_has_its_page_in_the_admin(cast, walk, toys):
    test_routes_admin.test_the_admins_pages_of_a_register(cast, walk, toys.WellRegister)


def test_a_row_of_a_register_is_not_edited_into_another_place(cast, as_, undone, toys):
    test_routes.test_a_row_is_not_edited_into_another_place(cast, as_, toys.WellRegister, undone)


def test_what_is_entered_is_listed_found_changed_and_kept_in_the_history(cast, as_, toys):
    clerk = as_("clerk")
    answer = clerk.post("/villages/wells/new/", {"village": cast.home.pk, "name": "龙井", "depth": "12"})
    well = toys.Well.objects.get()
    assert answer.url == f"/villages/wells/{well.pk}/"
    for url in ("/villages/wells/", f"/villages/wells/?village={cast.home.pk}&q=龙井", "/search/?q=龙井"):
        assert "龙井" in clerk.get(url).content.decode(), url
    assert 'href="/villages/wells/"' in clerk.get("/").content.decode()  # in the menu
    edited = {"village": cast.home.pk, "name": "龙井", "depth": "40", "_version": "1"}
    assert clerk.post(f"/villages/wells/{well.pk}/edit/", edited).status_code == 302
    stale = clerk.post(f"/villages/wells/{well.pk}/edit/", edited | {"depth": "41"})
    assert stale.status_code == 409
    history = clerk.get(f"/villages/wells/{well.pk}/history/").content.decode()
    assert ">12<" in history and ">40<" in history
    bulk = {"do": "set:tested_on", "pk": well.pk, "tested_on": "2013-05-01", "apply": "1"}
    assert clerk.post("/villages/wells/bulk/", bulk).status_code == 302
    assert "龙井" in clerk.post("/villages/wells/bulk/", {"do": "export", "pk": well.pk}).content.decode("utf-8-sig")
    assert clerk.post(f"/villages/wells/{well.pk}/delete/", {"reason": "填错"}).status_code == 302
    rows = AuditRow.objects.filter(model="villages.Well").order_by("pk")
    assert [(row.verb, row.territory_code) for row in rows] == [
        (verb, cast.home.code) for verb in ("create", "update", "update", "delete")
    ]


# ---- add an indicator ----


@pytest.fixture
def wells(cast, toys):
    """Home: one of two tested in the year; next door: all; across: tested too late; community: none on record."""
    make = factories.of(toys.Well)
    make(village=cast.home, name="龙井", tested_on=date(2013, 11, 24))
    make(village=cast.home, name="村头井", tested_on=date(2012, 12, 31))
    make(village=cast.next_door, tested_on=date(2013, 1, 1))
    make(village=cast.across, tested_on=date(2013, 11, 25))


def test_an_indicator_measures_all_villages_and_names_what_lacks(cast, toys, wells):
    found = indicators.get("wells_tested")
    assert found is toys.wells_tested
    villages = Village.objects.in_territory("450109")
    assert dict(found(villages, YEAR)) == {cast.home.pk: (1, 2), cast.next_door.pk: (1, 1), cast.across.pk: (0, 1)}
    lacking = found.find_shortfalls(villages, YEAR)
    assert [shortfall.label for shortfall in lacking[cast.home.pk]] == ["村头井"] and cast.next_door.pk not in lacking


def test_an_indicators_questions_do_not_grow_with_the_villages(cast, toys, wells):
    counts = []
    for villages in (Village.objects.filter(pk=cast.home.pk), Village.objects.all()):
        with CaptureQueriesContext(connection) as queries:
            toys.wells_tested(villages, YEAR), toys.wells_tested.find_shortfalls(villages, YEAR)
        counts.append(len(queries))
        factories.VillageFactory.create_batch(30, township=cast.home.township)
    assert counts == [2, 2]


def test_a_standard_that_names_the_indicator_scores_by_it(cast, as_, toys, wells):
    """A criterion in a new edition, published and run: the village's page shows the figure and leads to what lacks."""
    from scoring import actions
    from scoring.models import Standard

    by = cast["district"]
    actions.load_shipped(by, "450109")
    standard = actions.new_edition(by, Standard.objects.get(name="2013年标准"))
    criterion = standard.criteria.filter(kind="share").first()
    standard.criteria.filter(pk=criterion.pk).update(indicator="wells_tested", name="水井检测")
    standard = actions.publish(by, standard)
    run = actions.start_run(by, standard=standard, year=2013, territory_code="450109", cutoff=DAY, wake=False)
    jobs.run_inline(run.job)
    page = as_("clerk").get(f"/dossiers/{cast.home.code}/?run={run.pk}").content.decode()
    assert "水井检测" in page and "村头井" in page


# ---- add a workflow ----


def test_a_workflow_has_its_pages_for_every_role_and_place(cast, walk, toys):
    test_routes.test_a_registers_pages(cast, walk, toys.RepairRegister)


def test_a_record_moves_with_buttons_trail_limit_and_what_waits(cast, as_, toys):
    TimeLimit.objects.create(key="repair_review", name="审核", workdays=5, in_force_from=date(2013, 1, 1))
    row = factories.of(toys.Repair)(village=cast.home, name="修泵", cost=None)
    url, move = f"/villages/repairs/{row.pk}/", f"/villages/repairs/{row.pk}/move/"
    secretary, clerk = as_("secretary"), as_("clerk")
    assert "Report it" in secretary.get(url).content.decode() and "Report it" not in clerk.get(url).content.decode()
    refused = secretary.post(move, {"name": "report"}, follow=True).content.decode()
    row.refresh_from_db()
    assert "Say what it costs." in refused and row.state == "draft"
    toys.Repair.objects.update(cost=100)
    secretary.post(move, {"name": "report"})
    row.refresh_from_db()
    assert (row.state, row.state_since, row.due_on) == ("reported", DAY, date(2013, 11, 29))
    (waits,) = [part for part in waiting_for(cast["clerk"], DAY) if part.register is toys.RepairRegister]
    assert (waits.total, waits.move_label) == (1, "Confirm it")
    assert "修泵" in clerk.get("/").content.decode()
    assert secretary.post(move, {"name": "finish"}).status_code == 403
    clerk.post(move, {"name": "send_back", "reason": "重填"})
    secretary.post(move, {"name": "report"})
    clerk.post("/villages/repairs/bulk/", {"do": "move:finish", "pk": row.pk})
    row.refresh_from_db()
    assert (row.state, row.due_on) == ("done", None)
    trail = [(kept.transition, kept.by, kept.reason) for kept in Move.objects.filter(model="villages.Repair")]
    assert [name for name, _by, _why in trail] == ["report", "send_back", "report", "finish"]
    assert trail[1] == ("send_back", "clerk先生", "重填")
    assert "重填" in clerk.get(url).content.decode()
    verbs = AuditRow.objects.filter(model="villages.Repair", outcome="done").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["report", "send_back", "report", "finish"]
