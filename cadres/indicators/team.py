"""What can be measured of the two committees and the people in them. Age is that of the period's day.

Facts missing are not facts bad: a village without any post on record is not measured, nor is a share while one of its
cadres lacks the fact; that record is named among the shortfalls.
"""

from collections import defaultdict

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import SENIOR_AND_ABOVE, AgeBand, FilingKind, Position
from cadres.committees import committees_on
from cadres.models import Filing, Person, Post
from cadres.querysets import in_age_band
from core.indicators import Kind, Measure, Shortfall, indicator
from core.periods import Period
from core.shared import shared

# ---- committees ----


@indicator(
    "committees_complete",
    name=gettext_lazy("Committees complete"),
    kind=Kind.YES_NO,
    evidence=gettext_lazy("The posts on record"),
)
def committees_complete(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """In halves: 2 complete, 1 with a secretary but not complete, 0 without a secretary."""
    return {
        village: Measure(2 if own.complete else int(own.secretary is not None), 2)
        for village, own in committees_on(villages, period.as_of).items()
    }


@committees_complete.shortfalls
def committees_incomplete(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """What is missing, each on the page where the village's people are."""
    there, people = committees_on(villages, period.as_of), reverse("cadres:people_list")
    found = {}
    for village in villages.order_by().values_list("pk", flat=True):
        url = f"{people}?village={village}"
        lacks = there[village].lacks if village in there else [_("nobody of the two committees is on record")]
        if lacks:
            found[village] = [Shortfall(lack, url) for lack in lacks]
    return found


# ---- the secretary's filing ----


@shared
def _secretaries(villages: QuerySet, period: Period) -> list[Post]:
    posts = Post.objects.on(period.as_of).filter(village__in=villages, position=Position.SECRETARY)
    return list(posts.with_filed(period.as_of).with_names().order_by("village", "pk"))


@indicator(
    "secretary_filed",
    name=gettext_lazy("Secretary's appointment filed with the district"),
    kind=Kind.YES_NO,
    evidence=gettext_lazy("The filing on record"),
)
def secretary_filed(villages: QuerySet, period: Period) -> dict[int, Measure]:
    """Of the secretary in post; a village without one is not measured here: its committees are incomplete."""
    return {post.village_id: Measure(int(post.is_filed)) for post in _secretaries(villages, period)}


@secretary_filed.shortfalls
def secretary_not_filed(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """The filing under way, or the page to begin one on."""
    missing = [post for post in _secretaries(villages, period) if not post.is_filed]
    under_way = {
        (filing.village_id, filing.person_id): filing
        for filing in Filing.objects.filter(village__in=villages, kind=FilingKind.APPOINT).order_by("pk")
    }
    found = {}
    for post in missing:
        filing = under_way.get((post.village_id, post.person_id))
        if filing:
            url = reverse("cadres:filings_detail", args=[filing.pk])
            label = _("%(name)s: %(state)s") % {"name": post.person, "state": filing.get_state_display()}
        else:
            facts = f"village={post.village_id}&person={post.person_id}&kind={FilingKind.APPOINT}"
            url = f"{reverse('cadres:filings_new')}?{facts}&effective_on={post.starts_on}&how={post.how}"
            label = _("%(name)s: not filed") % {"name": post.person}
        found[post.village_id] = [Shortfall(label, url)]
    return found


# ---- shares of the cadres ----


def _shares(villages: QuerySet, period: Period, met: Q, unknown: Q) -> dict[int, Measure]:
    """Cadres in post that satisfy `met`, of all; left out where one satisfies `unknown`. One query."""
    people = Count("person", distinct=True)
    rows = (
        Post.objects.on(period.as_of)
        .filter(village__in=villages)
        .values("village")
        .annotate(
            den=people,
            num=Count("person", distinct=True, filter=met),
            unknown=Count("person", distinct=True, filter=unknown),
        )
        .order_by()
    )
    return {row["village"]: Measure(row["num"], row["den"]) for row in rows if not row["unknown"]}


def _named(villages: QuerySet, period: Period, wanted: Q, label) -> dict[int, list[Shortfall]]:
    """The cadres that satisfy `wanted`, each with his own page; `label(person)` says what he lacks. One query."""
    posts = Post.objects.on(period.as_of).filter(wanted, village__in=villages).with_names()
    found, seen = defaultdict(list), set()
    for post in posts.order_by("village", "person__name", "person"):
        if (post.village_id, post.person_id) not in seen:
            seen.add((post.village_id, post.person_id))
            url = reverse("cadres:people_edit", args=[post.person_id])
            found[post.village_id].append(Shortfall(label(post.person), url))
    return dict(found)


@indicator(
    "cadres_under_40",
    name=gettext_lazy("Cadres under 40"),
    kind=Kind.SHARE,
    unit=gettext_lazy("people"),
    evidence=gettext_lazy("The birth date on record"),
)
def cadres_under_40(villages: QuerySet, period: Period) -> dict[int, Measure]:
    young = in_age_band(AgeBand.UNDER_40, period.as_of, "person__")
    return _shares(villages, period, young, Q(person__born_on__isnull=True))


@cadres_under_40.shortfalls
def cadres_without_birth_date(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """Age is mended by the next election, not by a record: only a birth date that is missing can be entered."""

    def label(person: Person) -> str:
        return _("%(name)s: birth date not on record") % {"name": person}

    return _named(villages, period, Q(person__born_on__isnull=True), label)


@indicator(
    "cadres_senior_secondary",
    name=gettext_lazy("Cadres with senior secondary education or above"),
    kind=Kind.SHARE,
    unit=gettext_lazy("people"),
    evidence=gettext_lazy("The education on record"),
)
def cadres_senior_secondary(villages: QuerySet, period: Period) -> dict[int, Measure]:
    return _shares(villages, period, Q(person__education__in=SENIOR_AND_ABOVE), Q(person__education=""))


@cadres_senior_secondary.shortfalls
def cadres_below_senior_secondary(villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    def label(person: Person) -> str:
        education = person.get_education_display() or _("education not on record")
        return _("%(name)s: %(lacks)s") % {"name": person, "lacks": education}

    return _named(villages, period, ~Q(person__education__in=SENIOR_AND_ABOVE), label)
