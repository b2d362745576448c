"""What may be done to accounts and grants."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Grant, User
from core import actions, audit
from core.roles import ADMINS

audit.name_verbs(set_password=gettext_lazy("Set a password"))


def create_accounts(by, users: list[User], *, reason: str = "") -> list[User]:
    """New accounts, of the territory that their administrator holds; they can't sign in before a password is set."""
    actions.require(by, "add", User)
    for user in users:
        user.territory_code = user.territory_code or by.scopes(by.roles)[0]
        if not user.password:
            user.set_unusable_password()
    return actions.create(by, users, reason=reason)


def set_password(by: User, user: User, password: str) -> None:
    """Give an account its password. An administrator's is changed by himself alone, so that none can become another."""
    if by.pk != user.pk:
        actions.require(by, "change", User)
        if not User.objects.visible_to(by, "change").filter(pk=user.pk).exists():
            raise actions.Invisible
        if user.roles & ADMINS:
            raise actions.Refused(_("An administrator changes his password himself; no other administrator may."))
    validate_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.write(by, "set_password", [user], codes={user.pk: user.territory_code})


def grant(by: User, grants: list[Grant], *, reason: str = "") -> list[Grant]:
    """Give roles at territory nodes. Raises ValidationError for a grant to oneself or one that mixes administrators."""
    actions.require(by, "add", Grant)
    with transaction.atomic():
        # The lock makes "no two administrators in one person" hold between two grants at the same moment.
        list(User.objects.select_for_update().filter(pk__in={g.user_id for g in grants}).order_by("pk"))
        for new in grants:
            if new.user_id == by.pk:
                raise ValidationError(
                    {"user": _("Nobody grants a role to himself: ask another security administrator.")}
                )
            new.granted_by = by
        return actions.create(by, grants, reason=reason)


def end_grants(by: User, grants: list[Grant], *, reason: str = "") -> None:
    """Take roles back; the person is out at the next request. The grant is kept with its end."""
    if any(g.user_id == by.pk for g in grants):
        raise ValidationError(_("Nobody ends a role of his own: ask another security administrator."))
    for ended in grants:
        ended.ended_at = ended.ended_at or timezone.now()
    actions.update(by, grants, ["ended_at"], reason=reason)
