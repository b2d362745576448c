"""The pages of every register."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import router, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django_tables2 import RequestConfig

from core import actions, once, rights
from core.evidence.panel import panel
from core.registers import flow
from core.registers.base import Register, for_model
from core.registers.conflict import conflict_of
from core.registers.filters import active_filters, filterset_for
from core.registers.forms import form_for, formsets_for, sections_of
from core.registers.tables import PAGE_SIZES, inline_table, table_for
from core.registers.values import label_of, value_of
from core.scoping import own_territory
from core.sensitive import Sensitive
from core.sheets.imports import may_import
from core.sought import address_of

UNPROCESSABLE, CONFLICT = 422, 409


class RegisterView(LoginRequiredMixin, View):
    """A page of one register. 403: the role lacks the right. 404: the row is not the person's to see."""

    register: type[Register] | None = None
    verb = "view"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        actions.require(request.user, self.verb, self.register.model)
        return super().dispatch(request, *args, **kwargs)

    def get_row(self, pk: int):
        paths = [*self.register.columns, *self.register.editable_fields(), *self.register.facts]
        rows = self.register.queryset(self.request.user).select_related(*self.register.related(paths))
        row = rows.filter(pk=pk).first()
        if row is None:
            raise Http404(_("There is no such record in your territory."))
        if self.verb != "view" and not self.may(self.verb, row):
            raise PermissionDenied(_("You may read this record; changing it is for others."))
        return row

    def may(self, verb: str, row=None) -> bool:
        """Whether the person holds the right, on a row or at all."""
        if not rights.can(self.request.user, verb, self.register.model):
            return False
        return row is None or self.register.queryset(self.request.user, verb).filter(pk=row.pk).exists()

    def page(self, name: str, context: dict, status: int = 200):
        context |= {"register": self.register, "list_url": self.register.url("list")}
        return render(self.request, f"registers/{name}.html", context, status=status)


class ListPage(RegisterView):
    def rows(self):
        """All that the person may see."""
        return self.register.queryset(self.request.user).select_related(*self.register.related(self.register.columns))

    def filtered(self, query):
        """The register's rows as a query string narrows them: a FilterSet."""
        return filterset_for(self.register)(query, queryset=self.rows(), request=self.request)

    def post(self, request):
        """The search form; its address shows the list."""
        return redirect(address_of(request))

    def get(self, request):
        register = self.register
        chosen = self.filtered(request.GET)
        table = table_for(register)(chosen.qs)
        RequestConfig(request, paginate=False).configure(table)  # it would take any number of rows from the address
        table.settle()
        table.paginate(per_page=_page_size(request))
        table.page = table.paginator.get_page(request.GET.get("page"))
        return self.page(
            "list",
            {
                "table": table,
                "filter": chosen,
                "active_filters": active_filters(chosen, request.GET),
                "total": table.paginator.count,
                "facts": register.summary(chosen.qs),
                "list_actions": register.list_actions(request.user),
                "may_add": self.may("add"),
                "add_url": register.url("new"),
                "export_url": register.url("export"),
                "template_url": register.url("template"),
                "import_url": register.url("import") if may_import(request.user, register) else "",
                "empty": register.empty,
                "bulk": flow.bulk_choices(register, request.user),
                "bulk_url": register.url("bulk"),
                "query": request.GET.urlencode(),
            },
        )


def _page_size(request) -> int:
    """One of the sizes on offer; any other number in the address is taken for the usual one."""
    asked = request.GET.get("per_page", "")
    return int(asked) if asked in map(str, PAGE_SIZES) else PAGE_SIZES[0]


class Hidden(NamedTuple):
    """A masked value and where it is shown in full."""

    mask: str
    reveal_url: str


class DetailPage(RegisterView):
    def get(self, request, pk: int):
        register, row = self.register, self.get_row(pk)
        sections = [
            (title, [(label_of(register, name), self._shown(row, name)) for name in names])
            for title, names in register.form_sections()
        ]
        if register.facts:
            sections.append((_("Also"), [(label_of(register, n), value_of(register, row, n)) for n in register.facts]))
        context = {
            "object": row,
            "sections": sections,
            "inlines": [self._inline(inline, row) for inline in register.inlines],
            "may_change": self.may("change", row),
            "may_delete": self.may("delete", row),
            "edit_url": register.url("edit", row),
            "delete_url": register.url("delete", row),
            "history_url": register.url("history", row),
            "extra_actions": register.extra_actions(request.user, row),
            "flow": flow.of_row(register, row, request.user),
            "move_url": register.url("move", row) if register.workflow else "",
            "more": register.more(request, row),
            "evidence": panel(request, row) if register.evidence else "",
        }
        return self.page("detail", context)

    def _shown(self, row, name: str):
        """The value; a sensitive one masked, with the address that shows it to whoever may change the record."""
        value = value_of(self.register, row, name)
        if isinstance(value, Sensitive) and value and self.may("change", row):
            return Hidden(str(value), reverse("core:reveal", args=[row._meta.label, row.pk, name]))
        return value

    def _inline(self, inline, row):
        related = [f for f in inline.model._meta.fields if f.is_relation]
        parent = next(f.name for f in related if f.related_model is self.register.model)
        rows = inline.model._default_manager.visible_to(self.request.user).filter(**{parent: row})
        return inline.title, inline_table(inline.model, inline.fields, rows.select_related(*(f.name for f in related)))


class FormPage(RegisterView):
    """Create and edit: the form, its inlines, one transaction through the register's actions."""

    def respond(self, row, form, formsets, status: int = 200):
        context = {
            "once": "" if row and row.pk else self.request.POST.get("_once") or once.new_key(),
            "object": row if row and row.pk else None,
            "form": form,
            "sections": sections_of(self.register, form),
            "formsets": formsets,
            "cancel_url": self.register.url("detail", row) if row and row.pk else self.register.url("list"),
        }
        return self.page("form", context, status)

    def show(self, row, initial: dict | None = None):
        form = form_for(self.register)(instance=row, initial=initial, user=self.request.user)
        return self.respond(row, form, formsets_for(self.register, row, self.request.user))

    def save(self, row):
        request, register = self.request, self.register
        if sent := row is None and self._sent_before():
            return redirect(sent)
        form = form_for(register)(request.POST, instance=row, user=request.user)
        formsets = formsets_for(register, form.instance, request.user, request.POST)
        if not all([form.is_valid(), *(formset.is_valid() for formset in formsets)]):
            if sent := row is None and self._sent_before():  # by now: what it collides with is its own first sending
                return redirect(sent)
            return self.respond(row, form, formsets, UNPROCESSABLE)
        if "_again" in request.POST:
            return self.respond(row, form, formsets)
        try:
            with transaction.atomic():
                claimed = self._claim(form)
                self._write(form)
                for formset in formsets:
                    self._write_inline(formset, form.instance)
                once.settle(claimed, form.instance)
        except once.Taken:
            return redirect(self._sent_before() or register.url("list"))
        except actions.Stale as stale:
            return self._conflict(form, formsets, stale)
        except ValidationError as error:
            _add_errors(form, error)
            return self.respond(row, form, formsets, UNPROCESSABLE)
        messages.success(request, _("Saved: %(what)s") % {"what": form.instance})
        return redirect(register.url("detail", form.instance))

    def _sent_before(self) -> str | None:
        """The address of what the same form made when it was sent before, or None for its first time."""
        key = self.request.POST.get("_once")
        if not key or not once.is_taken(key, self.register.model):
            return None
        row = self.register.queryset(self.request.user).filter(pk=once.made_by(key, self.register.model)).first()
        return self.register.url("detail", row) if row else self.register.url("list")

    def _claim(self, form):
        key = self.request.POST.get("_once")
        return once.claim(key, self.register.model) if key and not form.instance.pk else None

    def _conflict(self, form, formsets, stale: actions.Stale):
        """409: somebody was faster. Two versions of the record are laid side by side; of an inline row it is said."""
        if stale.current != form.instance:
            form.add_error(None, stale)
            return self.respond(form.instance, form, formsets, CONFLICT)
        current = self.get_row(form.instance.pk)
        context = {
            "object": current,
            "conflict": conflict_of(self.register, form, current, self.request.POST),
            "edit_url": self.register.url("edit", current),
            "cancel_url": self.register.url("detail", current),
        }
        return self.page("conflict", context, CONFLICT)

    def _write(self, form) -> None:
        if form.instance.pk:
            self.register.update(self.request.user, [form.instance], self.register.editable_fields())
        else:
            self.register.create(self.request.user, [form.instance])

    def _write_inline(self, formset, parent) -> None:
        """By the actions of the rows' own register, where they have one: what it asks holds here too."""
        user, writer = self.request.user, for_model(formset.model) or actions
        formset.save(commit=False)
        for row in formset.new_objects:
            setattr(row, formset.fk.name, parent)
        writer.create(user, formset.new_objects)
        for row, fields in formset.changed_objects:
            writer.update(user, [row], fields)
        writer.delete(user, formset.deleted_objects)


def _add_errors(form, error: ValidationError) -> None:
    """The action's refusal, at its field where the form has it, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


class NewPage(FormPage):
    verb = "add"

    def get(self, request):
        """`?village=18` fills a field in beforehand: what names a missing record links here."""
        fields = self.register.editable_fields()
        given = {name: value for name, value in request.GET.items() if name in fields}
        own = own_territory(self.request.user, self.register.model)
        return self.show(None, ({"territory_code": own} if "territory_code" in fields else {}) | given)

    def post(self, request):
        return self.save(None)


class EditPage(FormPage):
    verb = "change"

    def get(self, request, pk: int):
        return self.show(self.get_row(pk))

    def post(self, request, pk: int):
        return self.save(self.get_row(pk))


class DeletePage(RegisterView):
    """Says what a deletion touches before it is done, and what forbids it."""

    verb = "delete"

    def get(self, request, pk: int):
        return self._confirm(self.get_row(pk))

    def _confirm(self, row, error: str = ""):
        collector = NestedObjects(using=router.db_for_write(type(row)))
        collector.collect([row])
        touches = [
            (m._meta.verbose_name_plural, len(rows)) for m, rows in collector.model_objs.items() if m is not type(row)
        ]
        kinds = [obj._meta.verbose_name_plural for obj in collector.protected]
        blocked = [(kind, kinds.count(kind)) for kind in sorted(set(kinds), key=str)]
        context = {"object": row, "touches": touches, "blocked": blocked, "error": error}
        return self.page("delete", context | {"cancel_url": self.register.url("detail", row)})

    def post(self, request, pk: int):
        row = self.get_row(pk)
        name = str(row)
        try:
            self.register.delete(request.user, [row], reason=request.POST.get("reason", ""))
        except ValidationError as error:
            return self._confirm(row, " ".join(error.messages))
        messages.success(request, _("Deleted: %(what)s") % {"what": name})
        return redirect(self.register.url("list"))
