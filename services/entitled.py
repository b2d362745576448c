"""Who is entitled in a meeting, by the registers of its day: the number that a step's form proposes."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from cadres.choices import Committee, MemberState
from cadres.models import PartyMember, Post, Representative
from services.choices_bodies import BodyKind
from services.choices_deliberations import Deciders, StepKind
from services.models import BodyMember, Deliberation, HamletBody, Household
from villages.models import Hamlet


def entitled_on(deliberation: Deliberation, step: str, deciders: str, day: date) -> int | None:
    """How many were entitled in the meeting; None where the registers hold nobody. Two queries at the most."""
    count = BY_DECIDERS[deciders] if deciders else BY_STEP[step]
    return count(deliberation, day) or None


def _branch_committee(deliberation: Deliberation, day: date) -> int:
    return _in_post(deliberation, day, committee=Committee.BRANCH)


def _both_committees(deliberation: Deliberation, day: date) -> int:
    return _in_post(deliberation, day)


def _in_post(deliberation: Deliberation, day: date, **narrow) -> int:
    """People, not posts: who sits in both committees has one vote."""
    posts = Post.objects.on(day).filter(village=deliberation.village_id, **narrow)
    return posts.order_by().values("person").distinct().count()


def _party_members(deliberation: Deliberation, day: date) -> int:
    """Full members vote, probationary ones don't."""
    members = PartyMember.objects.on(day).filter(branch__village=deliberation.village_id)
    return members.filter(Q(full_on__lte=day) | Q(full_on__isnull=True, state=MemberState.FULL)).count()


def _representatives(deliberation: Deliberation, day: date) -> int:
    return Representative.objects.entitled_on(day).filter(village=deliberation.village_id).count()


def _households(deliberation: Deliberation, day: date) -> int | None:
    """By the register where every hamlet has entered its households, else the village's own figure."""
    rows = _registered(deliberation, day)
    return rows.count() if rows is not None else deliberation.village.households


def _adults(deliberation: Deliberation, day: date) -> int | None:
    rows = _registered(deliberation, day)
    return rows.counted()["adults"] if rows is not None else None


def _registered(deliberation: Deliberation, day: date):
    """The households of the village on the day; None while a hamlet has none on record."""
    rows = Household.objects.on(day)
    hamlets = Hamlet.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), village=deliberation.village_id)
    without = hamlets.filter(~Exists(rows.filter(hamlet=OuterRef("pk"))))
    return None if without.exists() else rows.filter(hamlet__village=deliberation.village_id)


def _hamlet_households(deliberation: Deliberation, day: date) -> int | None:
    own = Household.objects.on(day).filter(hamlet=deliberation.hamlet_id).count()
    return own or deliberation.hamlet.households


def _party_group(deliberation: Deliberation, day: date) -> int:
    return _in_body(deliberation, day, BodyKind.PARTY_GROUP)


def _delegates(deliberation: Deliberation, day: date) -> int:
    return _in_body(deliberation, day, BodyKind.HOUSEHOLDERS)


def _in_body(deliberation: Deliberation, day: date, kind: str) -> int:
    bodies = HamletBody.objects.on(day).filter(hamlet=deliberation.hamlet_id, kind=kind)
    return BodyMember.objects.on(day).filter(body__in=bodies).count()


BY_STEP = {
    StepKind.PROPOSE: _branch_committee,
    StepKind.DISCUSS: _both_committees,
    StepKind.REVIEW: _party_members,
    StepKind.GROUP_PROPOSE: _party_group,
}
BY_DECIDERS = {
    Deciders.REPRESENTATIVES: _representatives,
    Deciders.HOUSEHOLDS: _households,
    Deciders.ADULTS: _adults,
    Deciders.HOUSEHOLDERS: _hamlet_households,
    Deciders.DELEGATES: _delegates,
}
