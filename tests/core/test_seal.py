"""The audit's chain: whatever is done to rows or links behind the portal's back is found, and named where it was done."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditRow, AuditSeal
from core.seal import chain, door
from core.seal.chain import Anchor
from core.seal.verify import verify

from .seal_tools import MIGRATION, POSTGRESQL, found, unguarded, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_anchor(settings, tmp_path):
    settings.AUDIT_ANCHOR = tmp_path / "audit.anchor"


# ---- the straight way ----


def test_rows_are_chained_once_and_the_chain_is_whole():
    write(3)
    assert (chain.seal(), chain.seal()) == (3, 0)
    write(2)
    assert verify().waiting == 2
    assert chain.seal() == 2
    verdict = verify()
    assert (verdict.is_whole, verdict.sealed, verdict.waiting) == (True, 5, 0)
    assert list(AuditSeal.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert verdict.end == str(chain.read_anchor()) == f"5:{chain.newest().digest}"


def test_an_empty_audit_is_whole():
    assert chain.seal() == 0
    assert verify().is_whole
    assert chain.read_anchor() is None


def test_more_rows_than_a_batch(monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 3)
    monkeypatch.setattr(chain, "MANY", 5)
    monkeypatch.setattr("core.seal.verify.BATCH", 2)
    write(8)
    assert chain.seal() == 8
    assert verify().is_whole


def test_an_older_key_still_verifies_and_a_foreign_one_does_not(settings):
    write(2)
    chain.seal()
    settings.AUDIT_KEYS = ["the-next-key", *settings.AUDIT_KEYS]
    write(2)
    chain.seal()
    assert found() == []
    settings.AUDIT_KEYS = ["the-next-key"]
    assert found() == [("changed", 1), ("changed", 2)]


def test_a_column_added_later_leaves_old_links_valid():
    row = AuditRow.objects.filter(pk=write()[0].pk).values().get()
    assert chain.canonical(row | {"channel": "", "device": None, "extra": {}}) == chain.canonical(row)


def test_sealing_asks_a_constant_number_of_questions():
    write(5)
    chain.seal()
    with CaptureQueriesContext(connection) as few:
        write(10)
        chain.seal()
    with CaptureQueriesContext(connection) as many:
        write(40)
        chain.seal()
    assert len(few) == len(many)


# ---- what somebody did behind the portal's back ----


@pytest.mark.parametrize("field", [f.name for f in AuditRow._meta.concrete_fields if f.name != "id"])
def test_every_column_of_a_row_is_sealed(field):
    rows = write(3)
    chain.seal()
    kind = AuditRow._meta.get_field(field).get_internal_type()
    other = {
        "DateTimeField": timezone.now() - timedelta(days=1),
        "JSONField": {"name": "假"},
        "BigIntegerField": 7,
    }.get(kind, "refused")
    with unguarded():
        AuditRow.objects.filter(pk=rows[1].pk).update(**{field: other})
    assert found() == [("changed", 2)]
    assert verify().findings[0].row_id == rows[1].pk


def test_a_removed_row_is_named():
    rows = write(4)
    chain.seal()
    with unguarded():
        AuditRow.objects.filter(pk=rows[2].pk)._raw_delete("default")
    assert found() == [("removed", 3)]
    assert verify().findings[0].row_id == rows[2].pk


def test_a_row_removed_with_its_link_leaves_a_gap():
    rows = write(4)
    chain.seal()
    with unguarded():
        AuditRow.objects.filter(pk=rows[1].pk)._raw_delete("default")
        AuditSeal.objects.filter(position=2)._raw_delete("default")
    assert ("gap", 2) in found()


def test_a_closed_gap_is_found_all_the_same():
    write(4)
    chain.seal()
    with unguarded():
        AuditRow.objects.filter(pk=AuditSeal.objects.get(position=2).row_id)._raw_delete("default")
        AuditSeal.objects.filter(position=2)._raw_delete("default")
        for position in (3, 4):
            AuditSeal.objects.filter(position=position).update(position=position - 1)
    assert ("changed", 2) in found()


def test_two_rows_that_changed_places_are_named():
    rows = write(4)
    chain.seal()
    with unguarded():
        for old, new in ((rows[1].pk, -1), (rows[2].pk, rows[1].pk), (-1, rows[2].pk)):
            AuditRow.objects.filter(pk=old).update(id=new)
    assert found() == [("changed", 2), ("changed", 3)]


def test_two_links_that_changed_places_are_named():
    write(4)
    chain.seal()
    with unguarded():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            AuditSeal.objects.filter(position=old).update(position=new)
    assert {position for kind, position in found() if kind == "changed"} >= {2, 3}


@pytest.mark.parametrize("left", [0, 2])
def test_a_cut_end_is_found_by_the_anchor_even_after_the_chain_grew_again(left):
    write(5)
    chain.seal()
    with unguarded():
        cut = AuditSeal.objects.filter(position__gt=left)
        AuditRow.objects.filter(pk__in=cut.values("row_id"))._raw_delete("default")
        cut._raw_delete("default")
    assert found() == [("cut", 5)]
    write(9)
    chain.seal()
    assert found() == [("cut", 5)]
    assert chain.read_anchor().position == 5, "the sealer must not overwrite what proves the loss"


def test_a_link_on_paper_finds_what_the_machine_forgot(settings):
    write(5)
    chain.seal()
    noted = Anchor.parse(verify().end)
    with unguarded():
        AuditRow.objects.filter(pk=AuditSeal.objects.get(position=5).row_id)._raw_delete("default")
        AuditSeal.objects.filter(position=5)._raw_delete("default")
    settings.AUDIT_ANCHOR.unlink()
    assert found() == [("no_anchor", None)]
    assert found(noted) == [("cut", 5)]


def test_a_spoilt_anchor_is_said_and_kept(settings):
    write(2)
    chain.seal()
    settings.AUDIT_ANCHOR.write_text("?")
    write(1)
    chain.seal()
    assert settings.AUDIT_ANCHOR.read_text() == "?"
    assert found() == [("no_anchor", None)]


def test_a_beginning_removed_without_proof_is_found():
    write(5)
    chain.seal()
    with unguarded():
        AuditRow.objects.filter(pk__in=AuditSeal.objects.filter(position__lte=2).values("row_id"))._raw_delete(
            "default"
        )
        AuditSeal.objects.filter(position__lte=2)._raw_delete("default")
    assert ("gap", 1) in found()
    with unguarded():
        AuditSeal.objects.filter(position=3).update(retired="0" * 64)
    assert ("forged", 3) in found()


def test_missing_triggers_are_named():
    with connection.cursor() as cursor:
        on = " ON core_auditrow" if POSTGRESQL else ""
        cursor.execute(f"DROP TRIGGER core_auditrow_no_delete{on}")
    assert found() == [("unguarded", None)]
    assert "core_auditrow_no_delete" in verify().findings[0].text


def test_a_door_left_open_is_said():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_audit_door (is_open) VALUES (true)")
    assert found() == [("unguarded", None)]


def test_only_so_many_findings_are_told_and_all_are_counted(settings):
    write(60)
    chain.seal()
    settings.AUDIT_KEYS = ["another"]
    verdict = verify()
    assert (verdict.count, len(verdict.findings)) == (60, 50)


# ---- the database refuses ----


@pytest.mark.parametrize("model", [AuditRow, AuditSeal])
def test_rows_and_links_can_be_neither_changed_nor_removed(model):
    write(2)
    chain.seal()
    kept = list(model.objects.values())
    field = "reason" if model is AuditRow else "digest"
    for change in (
        lambda: model.objects.update(**{field: "x"}),
        lambda: model.objects.all()._raw_delete("default"),
        lambda: model.objects.first().delete(),
        lambda: model.objects.first().save(),
    ):
        with pytest.raises(IntegrityError, match="added, never changed"), transaction.atomic():
            change()
    assert list(model.objects.values()) == kept


@pytest.mark.parametrize("table", MIGRATION.TABLES)
def test_nor_by_the_ways_round_a_row_trigger(table):
    write(1)
    chain.seal()
    statement = f"TRUNCATE {table}" if POSTGRESQL else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    with (
        pytest.raises(IntegrityError, match="added, never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_door_lets_removals_through_and_changes_not():
    write(2)
    with pytest.raises(IntegrityError), door.open_door():
        AuditRow.objects.update(reason="x")
    with door.open_door():
        AuditRow.objects.all()._raw_delete("default")
    assert not AuditRow.objects.exists()
    write(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditRow.objects.all()._raw_delete("default")


def test_flush_is_refused_outside_tests(settings):
    settings.AUDIT_MAY_BE_EMPTIED = False
    write(1)
    with pytest.raises((CommandError, IntegrityError)), transaction.atomic():
        call_command("flush", interactive=False, verbosity=0)
    assert AuditRow.objects.exists()
