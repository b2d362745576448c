"""The homes of the three administrators. None of them shows business data, nor another administrator's."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Grant, User
from core.audit import kind_name, verb_label
from core.models import AuditRow
from core.roles import Role

LINES = 10
RECENT = timedelta(days=7)


class AccountLine(NamedTuple):
    """An account in a list: `url` is where it is dealt with, `when` the day that matters there."""

    name: str
    username: str
    office: str
    url: str
    when: datetime | None


class AccountList(NamedTuple):
    title: str
    rows: list[AccountLine]
    none: str


def _accounts(user) -> QuerySet:
    held = Grant.objects.filter(user=OuterRef("pk"), ended_at__isnull=True)
    return User.objects.visible_to(user).annotate(holds_role=Exists(held)).order_by("username")


def _line(account: User, url: str, when: datetime | None) -> AccountLine:
    return AccountLine(account.name, account.username, account.office, url, when)


def sysadmin(user, day, query) -> dict:
    """Accounts that want attention: without a role, new, never used, disabled."""
    accounts, since = list(_accounts(user)), timezone.now() - RECENT
    newest = sorted(accounts, key=lambda account: account.created_at, reverse=True)
    found = {
        "without_role": [a for a in accounts if a.is_active and not a.holds_role],
        "recent": [a for a in newest if a.created_at >= since],
        "unused": [a for a in accounts if a.is_active and a.last_login is None],
        "inactive": [a for a in accounts if not a.is_active],
    }
    rows = {
        name: [_line(a, reverse("accounts:users_detail", args=[a.pk]), a.created_at) for a in those]
        for name, those in found.items()
    }
    lists = [
        AccountList(_("Without a role"), rows["without_role"], _("Every account that can sign in holds a role.")),
        AccountList(_("Disabled"), rows["inactive"], _("No account is disabled.")),
        AccountList(_("Never signed in"), rows["unused"], _("Everybody has signed in at least once.")),
        AccountList(_("Created in the last 7 days"), rows["recent"], _("None.")),
    ]
    counts = {name: len(those) for name, those in found.items()}
    return {"total": len(accounts), "columns": (lists[:3], lists[3:]), **counts}


def secadmin(user, day, query) -> dict:
    """Accounts that wait for a role, and who holds which."""
    grants = Grant.objects.visible_to(user).filter(ended_at__isnull=True)
    counted = dict(grants.order_by().values_list("role").annotate(Count("pk")))
    waiting = _accounts(user).filter(is_active=True, holds_role=False)
    disabled = grants.filter(user__is_active=False).select_related("user")
    new = reverse("accounts:grants_new")
    return {
        "without_role": AccountList(
            _("Accounts that wait for a role"),
            [_line(a, f"{new}?user={a.pk}", a.created_at) for a in waiting],
            _("Every account that can sign in holds a role."),
        ),
        "disabled": AccountList(
            _("Roles of disabled accounts"),
            [_line(g.user, reverse("accounts:grants_detail", args=[g.pk]), g.granted_at) for g in disabled],
            _("No disabled account holds a role."),
        ),
        "per_role": [(role, counted.get(role.value, 0)) for role in Role],
        "total": sum(counted.values()),
        "recent": Grant.objects.visible_to(user).select_related("user", "granted_by").order_by("-granted_at")[:LINES],
    }


def auditor(user, day, query) -> dict:
    """Today's audit rows; the audit keeps the real time, whatever day the portal takes for today."""
    rows, since = AuditRow.objects.visible_to(user), timezone.now() - RECENT
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = rows.filter(at__gte=midnight)
    counted = today.order_by().values_list("verb").annotate(n=Count("pk")).order_by("-n", "verb")
    failed = rows.filter(verb="sign_in", outcome=AuditRow.Outcome.FAILED, at__gte=since).order_by("-id")
    refused = rows.filter(outcome=AuditRow.Outcome.REFUSED, at__gte=since).order_by("-id")
    by_name = failed.order_by().values_list("object_name").annotate(n=Count("pk")).order_by("-n", "object_name")
    return {
        "real_day": midnight.date(),
        "today_count": today.count(),
        "people": today.exclude(actor="").values("actor_id").distinct().order_by().count(),
        "actions": [(verb_label(verb), n) for verb, n in counted],
        "failed_count": failed.count(),
        "failed_names": list(by_name[:LINES]),
        "failed": failed[:LINES],
        "refused_count": refused.count(),
        "refused": refused[:LINES],
        "latest": [(row, verb_label(row.verb), kind_name(row.model)) for row in today.order_by("-id")[:LINES]],
    }


HOMES = {Role.SYSADMIN: sysadmin, Role.SECADMIN: secadmin, Role.AUDITOR: auditor}
