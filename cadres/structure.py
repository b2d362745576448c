"""The structure of the cadres of a day, and of the members admitted in a span of days, at any level of territory.

Everything is counted in the database from rows: one query for the whole, one for the parts below it. A person counts
once at each level, however many posts he holds there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from cadres.choices import PARTY, SENIOR_AND_ABOVE, AgeBand, EducationBand, Sex
from cadres.identity import latest_birth
from cadres.models import PartyMember, Post, Term
from cadres.querysets import in_age_band, in_education_band
from core.scoping import SCOPE_FIELD
from villages.models import District, Township, Village

#: Digits of a code at each level of territory.
LEVELS = (2, 4, 6, 9, 12)


@dataclass(frozen=True)
class Part:
    """A band of a dimension: those of it among `den`. `unknown`: facts that are not on record, shown only where some are."""

    key: str
    label: str
    num: int
    den: int
    unknown: bool = False


@dataclass(frozen=True)
class Dimension:
    key: str
    label: str
    parts: list[Part]

    def __getitem__(self, key: str) -> Part:
        return {part.key: part for part in self.parts}[key]

    @property
    def shown(self) -> list[Part]:
        return [part for part in self.parts if part.num or not part.unknown]


@dataclass(frozen=True)
class Structure:
    """`total` people; every dimension but the terms adds up to it."""

    code: str
    label: str
    total: int
    dimensions: list[Dimension]

    def __getitem__(self, key: str) -> Dimension:
        return {dimension.key: dimension for dimension in self.dimensions}[key]


@dataclass(frozen=True)
class Roll:
    """A territory and the parts below it, in the order of their codes."""

    whole: Structure
    below: list[Structure]


# ---- cadres on a day ----


def cadres_on(villages: QuerySet, day: date, code: str = "") -> Roll:
    """The cadres in post in the villages on the day; parts are those one level below `code`. Four queries and names."""
    posts = Post.objects.on(day).filter(village__in=villages)
    terms = list(Term.objects.order_by("-year").values_list("year", flat=True).distinct())
    dimensions = _of_cadres(day, sorted(set(terms), reverse=True))
    return _roll(posts, "person", "village", dimensions, code)


def _of_cadres(day: date, years: Sequence[int]) -> list[tuple]:
    ages = [(band, band.label, in_age_band(band, day, "person__")) for band in AgeBand]
    schools = [(band, band.label, in_education_band(band, "person__")) for band in EducationBand]
    sexes = [
        ("female", Sex.FEMALE.label, Q(person__sex=Sex.FEMALE)),
        ("male", Sex.MALE.label, Q(person__sex=Sex.MALE)),
        ("unknown", AgeBand.UNKNOWN.label, ~Q(person__sex__in=(Sex.FEMALE, Sex.MALE))),
    ]
    party = [
        ("member", _("Party member"), Q(person__political_status__in=PARTY)),
        ("other", _("Not a party member"), ~Q(person__political_status__in=PARTY)),
    ]
    terms = [(str(year), str(year), Q(term__year=year)) for year in years]
    terms.append(("unknown", AgeBand.UNKNOWN.label, Q(term__isnull=True)))
    return [
        ("age", _("Age"), ages),
        ("education", _("Education"), schools),
        ("sex", _("Sex"), sexes),
        ("party", _("Party"), party),
        ("term", _("Term of office"), terms),
    ]


# ---- members admitted ----


def admitted(villages: QuerySet, first: date, last: date, code: str = "") -> Roll:
    """The members admitted from `first` to `last` in the villages; ages are those of the last day."""
    members = PartyMember.objects.admitted_between(first, last).filter(branch__village__in=villages)
    young = Q(person__born_on__gt=latest_birth(last, 35))
    women = Q(person__sex=Sex.FEMALE)
    schooled = Q(person__education__in=SENIOR_AND_ABOVE)
    dimensions = [
        ("female", _("Women"), [("yes", _("Women"), women)]),
        ("senior", _("Senior secondary or above"), [("yes", _("Senior secondary or above"), schooled)]),
        ("under_35", _("Under 35"), [("yes", _("Under 35"), young)]),
    ]
    return _roll(members, "pk", "branch__village", dimensions, code)


# ---- counting ----


def _roll(rows: QuerySet, counted: str, village: str, dimensions: list[tuple], code: str) -> Roll:
    """`counted` is what counts once, `village` the path to the village; `dimensions` are (key, label, bands)."""
    columns = {"total": Count(counted, distinct=True)}
    for key, _label, bands in dimensions:
        for band, _name, condition in bands:
            columns[f"{key}_{band}"] = Count(counted, distinct=True, filter=condition)
    whole = _structure(code, "", rows.aggregate(**columns), dimensions)
    digits = next((length for length in LEVELS if length > len(code)), None)
    if digits is None:
        return Roll(whole, [])
    grouped = rows.annotate(part=Substr(f"{village}__{SCOPE_FIELD}", 1, digits)).values("part").order_by("part")
    counts = list(grouped.annotate(**columns))
    names = names_of(row["part"] for row in counts)
    return Roll(
        whole, [_structure(row["part"], names.get(row["part"], row["part"]), row, dimensions) for row in counts]
    )


def _structure(code: str, label: str, counts: dict, dimensions: list[tuple]) -> Structure:
    total = counts["total"]
    return Structure(
        code,
        label,
        total,
        [
            Dimension(
                key,
                name,
                [
                    Part(str(band), text, counts[f"{key}_{band}"], total, str(band) == "unknown")
                    for band, text, _condition in bands
                ],
            )
            for key, name, bands in dimensions
        ],
    )


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """What divisions are called; one query a level. Above the district the portal knows codes alone."""
    codes, names = set(codes), {}
    for digits, model in {6: District, 9: Township, 12: Village}.items():
        if of_level := [code for code in codes if len(code) == digits]:
            names |= dict(model.objects.filter(code__in=of_level).values_list("code", "name"))
    return names
