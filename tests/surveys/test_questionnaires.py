"""Versions: drafts that grow, published ones that never change, and what the database itself keeps."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from core.actions import Invisible, Refused
from core.models import AuditRow
from surveys.actions import builder, publishing
from surveys.choices import Kind, VersionState
from surveys.models import Condition, MatrixRow, Option, Question, QuestionnaireVersion, Survey
from tests import factories

DAY = date(2013, 11, 24)


def sentences(edition) -> str:
    return " ".join(map(str, publishing.find_problems(edition)))


def test_a_complete_draft_is_published_and_the_one_before_retired(cast, draft):
    first = publishing.publish(cast["district"], draft, DAY)
    assert (first.state, first.published_on) == ("published", DAY)
    second = builder.begin_draft(cast["district"], draft.questionnaire)
    publishing.publish(cast["district"], second, DAY)
    assert list(draft.questionnaire.versions.order_by("number").values_list("number", "state")) == [
        (1, "retired"),
        (2, "published"),
    ]


def test_a_new_version_keeps_keys_options_rows_and_conditions(cast, edition):
    copy = builder.begin_draft(cast["district"], edition.questionnaire)
    assert copy.number == 2

    def shape(version):
        return [
            (
                q.key,
                q.order,
                [o.key for o in q.options.all()],
                [r.key for r in q.rows.all()],
                [(c.source.key, c.option.key) for c in q.conditions.all()],
            )
            for q in version.questions.order_by("order")
        ]

    assert shape(copy) == shape(edition)
    assert Condition.objects.filter(question__edition=copy).get().source.edition == copy, "it looks at its own"


def test_the_copy_costs_the_same_for_a_long_questionnaire(cast, edition, django_assert_max_num_queries):
    for n in range(30):
        question = factories.QuestionFactory(edition=edition, key=f"more{n}", kind=Kind.SINGLE, order=100 + n)
        factories.OptionFactory.create_batch(5, question=question)
    with django_assert_max_num_queries(45):
        builder.begin_draft(cast["district"], edition.questionnaire)


def test_one_draft_at_a_time(cast, draft):
    with pytest.raises(ValidationError, match="草稿"):
        builder.begin_draft(cast["district"], draft.questionnaire)


@pytest.mark.parametrize("who", ["clerk", "secretary", "leader", "inspector"])
def test_only_the_district_publishes(cast, draft, who):
    with pytest.raises(Refused):
        publishing.publish(cast[who], draft, DAY)


def test_another_district_does_not_even_see_it(cast, draft):
    with pytest.raises(Invisible):
        publishing.publish(cast["district_abroad"], draft, DAY)
    assert not QuestionnaireVersion.objects.visible_to(cast["clerk"]).exists(), "drafts are for those who write them"


@pytest.mark.parametrize("model", [Question, Option, MatrixRow, Condition])
def test_the_database_keeps_a_published_version_as_it_is(edition, model):
    rows = model.objects.all()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        rows.update(saved_by="谁")


def test_the_database_lets_a_published_version_be_retired_and_nothing_else(edition):
    rows = QuestionnaireVersion.objects.filter(pk=edition.pk)
    for values in ({"state": "draft"}, {"introduction": "改"}, {"number": 9}, {"published_on": date(2014, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    assert rows.update(state=VersionState.RETIRED) == 1


def test_actions_refuse_to_touch_a_published_version(cast, edition):
    question = edition.questions.first()
    for act in (
        lambda: builder.save_question(cast["district"], question),
        lambda: builder.remove_question(cast["district"], question),
        lambda: builder.move_question(cast["district"], question, 1),
        lambda: builder.copy_questions(cast["district"], edition, edition),
        lambda: publishing.publish(cast["district"], edition, DAY),
    ):
        with pytest.raises(Invisible):
            act()
    assert not AuditRow.objects.filter(verb="compose").exists()


def test_the_check_list_names_all_that_is_missing(draft):
    assert sentences(draft) == ""
    Option.objects.filter(question__key="sex", key="male").delete()
    MatrixRow.objects.all().delete()
    Question.objects.filter(key="mark").update(is_indicator=True)
    Question.objects.filter(key="why").update(order=0)
    factories.QuestionFactory(edition=draft, text="您的希望")
    found = sentences(draft)
    for part in ("至少写2个选项", "至少写1行", "从几分", "排在后面", "与另一题文字相同"):
        assert part in found, found
    with pytest.raises(ValidationError):
        publishing.publish(draft_keeper(), draft, DAY)


def draft_keeper():
    from accounts.models import User

    return User.objects.get(username="district")


def test_an_empty_draft_says_so(cast):
    edition = factories.QuestionnaireVersionFactory(state=VersionState.DRAFT)
    assert "还没有题目" in sentences(edition)


def test_a_survey_takes_published_versions_only(cast, draft):
    survey = factories.SurveyFactory.build(edition=draft)
    with pytest.raises(ValidationError, match="已发布"):
        survey.clean()


def test_after_what_is_kept_by_the_database(survey):
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(round="after")


def test_a_condition_looks_back_at_something_that_can_be_asked(draft):
    by_key = {q.key: q for q in draft.questions.all()}
    female = by_key["sex"].options.get(key="female")
    good = {"question": by_key["why"], "source": by_key["sex"], "option": female, "operator": "has"}
    assert Condition(**good).problem() == ""
    assert "排在本题之前" in Condition(**good | {"question": by_key["sex"], "source": by_key["why"]}).problem()
    assert "不能作条件" in Condition(**good | {"question": by_key["wish"], "source": by_key["service"]}).problem()
    assert "改选合适" in Condition(**good | {"operator": "at_least", "option": None, "number": 1}).problem()
    assert "另一题" in Condition(**good | {"source": by_key["knows"]}).problem()
    with pytest.raises(IntegrityError), transaction.atomic():
        Condition.objects.create(**good | {"number": 3})


@pytest.mark.only_on("sqlite")  # its way to tell the plan
def test_the_index_of_counts_covers_the_question(survey):
    """“How often was each option chosen” is answered from the index alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT question_id, option_id, COUNT(*) FROM surveys_answer "
            "WHERE question_id = 1 GROUP BY question_id, option_id"
        )
        assert "COVERING INDEX answer_counts" in str(cursor.fetchall())
