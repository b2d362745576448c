"""The panel that a detail page shows: what is attached, and the form that attaches more."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse

from core.clock import today
from core.evidence import intake, owners
from core.evidence.actions import MAX_FILES
from core.evidence.forms import AttachForm
from core.evidence.models import Evidence
from core.pages import own_address

PICTURES = ("jpg", "jpeg", "png", "webp")


def panel(request, row: models.Model) -> str:
    """The panel with its stylesheet and script, ready for a page: `{{ evidence }}`. Two queries.

    Ask only for a record that the person may see.
    """
    return render_to_string("evidence/panel.html", context(request, row), request)


def context(request, row: models.Model, *, form=None, errors: ValidationError | None = None, notice: str = "") -> dict:
    """What templates/evidence/*.html need."""
    label = row._meta.label_lower
    shown = f"evidence-{label.replace('.', '-')}-{row.pk}"
    return {
        "owner": row,
        "panel_id": shown,
        "pieces": list(Evidence.objects.of(row)),
        "may_attach": owners.may(request.user, row, "change"),
        "attach_url": page_of(row),
        "attach_form": form or AttachForm(today=today(), auto_id=f"{shown}-%s"),
        "problems": errors.messages if errors else [],
        "notice": notice,
        "accept": ",".join(f".{extension}" for extension in intake.allowed()),
        "accept_pictures": ",".join(f".{e}" for e in intake.allowed() if e in PICTURES),
        "types": ", ".join(intake.allowed()),
        "limits": limits(),
        "next": back(request, row),
    }


def limits() -> dict:
    """What the form says beforehand and its script checks."""
    return {"files": MAX_FILES, "megabytes": settings.EVIDENCE_MAX_BYTES // 1024 // 1024}


def page_of(row: models.Model) -> str:
    """The address of a record's evidence."""
    return reverse("core:evidence", args=[row._meta.label_lower, row.pk])


def back(request, row: models.Model) -> str:
    """The page that the panel stands on, of this site alone: posted by the form, told by htmx, or this one."""
    here = request.get_full_path() if request.method == "GET" else page_of(row)
    return own_address(request, request.POST.get("next"), request.htmx.current_url_abs_path, default=here)
