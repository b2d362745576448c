"""Composing a questionnaire: its versions, the draft as a list of questions with a live preview, one question at a time."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import actions, rights
from core.clock import today
from core.pages import number_in, page
from core.registers.views import DetailPage
from core.roles import DISTRICT, READERS
from surveys.actions import builder, publishing
from surveys.builder_forms import QuestionForm, condition_rows, conditions_of, matrix_rows, option_rows
from surveys.choices import Kind, VersionState
from surveys.forms import AnswerForm
from surveys.given import questions_of
from surveys.models import Question, Questionnaire, QuestionnaireVersion
from surveys.registers.questionnaires import QuestionnaireRegister

UNPROCESSABLE, CONFLICT = 422, 409


class QuestionnairePage(DetailPage):
    """A questionnaire with its versions."""

    def page(self, name, context, status=200):
        row = context["object"]
        versions = QuestionnaireVersion.objects.visible_to(self.request.user).filter(questionnaire=row)
        context |= {
            "versions": versions.annotate(
                n_questions=Count("questions", distinct=True), n_surveys=Count("surveys", distinct=True)
            ),
            "draft": next((v for v in versions if v.is_draft), None),
            "register": self.register,
            "list_url": self.register.url("list"),
        }
        return render(self.request, "surveys/questionnaire.html", context, status=status)


class IntroductionForm(forms.ModelForm):
    class Meta:
        model = QuestionnaireVersion
        fields = ("introduction", "closing")
        widgets = {"introduction": forms.Textarea(attrs={"rows": 2}), "closing": forms.Textarea(attrs={"rows": 2})}


# ---- versions ----


def _edition(request, pk: int, verb: str = "view") -> QuestionnaireVersion:
    rows = QuestionnaireVersion.objects.visible_to(request.user, verb).select_related("questionnaire")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such version in your territory, or it is not in the state for that."))
    return found


@page(READERS)
@require_safe
def show_version(request, pk: int):
    """A version: a draft with everything to compose it, a published one to read; both as it looks on a phone."""
    edition = _edition(request, pk)
    questions = questions_of(edition)
    may_change = edition.is_draft and rights.can(request.user, "change", QuestionnaireVersion)
    others = QuestionnaireVersion.objects.visible_to(request.user).exclude(pk=pk).select_related("questionnaire")
    for question in questions:  # what the address says after a move: the button keeps the focus
        question.up, question.down = f"up{question.pk}", f"down{question.pk}"
    context = {
        "edition": edition,
        "questions": questions,
        "may_change": may_change,
        "may_retire": edition.state == VersionState.PUBLISHED and rights.can(request.user, "retire", type(edition)),
        "problems": publishing.find_problems(edition, questions) if may_change else [],
        "kinds": Kind.choices,
        "form": AnswerForm(questions),
        "words": IntroductionForm(instance=edition),
        "others": others.order_by("questionnaire__title", "-number") if may_change else (),
        "moved": request.GET.get("moved", ""),
    }
    return render(request, "surveys/version.html", context)


@page(DISTRICT)
@require_POST
def begin(request, pk: int):
    """A new draft of the questionnaire."""
    row = Questionnaire.objects.visible_to(request.user, "change").filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such questionnaire in your territory."))
    try:
        draft = builder.begin_draft(request.user, row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(row)
    return redirect("surveys:version", draft.pk)


@page(DISTRICT)
@require_POST
def save_words(request, pk: int):
    edition = _edition(request, pk, "change")
    form = IntroductionForm(request.POST, instance=edition)
    if form.is_valid():
        actions.update(request.user, [form.instance], ("introduction", "closing"))
        messages.success(request, _("Saved: %(what)s") % {"what": _("introduction and closing words")})
    else:
        messages.error(request, " ".join(e for errors in form.errors.values() for e in errors))
    return redirect("surveys:version", pk)


@page(DISTRICT)
@require_POST
def copy(request, pk: int):
    """`source`: the number of the version whose questions are put at the end."""
    edition, asked = _edition(request, pk, "change"), number_in(request.POST.get("source", ""))
    source = None if asked is None else _edition(request, asked)
    if source is None:
        messages.error(request, _("Choose the questionnaire that is copied."))
        return redirect("surveys:version", pk)
    copied = builder.copy_questions(request.user, source, edition)
    left = source.questions.count() - len(copied)
    messages.success(request, _("%(n)d questions copied from “%(source)s”.") % {"n": len(copied), "source": source})
    if left:
        messages.info(request, _("%(n)d questions stayed away: their keys are here already.") % {"n": left})
    return redirect("surveys:version", pk)


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def publish(request, pk: int):
    return _confirmed(request, _edition(request, pk, "publish"), "publish")


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def retire(request, pk: int):
    return _confirmed(request, _edition(request, pk, "retire"), "retire")


def _confirmed(request, edition: QuestionnaireVersion, verb: str):
    """Ask first what can't be undone."""
    problems = publishing.find_problems(edition) if verb == "publish" else []
    if request.method == "POST" and not problems:
        if verb == "publish":
            publishing.publish(request.user, edition, today())
        else:
            publishing.retire(request.user, edition)
        messages.success(request, _("Done: %(standard)s") % {"standard": edition})
        return redirect("surveys:version", edition.pk)
    context = {"edition": edition, "verb": verb, "problems": problems}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "surveys/confirm.html", context, status=status)


@page(READERS)
@require_http_methods(["GET", "POST"])
def preview(request, pk: int):
    """The sheet alone, as people fill it in; what is typed is checked and not kept."""
    edition = _edition(request, pk)
    form = AnswerForm(questions_of(edition), request.POST if request.method == "POST" else None)
    context = {"edition": edition, "form": form, "tried": form.is_valid()}
    return render(request, "surveys/preview.html", context, status=UNPROCESSABLE if form.errors else 200)


# ---- questions ----


def _question(request, pk: int) -> Question:
    rows = Question.objects.visible_to(request.user, "change").select_related("edition__questionnaire")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such question in a draft of yours."))
    return found


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def add_question(request, pk: int):
    """`?kind=`: what kind of question is added at the end."""
    edition = _edition(request, pk, "change")
    kind = request.GET.get("kind", "")
    return _write(request, Question(edition=edition, kind=kind if kind in Kind.values else Kind.SINGLE))


@page(DISTRICT)
@require_http_methods(["GET", "POST"])
def edit_question(request, pk: int):
    return _write(request, _question(request, pk))


def _write(request, question: Question):
    earlier = [q for q in questions_of(question.edition) if question.pk is None or q.order < question.order]
    data = request.POST if request.method == "POST" else None
    form = QuestionForm(data, instance=question)
    options, lines = option_rows(question, data), matrix_rows(question, data)
    conditions = condition_rows(question, earlier, data)
    formsets = [rows for rows in (options, lines, conditions) if rows is not None]
    status = 200
    if data is not None:
        status = UNPROCESSABLE
        if all([form.is_valid(), *(rows.is_valid() for rows in formsets)]):
            try:
                _save(request.user, form.instance, options, lines, conditions)
            except actions.Stale as stale:
                form.add_error(None, stale)
                status = CONFLICT
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, _("Saved: %(what)s") % {"what": question})
                if "_next" in request.POST:
                    return redirect(
                        f"{reverse('surveys:question_add', args=[question.edition_id])}?kind={question.kind}"
                    )
                return redirect(_place(question))
    context = {"question": question, "edition": question.edition, "form": form, "formsets": formsets}
    return render(request, "surveys/question.html", context, status=status)


@transaction.atomic
def _save(user, question: Question, options, lines, conditions) -> None:
    keep, drop = [], []
    for rows in (options, lines):
        if rows is not None:
            kept, dropped = rows.written()
            keep += kept
            drop += dropped
    if conditions is not None:
        drop += list(question.conditions.all()) if question.pk else []
        keep += conditions_of(conditions)
    builder.save_question(user, question, keep=keep, drop=drop)


def _place(question: Question) -> str:
    return f"{reverse('surveys:version', args=[question.edition_id])}#q{question.pk}"


@page(DISTRICT)
@require_POST
def move_question(request, pk: int):
    """`step`: "up" or "down"."""
    question = _question(request, pk)
    step = "down" if request.POST.get("step") == "down" else "up"
    builder.move_question(request.user, question, 1 if step == "down" else -1)
    address = reverse("surveys:version", args=[question.edition_id])
    return redirect(f"{address}?moved={step}{question.pk}#q{question.pk}")


@page(DISTRICT)
@require_POST
def delete_question(request, pk: int):
    question = _question(request, pk)
    builder.remove_question(request.user, question)
    messages.success(request, _("Deleted: %(what)s") % {"what": question})
    return redirect("surveys:version", question.edition_id)


urlpatterns = [
    path(
        "questionnaires/<int:pk>/",
        QuestionnairePage.as_view(register=QuestionnaireRegister),
        name="questionnaires_detail",
    ),
    path("questionnaires/<int:pk>/begin/", begin, name="version_begin"),
    path("versions/<int:pk>/", show_version, name="version"),
    path("versions/<int:pk>/words/", save_words, name="version_words"),
    path("versions/<int:pk>/copy/", copy, name="version_copy"),
    path("versions/<int:pk>/publish/", publish, name="version_publish"),
    path("versions/<int:pk>/retire/", retire, name="version_retire"),
    path("versions/<int:pk>/preview/", preview, name="version_preview"),
    path("versions/<int:pk>/questions/add/", add_question, name="question_add"),
    path("questions/<int:pk>/", edit_question, name="question"),
    path("questions/<int:pk>/move/", move_question, name="question_move"),
    path("questions/<int:pk>/delete/", delete_question, name="question_delete"),
]
