"""Old audit rows go by one door, and leave the rest verifiable; the commands and the schedule of the seal."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import AuditRow, AuditSeal
from core.seal import chain
from core.seal.chain import Anchor
from core.seal.retention import KEEP, prune
from core.seal.verify import verify

from .seal_tools import age, found, unguarded, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_anchor(settings, tmp_path):
    settings.AUDIT_ANCHOR = tmp_path / "audit.anchor"


def test_old_rows_go_and_the_rest_stays_whole():
    age(write(3), KEEP.days + 40)
    age(write(2), KEEP.days + 5)
    write(2)
    chain.seal()
    before = timezone.now() - KEEP - timedelta(days=20)
    assert prune(before) == 3
    assert AuditRow.objects.filter(verb="update").count() == 4
    assert AuditSeal.objects.first().position == 3
    record = AuditRow.objects.get(verb="prune_audit")
    assert record.after == {"removed": 3, "before": before.isoformat()}
    chain.seal()
    assert found() == []
    assert prune(before) == 0
    assert prune(timezone.now() - KEEP) == 2
    chain.seal()
    assert found() == []


def test_all_may_be_old():
    age(write(3), KEEP.days + 1)
    chain.seal()
    assert prune(timezone.now() - KEEP) == 3
    write(1)
    chain.seal()
    assert found() == []


def test_young_rows_and_damaged_chains_are_not_pruned():
    rows = write(2)
    age(rows, KEEP.days + 1)
    chain.seal()
    with pytest.raises(ValidationError):
        prune(timezone.now() - timedelta(days=100))
    with unguarded():
        AuditRow.objects.filter(pk=rows[0].pk).update(reason="x")
    with pytest.raises(ValidationError):
        prune(timezone.now() - KEEP)
    assert AuditRow.objects.count() == 2


# ---- commands and schedule ----


def test_the_command_says_what_is_wrong_and_fails(capsys):
    rows = write(3)
    chain.seal()
    call_command("verify_audit")
    call_command("verify_audit", json=True)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["whole"], answer["sealed"], answer["findings"]) == (True, 3, [])
    with unguarded():
        AuditRow.objects.filter(pk=rows[1].pk).update(reason="x")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", json=True)
    assert ended.value.code == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["kind"], finding["position"], finding["row_id"]) == ("changed", 2, rows[1].pk)
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert str(rows[1].pk) in capsys.readouterr().out


def test_the_command_takes_a_link_from_paper():
    write(1)
    chain.seal()
    call_command("verify_audit", anchor=Anchor.parse(verify().end))
    with pytest.raises(CommandError):
        call_command("verify_audit", "--anchor=12")
    with pytest.raises(SystemExit):
        call_command("verify_audit", f"--anchor=9:{'0' * 64}")


def test_the_command_prunes(capsys):
    age(write(2), KEEP.days + 2)
    chain.seal()
    call_command("prune_audit")
    assert "2" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("prune_audit", before=timezone.now().replace(tzinfo=None))


def test_the_schedule_seals(settings):
    from config.celery import app

    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"core.tasks.seal_audit", "core.tasks.heartbeat"} <= names
    write(2)
    app.loader.import_default_modules()
    app.tasks["core.tasks.seal_audit"].run()
    assert verify().waiting == 0
