"""Sealing beside other transactions, and the migration there and back: these commit."""

import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from core.models import AuditRow, AuditSeal
from core.seal import chain, door
from core.seal.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_anchor(settings, tmp_path):
    settings.AUDIT_ANCHOR = tmp_path / "audit.anchor"


def write(number: int = 1) -> None:
    AuditRow.objects.bulk_create(AuditRow(request_id=str(n), verb="update") for n in range(number))


def in_thread(work) -> threading.Thread:
    def body():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    return thread


@pytest.mark.only_on("postgresql")  # on SQLite transactions follow one another
def test_a_transaction_that_commits_late_is_sealed_late_and_nobody_waits():
    written, end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            write(2)
            written.set()
            end.wait(20)

    thread = in_thread(slow)
    assert written.wait(20)
    write(3)
    assert chain.seal() == 3
    end.set()
    thread.join()
    assert chain.seal() == 2
    numbers = list(AuditSeal.objects.values_list("row_id", flat=True))
    assert numbers != sorted(numbers), "the lower numbers came last"
    assert verify().is_whole


def test_many_sealers_and_writers_make_one_chain():
    threads = [in_thread(work) for work in [lambda: write(40), chain.seal] * 4]
    for thread in threads:
        thread.join()
    chain.seal()
    verdict = verify()
    assert (verdict.is_whole, verdict.sealed, verdict.waiting) == (True, 160, 0)


def test_the_migration_goes_back_and_forth():
    write(1)
    call_command("migrate", "core", "0001", verbosity=0)
    try:
        AuditRow.objects.update(reason="x")
    finally:
        call_command("migrate", "core", verbosity=0)
    assert door.missing_triggers() == []
    with pytest.raises(IntegrityError):
        AuditRow.objects.update(reason="y")
