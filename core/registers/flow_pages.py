"""Pages about how a record came to be what it is, and about many records at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import actions
from core.clock import today
from core.registers import history
from core.registers.forms import narrow, widget_for
from core.registers.sheet_pages import give_out
from core.registers.views import UNPROCESSABLE, ListPage, RegisterView
from core.sheets.export import TYPES, in_order, with_related
from core.workflow import move

#: So many rows at most are moved, set or given out at once.
MOST = 5000


class HistoryPage(RegisterView):
    """Who changed what, when, why; and a former value set back, with a reason."""

    def get(self, request, pk: int):
        return self._show(self.get_row(pk))

    def _show(self, row, error: str = "", status: int = 200):
        context = {
            "object": row,
            "entries": history.entries(self.register, row, self.request.user),
            "may_restore": self.may("change", row),
            "error": error,
            "detail_url": self.register.url("detail", row),
        }
        return self.page("history", context, status)

    def post(self, request, pk: int):
        row = self.get_row(pk)
        if not self.may("change", row):
            raise PermissionDenied(_("You may read this record; changing it is for others."))
        number = request.POST.get("number", "")
        try:
            reason = request.POST.get("reason", "").strip()
            if not reason:
                raise ValidationError(_("Say why the former value is right: the reason stands in the history."))
            history.restore(self.register, row, int(number) if number.isdecimal() else 0, request.user, reason=reason)
        except ValidationError as error:
            return self._show(self.get_row(pk), " ".join(error.messages), UNPROCESSABLE)
        messages.success(request, _("The former value stands again."))
        return redirect(self.register.url("detail", row))


class MovePage(RegisterView):
    """A move of one record: `name` of the transition, `reason` or `text` where it asks for one."""

    http_method_names = ["post"]

    def post(self, request, pk: int):
        row, name = self.get_row(pk), request.POST.get("name", "")
        if name not in self.register.workflow.verbs():
            raise Http404(_("There is no such step."))
        transition, text = self.register.workflow.get(name), request.POST.get("text", "").strip()
        values = {transition.asks: text} if transition.asks and text else {}
        reason = request.POST.get("reason", "")
        try:
            move(request.user, self.register.workflow, [row], name, today(), reason=reason, values=values)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
        else:
            messages.success(request, _("Done: %(what)s") % {"what": transition.label})
        return redirect(self.register.url("detail", row))


class BulkPage(ListPage):
    """Many rows: given out, moved, or one field set. All or nothing; the count that was chosen is the count written."""

    http_method_names = ["post"]

    def post(self, request):
        rows = self._chosen()
        what, _sep, name = request.POST.get("do", "").partition(":")
        if what == "export" and (name or "csv") in TYPES:
            return give_out(request.user, self.register, rows, len(rows), name or "csv")
        if what == "move" and self.register.workflow and name in self.register.workflow.verbs():
            return self._move(rows, name)
        if what == "set" and name in self.register.bulk:
            return self._set(rows, name)
        raise Http404(_("There is no such step."))

    def _chosen(self) -> list:
        """The rows ticked, or all that the list's filter shows. 404 unless each one is the person's."""
        given = self.request.POST
        query = QueryDict(given.get("query", ""))
        rows = self.filtered(query).qs if given.get("all") else self.rows()
        rows = with_related(self.register, in_order(self.register, rows, query))
        if given.get("all"):
            chosen = list(rows[: MOST + 1])
        else:
            pks = {int(pk) for pk in given.getlist("pk") if pk.isdecimal() and len(pk) < 19}
            chosen = list(rows.filter(pk__in=list(pks)[: MOST + 1]))
            if len(chosen) != min(len(pks), MOST + 1):
                raise Http404(_("There is no such record in your territory."))
        if len(chosen) > MOST:
            raise PermissionDenied(_("At most %(limit)d records at a time: narrow the list first.") % {"limit": MOST})
        return chosen

    def _back(self):
        query = self.request.POST.get("query", "")
        return redirect(f"{self.register.url('list')}?{query}" if query else self.register.url("list"))

    def _move(self, rows, name: str):
        try:
            moved = move(
                self.request.user,
                self.register.workflow,
                rows,
                name,
                today(),
                reason=self.request.POST.get("reason", ""),
            )
        except ValidationError as error:
            for sentence in error.messages[:10]:
                messages.error(self.request, sentence)
        else:
            text = ngettext("%(n)d record moved.", "%(n)d records moved.", len(moved))
            messages.success(self.request, text % {"n": len(moved)})
        return self._back()

    def _set(self, rows, name: str):
        """Asks for the value first, then writes it into every row."""
        request, register = self.request, self.register
        actions.require(request.user, "change", register.model)
        # No model form: that would judge the rules of the whole record on an empty one. The action judges each row.
        form = Form(request.POST if "apply" in request.POST else None)
        form.fields[name] = widget_for(register.model._meta.get_field(name))
        narrow(form.fields[name], request.user)
        if "apply" in request.POST and form.is_valid():
            for row in rows:
                setattr(row, name, form.cleaned_data[name])
            try:
                changed = register.update(request.user, rows, [name], reason=request.POST.get("reason", ""))
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                text = ngettext("%(n)d record changed.", "%(n)d records changed.", len(changed))
                messages.success(request, text % {"n": len(changed)})
                return self._back()
        context = {
            "form": form,
            "rows": rows,
            "shown": rows[:30],
            "do": f"set:{name}",
            "query": request.POST.get("query", ""),
            "cancel_url": register.url("list"),
        }
        return self.page("bulk", context, UNPROCESSABLE if form.errors else 200)
