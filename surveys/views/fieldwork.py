"""Field work: what is due and done, a survey's own page, sheets typed in one after another, piles of paper."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import menu, once, rights, tickets
from core.clock import today
from core.pages import number_in, page
from core.roles import EDITORS, READERS
from surveys.actions import batches
from surveys.actions.answers import WrongAnswers, record_response
from surveys.actions.links import PURPOSE, takes_links
from surveys.choices import BatchState, Source
from surveys.fieldwork import due_of, stands
from surveys.forms import AnswerForm
from surveys.given import questions_of
from surveys.models import Batch, FieldVisit, Response, Survey
from villages.models import Village

UNPROCESSABLE = 422
#: Batches that a survey's page names.
SHOWN = 20

menu.add("surveys:fieldwork", gettext_lazy("Field work"), menu.Group.SURVEY, 5, READERS)


class PileForm(forms.Form):
    """A pile of paper: what it is called, where it comes from, how many sheets it has."""

    village = forms.ModelChoiceField(label=gettext_lazy("Village or community"), queryset=None)
    name = forms.CharField(label=gettext_lazy("Name of the pile"), max_length=80)
    expected = forms.IntegerField(label=gettext_lazy("Sheets in the pile"), min_value=1, max_value=2000, required=False)
    day = forms.DateField(label=gettext_lazy("Filled in on"))


class TravelForm(forms.Form):
    """Where the next sheet comes from."""

    village = forms.ModelChoiceField(label=gettext_lazy("Village or community"), queryset=None)
    day = forms.DateField(label=gettext_lazy("Filled in on"))


def survey_of(request, pk: int) -> Survey:
    rows = Survey.objects.visible_to(request.user).select_related("edition__questionnaire", "compared_with")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such survey in your territory."))
    return found


#: What a long workbook has much of, and lists don't show.
MUCH = ("grid", "rows", "marks")


def batch_of(request, pk: int, *without: str) -> Batch:
    rows = Batch.objects.visible_to(request.user).select_related("survey__edition__questionnaire", "village")
    rows = rows.defer(*without)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such batch in your territory."))
    return found


def villages_for(user, survey: Survey):
    """Where the person may enter sheets of the survey."""
    rows = Village.objects.visible_to(user).in_territory(survey.territory_code)
    return rows.on(survey.ends_on).select_related("township").order_by("code")


@page(READERS)
@require_safe
def show_work(request):
    """All surveys, those that run first, with what is due in the person's territory."""
    day = today()
    rows = stands(request.user, Survey.objects.visible_to(request.user))
    running = [row for row in rows if row.survey.is_running(day)]
    context = {
        "day": day,
        "running": running,
        "ended": [row for row in rows if not row.survey.is_running(day)],
        "open": sum(row.open for row in running),
        "may_enter": rights.can(request.user, "add", Response),
    }
    return render(request, "surveys/fieldwork.html", context)


@page(READERS)
@require_safe
def show_survey(request, pk: int):
    survey, day = survey_of(request, pk), today()
    rows = due_of(request.user, survey)
    context = {
        "survey": survey,
        "day": day,
        "rows": rows,
        "planned": sum(row.planned for row in rows),
        "sheets": sum(row.sheets for row in rows),
        "visited": sum(1 for row in rows if row.visits),
        "done": sum(1 for row in rows if row.planned and row.is_done),
        "with_plan": sum(1 for row in rows if row.planned),
        "teams": survey.teams.all(),
        "batches": Batch.objects.visible_to(request.user).filter(survey=survey).defer(*MUCH)[:SHOWN]
        if rights.can(request.user, "view", Batch)
        else (),
        "links": _links(request.user, survey),
        "may_give": tickets.may_give(request.user, PURPOSE) and takes_links(survey, day),
        "may_enter": rights.can(request.user, "add", Response),
        "may_visit": rights.can(request.user, "add", FieldVisit),
        "may_change": Survey.objects.visible_to(request.user, "change").filter(pk=pk).exists()
        if rights.can(request.user, "change", Survey)
        else False,
    }
    return render(request, "surveys/survey.html", context)


def _links(user, survey: Survey) -> dict | None:
    """How many of the answers that links may bring have come; None where none were given out."""
    given = tickets.listed(user, PURPOSE, survey.pk)
    sums = {"answers": sum(batch.answers for batch in given), "number": sum(batch.number for batch in given)}
    return sums if given else None


# ---- typing in ----


def _where(request, survey: Survey, batch: Batch | None, data) -> TravelForm:
    form = TravelForm(data, initial={"village": request.GET.get("village"), "day": request.GET.get("day") or today()})
    form.fields["village"].queryset = villages_for(request.user, survey)
    if batch:
        form.fields["village"].queryset = form.fields["village"].queryset.filter(pk=batch.village_id)
        form.initial |= {"village": batch.village_id, "day": batch.day}
    return form


def _open_pile(request, survey: Survey) -> Batch | None:
    """`?batch=`: the pile that the sheet belongs to, while it is open."""
    asked = number_in(request.GET.get("batch", ""))
    if asked is None:
        return None
    batch = batch_of(request, asked)
    if batch.survey_id != survey.pk or batch.state != BatchState.OPEN:
        raise Http404(_("This batch takes no more sheets."))
    return batch


@page(EDITORS)
@require_http_methods(["GET", "POST"])
def enter(request, pk: int):
    """One sheet after another. `?village=`, `?day=`, `?batch=` carry over what stays the same."""
    survey = survey_of(request, pk)
    batch, data = _open_pile(request, survey), request.POST if request.method == "POST" else None
    where, form = _where(request, survey, batch, data), AnswerForm(questions_of(survey.edition), data)
    if data is not None and where.is_valid() & form.is_valid():
        try:
            _record(request, survey, where.cleaned_data, form, batch)
        except WrongAnswers as error:
            form.refuse(error.by_key)
        except ValidationError as error:
            where.add_error(None, error.messages)
        else:
            return _after(request, survey, where.cleaned_data, batch)
    entered = batch.responses.count() if batch else None
    context = {
        "survey": survey,
        "batch": batch,
        "number": entered + 1 if batch else None,
        "where": where,
        "form": form,
        "once": request.POST.get("_once") or once.new_key(),
        "mine": Response.objects.visible_to(request.user)
        .filter(survey=survey, entered_by=request.user.name, day=today())
        .count(),
    }
    return render(request, "surveys/enter.html", context, status=200 if data is None else UNPROCESSABLE)


def _record(request, survey: Survey, where: dict, form: AnswerForm, batch: Batch | None) -> None:
    """A sheet that is sent twice is written once."""
    source = Source.PAPER if batch else Source.STAFF
    try:
        with transaction.atomic():
            claimed = once.claim(request.POST.get("_once") or once.new_key(), Response)
            written = record_response(
                request.user, survey, where["village"], form.sheet, source, day=where["day"], batch=batch
            )
            once.settle(claimed, written)
    except once.Taken:
        return


def _after(request, survey: Survey, where: dict, batch: Batch | None):
    messages.success(request, _("Sheet of %(village)s saved.") % {"village": where["village"]})
    if "_next" not in request.POST:
        return redirect("surveys:batch", batch.pk) if batch else redirect(survey)
    kept = f"batch={batch.pk}" if batch else f"village={where['village'].pk}&day={where['day']:%Y-%m-%d}"
    return redirect(f"{reverse('surveys:enter', args=[survey.pk])}?{kept}")


# ---- piles ----


@page(EDITORS)
@require_http_methods(["GET", "POST"])
def begin_pile(request, pk: int):
    survey = survey_of(request, pk)
    initial = {"day": today(), "village": request.GET.get("village"), "name": _("Paper of %(day)s") % {"day": today()}}
    form = PileForm(request.POST or None, initial=initial)
    form.fields["village"].queryset = villages_for(request.user, survey)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            batch = batches.begin_pile(
                request.user, survey, facts["village"], facts["name"], facts["expected"], facts["day"]
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(f"{reverse('surveys:enter', args=[pk])}?batch={batch.pk}")
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "surveys/pile.html", {"survey": survey, "form": form}, status=status)


@page(EDITORS)
@require_POST
def end_pile(request, pk: int):
    return _changed(request, batch_of(request, pk), batches.end_pile, _("The batch is ended."))


@page(EDITORS)
@require_POST
def drop_batch(request, pk: int):
    """`reason`: why the sheets are taken back."""
    reason = request.POST.get("reason", "")
    return _changed(
        request,
        batch_of(request, pk),
        lambda by, batch: batches.drop(by, batch, reason=reason),
        _("The batch and its sheets are taken back."),
    )


def _changed(request, batch: Batch, act, said: str):
    try:
        act(request.user, batch)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("surveys:batch", batch.pk)


urlpatterns = [
    path("work/", show_work, name="fieldwork"),
    path("work/<int:pk>/", show_survey, name="survey"),
    path("work/<int:pk>/enter/", enter, name="enter"),
    path("work/<int:pk>/paper/", begin_pile, name="pile"),
    path("batches/<int:pk>/end/", end_pile, name="batch_end"),
    path("batches/<int:pk>/drop/", drop_batch, name="batch_drop"),
]
