"""A plan is held for the writing, and taken only while the database answers as it did when it was judged."""

import pytest
from django.utils import timezone

from core.models import SheetImport
from core.registers.base import for_model
from core.sheets import held, imports
from core.sheets.answers import kept
from tests import factories
from tests.core.test_sheets_plan import headings, send
from villages.models import Hamlet, Village

pytestmark = pytest.mark.django_db
HEADS = ("village", "name", "households")


@pytest.fixture
def judged(monkeypatch):
    """How often a sheet was judged."""
    counted, plain = [], imports.plan
    monkeypatch.setattr(imports, "plan", lambda *args: counted.append(1) or plain(*args))
    return counted


@pytest.fixture
def sheet(cast, judged):
    factories.HamletFactory(village=cast.home, name="张坡", households=30)
    found = send(cast["clerk"], ["梁村", "张坡", 31], ["梁村", "新坡", 12], heads=headings(HEADS))
    assert judged == [1]
    return found


def write(cast, sheet) -> None:
    imports.write(cast["clerk"], sheet, "all")
    sheet.refresh_from_db()


def test_where_nothing_has_changed_it_is_judged_once(cast, sheet, judged):
    write(cast, sheet)
    assert sheet.state == SheetImport.State.WRITTEN and judged == [1]
    assert set(Hamlet.objects.values_list("name", "households")) == {("张坡", 31), ("新坡", 12)}


def saves_the_record(cast):
    hamlet = Hamlet.objects.get(name="张坡")
    for_model(Hamlet).update(cast["secretary"], [hamlet], ["households"])
    hamlet.households = 40
    for_model(Hamlet).update(cast["secretary"], [hamlet], ["households"])


def enters_the_same(cast):
    factories.HamletFactory(village=cast.home, name="新坡")


def loses_the_right(cast):
    cast["clerk"].grants.all().update(territory_code="450102001")


def loses_the_account(cast):
    type(cast["clerk"]).objects.filter(pk=cast["clerk"].pk).update(is_active=False)


def closes_the_village(cast):
    Village.objects.filter(pk=cast.home.pk).update(closed_on="2013-01-01")


def renames_the_village(cast):
    Village.objects.filter(pk=cast.home.pk).update(name="良村", official_name="良村村委会")


@pytest.mark.parametrize(
    "happens",
    [saves_the_record, enters_the_same, loses_the_right, loses_the_account, closes_the_village, renames_the_village],
)
def test_whatever_it_relied_on_makes_it_judged_again(cast, sheet, judged, happens):
    happens(cast)
    write(cast, sheet)
    assert len(judged) == 2
    assert sheet.state == SheetImport.State.PREVIEWED and sheet.problem
    assert not Hamlet.objects.filter(name="新坡", households=12).exists()


def test_a_plan_is_given_away_once(cast, sheet, judged):
    """A writing changes its rows: after one that was refused they are made anew."""
    key = imports._key_of_plan(SheetImport.objects.get(pk=sheet.pk), cast["clerk"])
    assert held.take_plan(key) is not None and held.take_plan(key) is None


def test_a_mended_sheet_is_judged_as_it_stands(cast, sheet, judged):
    imports.mend(cast["clerk"], sheet, {"C3": "15"})
    write(cast, sheet)
    assert set(Hamlet.objects.values_list("name", "households")) == {("张坡", 31), ("新坡", 15)}


def test_another_process_judges_by_itself(cast, sheet, judged):
    held.forget()
    write(cast, sheet)
    assert sheet.state == SheetImport.State.WRITTEN and judged == [1, 1]


def test_what_writes_is_no_question(cast):
    with kept() as answers:
        list(Hamlet.objects.all())
    assert answers.hold()
    with kept() as answers:
        Hamlet.objects.update(saved_at=timezone.now())
    assert not answers.hold()
    with kept() as answers:
        answers.aside(lambda rows: Hamlet.objects.update(saved_at=timezone.now()))(1)
        list(Hamlet.objects.all())
    assert answers.hold()
