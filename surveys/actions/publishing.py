"""A draft is published for good, or a published version retired; what keeps a draft back is said beforehand."""

from collections import Counter
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from surveys.actions.builder import locked
from surveys.choices import WITH_NUMBERS, Kind, VersionState
from surveys.given import questions_of
from surveys.models import Question, QuestionnaireVersion


class Problem(NamedTuple):
    """`number` is the question's place, 0 for the whole; `pk` leads to it."""

    number: int
    pk: int | None
    text: str

    def __str__(self) -> str:
        return _("Question %(number)d: %(text)s") % self._asdict() if self.number else self.text


def find_problems(edition: QuestionnaireVersion, questions: list[Question] | None = None) -> list[Problem]:
    """What keeps a draft from being published, one sentence each."""
    questions = questions_of(edition) if questions is None else questions
    if not questions:
        return [Problem(0, None, _("There is no question yet: add one."))]
    order = {question.pk: n for n, question in enumerate(questions)}
    texts = Counter(question.text for question in questions)
    found = []
    for number, question in enumerate(questions, 1):
        sentences = [*_of_parts(question), *_of_conditions(question, order), *_of_indicator(question)]
        if texts[question.text] > 1:
            sentences.append(_("another question has the same words: tell them apart."))
        found += [Problem(number, question.pk, sentence) for sentence in sentences]
    return found


def _of_parts(question: Question):
    options = list(question.options.all())
    if question.has_options and len(options) < 2:
        yield _("give at least two options.")
    labels = Counter(option.label for option in options) + Counter(row.label for row in question.rows.all())
    for label in [label for label, n in labels.items() if n > 1]:
        yield _("“%(label)s” stands twice: keep one.") % {"label": label}
    if question.kind == Kind.MATRIX and not question.rows.all():
        yield _("give at least one row.")
    if question.has_options and options and all(option.exclusive for option in options):
        yield _("every option stands alone: take the mark from those that don't.")


def _of_conditions(question: Question, order: dict[int, int]):
    for condition in question.conditions.all():
        if order.get(condition.source_id, len(order)) >= order[question.pk]:
            yield _("its condition looks at “%(source)s”, which stands after it: move one of the two.") % {
                "source": condition.source
            }
        elif problem := condition.problem():
            yield problem


def _of_indicator(question: Question):
    if not question.is_indicator:
        return
    if question.kind in WITH_NUMBERS and question.positive_from is None:
        yield _("an indicator needs the figure from which on an answer is positive.")
    elif question.has_options and not any(option.is_positive for option in question.options.all()):
        yield _("an indicator needs at least one option that counts as positive.")
    elif question.kind == Kind.TEXT:
        yield _("a text can't be an indicator: take the mark away.")


def publish(by, edition: QuestionnaireVersion, day: date) -> QuestionnaireVersion:
    """Publish a draft for good; an earlier version that is out is retired. ValidationError says all that is missing."""
    with transaction.atomic():
        edition = locked(by, "publish", edition)
        if problems := find_problems(edition):
            raise ValidationError([str(problem) for problem in problems])
        for old in edition.questionnaire.versions.filter(state=VersionState.PUBLISHED):
            _move(by, "retire", old, VersionState.RETIRED)
        edition.published_on = day
        _move(by, "publish", edition, VersionState.PUBLISHED)
    return edition


def retire(by, edition: QuestionnaireVersion) -> QuestionnaireVersion:
    """No new survey takes it; those that run go on."""
    with transaction.atomic():
        edition = locked(by, "retire", edition)
        _move(by, "retire", edition, VersionState.RETIRED)
    return edition


def _move(by, verb: str, edition: QuestionnaireVersion, state: VersionState) -> None:
    before, edition.state = edition.state, state
    edition.saved_by, edition.version = by.name, edition.version + 1
    edition.save(update_fields=["state", "published_on", "saved_at", "saved_by", "version"])
    audit.write(
        by,
        verb,
        [edition],
        codes={edition.pk: edition.territory_code},
        before={edition.pk: {"state": before}},
        after={edition.pk: {"state": state.value}},
    )
