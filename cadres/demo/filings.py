"""The demonstration's filings: most secretaries are on file since the last election; a few proposals are under way."""

from datetime import date, timedelta
from random import Random

from cadres.choices import FilingKind, FilingState, HowChosen, Position
from cadres.demo.people import CLERKS, NO_SECRETARY
from cadres.models import Filing, Post
from core.models import Move
from core.workflow.days import Calendar
from core.workflow.engine import limit_on
from villages.models import Village

#: Secretaries elected since the spring whose filing is on its way: state, how many days ago it came there.
UNDER_WAY = {
    "良勇村": (FilingState.SUBMITTED, 3),
    "公曹村": (FilingState.SUBMITTED, 12),  # the township has had it for too long
    "那头村": (FilingState.ENDORSED, 5),
    "汉林村": (FilingState.RETURNED, 4),
}
#: In post since 2011 and never filed.
NEVER = ("红星社区", "那盆村", "屯王村", "方村")
WHY_BACK = "缺少党员大会选举结果报告单，补齐后再报"
LIMITS = {FilingState.SUBMITTED: "filing_endorse", FilingState.ENDORSED: "filing_decide"}
#: How a filing came to its state: (move, from, to, whose).
WAY = (
    ("submit", FilingState.DRAFT, FilingState.SUBMITTED, "village"),
    ("endorse", FilingState.SUBMITTED, FilingState.ENDORSED, "township"),
    ("file", FilingState.ENDORSED, FilingState.FILED, "district"),
)
DISTRICT = "陆春梅"


def build(rng: Random, villages: list[Village], day: date) -> None:
    secretaries = Post.objects.filter(position=Position.SECRETARY).select_related("person", "village__township")
    filings = []
    for number, post in enumerate(secretaries.order_by("village__code", "starts_on"), start=1):
        filings += _of_post(rng, post, number, day)
    filings += _vacancy(villages, day)
    calendar = Calendar.load()
    for filing in filings:
        if key := LIMITS.get(filing.state):
            filing.due_on = calendar.add(filing.state_since, limit_on(key, day).workdays)
    Filing.objects.bulk_create(filings)
    Move.objects.bulk_create(move for filing in filings for move in _trail(filing))


def _of_post(rng: Random, post: Post, number: int, day: date) -> list[Filing]:
    """The appointment, and the removal of who is out of post."""
    name, filings = post.village.name, []
    recent = post.ends_on is None and post.starts_on.year == 2013
    if recent and name in UNDER_WAY:
        state, ago = UNDER_WAY[name]
        filings.append(_filing(post, FilingKind.APPOINT, post.starts_on, state, day - timedelta(days=ago)))
    elif name not in NEVER:
        since = min(post.starts_on + timedelta(days=rng.randint(10, 30)), day)
        filings.append(_filing(post, FilingKind.APPOINT, post.starts_on, FilingState.FILED, since))
        filings[-1].document = f"邕组备〔{since.year}〕{number}号"
    if post.ends_on:
        since = min(post.ends_on + timedelta(days=rng.randint(3, 12)), day)
        filings.append(_filing(post, FilingKind.REMOVE, post.ends_on, FilingState.FILED, since))
        filings[-1].document = f"邕组备〔{since.year}〕{100 + number}号"
    return filings


def _filing(post: Post, kind: str, first: date, state: str, since: date) -> Filing:
    appoint = kind == FilingKind.APPOINT
    return Filing(
        village=post.village,
        kind=kind,
        person=post.person,
        effective_on=first,
        how=post.how if appoint else "",
        grounds="经党员大会选举，票数过半，任党组织书记。" if appoint else "因工作变动，不再担任党组织书记。",
        state=state,
        state_since=since,
        post=post if state == FilingState.FILED else None,
        saved_by=CLERKS.get(post.village.code[:9], ""),
    )


def _vacancy(villages: list[Village], day: date) -> list[Filing]:
    """Who shall follow the secretary that left is before the district; a removal elsewhere is still being drafted."""
    gone = next(village for village in villages if village.name == NO_SECRETARY)
    deputy = Post.objects.get(village=gone, position=Position.DEPUTY_SECRETARY)
    follow = _filing(deputy, FilingKind.APPOINT, day + timedelta(days=7), FilingState.ENDORSED, day - timedelta(days=9))
    follow.how = HowChosen.APPOINTED
    follow.grounds = "书记调任后由副书记主持工作两个月，党员、群众认可，拟任党支部书记。"
    unwell = Post.objects.get(village__name="那元社区", position=Position.SECRETARY, ends_on=None)
    leave = _filing(unwell, FilingKind.REMOVE, day + timedelta(days=14), FilingState.DRAFT, day - timedelta(days=1))
    leave.grounds = "本人因健康原因申请不再担任。"
    return [follow, leave]


def _trail(filing: Filing) -> list[Move]:
    """Every step until where it stands, a few days apart."""
    reached = FilingState.SUBMITTED if filing.state == FilingState.RETURNED else filing.state
    states = [target for _name, _source, target, _whose in WAY]
    steps = WAY[: states.index(reached) + 1] if reached in states else ()
    who = {"village": "村党组织", "township": filing.saved_by, "district": DISTRICT}
    moves = [
        _move(filing, name, source, target, who[whose], filing.state_since - timedelta(days=4 * (len(steps) - 1 - at)))
        for at, (name, source, target, whose) in enumerate(steps)
    ]
    if filing.state == FilingState.RETURNED:
        moves[0].on -= timedelta(days=3)
        moves.append(_move(filing, "send_back", reached, filing.state, filing.saved_by, filing.state_since))
        moves[-1].reason = WHY_BACK
    return moves


def _move(filing: Filing, name: str, source: str, target: str, by: str, on: date) -> Move:
    return Move(
        model=Filing._meta.label,
        object_id=filing.pk,
        transition=name,
        source=source,
        target=target,
        by=by,
        on=on,
        territory_code=filing.village.code,
    )
