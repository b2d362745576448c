"""A filing from the village to the district's file: who moves it, what stands against it, what becomes of the post."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cadres.actions.filings import FILING_FLOW, create_filings
from cadres.choices import FilingKind, FilingState, HowChosen, Position
from cadres.models import Filing, Post
from core.actions import Invisible, Refused
from core.models import AuditRow
from core.workflow import move
from tests.cadres.conftest import DAY, person, post

S = Position.SECRETARY
FROM = date(2013, 12, 1)


def filing(who, kind=FilingKind.APPOINT, effective_on=FROM, **facts) -> Filing:
    how = HowChosen.MEMBERS_ELECTION if kind == FilingKind.APPOINT else ""
    return Filing(
        village=who.village, person=who, kind=kind, effective_on=effective_on, how=how, grounds="换届", **facts
    )


def filed(cast, one: Filing) -> Filing:
    """All the way."""
    (one,) = create_filings(cast["secretary"], [one])
    for username, step in (("secretary", "submit"), ("clerk", "endorse"), ("district", "file")):
        (one,) = move(cast[username], FILING_FLOW, [one], step, DAY)
    return Filing.objects.get(pk=one.pk)


def test_the_post_comes_with_the_file(place):
    who = person(place.home, "新书记")
    (one,) = create_filings(place["secretary"], [filing(who, document="邕组备1号")])
    assert one.state == FilingState.DRAFT
    move(place["secretary"], FILING_FLOW, [one], "submit", DAY)
    move(place["clerk"], FILING_FLOW, [one], "endorse", DAY)
    one = Filing.objects.get(pk=one.pk)
    assert one.due_on == date(2013, 12, 6) and not Post.objects.exists()
    move(place["district"], FILING_FLOW, [one], "file", DAY)
    one, made = Filing.objects.get(pk=one.pk), Post.objects.get()
    assert (one.state, one.post, one.due_on) == (FilingState.FILED, made, None)
    assert (made.person, made.position, made.starts_on, made.document) == (who, S, FROM, "邕组备1号")
    verbs = list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["create", "file"] and {"submit", "endorse"} < set(verbs)


def test_the_post_ends_with_the_file(place):
    who = person(place.home, "老书记")
    held = post(who, S)
    one = filed(place, filing(who, FilingKind.REMOVE))
    held.refresh_from_db()
    assert held.ends_on == FROM and one.post == held


def test_who_is_in_post_is_only_put_on_file(place):
    who = person(place.home, "书记")
    held = post(who, S)
    assert filed(place, filing(who, effective_on=held.starts_on)).post == held
    assert Post.objects.count() == 1


def test_a_successor_waits_for_the_removal(place):
    old, new = person(place.home, "老书记"), person(place.home, "新书记")
    post(old, S)
    (one,) = create_filings(place["clerk"], [filing(new)])
    assert one.state == FilingState.SUBMITTED
    with pytest.raises(ValidationError, match="老书记"):
        move(place["clerk"], FILING_FLOW, [one], "endorse", DAY)
    filed(place, filing(old, FilingKind.REMOVE))
    move(place["clerk"], FILING_FLOW, [one], "endorse", DAY)
    move(place["district"], FILING_FLOW, [one], "file", DAY)
    assert list(Post.objects.order_by("starts_on").values_list("person__name", "ends_on")) == [
        ("老书记", FROM),
        ("新书记", None),
    ]


def test_who_is_no_secretary_is_not_removed(place):
    (one,) = create_filings(place["clerk"], [filing(person(place.home), FilingKind.REMOVE)])
    with pytest.raises(ValidationError):
        move(place["clerk"], FILING_FLOW, [one], "endorse", DAY)


def test_what_came_between_stops_it_at_the_last_step(place):
    """Somebody else came into the post after the endorsement: nothing is filed, nobody is in post twice."""
    (one,) = create_filings(place["clerk"], [filing(person(place.home, "甲"))])
    move(place["clerk"], FILING_FLOW, [one], "endorse", DAY)
    post(person(place.home, "乙"), S)
    with pytest.raises(ValidationError, match="乙"):
        move(place["district"], FILING_FLOW, [one], "file", DAY)
    assert Filing.objects.get().state == FilingState.ENDORSED and Post.objects.count() == 1


def test_it_comes_back_with_a_reason_and_goes_again(place):
    (one,) = create_filings(place["clerk"], [filing(person(place.home))])
    with pytest.raises(ValidationError):
        move(place["clerk"], FILING_FLOW, [one], "send_back", DAY)
    move(place["clerk"], FILING_FLOW, [one], "endorse", DAY)
    move(place["district"], FILING_FLOW, [one], "refuse", DAY, reason="缺选举报告单")
    assert Filing.objects.get().state == FilingState.RETURNED
    move(place["secretary"], FILING_FLOW, [one], "submit", DAY)
    assert Filing.objects.get().state == FilingState.SUBMITTED


@pytest.mark.parametrize(
    ("state", "step", "may"),
    [
        (FilingState.DRAFT, "submit", {"secretary", "clerk"}),
        (FilingState.SUBMITTED, "endorse", {"clerk"}),
        (FilingState.SUBMITTED, "send_back", {"clerk"}),
        (FilingState.ENDORSED, "file", {"district"}),
        (FilingState.ENDORSED, "refuse", {"district"}),
    ],
)
def test_who_moves_it(place, undone, state, step, may):
    one = filing(person(place.home), state=state)
    one.save()
    for username in ("secretary", "clerk", "district", "leader", "inspector", "sysadmin"):
        with undone():
            if username in may:
                move(place[username], FILING_FLOW, [one], step, DAY, reason="说明")
            else:
                with pytest.raises(Refused):
                    move(place[username], FILING_FLOW, [one], step, DAY, reason="说明")
            one.refresh_from_db()
        one.refresh_from_db()
    for stranger in ("secretary_next_door", "clerk_across", "district_abroad"):
        with pytest.raises((Invisible, Refused)):
            move(place[stranger], FILING_FLOW, [one], step, DAY, reason="说明")


@pytest.mark.parametrize(
    ("state", "may"),
    [
        (FilingState.DRAFT, {"secretary", "clerk", "district"}),
        (FilingState.RETURNED, {"secretary", "clerk", "district"}),
        (FilingState.SUBMITTED, {"clerk", "district"}),
        (FilingState.ENDORSED, set()),
        (FilingState.FILED, set()),
    ],
)
def test_nothing_is_changed_under_the_readers_hands(place, state, may):
    who = person(place.home)
    held = post(who, S) if state == FilingState.FILED else None
    one = filing(who, state=state, post=held)
    one.save()
    for username in ("secretary", "clerk", "district"):
        for verb in ("change", "delete"):
            seen = Filing.objects.visible_to(place[username], verb).filter(pk=one.pk).exists()
            assert seen == (username in may), (username, verb)
        assert Filing.objects.visible_to(place[username]).filter(pk=one.pk).exists()


def test_an_appointment_says_how_and_a_removal_does_not(cast):
    with pytest.raises(ValidationError):
        Filing(
            village=cast.home, person=person(cast.home), kind="appoint", effective_on=FROM, grounds="换届"
        ).full_clean()
    one = filing(person(cast.home, "乙"), FilingKind.REMOVE)
    one.how = HowChosen.APPOINTED
    one.full_clean()
    assert one.how == ""
