"""A large export while it is written, and its file once it is there. Each person sees his own alone."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.jobs.models import Job
from core.pages import page
from core.roles import Role
from core.sheets import kept
from core.sheets.export import TYPES


@page(Role)
@require_safe
def export(request, pk: int):
    """How far it is, and the way to the file."""
    return render(request, "sheets/export.html", _context(_own(request.user, pk)))


@page(Role)
@require_safe
def export_progress(request, pk: int):
    """The part of that page that asks again every two seconds while the work lasts."""
    job = _own(request.user, pk)
    response = render(request, "sheets/_export.html", _context(job))
    if not job.is_active:
        response["HX-Refresh"] = "true"
    return response


@page(Role)
@require_safe
def export_file(request, pk: int):
    """The file; 404 once its day is over."""
    job = _own(request.user, pk)
    path = kept.file_of(job)
    if path is None:
        raise Http404(_("This file is not kept any more: give the list out again."))
    name, kind = job.result["file"], job.result["kind"]
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=TYPES[kind])


def _own(user, pk: int) -> Job:
    job = kept.of_user(user).filter(pk=pk).first()
    if job is None:
        raise Http404(_("There is no such export of yours."))
    return job


def _context(job: Job) -> dict:
    rows, total = kept.progress_of(job)
    return {"job": job, "rows": rows, "total": total, "file": kept.file_of(job)}
