"""Sheets of answers: what counts, what is wrong, what is written, and what is not kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from core.actions import Invisible, Refused
from core.models import AuditRow
from surveys.actions.answers import Filled, WrongAnswers, record_response, record_responses, withdraw
from surveys.checks import check
from surveys.choices import Kind, Source, Unit
from surveys.forms import AnswerForm, number_of
from surveys.given import Given, questions_of, shown
from surveys.models import Answer, Response
from tests import factories
from tests.surveys.conftest import typed

DAY = date(2013, 11, 24)
GOOD = {
    "sex": Given(options=("female",)),
    "knows": Given(options=("no",)),
    "why": Given(options=("board", "other"), text="牌子掉了"),
    "mark": Given(number=Decimal(4)),
    "service": Given(rows=(("time", "good"), ("manner", "poor"))),
}


def post(**changes) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in typed(**changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def errors(edition, **changes) -> dict[str, str]:
    return AnswerForm(questions_of(edition), post(**changes)).errors


# ---- reading a form ----


def test_a_complete_sheet(edition):
    form = AnswerForm(questions_of(edition), post())
    assert form.is_valid()
    assert form.sheet["people"] == Given(number=Decimal(4))
    assert form.sheet["service"] == Given(rows=(("time", "good"), ("manner", "poor")))
    assert "why" not in form.sheet


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"q_sex": None}, "sex", "还没有回答"),
        ({"q_sex": "martian"}, "sex", "没有这个答案"),
        ({"q_sex": ["male", "female"]}, "sex", "只能选一项"),
        ({"q_people": "四"}, "people", "填写数字"),
        ({"q_people": "0"}, "people", "太小"),
        ({"q_people": "21"}, "people", "太大"),
        ({"q_people": "1.234"}, "people", "小数最多2位"),
        ({"q_people": "NaN"}, "people", "填写数字"),
        ({"q_people": "1e30"}, "people", "小数最多2位"),
        ({"q_mark": "6"}, "mark", "从1到5"),
        ({"q_mark": "4.5"}, "mark", "从1到5"),
        ({"q_service--time": None}, "service", "办理用时"),
        ({"q_service--time": "soso"}, "service", "没有这个答案"),
        ({"q_wish": "长" * 501}, "wish", "最多500个"),
        ({"q_knows": "no"}, "why", "还没有回答"),
        ({"q_knows": "no", "q_why": ["none", "far"]}, "why", "不能与其他项同选"),
    ],
)
def test_every_error_stands_at_its_question(edition, changes, key, said):
    found = errors(edition, **changes)
    assert list(found) == [key]
    assert said in found[key]


def test_full_width_figures_and_an_optional_question(edition):
    form = AnswerForm(questions_of(edition), post(q_people="１２", q_wish=""))
    assert form.is_valid() and form.sheet["people"].number == 12 and "wish" not in form.sheet


def test_answers_to_a_hidden_question_do_not_count(edition):
    form = AnswerForm(questions_of(edition), post(q_knows="yes", q_why=["none", "far"]))
    assert form.is_valid(), "a contradiction in what is not asked is nobody's business"
    assert "why" not in form.sheet


def test_the_text_beside_an_option_goes_with_it(edition):
    form = AnswerForm(questions_of(edition), post(q_knows="no", q_why=["other"], **{"q_why--text": "牌子掉了"}))
    assert form.sheet["why"] == Given(options=("other",), text="牌子掉了")
    left = AnswerForm(questions_of(edition), post(q_knows="no", q_why=["far"], **{"q_why--text": "牌子掉了"}))
    assert left.sheet["why"] == Given(options=("far",)), "the box of an option that was taken back"


def test_paper_says_of_whom_a_question_is_asked(cast, as_, edition):
    """And so does a browser without scripts: the script hides what the answers so far rule out."""
    said = {block.question.key: block.asked_if for block in AnswerForm(questions_of(edition)).blocks}
    assert said.pop("why") == "第3题选了“不知道”的，请答本题。" and not any(said.values())
    page = as_("district").get(f"/surveys/versions/{edition.pk}/preview/").content.decode()
    assert '<noscript><p class="fh">第3题选了“不知道”的，请答本题。</p></noscript>' in page and "打印纸质卷" in page


def test_what_was_typed_is_drawn_again(edition):
    form = AnswerForm(questions_of(edition), post(q_people="四", q_knows="no", q_why=["far"]))
    blocks = {block.question.key: block for block in form.blocks}
    assert blocks["people"].text == "四" and blocks["people"].error
    assert [c.value for c in blocks["why"].choices if c.chosen] == ["far"]
    assert [c.value for line in blocks["service"].lines for c in line.choices if c.chosen] == ["good", "poor"]


# ---- properties ----

keys = st.sampled_from(["male", "female", "yes", "no", "board", "far", "other", "none", "good", "poor", "x"])
givens = st.builds(
    Given,
    options=st.lists(keys, max_size=4, unique=True).map(tuple),
    number=st.none() | st.decimals(-10, 30, places=1),
    text=st.text(max_size=5),
    rows=st.lists(st.tuples(st.sampled_from(["time", "manner", "x"]), keys), max_size=3).map(tuple),
)
sheets = st.dictionaries(st.sampled_from(["sex", "people", "knows", "why", "mark", "service", "wish"]), givens)
anything = profile(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)


@anything
@given(sheet=sheets)
def test_whatever_passes_the_check_can_be_written(survey, cast, sheet):
    """No sheet that the check lets through is refused by a constraint, and what is kept passes it again."""
    questions = questions_of(survey.edition)
    kept, wrong = check(questions, sheet)
    assert check(questions, kept)[0] == kept
    assert set(kept) <= shown(questions, sheet) and not set(kept) & set(wrong)
    if wrong or not kept:
        return
    with transaction.atomic():
        response = record_response(cast["clerk"], survey, cast.home, sheet, Source.STAFF, day=DAY)
        stored = response.answers.all()
        assert {answer.question.key for answer in stored} == set(kept)
        assert stored.count() == sum(max(1, len(g.options) + len(g.rows)) for g in kept.values())
        transaction.set_rollback(True)


@anything
@given(sheet=sheets)
def test_conditions_depend_on_shown_answers_alone(edition, sheet):
    """What was answered to questions that are not shown changes nothing of what is shown."""
    questions = questions_of(edition)
    asked = shown(questions, sheet)
    assert shown(questions, {key: given for key, given in sheet.items() if key in asked}) == asked
    assert ("why" in asked) == ("no" in sheet.get("knows", Given()).options)


@given(kept=givens)
def test_an_answer_survives_its_keeping(kept):
    assert Given.from_json(kept.as_json()) == kept


@given(st.text(max_size=20))
def test_a_number_is_read_or_refused(text):
    number = number_of(text)
    assert number is None or number.is_finite()


# ---- chains and operators ----


def test_a_condition_on_a_hidden_question_hides_in_turn(draft):
    by_key = {q.key: q for q in draft.questions.all()}
    far = by_key["why"].options.get(key="far")
    factories.ConditionFactory(question=by_key["mark"], source=by_key["why"], option=far)
    questions = questions_of(draft)
    assert "mark" not in shown(questions, {"knows": Given(("yes",)), "why": Given(("far",))})
    assert "mark" in shown(questions, {"knows": Given(("no",)), "why": Given(("far",))})


@pytest.mark.parametrize(
    ("operator", "number", "answer", "asked"),
    [
        ("at_least", 3, 3, True),
        ("at_least", 3, 2, False),
        ("at_most", 3, 3, True),
        ("at_most", 3, 4, False),
        ("at_least", 3, None, False),
        ("at_most", 3, None, False),
    ],
)
def test_conditions_on_numbers(draft, operator, number, answer, asked):
    by_key = {q.key: q for q in draft.questions.all()}
    factories.ConditionFactory(
        question=by_key["wish"], source=by_key["people"], option=None, operator=operator, number=number
    )
    sheet = {} if answer is None else {"people": Given(number=Decimal(answer))}
    assert ("wish" in shown(questions_of(draft), sheet)) == asked


def test_conditions_on_one_source_are_alternatives_and_sources_add_up(draft):
    by_key = {q.key: q for q in draft.questions.all()}
    for key in ("board", "far"):
        factories.ConditionFactory(
            question=by_key["wish"], source=by_key["why"], option=by_key["why"].options.get(key=key)
        )
    male = by_key["sex"].options.get(key="male")
    factories.ConditionFactory(question=by_key["wish"], source=by_key["sex"], option=male, operator="lacks")
    questions, no = questions_of(draft), Given(("no",))
    asked = [
        "wish" in shown(questions, {"sex": Given((sex,)) if sex else Given(), "knows": no, "why": Given((why,))})
        for sex, why in (("female", "board"), ("female", "far"), ("female", "other"), ("male", "far"), ("", "far"))
    ]
    assert asked == [True, True, False, False, False]


# ---- writing ----


def test_staff_enter_a_sheet_and_the_audit_keeps_no_answer(cast, survey):
    response = record_response(cast["clerk"], survey, cast.home, GOOD, Source.STAFF, day=DAY)
    assert response.entered_by == cast["clerk"].name
    assert response.answers.count() == 7, "one, one, two, one, two; and the number left out"
    assert response.answers.get(option__key="other").text == "牌子掉了"
    row = AuditRow.objects.get(model="surveys.Response")
    assert "牌子" not in str(row.after) and "female" not in str(row.after)


def test_a_residents_sheet_leads_to_nobody(cast, survey):
    response = record_response(None, survey, cast.home, GOOD, Source.LINK, day=DAY)
    assert response.entered_by == "" and response.batch is None
    kept = {field.name for field in Response._meta.fields}
    assert kept == {"id", "survey", "village", "source", "day", "entered_by", "batch"}, "no time, no token, no name"
    row = AuditRow.objects.get(verb="answer")
    assert (row.model, row.object_id) == ("surveys.Survey", str(survey.pk))
    assert str(response.pk) not in f"{row.after}{row.before}{row.object_name}"
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(entered_by="某人")


def test_keys_tell_no_order(cast, survey):
    rows = record_responses(None, survey, [Filled(cast.home, GOOD)] * 20, Source.OPEN, day=DAY)
    for pks in ([row.pk for row in rows], [a.pk for row in rows for a in row.answers.all()]):
        assert pks != sorted(pks) and pks != sorted(pks, reverse=True)


def test_all_or_none_and_a_constant_number_of_queries(cast, survey, django_assert_max_num_queries):
    bad = GOOD | {"mark": Given(number=Decimal(9))}
    with pytest.raises(WrongAnswers) as wrong:
        record_responses(
            cast["clerk"], survey, [Filled(cast.home, GOOD), Filled(cast.home, bad)], Source.STAFF, day=DAY
        )
    assert list(wrong.value.by_key) == ["mark"]
    assert not Response.objects.exists()
    with django_assert_max_num_queries(30):
        record_responses(cast["clerk"], survey, [Filled(cast.home, GOOD)] * 60, Source.STAFF, day=DAY)
    assert Answer.objects.count() == 60 * 7


@pytest.mark.parametrize(
    ("who", "place", "error"),
    [
        ("leader", "home", Refused),
        ("inspector", "home", Refused),
        ("sysadmin", "home", Refused),
        ("secretary", "next_door", Invisible),
        ("clerk", "across", Invisible),
        ("district", "abroad", Invisible),
        ("district_abroad", "home", Invisible),
    ],
)
def test_who_may_enter_where(cast, survey, who, place, error):
    with pytest.raises(error):
        record_response(cast[who], survey, cast.villages[place], GOOD, Source.STAFF, day=DAY)
    assert not Response.objects.exists() and not Answer.objects.exists()


@pytest.mark.parametrize("who", ["district", "clerk", "secretary"])
def test_those_who_enter_for_their_own(cast, survey, who):
    assert record_response(cast[who], survey, cast.home, GOOD, Source.STAFF, day=DAY).pk


@pytest.mark.parametrize("day", [date(2013, 10, 7), date(2013, 12, 21)])
def test_only_in_the_survey_s_days(cast, survey, day):
    with pytest.raises(ValidationError, match="调查时间"):
        record_response(cast["clerk"], survey, cast.home, GOOD, Source.STAFF, day=day)


def test_an_empty_sheet_is_none(cast):
    edition = factories.QuestionnaireVersionFactory()
    factories.QuestionFactory(edition=edition, kind=Kind.TEXT, required=False)
    survey = factories.SurveyFactory(edition=edition)
    with pytest.raises(ValidationError, match="答卷是空的"):
        record_response(cast["clerk"], survey, cast.home, {}, Source.STAFF, day=DAY)


def test_one_sheet_a_village_where_it_stands_for_the_village(cast, edition):
    survey = factories.SurveyFactory(edition=edition, unit=Unit.VILLAGE)
    record_response(cast["clerk"], survey, cast.home, GOOD, Source.STAFF, day=DAY)
    with pytest.raises(ValidationError, match="梁村"):
        record_response(cast["clerk"], survey, cast.home, GOOD, Source.STAFF, day=DAY)
    with pytest.raises(ValidationError, match="广良村"):
        twice = [Filled(cast.next_door, GOOD)] * 2
        record_responses(cast["clerk"], survey, twice, Source.STAFF, day=DAY)
    assert survey.responses.count() == 1


def test_staff_take_back_what_they_entered_and_never_what_residents_said(cast, survey):
    own = record_response(cast["clerk"], survey, cast.home, GOOD, Source.STAFF, day=DAY)
    theirs = record_response(None, survey, cast.home, GOOD, Source.LINK, day=DAY)
    with pytest.raises(ValidationError, match="群众"):
        withdraw(cast["clerk"], [own, theirs])
    assert withdraw(cast["clerk"], [own], reason="录错") == 1
    assert list(Response.objects.all()) == [theirs]
    assert "牌子" not in str(list(AuditRow.objects.values_list("before", "after")))
