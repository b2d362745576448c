"""Figures 2, 3 and 6: the age and education of the cadres, and who joined the party."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cadres import structure
from core.figures import Ask, Bar, Series, figure


def _structure(ask: Ask) -> str:
    return f"{reverse('cadres:structure')}?{urlencode({'place': ask.code, 'day': ask.day.isoformat()})}"


def _admissions(ask: Ask) -> str:
    asked = {"place": ask.code, "year": ask.year, "months": ask.months, "plan": 1}
    return f"{reverse('cadres:admitted')}?{urlencode(asked)}"


def _cadres(ask: Ask, key: str) -> list[Series]:
    dimension = structure.cadres_on(ask.villages, ask.day).whole[key]
    return [Series("now", str(ask.year), [Bar(part.key, part.label, part.num, part.den) for part in dimension.shown])]


@figure(2, "cadres_age", _("Age of the cadres"), unit=_("people"), records=_structure)
def cadres_age(ask: Ask) -> list[Series]:
    """The cadres in post on the day, each counted once."""
    return _cadres(ask, "age")


@figure(3, "cadres_education", _("Education of the cadres"), unit=_("people"), records=_structure)
def cadres_education(ask: Ask) -> list[Series]:
    return _cadres(ask, "education")


@figure(6, "new_members", _("New party members"), unit=_("people"), decimals=2, records=_admissions)
def new_members(ask: Ask) -> list[Series]:
    """Those admitted from New Year to the end of a month in the villages of the plan, and in the same span before."""
    villages = ask.villages.filter(in_plan=True)
    return [
        Series(key, label, _admitted(villages, year, ask.months))
        for key, label, year in (
            ("before", _("Same period before"), ask.year - 1),
            ("now", _("This year"), ask.year),
        )
    ]


def _admitted(villages, year: int, months: int) -> list[Bar]:
    last = date(year + months // 12, months % 12 + 1, 1) - timedelta(days=1)
    whole = structure.admitted(villages, date(year, 1, 1), last).whole
    return [Bar(one.key, one.label, part.num, part.den) for one in whole.dimensions for part in one.parts]
