"""Any question that the district marks is an indicator: the share of positive answers of the year, village by village.

Its key names the questionnaire and the question in all its versions: q12-satisfied.
"""

import re
from collections.abc import Iterable
from functools import partial

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.indicators import Indicator, Kind, Measure, Shortfall, add_family
from core.periods import Period
from surveys.choices import Kind as QuestionKind
from surveys.choices import Unit, VersionState
from surveys.disclosure import is_small
from surveys.models import Answer, Question, QuestionnaireVersion, Survey
from villages.models import Village

KEY = re.compile(r"q([1-9][0-9]{0,7})-([a-z][a-z0-9_]{0,29})", re.ASCII)
GOOD = Q(option__is_positive=True) | Q(number__gte=F("question__positive_from"))


def key_of(question: Question) -> str:
    return f"q{question.edition.questionnaire_id}-{question.key}"


def _marked() -> QuerySet:
    """Every version of the questions that are marked, the latest first; drafts measure nothing."""
    rows = Question.objects.filter(is_indicator=True).exclude(edition__state=VersionState.DRAFT)
    return rows.select_related("edition").order_by("edition__questionnaire__title", "-edition__number", "order")


def find(key: str) -> Indicator | None:
    parts = KEY.fullmatch(key)
    if not parts:
        return None
    question = _marked().filter(edition__questionnaire=int(parts[1]), key=parts[2]).first()
    return question and _indicator(question)


def offer(user) -> Iterable[Indicator]:
    """Each question once, in the words of its latest version."""
    seen = {}
    for question in _marked().filter(edition__in=QuestionnaireVersion.objects.visible_to(user).values("pk")):
        seen.setdefault(key_of(question), question)
    return [_indicator(question) for question in seen.values()]


def _indicator(question: Question) -> Indicator:
    form, key = question.edition.questionnaire_id, question.key
    return Indicator(
        key_of(question),
        question.text,
        Kind.SHARE,
        partial(measure, form, key),
        gettext_lazy("answers"),
        gettext_lazy("Sheets of surveys of the year; of fewer than five nothing is measured"),
        partial(shortfalls, form, key, question.text),
    )


def measure(form: int, key: str, villages: QuerySet, period: Period) -> dict[int, Measure]:
    """{village: (positive answers, answers)} of the year's sheets until the day; a row of a table is an answer. One query.

    Answers made anew from percentages judge no village: which of them is whose was drawn.
    """
    answers = Answer.objects.filter(
        question__key=key,
        question__edition__questionnaire=form,
        response__village__in=villages,
        response__day__range=(period.start, period.as_of),
        response__survey__is_reconstructed=False,
    )
    rows = answers.order_by().values("response__village", "question__kind", "response__survey__unit")
    found: dict[int, Measure] = {}
    people: dict[int, int] = {}
    for row in rows.annotate(
        n=Count("pk"),
        good=Count("pk", filter=GOOD),
        sheets=Count("response", distinct=True),
        good_sheets=Count("response", distinct=True, filter=GOOD),
    ):
        village = row["response__village"]
        several = row["question__kind"] == QuestionKind.MULTIPLE
        own = Measure(row["good_sheets"], row["sheets"]) if several else Measure(row["good"], row["n"])
        before = found.get(village, Measure(0, 0))
        found[village] = Measure(before.num + own.num, before.den + own.den)
        if row["response__survey__unit"] != Unit.VILLAGE:
            people[village] = people.get(village, 0) + row["sheets"]
    return {village: measured for village, measured in found.items() if not is_small(people.get(village, 0))}


def shortfalls(form: int, key: str, text: str, villages: QuerySet, period: Period) -> dict[int, list[Shortfall]]:
    """How many did not answer positively, leading to the village's results of the latest survey; nobody is named."""
    found = {pk: one for pk, one in measure(form, key, villages, period).items() if one.num < one.den}
    codes = dict(Village.objects.filter(pk__in=found).values_list("pk", "scope_code"))
    days = (period.start, period.as_of)
    asked = Survey.objects.filter(edition__questionnaire=form, is_reconstructed=False, responses__day__range=days)
    latest = asked.order_by("-starts_on", "-pk").values_list("pk", flat=True).first()
    return {
        pk: [Shortfall(_said(text, one), f"{reverse('surveys:results', args=[latest])}?place={codes[pk]}")]
        for pk, one in found.items()
    }


def _said(text: str, one: Measure) -> str:
    return _("%(question)s: %(n)d of %(all)d answers not positive") % {
        "question": text,
        "n": one.den - one.num,
        "all": one.den,
    }


add_family(find, offer)
