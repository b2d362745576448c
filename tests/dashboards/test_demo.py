"""The demonstration: built once, told by hand where the story needs it, and never beside real data."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from dashboards.board import board_of
from scoring.models import Result, Run, Standard
from villages.models import Village


@pytest.fixture
def demo(db, settings):
    settings.DEMONSTRATION = True
    call_command("demo", verbosity=0)
    return User.objects.get(username="district")


def test_it_is_refused_outside_demonstration_mode(db):
    with pytest.raises(CommandError):
        call_command("demo")
    with pytest.raises(CommandError):
        call_command("demo", reset=True)
    assert not Village.objects.exists()


def test_the_story(demo):
    run = Run.objects.current(demo, 2013)
    board = board_of(demo, run)
    assert (len(board.results), board.planned.four.villages) == (74, 70)
    assert not board.waiting
    facilities, rules = board.all.groups[2:]
    assert facilities.meets > 50 and rules.meets > 50
    assert "蒲津社区" in [row.village.name for row in board.lacking]
    assert board.near and board.musts
    assert all(20 < group.meets < 74 for group in board.all.groups), "each group passes some and fails some"
    before = Run.objects.before(run)
    changed = {change.result.village.name for change in Result.objects.changes(demo, run, before)}
    assert {"坛垌村", "屯宁村", "桥学村"} <= changed and len(changed) < 15, (
        "what was told, and what its week made of services"
    )
    assert set(Standard.objects.values_list("state", flat=True)) == {"published", "draft"}
    digests = list(Run.objects.order_by("pk").values_list("digest", flat=True))
    assert len(digests) == 2 and all(digests)

    call_command("demo", if_empty=True, verbosity=0)
    with pytest.raises(CommandError):
        call_command("demo")
    assert Run.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_reset_builds_the_same_again(settings):
    settings.DEMONSTRATION = True
    call_command("demo", verbosity=0)
    first = list(Run.objects.order_by("pk").values_list("digest", flat=True))
    Village.objects.filter(code="450109100214").update(name="改名村")
    call_command("demo", reset=True, verbosity=0)
    assert list(Run.objects.order_by("pk").values_list("digest", flat=True)) == first
    assert Village.objects.get(code="450109100214").name == "梁村"
