"""Pages of evidence. A record's own door decides all of them; a file leaves as a download and nothing else."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.clock import today
from core.evidence import actions, owners, store
from core.evidence.forms import AttachForm
from core.evidence.models import Evidence
from core.evidence.panel import back, context
from core.pages import page
from core.registers.base import for_model
from core.roles import READERS

UNPROCESSABLE = 422
log = logging.getLogger(__name__)


@page(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, label: str, pk: int):
    """GET: the panel of a record, as a page of its own or as a part for htmx. POST: attach `files` to it."""
    row = owners.find(request.user, label, pk)
    if request.method != "POST":
        return _panel(request, row)
    form = AttachForm(request.POST, today=today(), auto_id=f"evidence-{label.replace('.', '-')}-{pk}-%s")
    try:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        new = actions.attach(
            request.user,
            row,
            request.FILES.getlist("files"),
            captions=request.POST.getlist("captions"),
            taken_on=form.cleaned_data["taken_on"],
        )
    except ValidationError as errors:
        return _panel(request, row, form=form, errors=errors)
    done = ngettext("%(count)d file attached", "%(count)d files attached", len(new)) % {"count": len(new)}
    return _done(request, row, done if new else _("These files are attached already"))


@page(READERS)
@require_POST
def revoke(request, pk: int):
    """Take evidence back, with a `reason`."""
    evidence = actions.find_visible(request.user, pk)
    row = actions.owner_of(request.user, evidence)
    try:
        actions.revoke(request.user, evidence, request.POST.get("reason", ""))
    except ValidationError as errors:
        return _panel(request, row, errors=errors)
    return _done(request, row, _("Revoked: %(what)s") % {"what": evidence})


@page(READERS)
@require_safe
def file(request, pk: int):
    """The file itself, as a download."""
    evidence = actions.find_visible(request.user, pk)
    path = store.path_of(evidence.blob.digest, evidence.blob.extension)
    return _sent(evidence, path, evidence.blob.content_type, as_attachment=True)


@page(READERS)
@require_safe
def thumbnail(request, pk: int):
    """A picture's thumbnail, which we drew: the only thing that is shown in place."""
    evidence = actions.find_visible(request.user, pk)
    if not evidence.blob.is_picture:
        raise Http404(_("There is no such file in your territory."))
    return _sent(evidence, store.thumbnail_of(evidence.blob.digest), "image/jpeg", as_attachment=False)


def _sent(evidence: Evidence, path, content_type: str, *, as_attachment: bool) -> FileResponse:
    try:
        stream = store.open_file(path)
    except FileNotFoundError:
        log.error("evidence %s: %s is missing in the store; run manage.py check_evidence", evidence.pk, path.name)
        raise Http404(_("The file is missing in the store. Tell the system administrator its number.")) from None
    return FileResponse(
        stream,
        as_attachment=as_attachment,
        filename=evidence.file_name if as_attachment else path.name,
        content_type=content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Encoding": "identity",  # it is packed already: no second time by the middleware
        },
    )


def _panel(request, row, **values):
    """The panel: part, page, or for a mistake by htmx the list of mistakes alone, so that chosen files stay chosen."""
    shown = context(request, row, **values)
    status = UNPROCESSABLE if shown["problems"] else 200
    if not request.htmx:
        register = for_model(type(row))
        shown["owner_url"] = register.url("detail", row) if register else ""
        return render(request, "evidence/page.html", shown, status=status)
    if not shown["problems"]:
        return render(request, "evidence/_panel.html", shown)
    response = render(request, "evidence/_problems.html", shown, status=status)
    response["HX-Retarget"] = f"#{shown['panel_id']} .ev-problems"
    response["HX-Reswap"] = "innerHTML"
    return response


def _done(request, row, notice: str):
    if request.htmx:
        return _panel(request, row, notice=notice)
    messages.success(request, notice)
    return HttpResponseRedirect(back(request, row))
