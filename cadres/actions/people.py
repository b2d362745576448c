"""Posts: who comes into one, who leaves it. At most one secretary and one director in a village on any day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadres.choices import COMMITTEE_OF, SINGLE_POSITIONS
from cadres.models import Post, Term
from core import actions
from villages.models import Village


def appoint(by, posts: Sequence[Post], *, reason: str = "") -> list[Post]:
    """Bring people into posts, open or already over; the village is the person's own unless the post names one.

    The term is the one that its committee was in on the first day, where that is known. Raises Refused, Invisible,
    and ValidationError for a second secretary or director on any day, or the same post held twice by one person.
    """
    for post in posts:
        if post.village_id is None and post.person_id:
            post.village_id = post.person.village_id
    _fill_terms(posts)
    with one_at_a_time({post.village_id for post in posts}):
        return actions.create(by, posts, reason=reason)


def update_posts(by, posts: Sequence[Post], fields: Iterable[str], *, reason: str = "") -> list[Post]:
    """As `core.actions.update`, under the conditions of `appoint`."""
    with one_at_a_time({post.village_id for post in posts}):
        return actions.update(by, posts, fields, reason=reason)


def end_posts(by, posts: Sequence[Post], day: date, *, reason: str = "") -> list[Post]:
    """`day` is the first day out of the posts. Raises as `core.actions.update`."""
    for post in posts:
        post.ends_on = day
    return update_posts(by, posts, ["ends_on"], reason=reason)


def _fill_terms(posts: Sequence[Post]) -> None:
    """Reads the terms once for all posts that name none."""
    if all(post.term_id for post in posts):
        return
    terms = list(Term.objects.all())
    for post in posts:
        if post.term_id or not post.starts_on:
            continue
        committee = COMMITTEE_OF.get(post.position)
        of_day = (t for t in terms if t.committee == committee and t.starts_on <= post.starts_on < t.ends_on)
        post.term = max(of_day, key=lambda term: term.starts_on, default=None)


@contextmanager
def one_at_a_time(villages: Iterable[int | None]):
    """What is written inside is undone where posts of one of the villages overlap that must not.

    The villages are locked meanwhile, so that two people can't each write one half of an overlap.
    """
    villages = set(villages) - {None}
    with transaction.atomic():
        list(Village.objects.filter(pk__in=villages).order_by("pk").select_for_update(of=("self",)))
        yield
        posts = Post.objects.filter(village__in=villages).with_names()
        _refuse_overlaps(posts.order_by("starts_on", "pk"))


def _refuse_overlaps(posts: Iterable[Post]) -> None:
    """`posts` in the order of their first days."""
    seats, own = defaultdict(list), defaultdict(list)
    for post in posts:
        own[post.village_id, post.position, post.person_id].append(post)
        if post.position in SINGLE_POSITIONS:
            seats[post.village_id, post.position].append(post)
    for held in (*seats.values(), *own.values()):
        for first, second in pairwise(held):
            if first.ends_on is None or first.ends_on > second.starts_on:
                raise ValidationError({"starts_on": _overlap(first, second)})


def _overlap(first: Post, second: Post) -> str:
    facts = {
        "village": first.village,
        "post": first.get_position_display(),
        "first": first.person,
        "second": second.person,
        "until": first.ends_on.isoformat() if first.ends_on else "",
        "since": second.starts_on.isoformat(),
    }
    if first.ends_on is None:
        return (
            _("%(village)s, %(post)s: %(first)s is in post; end that post before %(second)s begins on %(since)s.")
            % facts
        )
    return (
        _("%(village)s, %(post)s: %(first)s is in post until %(until)s, so %(second)s can't begin on %(since)s.")
        % facts
    )
