"""An import taken back as a whole, or not at all with what stands in the way."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core import actions, audit
from core.evidence.models import Evidence
from core.models import AuditRow, SheetImport
from core.registers.base import for_model
from core.sheets import imports
from core.sheets.undo import foreseen, obstacles
from tests import factories
from tests.core.test_sheets_plan import headings, send
from villages.actions import close_into
from villages.models import Hamlet, Village

pytestmark = pytest.mark.django_db
HAMLETS = for_model(Hamlet)


@pytest.fixture
def written(cast):
    """An import of one changed and one new hamlet, by the clerk."""
    factories.HamletFactory(village=cast.home, name="张坡", households=30)
    sheet = send(
        cast["clerk"], ["梁村", "张坡", 31], ["梁村", "新坡", 12], heads=headings(("village", "name", "households"))
    )
    imports.write(cast["clerk"], sheet, "all")
    assert sheet.state == SheetImport.State.WRITTEN
    return sheet


def standing() -> set:
    return set(Hamlet.objects.values_list("name", "households"))


def test_everything_stands_as_it_did(cast, written):
    imports.undo(cast["clerk"], written, timezone.now())
    assert written.state == SheetImport.State.UNDONE
    assert standing() == {("张坡", 30)}
    verbs = (
        AuditRow.objects.exclude(request_id=written.request_id).exclude(model="core.Job").values_list("verb", flat=True)
    )
    assert sorted(verbs) == ["delete", "undo_import", "update"]
    assert not any(row.before for row in written.rows.all()), "what stood before is forgotten"


def test_a_second_undo_is_refused(cast, written):
    imports.undo(cast["clerk"], written, timezone.now())
    with pytest.raises(ValidationError):
        imports.undo(cast["clerk"], written, timezone.now())
    assert standing() == {("张坡", 30)}


def test_what_was_saved_since_is_listed_and_nothing_undone(cast, written):
    hamlet = Hamlet.objects.get(name="张坡")
    hamlet.households = 40
    actions.update(cast["secretary"], [hamlet], ["households"])
    (later,) = obstacles(written, HAMLETS, cast["clerk"])
    assert (later.row, later.by) == (2, cast["secretary"].name) and later.at
    imports.undo(cast["clerk"], written, timezone.now())
    assert written.state == SheetImport.State.WRITTEN and "张坡" in written.problem
    assert standing() == {("张坡", 40), ("新坡", 12)}


def test_what_was_deleted_since_is_listed(cast, written):
    actions.delete(cast["clerk"], [Hamlet.objects.get(name="新坡")])
    (later,) = obstacles(written, HAMLETS, cast["clerk"])
    assert "新坡" in later.what and later.by == cast["clerk"].name


def test_a_record_that_hangs_on_a_new_one_is_listed(cast, written):
    hamlet = Hamlet.objects.get(name="新坡")
    factories.GroupLeaderFactory.at(cast.home, hamlet=hamlet)
    (later,) = obstacles(written, HAMLETS, cast["clerk"])
    assert later.row == 3
    imports.undo(cast["clerk"], written, timezone.now())
    assert standing() == {("张坡", 31), ("新坡", 12)}


def test_a_file_on_a_new_record_is_listed(cast, written):
    hamlet = Hamlet.objects.get(name="新坡")
    factories.EvidenceFactory(owner_model="villages.hamlet", owner_pk=hamlet.pk, file_name="公示.jpg")
    (later,) = obstacles(written, HAMLETS, cast["clerk"])
    assert "公示.jpg" in later.what
    Evidence.objects.update(revoked_at=timezone.now())
    assert not obstacles(written, HAMLETS, cast["clerk"])


def test_who_may_not_delete_does_not_undo_what_was_entered(cast):
    user = cast["secretary"]
    sheet = send(user, ["梁村", "新坡", 12], heads=headings(("village", "name", "households")))
    imports.write(user, sheet, "all")
    assert obstacles(sheet, HAMLETS, user), "a secretary deletes no hamlets"
    imports.undo(user, sheet, timezone.now())
    assert standing() == {("新坡", 12)}


def test_an_undo_has_its_time(cast, written, settings):
    late = written.undo_until + timedelta(seconds=1)
    with pytest.raises(ValidationError):
        imports.undo(cast["clerk"], written, late)
    assert standing() == {("张坡", 31), ("新坡", 12)}


def test_a_sensitive_value_comes_back_whole(cast):
    from cadres.models import Person

    register = for_model(Person)
    person = factories.PersonFactory.at(cast.home, phone="13800006027")
    heads = [column.heading for column in imports.columns_of(register) if column.name in ("pk", "phone")]
    sheet = send(cast["clerk"], [str(person.pk), "13977110086"], heads=heads, register=register)
    assert sheet.counts["changed"] == 1, [row.notes for row in sheet.rows.all()]
    assert [c[1:] for c in sheet.rows.get().notes["changes"]] == [["138****6027", "139****0086"]]
    imports.write(cast["clerk"], sheet, "all")
    assert Person.objects.get().phone.plain == "13977110086"
    imports.undo(cast["clerk"], sheet, timezone.now())
    assert Person.objects.get().phone.plain == "13800006027"


def test_the_mask_of_a_sensitive_value_changes_nothing(cast):
    from cadres.models import Person

    register = for_model(Person)
    person = factories.PersonFactory.at(cast.home, phone="13800006027")
    heads = [column.heading for column in imports.columns_of(register) if column.name in ("pk", "phone")]
    sheet = send(cast["clerk"], [str(person.pk), "138****6027"], heads=heads, register=register)
    assert sheet.counts["same"] == 1
    other = send(cast["clerk"], [str(person.pk), "139****6027"], heads=heads, register=register)
    assert other.counts["wrong"] == 1


def test_many_rows_ask_no_more(cast, django_assert_max_num_queries):
    rows = [["梁村", f"第{n}坡", n] for n in range(60)]
    sheet = send(cast["clerk"], *rows, heads=headings(("village", "name", "households")))
    imports.write(cast["clerk"], sheet, "all")
    Hamlet.objects.update(version=7)
    with django_assert_max_num_queries(30):
        assert len(obstacles(sheet, HAMLETS, cast["clerk"])) == 60


# ---- what actions write along ----


def heads_of(model, *names: str) -> list[str]:
    columns = {column.name: column.heading for column in imports.columns_of(for_model(model))}
    return [columns[name] for name in names]


@pytest.fixture
def closed(cast):
    """A village that had absorbed another is closed by an import: the other follows to where it goes."""
    older = factories.VillageFactory(township=cast.home.township, name="旧村")
    close_into(cast["district"], [older], cast.home, date(2010, 1, 1))
    assert Village.objects.get(pk=older.pk).scope_code == cast.home.code
    heads = heads_of(Village, "pk", "closed_on", "successor")
    row = [str(cast.home.pk), "2013-10-01", cast.next_door.name]
    sheet = send(cast["district"], row, heads=heads, register=for_model(Village))
    assert sheet.counts["changed"] == 1, [row.notes for row in sheet.rows.all()]
    assert foreseen(sheet, for_model(Village), cast["district"]) == []
    imports.write(cast["district"], sheet, "all")
    assert Village.objects.get(pk=older.pk).scope_code == cast.next_door.code
    return sheet, older


def test_what_followed_along_stands_as_before(cast, closed):
    sheet, older = closed
    imports.undo(cast["district"], sheet, timezone.now())
    assert sheet.state == SheetImport.State.UNDONE, sheet.problem
    assert Village.objects.get(pk=older.pk).scope_code == cast.home.code
    home = Village.objects.get(pk=cast.home.pk)
    assert (home.closed_on, home.successor_id, home.scope_code) == (None, None, cast.home.code)


def test_what_followed_along_and_was_saved_since_stands_in_the_way(cast, closed):
    sheet, older = closed
    older = Village.objects.get(pk=older.pk)
    older.closed_on = date(2010, 2, 1)
    actions.update(cast["district"], [older], ["closed_on"])
    (later,) = obstacles(sheet, for_model(Village), cast["district"])
    assert "旧村" in later.what
    imports.undo(cast["district"], sheet, timezone.now())
    assert sheet.state == SheetImport.State.WRITTEN
    assert Village.objects.get(pk=cast.home.pk).closed_on == date(2013, 10, 1)


def test_what_was_entered_along_goes_with_it(cast, monkeypatch):
    """An action that enters a record beside each of its own, which hangs on it."""

    def create(by, rows, *, reason=""):
        written = actions.create(by, rows, reason=reason)
        actions.create(by, [Hamlet(village=row.village, name=f"{row.name}旁") for row in written], reason=reason)
        return written

    monkeypatch.setattr(HAMLETS, "create", staticmethod(create))
    sheet = send(cast["clerk"], ["梁村", "新坡", 12], heads=headings(("village", "name", "households")))
    imports.write(cast["clerk"], sheet, "all")
    assert standing() == {("新坡", 12), ("新坡旁", None)}
    assert obstacles(sheet, HAMLETS, cast["clerk"]) == []
    imports.undo(cast["clerk"], sheet, timezone.now())
    assert (sheet.state, standing()) == (SheetImport.State.UNDONE, set()), sheet.problem


def test_what_was_entered_along_and_saved_since_stands_in_the_way(cast, monkeypatch):
    def create(by, rows, *, reason=""):
        return [*actions.create(by, rows), *actions.create(by, [Hamlet(village=cast.home, name="旁坡")])][:1]

    monkeypatch.setattr(HAMLETS, "create", staticmethod(create))
    sheet = send(cast["clerk"], ["梁村", "新坡", 12], heads=headings(("village", "name", "households")))
    imports.write(cast["clerk"], sheet, "all")
    beside = Hamlet.objects.get(name="旁坡")
    beside.households = 3
    actions.update(cast["secretary"], [beside], ["households"])
    (later,) = obstacles(sheet, HAMLETS, cast["clerk"])
    assert "旁坡" in later.what
    imports.undo(cast["clerk"], sheet, timezone.now())
    assert standing() == {("新坡", 12), ("旁坡", 3)}


def test_what_can_not_be_taken_back_is_said_before_it_is_written(cast, as_, monkeypatch):
    """An action that hands something over leaves a row of the audit that no undo knows."""

    def create(by, rows, *, reason=""):
        written = actions.create(by, rows, reason=reason)
        audit.write(by, "hand_over", [cast.home], codes={cast.home.pk: cast.home.code})
        return written

    monkeypatch.setattr(HAMLETS, "create", staticmethod(create))
    sheet = send(cast["clerk"], ["梁村", "新坡", 12], heads=headings(("village", "name", "households")))
    (sentence,) = foreseen(sheet, HAMLETS, cast["clerk"])
    assert "梁村" in sentence
    assert sentence in as_("clerk").get(reverse("core:import", args=[sheet.pk])).content.decode()
    imports.write(cast["clerk"], sheet, "all")
    assert [later.what for later in obstacles(sheet, HAMLETS, cast["clerk"])] == [sentence]


def test_who_may_not_delete_is_told_before_it_is_written(cast):
    sheet = send(cast["secretary"], ["梁村", "新坡", 12], heads=headings(("village", "name", "households")))
    assert len(foreseen(sheet, HAMLETS, cast["secretary"])) == 1
    assert foreseen(sheet, HAMLETS, cast["clerk"]) == []
