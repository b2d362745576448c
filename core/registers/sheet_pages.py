"""A register's rows as a file, and an empty one to fill."""

from io import BytesIO

from django.conf import settings
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core import audit
from core.clock import today
from core.registers.views import RegisterView
from core.sheets import export, kept
from core.sheets.template import write_template


class ExportPage(RegisterView):
    """POST `kind` ("xlsx" or "csv") and the list's `query`: all rows that it shows, now or by a worker."""

    http_method_names = ["post"]

    def post(self, request):
        kind, query = request.POST.get("kind", "xlsx"), request.POST.get("query", "")
        if kind not in export.TYPES:
            raise Http404(_("There is no such step."))
        rows = export.list_rows(self.register, request.user, QueryDict(query))
        number = rows.count()
        if number <= settings.EXPORT_AT_ONCE:
            return give_out(request.user, self.register, rows, number, kind)
        name, label = str(self.register.title), self.register.model._meta.label
        job = kept.begin_or_find(request.user, name=name, day=today(), kind=kind, label=label, query=query)
        return redirect("core:export", job.pk)


def give_out(user, register, rows, number: int, kind: str):
    """The rows as a file of the register; that it was given out stays on record."""
    content, _rows = export.written(kind, [export.sheet_of(register, rows)])
    audit.write_event(user, "export", name=str(register.title), reason=str(number))
    return export.download(export.file_name(str(register.title), today(), kind), kind, content)


class TemplatePage(RegisterView):
    """The empty workbook of whoever may enter such records."""

    verb = "add"
    http_method_names = ["get"]

    def get(self, request):
        target = BytesIO()
        write_template(target, self.register, request.user)
        name = _("%(register)s template") % {"register": self.register.title}
        return export.download(f"{name}.xlsx", "xlsx", target.getvalue())
