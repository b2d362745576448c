"""The pages of the three administrators: accounts, roles and grants, the audit log."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import actions, lockout, second_factor
from accounts.models import Grant, User
from core.audit import field_names, kind_name, verb_label
from core.menu import Group
from core.models import AuditRow
from core.registers import Register, register
from core.registers.values import computed, plain
from core.rights import Rights
from core.roles import ADMINS, Role


@register
class UserRegister(Register):
    model = User
    path = "users"
    columns = ("name", "username", "office", "is_active", "last_login")
    search = ("name", "username", "office")
    filters = ("is_active",)
    sections = ((_("Account"), ("username", "name", "office", "is_active")),)
    facts = ("last_login", "locked", "second_factor", "password_set_at", "created_at", "saved_by", "saved_at")
    may = Rights(view={Role.SYSADMIN, Role.SECADMIN}, add={Role.SYSADMIN}, change={Role.SYSADMIN})
    menu = (Group.ADMIN, 10)
    create = staticmethod(actions.create_accounts)
    by_form_alone = _("Accounts are opened one by one, by form: each has its own first password.")
    empty = _("Create an account first; the security administrator then grants it a role.")

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        if not user.can("change", User):
            return []
        found = []
        if lockout.locks(row.username):
            found.append({"label": _("Unlock"), "url": reverse("accounts:unlock", args=[row.pk]), "post": True})
        if row.roles & ADMINS and row.pk != user.pk:
            return found
        if row.pk != user.pk and second_factor.device_of(row):
            url = reverse("accounts:reset_second_factor", args=[row.pk])
            found.append({"label": _("Reset the second factor"), "url": url})
        return [*found, {"label": _("Set the password"), "url": reverse("accounts:set_password", args=[row.pk])}]

    @computed(_("Locked"))
    def show_locked(row: User) -> str:
        ends = lockout.locks(row.username).values()
        return _("until {time}").format(time=plain(max(ends))) if ends else plain(False)

    @computed(_("Second factor"))
    def show_second_factor(row: User) -> str:
        device = second_factor.device_of(row)
        return _("since {time}").format(time=plain(device.created_at)) if device else _("not set up")


@register
class GrantRegister(Register):
    model = Grant
    path = "grants"
    columns = ("user", "role", "territory_code", "granted_by", "granted_at", "ended_at")
    search = ("user__name", "user__username", "territory_code")
    filters = ("role",)
    sections = ((_("Grant of a role"), ("user", "role", "territory_code")),)
    facts = ("granted_by", "granted_at", "ended_at")
    may = Rights(view={Role.SECADMIN}, add={Role.SECADMIN}, end={Role.SECADMIN})
    menu = (Group.ADMIN, 20)
    create = staticmethod(actions.grant)
    by_form_alone = _("Roles are granted one by one, by form: each grant is a decision of its own.")
    empty = _("Grant an account its role: until then it can sign in and see nothing.")

    @classmethod
    def extra_actions(cls, user, row) -> list[dict]:
        if row.ended_at or not user.can("end", Grant):
            return []
        url = reverse("accounts:end_grant", args=[row.pk])
        return [{"label": _("End this grant"), "url": url, "post": True, "danger": True}]


@register
class AuditRegister(Register):
    """What was done, by whom, from where. Values stay with the record's history: an administrator reads none."""

    model = AuditRow
    app = "accounts"
    path = "audit"
    columns = ("at", "actor", "held", "did", "record", "fields", "outcome", "address")
    search = ("actor", "verb", "model", "request_id", "address")
    filters = ("outcome",)
    sections = (
        (_("Audit row"), ("at", "actor", "held", "address", "request_id", "did", "record", "fields", "outcome")),
    )
    may = Rights(view={Role.AUDITOR})
    menu = (Group.ADMIN, 30)
    empty = _("Nothing has been written yet.")

    @computed(_("Roles"))
    def show_held(row: AuditRow) -> str:
        return "、".join(str(dict(Role.choices).get(role, role)) for role in row.roles.split(", ") if role)

    @computed(_("Action"))
    def show_did(row: AuditRow) -> str:
        return verb_label(row.verb)

    @computed(_("Record"))
    def show_record(row: AuditRow) -> str:
        return f"{kind_name(row.model)} {row.object_id}".strip() or row.object_name

    @computed(_("Fields"))
    def show_fields(row: AuditRow) -> str:
        return "、".join(field_names(row.model, {*row.before, *row.after}))
