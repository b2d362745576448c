"""A district clerk composes a questionnaire on the pages: questions, conditions, order, copies, publishing."""

import pytest

from surveys.choices import Kind, VersionState
from surveys.models import Condition, Option, Question, QuestionnaireVersion, Response
from tests import factories
from tests.surveys.conftest import typed


def inline(prefix: str, rows: list[dict], initial: int = 0) -> dict:
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


@pytest.fixture
def empty(cast) -> QuestionnaireVersion:
    return factories.QuestionnaireVersionFactory(state=VersionState.DRAFT, number=1)


def add(client, edition, kind: str, data: dict):
    return client.post(f"/surveys/versions/{edition.pk}/questions/add/?kind={kind}", data)


def order(edition) -> list[str]:
    return list(edition.questions.order_by("order").values_list("key", flat=True))


def test_from_nothing_to_published(cast, as_):
    """The whole way, as a clerk goes it: title, first draft, three questions, publish."""
    district = as_("district")
    form = factories.QuestionnaireFactory(title="办事满意度")
    page = district.post(f"/surveys/questionnaires/{form.pk}/begin/", follow=True)
    edition = form.versions.get()
    assert "还没有题目" in page.content.decode()
    options = inline("options", [{"label": "满意"}, {"label": "不满意"}, {"label": ""}])
    assert add(district, edition, "single", {"text": "您满意吗", "required": "on"} | options).status_code == 302
    first = edition.questions.get()
    assert (first.key, [o.key for o in first.options.all()]) == ("q1", ["o1", "o2"])
    unhappy = first.options.get(key="o2")
    when = inline("conditions", [{"test": f"o{unhappy.pk}", "operator": "has", "number": ""}])
    assert add(district, edition, "text", {"text": "哪里不满意"} | when).status_code == 302
    condition = Condition.objects.get()
    assert (condition.question.text, condition.source, condition.option) == ("哪里不满意", first, unhappy)
    scale = {"text": "打几分", "required": "on", "scale_min": "1", "scale_max": "10", "low_label": "差"}
    assert add(district, edition, "scale", scale | inline("conditions", [])).status_code == 302
    assert "可以发布" in district.get(f"/surveys/versions/{edition.pk}/").content.decode()
    assert district.post(f"/surveys/versions/{edition.pk}/publish/").status_code == 302
    edition.refresh_from_db()
    assert edition.state == "published"


def test_a_table_question_has_rows_and_options(as_, empty):
    rows = inline("rows", [{"label": "用时"}, {"label": "态度"}])
    options = inline("options", [{"label": "满意"}, {"label": "不满意"}])
    assert add(as_("district"), empty, "matrix", {"text": "评价", "required": "on"} | rows | options).status_code == 302
    question = empty.questions.get()
    assert [r.label for r in question.rows.all()] == ["用时", "态度"]
    assert question.kind == Kind.MATRIX and question.options.count() == 2


def test_options_are_ordered_changed_and_dropped(as_, draft):
    question = draft.questions.get(key="why")
    board, far, other, none = question.options.order_by("order")
    rows = [
        {"id": board.pk, "label": "没看到公示牌", "key": "board", "order": "4"},
        {"id": far.pk, "label": far.label, "key": "far", "order": "2", "DELETE": "on"},
        {"id": other.pk, "label": other.label, "key": "other", "order": "3", "other": "on"},
        {"id": none.pk, "label": none.label, "key": "none", "order": "9", "exclusive": "on"},
        {"label": "牌子坏了", "key": "", "order": "1"},
    ]
    data = {"text": question.text, "key": "why", "required": "on", "_version": question.version}
    no = Option.objects.get(question__key="knows", key="no")
    when = inline("conditions", [{"test": f"o{no.pk}", "operator": "has"}], initial=1)
    response = as_("district").post(f"/surveys/questions/{question.pk}/", data | inline("options", rows, 4) | when)
    assert response.status_code == 302
    assert [(o.label, o.key) for o in question.options.order_by("order")] == [
        ("牌子坏了", "o1"),
        ("其他", "other"),
        ("没看到公示牌", "board"),
        ("以上都没有", "none"),
    ]
    assert question.conditions.get().option == no, "the condition stays as it was"


def test_errors_name_the_line(as_, empty):
    options = inline("options", [{"label": "是", "key": "Ja!"}, {"label": "否", "key": ""}])
    response = add(as_("district"), empty, "single", {"text": "", "required": "on"} | options)
    page = response.content.decode()
    assert response.status_code == 422
    assert "第1行" in page and "小写字母" in page and not Question.objects.exists()


def test_two_options_with_one_key_are_refused(as_, empty):
    options = inline("options", [{"label": "是", "key": "a"}, {"label": "否", "key": "a"}])
    response = add(as_("district"), empty, "single", {"text": "好吗", "required": "on"} | options)
    assert response.status_code == 422 and not Question.objects.exists(), "all or nothing"


def test_an_option_is_not_tested_like_a_number(as_, draft):
    male = Option.objects.get(question__key="sex", key="male")
    when = inline("conditions", [{"test": f"o{male.pk}", "operator": "at_least", "number": "3"}])
    response = add(as_("district"), draft, "text", {"text": "为什么"} | when)
    assert response.status_code == 422 and "改选一种" in response.content.decode()


def test_what_another_version_asks_is_no_condition(as_, draft):
    foreign = factories.OptionFactory()
    when = inline("conditions", [{"test": f"o{foreign.pk}", "operator": "has"}])
    assert add(as_("district"), draft, "text", {"text": "为什么"} | when).status_code == 422


def test_somebody_was_faster(as_, draft):
    question = draft.questions.get(key="wish")
    Question.objects.filter(pk=question.pk).update(text="别人改的", version=2)
    data = {"text": "我改的", "key": "wish", "_version": 1} | inline("conditions", [])
    assert as_("district").post(f"/surveys/questions/{question.pk}/", data).status_code == 409
    question.refresh_from_db()
    assert question.text == "别人改的"


def test_questions_move_and_keep_the_focus(as_, draft):
    district, wish = as_("district"), draft.questions.get(key="wish")
    assert order(draft)[-2:] == ["service", "wish"]
    response = district.post(f"/surveys/questions/{wish.pk}/move/", {"step": "up"})
    assert response.url.endswith(f"?moved=up{wish.pk}#q{wish.pk}")
    assert order(draft)[-2:] == ["wish", "service"]
    page = district.get(response.url.split("#")[0]).content.decode()
    assert page.count("autofocus") == 1
    for _n in range(9):
        district.post(f"/surveys/questions/{wish.pk}/move/", {"step": "up"})
    assert order(draft)[0] == "wish", "at the top nothing more happens"


def test_moving_a_question_before_its_source_is_named_not_refused(as_, draft):
    district, why = as_("district"), draft.questions.get(key="why")
    district.post(f"/surveys/questions/{why.pk}/move/", {"step": "up"})
    page = district.get(f"/surveys/versions/{draft.pk}/").content.decode()
    assert "排在后面" in page
    assert district.post(f"/surveys/versions/{draft.pk}/publish/").status_code == 422


def test_taking_a_question_out_takes_its_conditions(as_, draft):
    knows = draft.questions.get(key="knows")
    as_("district").post(f"/surveys/questions/{knows.pk}/delete/")
    assert "knows" not in order(draft) and not Condition.objects.exists()


def test_copied_from_another_questionnaire_without_those_that_are_here(as_, empty, edition):
    factories.QuestionFactory(edition=empty, key="sex", kind=Kind.TEXT)
    response = as_("district").post(f"/surveys/versions/{empty.pk}/copy/", {"source": edition.pk}, follow=True)
    page = response.content.decode()
    assert "复制了6题" in page and "1题没有复制" in page
    assert order(empty) == ["sex", "people", "knows", "why", "mark", "service", "wish"]


def test_a_foreign_questionnaire_is_not_copied(cast, as_, empty):
    foreign = factories.QuestionnaireVersionFactory.at(cast.abroad)
    response = as_("district").post(f"/surveys/versions/{empty.pk}/copy/", {"source": foreign.pk})
    assert response.status_code == 404


def test_the_trial_checks_and_keeps_nothing(as_, edition):
    page = f"/surveys/versions/{edition.pk}/preview/"
    assert as_("clerk").post(page, typed(q_sex=None)).status_code == 422
    assert "答卷完整" in as_("clerk").post(page, typed()).content.decode()
    assert not Response.objects.exists()


def test_a_draft_is_nobody_elses(as_, draft):
    question = draft.questions.first()
    for who in ("clerk", "secretary", "leader", "inspector"):
        assert as_(who).get(f"/surveys/versions/{draft.pk}/").status_code == 404
        assert as_(who).get(f"/surveys/questions/{question.pk}/").status_code == 403
    assert as_("district_abroad").get(f"/surveys/questions/{question.pk}/").status_code == 404


def test_a_longer_questionnaire_asks_no_more(as_, draft, django_assert_max_num_queries):
    client, page = as_("district"), f"/surveys/versions/{draft.pk}/"
    for n in range(20):
        question = factories.QuestionFactory(edition=draft, key=f"m{n}", kind=Kind.SINGLE, order=50 + n)
        factories.OptionFactory.create_batch(3, question=question)
    client.get(page)
    with django_assert_max_num_queries(25):
        assert client.get(page).status_code == 200


def test_the_sheet_has_no_script_in_it_and_tells_the_script_its_conditions(as_, edition):
    page = as_("clerk").get(f"/surveys/versions/{edition.pk}/preview/").content.decode()
    assert 'data-when="[[&quot;q-knows&quot;, [[&quot;has&quot;, &quot;no&quot;]]]]"' in page
    assert "data-alone" in page and "data-other" in page
