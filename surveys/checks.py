"""Whether an answer fits its question: sentences for people, by the question's key. Nothing here asks the database."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from surveys.choices import Kind
from surveys.given import Given, Sheet, shown
from surveys.models import Question

LONGEST_TEXT = 500  # what Answer.text holds
LARGEST = Decimal("9999999999.99")  # what Answer.number holds


def check(questions: Iterable[Question], sheet: Sheet) -> tuple[dict[str, Given], dict[str, str]]:
    """The answers that count, and what is wrong by key. Answers to questions that are not asked are left out."""
    questions = list(questions)
    asked = shown(questions, sheet)
    kept, wrong = {}, {}
    for question in questions:
        given = sheet.get(question.key) or Given()
        if question.key not in asked:
            continue
        if problem := problem_of(question, given):
            wrong[question.key] = problem
        elif given:
            kept[question.key] = given
    return kept, wrong


def problem_of(question: Question, given: Given) -> str:
    """What is wrong with an answer to a question that is asked, in a sentence; "" for nothing."""
    if not given:
        return _("Not answered: choose or fill in an answer.") if question.required else ""
    return _CHECKS[question.kind](question, given)


def _of_options(question: Question, given: Given) -> str:
    options = {option.key: option for option in question.options.all()}
    if not given.options:
        return _("Choose one of the answers on offer.")
    if set(given.options) - set(options) or given.rows or given.number is not None:
        return _("This answer is not on offer: choose one of those that are.")
    chosen = [options[key] for key in given.options]
    if question.kind == Kind.SINGLE and len(chosen) > 1:
        return _("Only one answer may be chosen: leave one.")
    alone = next((option for option in chosen if option.exclusive), None)
    if alone and len(chosen) > 1:
        return _("“%(option)s” stands alone: take it away, or the others.") % {"option": alone.label}
    if given.text and not any(option.other for option in chosen):
        return _("A text stands here, and no answer that takes one is chosen.")
    return _text_problem(given)


def _of_scale(question: Question, given: Given) -> str:
    number, steps = given.number, question.steps
    if number is None or number != int(number) or int(number) not in steps or given.options or given.rows:
        return _("Choose a step from %(low)d to %(high)d.") % {"low": steps[0], "high": steps[-1]}
    return ""


def _of_number(question: Question, given: Given) -> str:
    number = given.number
    if number is None or given.options or given.rows:
        return _("Fill in a number, as 12 or 3.5.")
    if abs(number) > LARGEST or number != round(number, 2):
        return _("Fill in a number of at most ten digits, with two decimals at most.")
    facts = {"number": f"{number:f}", "low": f"{question.number_min or 0:f}", "high": f"{question.number_max or 0:f}"}
    if question.number_min is not None and number < question.number_min:
        return _("%(number)s is too small: at least %(low)s.") % facts
    if question.number_max is not None and number > question.number_max:
        return _("%(number)s is too large: at most %(high)s.") % facts
    return ""


def _of_text(question: Question, given: Given) -> str:
    if not given.text:
        return _("Write the answer as text.")
    return _text_problem(given)


def _of_matrix(question: Question, given: Given) -> str:
    rows = {row.key: row.label for row in question.rows.all()}
    options = {option.key for option in question.options.all()}
    answered = dict(given.rows)
    if set(answered) - set(rows) or set(answered.values()) - options or len(answered) != len(given.rows):
        return _("This answer is not on offer: choose one of those that are.")
    if given.options or given.number is not None or given.text or not answered:
        return _("Choose one answer in each row.")
    missing = [label for key, label in rows.items() if key not in answered]
    if question.required and missing:
        return _("Not answered: %(rows)s. Choose one answer in each row.") % {"rows": _(", ").join(missing)}
    return ""


def _text_problem(given: Given) -> str:
    if len(given.text) > LONGEST_TEXT:
        return _("Too long: %(n)d characters, at most %(most)d.") % {"n": len(given.text), "most": LONGEST_TEXT}
    return ""


_CHECKS = {
    Kind.SINGLE: _of_options,
    Kind.MULTIPLE: _of_options,
    Kind.SCALE: _of_scale,
    Kind.NUMBER: _of_number,
    Kind.TEXT: _of_text,
    Kind.MATRIX: _of_matrix,
}
