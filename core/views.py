"""Pages of the kit itself."""

from django.apps import apps
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_http_methods, require_POST

from core import audit, rights
from core.pages import page, public
from core.registers.base import for_model
from core.roles import Role
from core.search import search as find
from core.sensitive import SensitiveField
from core.sought import address_of, unveiled

#: Characters of a search that are read; more is nobody's name.
LONGEST_SEARCH = 60


@public
@require_POST
def set_language(request):
    """Save the chosen language (`language`) in a cookie and go back to `next`; anybody's, also before sign-in."""
    return i18n.set_language(request)


@page(Role)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request):
    """What the person may see of what he looks for, by register. POST: the search box; its address shows what is found."""
    if request.method == "POST":
        return redirect(address_of(request))
    text = unveiled(request.user, request.GET.get("q", "").replace("\0", "").strip()) or ""
    text = text[:LONGEST_SEARCH]
    return render(request, "search.html", {"text": text, "found": find(request.user, text)})


@page(Role)
@require_POST
def reveal(request, label: str, pk: int, field: str):
    """A sensitive value in full, for a reason that the audit keeps. 404 unless the person may change the record."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    register = for_model(model)
    known = {f.name for f in model._meta.concrete_fields if isinstance(f, SensitiveField)}
    if register is None or field not in known or not rights.can(request.user, "change", model):
        raise Http404(_("There is no such record in your territory."))
    row = register.queryset(request.user, "change").filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such record in your territory."))
    reason = request.POST.get("reason", "").strip()
    if reason:
        name = str(model._meta.get_field(field).verbose_name)
        audit.write_reveal(request.user, row, name, reason)
    context = {
        "object": row,
        "label": model._meta.get_field(field).verbose_name,
        "plain": getattr(row, field).plain if reason and getattr(row, field) else "",
        "reason": reason,
        "back_url": register.url("detail", row),
    }
    template = "registers/revealed.html" if request.htmx else "registers/reveal.html"
    return render(request, template, context, status=200 if reason else 422)
