"""The page on which a workbook is sent to a register."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core import rights
from core.clock import today
from core.registers.views import UNPROCESSABLE, RegisterView
from core.sheets import imports
from core.sheets.columns import RECORD, columns_of
from core.sheets.errors import Unreadable
from core.sheets.models import SheetImport


class ImportPage(RegisterView):
    """GET: how it goes, and a place for the file. POST `file`: kept, read, and on to its rows."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        imports.require(request.user, self.register)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self._show()

    def post(self, request):
        sent = request.FILES.get("file")
        if sent is None:
            return self._show(_("No file was chosen: choose a workbook, or drag it onto the page."), UNPROCESSABLE)
        try:
            sheet = imports.send(request.user, self.register, sent.name, sent.read(), today())
        except Unreadable as error:
            return self._show(error.sentence, UNPROCESSABLE)
        return redirect("core:import", sheet.pk)

    def _show(self, problem: str = "", status: int = 200):
        user, register = self.request.user, self.register
        own = SheetImport.objects.visible_to(user).filter(register=register.model._meta.label)
        context = {
            "problem": problem,
            "columns": [column for column in columns_of(register) if column.writable and column.name != RECORD],
            "may_add": rights.can(user, "add", register.model),
            "template_url": register.url("template"),
            "latest": imports.listed(own.defer("content", "mended")[:5]),
        }
        return self.page("import", context, status)
