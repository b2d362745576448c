"""The demonstration: built once, told by hand where the story needs it, and never beside real data."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from cadres.models import Person, Post
from dashboards.board import board_of
from facilities.models import Room
from scoring.models import Result, Run, Standard
from villages.models import Village


def test_it_is_refused_outside_demonstration_mode(db):
    with pytest.raises(CommandError):
        call_command("demo")
    with pytest.raises(CommandError):
        call_command("demo", reset=True)
    assert not Village.objects.exists()


def test_the_story(demo):
    district = User.objects.get(username="district")
    run = Run.objects.current(district, 2013)
    board = board_of(district, run)
    assert (len(board.results), board.planned.four.villages) == (74, 70)
    assert not board.waiting
    facilities, rules = board.all.groups[2:]
    assert facilities.meets > 50 and rules.meets > 50
    assert "蒲津社区" in [row.village.name for row in board.lacking]
    assert board.near and board.musts
    assert all(20 < group.meets < 74 for group in board.all.groups), "each group passes some and fails some"
    before = Run.objects.before(run)
    changed = {change.result.village.name for change in Result.objects.changes(district, run, before)}
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


def told() -> dict[str, list[tuple]]:
    """What the seed decides: the digests of the runs, which stand for all that is measured, people, posts and rooms."""
    people = Person.objects.order_by("village__code", "pk")
    posts = Post.objects.order_by("village__code", "pk")
    rooms = Room.objects.order_by("village__code", "key")
    return {
        "runs": list(Run.objects.order_by("pk").values_list("digest")),
        "people": list(people.values_list("village__code", "name", "sex", "born_on", "education")),
        "posts": list(posts.values_list("village__code", "position", "starts_on", "ends_on")),
        "rooms": list(rooms.values_list("village__code", "key", "present", "sign", "area")),
    }


def test_reset_builds_the_same_again(transactional_db, demo):
    first = told()
    assert all(first.values())
    Village.objects.filter(code="450109100214").update(name="改名村")
    call_command("demo", reset=True, verbosity=0)
    assert told() == first
    assert Village.objects.get(code="450109100214").name == "梁村"
