"""Answers from a workbook: chosen, read, looked at, written. And the page of any batch, paper or workbook."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import rights
from core.clock import today
from core.pages import page
from core.roles import EDITORS
from core.sheets.errors import Unreadable
from surveys.actions import batches, imports
from surveys.choices import BatchState
from surveys.importing import read_answers
from surveys.models import Batch
from surveys.views.fieldwork import batch_of, survey_of, villages_for

UNPROCESSABLE = 422
#: Wrong cells that the page shows.
SHOWN = 200


class WorkbookForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Workbook"))
    village = forms.ModelChoiceField(
        label=gettext_lazy("Village or community"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("Only where no column of the workbook names it."),
    )
    day = forms.DateField(label=gettext_lazy("Filled in on"))


@page(EDITORS)
@require_http_methods(["GET", "POST"])
def choose_workbook(request, pk: int):
    survey, posted = survey_of(request, pk), request.method == "POST"
    form = WorkbookForm(request.POST if posted else None, request.FILES if posted else None, initial={"day": today()})
    form.fields["village"].queryset = villages_for(request.user, survey)
    if posted and form.is_valid():
        try:
            batch = _read(request.user, survey, form.cleaned_data)
        except Unreadable as error:
            form.add_error("file", error.sentence)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("surveys:batch", batch.pk)
    context = {"survey": survey, "form": form}
    return render(request, "surveys/workbook.html", context, status=UNPROCESSABLE if posted else 200)


def _read(user, survey, facts: dict) -> Batch:
    if not survey.is_running(facts["day"]):
        days = {"from": survey.starts_on, "until": survey.ends_on}
        raise ValidationError(_("The survey ran from %(from)s to %(until)s: correct the date.") % days)
    file = facts["file"]
    reading = read_answers(user, survey, facts["village"], file.name, file.read(), facts["day"])
    if reading.not_asked:
        raise Unreadable(_("No column for: %(questions)s.") % {"questions": "、".join(reading.not_asked)})
    rows = [row.as_json() for row in reading.rows]
    return batches.keep_checked(user, survey, file.name, rows, facts["day"], left_out=_left_out(reading.headings))


def _left_out(headings) -> str:
    """Which columns were not read, and why, in a sentence or two."""
    said = []
    if headings.dropped:
        said.append(
            _("Not read, because it could tell who answered: %(names)s.") % {"names": "、".join(headings.dropped)}
        )
    if headings.unknown:
        said.append(_("No question of this survey, left out: %(names)s.") % {"names": "、".join(headings.unknown)})
    return " ".join(said)


@page(EDITORS)
@require_safe
def show_batch(request, pk: int):
    batch = batch_of(request, pk)
    bad = imports.wrong(batch)
    cells = [dict(error, row=row["number"]) for row in bad for error in row["errors"]]
    job = batches.job_of(batch) if batch.state == BatchState.WRITING else None
    context = {
        "batch": batch,
        "survey": batch.survey,
        "job": job,
        "n_good": len(batch.rows) - len(bad),
        "n_bad": len(bad),
        "n_all": len(batch.rows),
        "cells": cells[:SHOWN],
        "n_cells": len(cells),
        "sheets": batch.responses.count(),
        "may_drop": rights.can(request.user, "delete", Batch) and batch.state != BatchState.DROPPED,
    }
    return render(request, "surveys/batch.html", context)


@page(EDITORS)
@require_POST
def write_batch(request, pk: int):
    """`which`: "all" or "good"."""
    batch = batch_of(request, pk)
    try:
        imports.start_import(request.user, batch, only_good=request.POST.get("which") == "good")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("surveys:batch", pk)


@page(EDITORS)
@require_safe
def batch_progress(request, pk: int):
    """The part of the page that asks again every two seconds while the work lasts; then the page loads anew."""
    batch = batch_of(request, pk)
    job = batches.job_of(batch)
    if job is None:
        raise Http404(_("There is no such batch in your territory."))
    response = render(request, "surveys/_writing.html", {"batch": batch, "job": job})
    if not job.is_active:
        response["HX-Refresh"] = "true"
    return response


urlpatterns = [
    path("work/<int:pk>/import/", choose_workbook, name="workbook"),
    path("batches/<int:pk>/", show_batch, name="batch"),
    path("batches/<int:pk>/write/", write_batch, name="batch_write"),
    path("batches/<int:pk>/progress/", batch_progress, name="batch_progress"),
]
