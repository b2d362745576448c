"""Composing a draft: questions are written, moved, taken out and copied. Each step is one audit row of its own."""

from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions, audit
from surveys.given import questions_of
from surveys.models import Condition, MatrixRow, Option, Question, Questionnaire, QuestionnaireVersion

audit.name_verbs(
    copy=gettext_lazy("Copied questions"),
    compose=gettext_lazy("Composed"),
    move=gettext_lazy("Moved"),
)

PARTS = (Option, MatrixRow, Condition)


def locked(by, verb: str, edition: QuestionnaireVersion) -> QuestionnaireVersion:
    """The version, locked, where the person may `verb` it in its state. Raises Refused, Invisible."""
    actions.require(by, verb, QuestionnaireVersion)
    return actions.lock(by, verb, QuestionnaireVersion, [edition])[0]


# ---- versions ----


def begin_draft(by, questionnaire: Questionnaire) -> QuestionnaireVersion:
    """The next version as a draft: a copy of the last one, with the same keys; empty where it is the first."""
    last = questionnaire.versions.order_by("number").last()
    draft = QuestionnaireVersion(questionnaire=questionnaire, number=last.number + 1 if last else 1)
    if last:
        draft.introduction, draft.closing = last.introduction, last.closing
    with transaction.atomic():
        if not Questionnaire.objects.visible_to(by, "change").filter(pk=questionnaire.pk).exists():
            actions.require(by, "change", Questionnaire)
            raise actions.Invisible(_("The record is not in your territory."))
        actions.create(by, [draft])
        if last:
            copy_questions(by, last, draft)
    return draft


def copy_questions(by, source: QuestionnaireVersion, target: QuestionnaireVersion) -> list[Question]:
    """Put all questions of a version at a draft's end, keys and conditions too; those whose key is there stay away."""
    if not QuestionnaireVersion.objects.visible_to(by).filter(pk=source.pk).exists():
        raise actions.Invisible(_("There is no such questionnaire in your territory."))
    with transaction.atomic():
        target = locked(by, "change", target)
        there = set(target.questions.values_list("key", flat=True))
        last = target.questions.aggregate(last=models.Max("order"))["last"] or 0
        taken = [question for question in questions_of(source) if question.key not in there]
        copies = {old.pk: _copy(old, edition=target, order=last + n) for n, old in enumerate(taken, 1)}
        Question.objects.bulk_create(copies.values())
        options = {o.pk: _copy(o, question=copies[q.pk]) for q in taken for o in q.options.all()}
        Option.objects.bulk_create(options.values())
        MatrixRow.objects.bulk_create(_copy(r, question=copies[q.pk]) for q in taken for r in q.rows.all())
        Condition.objects.bulk_create(
            _copy(c, question=copies[q.pk], source=copies[c.source_id], option=options.get(c.option_id))
            for q in taken
            for c in q.conditions.all()
            if c.source_id in copies
        )
        _note(by, "copy", target, {"from": str(source), "questions": len(copies)})
    return list(copies.values())


def _copy(row: models.Model, **values) -> models.Model:
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    for name in ("saved_at", "version", *(f"{name}_id" for name in values if f"{name}_id" in kept)):
        kept.pop(name)
    return type(row)(**kept | values)


# ---- questions ----


def save_question(
    by, question: Question, *, keep: Sequence[models.Model] = (), drop: Sequence[models.Model] = ()
) -> Question:
    """Write a question with its options, rows and conditions: `keep` are new or changed, `drop` go.

    Keys left empty are given. Raises Refused, Invisible, Stale, ValidationError; then nothing is written.
    """
    with transaction.atomic(), actions.constraint_messages(Question):
        edition = locked(by, "change", question.edition)
        if question.pk is None:
            question.order = 1 + (edition.questions.aggregate(last=models.Max("order"))["last"] or 0)
        question.key = question.key or free_key("q", edition.questions.values_list("key", flat=True))
        before = _described(question)
        _refuse_stale(question)
        question.full_clean(exclude=["edition"])
        question.saved_by, question.version = by.name, question.version + (question.pk is not None)
        question.save()
        _drop_parts(question, drop)
        for model in PARTS:
            _write_parts(by, question, [part for part in keep if type(part) is model])
        _note(by, "compose", edition, _described(question), before)
    return question


def _drop_parts(question: Question, drop: Iterable[models.Model]) -> None:
    for model in PARTS:
        pks = [part.pk for part in drop if type(part) is model]
        if pks:
            model.objects.filter(question=question, pk__in=pks).delete()


def _write_parts(by, question: Question, parts: list[models.Model]) -> None:
    if not parts:
        return
    model = type(parts[0])
    if hasattr(model, "key"):
        taken = set(model.objects.filter(question=question).values_list("key", flat=True))
        taken |= {part.key for part in parts}
    for part in parts:
        part.question, part.saved_by = question, by.name
        if hasattr(part, "key") and not part.key:
            part.key = free_key(model.__name__[0].lower(), taken)
            taken.add(part.key)
        part.clean_fields(exclude=["question"])
        part.clean()
    old, new = [part for part in parts if part.pk], [part for part in parts if not part.pk]
    names = [f.name for f in model._meta.concrete_fields if f.name not in ("id", "question", "saved_at", "version")]
    with actions.constraint_messages(model):
        model.objects.bulk_update(old, names)
        model.objects.bulk_create(new)


def _refuse_stale(question: Question) -> None:
    stored = Question.objects.filter(pk=question.pk).first() if question.pk else None
    if stored and stored.version != question.version:
        raise actions.Stale(stored)


def remove_question(by, question: Question) -> None:
    """Take a question out, with the conditions that look at it."""
    with transaction.atomic():
        edition = locked(by, "change", question.edition)
        before = _described(question)
        question.delete()
        _note(by, "compose", edition, {}, before)


def move_question(by, question: Question, steps: int) -> None:
    """One place up (-1) or down (1); at the end of the list nothing happens."""
    with transaction.atomic():
        edition = locked(by, "change", question.edition)
        rows = list(edition.questions.order_by("order", "pk"))
        place = next(n for n, row in enumerate(rows) if row.pk == question.pk)
        if not 0 <= place + steps < len(rows):
            return
        rows.insert(place + steps, rows.pop(place))
        for number, row in enumerate(rows, 1):
            row.order = number
        Question.objects.bulk_update(rows, ["order"])
        _note(by, "move", edition, {question.key: place + steps + 1}, {question.key: place + 1})


def free_key(stem: str, taken: Iterable[str]) -> str:
    """q1, q2, …: the first that is not taken."""
    taken = set(taken)
    return next(key for n in range(1, len(taken) + 2) if (key := f"{stem}{n}") not in taken)


def _described(question: Question) -> dict:
    """A question with its parts, as the audit keeps it."""
    if question.pk is None or (stored := Question.objects.filter(pk=question.pk).first()) is None:
        return {}
    parts = {
        "options": [f"{o.key} {o.label}" for o in stored.options.all()],
        "rows": [f"{r.key} {r.label}" for r in stored.rows.all()],
        "conditions": [str(c) for c in stored.conditions.select_related("source", "option")],
    }
    return {"question": stored.key, "text": stored.text} | {name: value for name, value in parts.items() if value}


def _note(by, verb: str, edition: QuestionnaireVersion, after: dict, before: dict | None = None) -> None:
    audit.write(
        by,
        verb,
        [edition],
        codes={edition.pk: edition.territory_code},
        before={edition.pk: before or {}},
        after={edition.pk: after},
    )
