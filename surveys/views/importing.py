"""Answers from a workbook: chosen, read, mended, written. And the page of any batch, paper or workbook."""

from collections import Counter
from io import BytesIO

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import jobs
from core.clock import today
from core.pages import page
from core.roles import EDITORS
from core.sheets import export
from core.sheets.errors import Unreadable
from core.sheets.mending import typed_in
from core.sheets.texts import nearest, text_of
from surveys.actions import batches, imports
from surveys.choices import IN_WORK, PENDING
from surveys.importing.template import write_template
from surveys.models import Batch
from surveys.views.fieldwork import MUCH, batch_of, survey_of, villages_for
from villages.models import Village

UNPROCESSABLE = 422
#: Wrong rows that a page shows.
ROWS = 50


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
        facts, file = form.cleaned_data, form.cleaned_data["file"]
        try:
            batch = imports.send(request.user, survey, facts["village"], file.name, file.read(), facts["day"])
        except Unreadable as error:
            form.add_error("file", error.sentence)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("surveys:batch", batch.pk)
    context = {"survey": survey, "form": form}
    return render(request, "surveys/workbook.html", context, status=UNPROCESSABLE if posted else 200)


@page(EDITORS)
@require_safe
def template(request, pk: int):
    """An empty workbook of the survey, for the villages of the person."""
    survey, target = survey_of(request, pk), BytesIO()
    write_template(target, survey, villages_for(request.user, survey))
    name = _("%(survey)s, answers to fill in") % {"survey": survey.title}
    return export.download(f"{name}.xlsx", "xlsx", target.getvalue())


@page(EDITORS)
@require_safe
def show_batch(request, pk: int):
    return _page(request, batch_of(request, pk))


def _page(request, batch: Batch, problem: str = "", status: int = 200):
    pending, bad = batch.state in PENDING, imports.wrong(batch)
    context = {
        "batch": batch,
        "survey": batch.survey,
        "problem": problem,
        "pending": pending,
        "job": batches.job_of(batch) if batch.state in IN_WORK else None,
        "n_good": len(imports.good(batch)),
        "n_bad": len(bad),
        "n_known": imports.known(batch),
        "n_all": len(batch.rows),
        "sheets": batch.responses.count(),
        "may_drop": batches.may_drop(request.user, batch),
    }
    if pending:
        try:
            context |= _headings(batch)
        except Unreadable as error:
            context |= {"problem": error.sentence, "unknown": (), "not_asked": ()}
        context["villages"] = _villages(request.user, batch)
        # Every row lacks what a heading below will give: that comes first.
        context |= _wrong(request, [] if context["unknown"] and context["not_asked"] else bad)
    name = "surveys/_checked.html" if request.htmx and pending else "surveys/batch.html"
    return render(request, name, context, status=status)


def _wrong(request, bad: list[dict]) -> dict:
    """The wrong rows of the page asked for, as the kit's table shows them."""
    found = Paginator(bad, ROWS).get_page(request.GET.get("page"))
    return {
        "page": found,
        "rows": [{"number": row["number"], "name": "", "cells": row["errors"]} for row in found],
        "cells": sum(len(row["errors"]) for row in found),
        "proposals": sum(bool(cell["proposal"]) for cell in _cells(bad)),
        "mendable": True,
    }


def _cells(bad: list[dict]) -> list[dict]:
    return [cell for row in bad for cell in row["errors"] if cell["address"]]


def _headings(batch: Batch) -> dict:
    """Headings that nobody knows, with what stands below them, and what they may mean; the likeliest first."""
    reading, rows = imports.headings_of(batch), batch.grid["rows"]
    unknown, words = [], {words: name for name, words in reading.free}
    for column, heading in reading.headings.unknown.items():
        values = [text_of(row[column]) for row in rows[reading.headings.line + 1 :][:ROWS]]
        sample = "、".join(list(dict.fromkeys(filter(None, values)))[:3])[:60]
        unknown.append((column, heading, sample, words.get(nearest(heading, words), "")))
    return {"unknown": unknown, "free": reading.free, "not_asked": reading.not_asked}


def _villages(user, batch: Batch) -> list[tuple[Village, int]]:
    """How many good rows come from each village."""
    counts = Counter(row["village"] for row in imports.good(batch))
    names = Village.objects.visible_to(user).select_related("township").in_bulk(counts)
    return sorted(((names[pk], n) for pk, n in counts.items() if pk in names), key=lambda pair: pair[0].code)


@page(EDITORS)
@require_POST
def say_headings(request, pk: int):
    """`head-<position>` says what an unknown heading means, or nothing."""
    batch = batch_of(request, pk)
    if batch.state in PENDING:
        unknown = imports.headings_of(batch).headings.unknown
        said = {heading: request.POST.get(f"head-{column}", "") for column, heading in unknown.items()}
        return _done(request, batch, lambda: imports.say_headings(request.user, batch, said))
    return redirect("surveys:batch", pk)


@page(EDITORS)
@require_POST
def mend(request, pk: int):
    """What is posted: see `core.sheets.mending`."""
    batch = batch_of(request, pk)
    typed = typed_in(request.POST, _cells(imports.wrong(batch)))
    return _done(request, batch, lambda: typed and imports.mend(request.user, batch, typed))


def _done(request, batch: Batch, act):
    """Back to the batch, in place where htmx asks."""
    problem = ""
    try:
        act()
    except (ValidationError, Unreadable) as error:
        problem = " ".join(getattr(error, "messages", [str(error)]))
    batch = batch_of(request, batch.pk)
    if request.htmx and batch.state in IN_WORK:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.htmx or problem:
        # htmx takes no answer of 422 into the page.
        return _page(request, batch, problem, 200 if request.htmx else UNPROCESSABLE)
    return redirect("surveys:batch", batch.pk)


@page(EDITORS)
@require_safe
def marked(request, pk: int):
    """The workbook with wrong cells marked and a column of reasons; without what tells who answered."""
    batch = batch_of(request, pk)
    try:
        content = imports.marked(request.user, batch)
    except (ValidationError, Unreadable) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect("surveys:batch", pk)
    name = _("%(file)s, wrong cells marked") % {"file": batch.name.rpartition(".")[0] or batch.name}
    return export.download(f"{name}.xlsx", "xlsx", content)


@page(EDITORS)
@require_POST
def write_batch(request, pk: int):
    """`which`: "all" or "good"."""
    batch = batch_of(request, pk)
    at_once = len(imports.good(batch)) <= settings.SHEETS_AT_ONCE
    try:
        job = imports.start_import(request.user, batch, only_good=request.POST.get("which") == "good", wake=not at_once)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if at_once:
            jobs.run_inline(job)
    return redirect("surveys:batch", pk)


@page(EDITORS)
@require_safe
def batch_progress(request, pk: int):
    """The part of the page that asks again every two seconds while the work lasts; then the page loads anew."""
    batch = batch_of(request, pk, *MUCH)
    job = batches.job_of(batch)
    if job is None:
        raise Http404(_("There is no such batch in your territory."))
    response = render(request, "surveys/_writing.html", {"batch": batch, "job": job})
    if not job.is_active:
        response["HX-Refresh"] = "true"
    return response


urlpatterns = [
    path("work/<int:pk>/import/", choose_workbook, name="workbook"),
    path("work/<int:pk>/template/", template, name="workbook_template"),
    path("batches/<int:pk>/", show_batch, name="batch"),
    path("batches/<int:pk>/headings/", say_headings, name="batch_headings"),
    path("batches/<int:pk>/mend/", mend, name="batch_mend"),
    path("batches/<int:pk>/marked/", marked, name="batch_marked"),
    path("batches/<int:pk>/write/", write_batch, name="batch_write"),
    path("batches/<int:pk>/progress/", batch_progress, name="batch_progress"),
]
