"""Filing of secretaries: drafted by the village, endorsed by the township, filed by the district. Then the post changes."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.actions.people import appoint, end_posts
from cadres.choices import FilingKind, FilingState, Position
from cadres.models import Filing, Post
from core import actions
from core.roles import Role
from core.workflow import Transition, Workflow

CLERKS = frozenset({Role.CLERK})
DISTRICT = frozenset({Role.DISTRICT})


def create_filings(by, filings: Sequence[Filing], *, reason: str = "") -> list[Filing]:
    """New filings: a draft when the village makes it, before the township when that or the district does."""
    state = FilingState.SUBMITTED if by.roles & (CLERKS | DISTRICT) else FilingState.DRAFT
    for filing in filings:
        filing.state = state
    return actions.create(by, filings, reason=reason)


def secretaries_of(filing: Filing) -> list[Post]:
    """The posts of secretary in the village that are open, or over after the day of the filing; at most a few."""
    posts = Post.objects.filter(village=filing.village_id, position=Position.SECRETARY).with_names()
    return [post for post in posts if post.ends_on is None or post.ends_on > filing.effective_on]


def _own_post(filing: Filing) -> Post | None:
    return next((post for post in secretaries_of(filing) if post.person_id == filing.person_id), None)


def _impossible(filing: Filing) -> str | None:
    """What stands against the filing in the posts as they are, in a sentence."""
    own = _own_post(filing)
    if filing.kind == FilingKind.REMOVE:
        if own is None or own.starts_on >= filing.effective_on:
            return _("%(person)s is not secretary on that day: check the person and the day") % {
                "person": filing.person
            }
        return None
    others = [post for post in secretaries_of(filing) if post.person_id != filing.person_id]
    if own is None and others:
        return _("%(person)s is secretary then: file that removal first") % {"person": others[0].person}
    return None


def _file(by, filings: Sequence[Filing], _day: date) -> None:
    """The posts follow. Who is secretary already is only put on file."""
    for filing in filings:
        post = _own_post(filing)
        if filing.kind == FilingKind.REMOVE:
            (post,) = end_posts(by, [post], filing.effective_on, reason=_reason(filing))
        elif post is None:
            (post,) = appoint(by, [_new_post(filing)], reason=_reason(filing))
        filing.post = post


def _new_post(filing: Filing) -> Post:
    return Post(
        person=filing.person,
        village=filing.village,
        position=Position.SECRETARY,
        starts_on=filing.effective_on,
        how=filing.how,
        document=filing.document,
    )


def _reason(filing: Filing) -> str:
    return _("Filing %(number)d") % {"number": filing.pk}


#: From the village's draft to the district's file.
FILING_FLOW = Workflow(
    Transition(
        "submit",
        gettext_lazy("Hand in to the township"),
        sources=(FilingState.DRAFT, FilingState.RETURNED),
        target=FilingState.SUBMITTED,
        roles={Role.SECRETARY, Role.CLERK},
        needs=(_impossible,),
    ),
    Transition(
        "endorse",
        gettext_lazy("Endorse"),
        sources=(FilingState.SUBMITTED,),
        target=FilingState.ENDORSED,
        roles=CLERKS,
        needs=(_impossible,),
    ),
    Transition(
        "file",
        gettext_lazy("Put on file"),
        sources=(FilingState.ENDORSED,),
        target=FilingState.FILED,
        roles=DISTRICT,
        needs=(_impossible,),
        effect=_file,
    ),
    Transition(
        "send_back",
        gettext_lazy("Return"),
        sources=(FilingState.SUBMITTED,),
        target=FilingState.RETURNED,
        roles=CLERKS,
        reason=True,
        awaited=False,
    ),
    Transition(
        "refuse",
        gettext_lazy("Return to the township"),
        sources=(FilingState.ENDORSED,),
        target=FilingState.RETURNED,
        roles=DISTRICT,
        reason=True,
        awaited=False,
    ),
    limits={FilingState.SUBMITTED: "filing_endorse", FilingState.ENDORSED: "filing_decide"},
    tags={
        FilingState.FILED: "ok",
        FilingState.RETURNED: "bad",
        FilingState.SUBMITTED: "near",
        FilingState.ENDORSED: "near",
    },
)
