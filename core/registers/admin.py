"""The same registers in the Django admin: the same door, rights and actions; nothing is declared twice."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from core import rights
from core.registers.base import Register, all_registers
from core.registers.forms import narrow
from core.registers.values import label_of


class RegisterAdmin(admin.ModelAdmin):
    """A register's page at /admin/. What a person may not see is not there; writes go through the actions."""

    register: type[Register] | None = None
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return self.register.queryset(request.user).select_related(*self.register.related(self.register.columns))

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404(_("There is no such record in your territory."))
        return row

    def lookup_allowed(self, lookup, value, request) -> bool:
        """Nothing may be asked by address: one could read a column that no page shows by the number of rows found."""
        return False

    def has_module_permission(self, request) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request, obj=None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request, obj=None) -> bool:
        return self._may(request, "change", obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._may(request, "delete", obj)

    def _may(self, request, verb: str, obj=None) -> bool:
        if not rights.can(request.user, verb, self.model):
            return False
        return obj is None or self.register.queryset(request.user, verb).filter(pk=obj.pk).exists()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            narrow(field, request.user)
        return field

    def save_model(self, request, obj, form, change) -> None:
        if change:
            self.register.update(request.user, [obj], self.register.editable_fields())
        else:
            self.register.create(request.user, [obj])

    def delete_model(self, request, obj) -> None:
        self.register.delete(request.user, [obj])

    def log_addition(self, request, obj, message) -> None:
        """The portal's audit has it already; Django's own admin log is not kept."""

    log_change = log_addition

    def log_deletions(self, request, queryset) -> None:
        """As `log_addition`."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), "error")
            return self.response_post_save_change(request, None)


def _column(register: type[Register], path: str):
    """The column as the register shows it: computed there, or the field at the path."""
    shown = getattr(register, f"show_{path}", None)
    if shown is None:
        return path

    def column(row):
        return shown(row)

    column.short_description = label_of(register, path)
    return column


def admin_of(register: type[Register]) -> type[RegisterAdmin]:
    """The register's page at /admin/."""
    fields = {f.name for f in register.model._meta.get_fields()}
    said = {
        "register": register,
        "list_display": [_column(register, path) for path in register.columns],
        "search_fields": list(register.search),
        "fields": [name for name in register.editable_fields() if name in fields],
    }
    return type(f"{register.model.__name__}Admin", (RegisterAdmin,), said)


def build_site() -> None:
    """Put every register on the admin site. Called once, when all apps are loaded."""
    for register in all_registers():
        admin.site.register(register.model, admin_of(register))
