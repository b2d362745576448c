"""What may be done to accounts and grants."""

import secrets

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts import second_factor
from accounts.models import Grant, OldPassword, User
from core import actions, audit
from core.models import AuditRow
from core.roles import ADMINS, Role

audit.name_verbs(
    set_password=gettext_lazy("Set a password"),
    lock_out=gettext_lazy("Locked out after wrong passwords"),
    unlock=gettext_lazy("Unlocked the account"),
    verify=gettext_lazy("Signed in with the second factor"),
    enrol=gettext_lazy("Set up the second factor"),
    renew_codes=gettext_lazy("Made new recovery codes"),
    drop_second_factor=gettext_lazy("Removed the second factor"),
    reset_second_factor=gettext_lazy("Reset the second factor"),
    end_sign_ins=gettext_lazy("Ended sessions"),
)


def create_accounts(by, users: list[User], *, reason: str = "") -> list[User]:
    """New accounts, of the territory that their administrator holds; they can't sign in before a password is set."""
    actions.require(by, "add", User)
    for user in users:
        user.territory_code = user.territory_code or by.scopes(by.roles)[0]
        if not user.password:
            user.set_unusable_password()
    return actions.create(by, users, reason=reason)


def set_password(by: User, user: User, password: str, *, keep: int | None = None) -> None:
    """Give an account its password and end its sessions, but for `keep` (the number of a sign-in).

    An administrator's password is changed by himself alone, so that none can become another. One that somebody else
    has set must be changed at the next sign-in. Raises Refused, Invisible, ValidationError.
    """
    own = by.pk == user.pk
    if not own:
        require_upkeep(by, user)
    validate_password(password, user)
    now = timezone.now()
    with transaction.atomic():
        user.set_password(password)
        user.password_set_at, user.must_change_password = now, not own
        user.save(update_fields=["password", "password_set_at", "must_change_password"])
        OldPassword.objects.create(user=user, password=user.password, set_at=now)
        kept = user.old_passwords.values_list("pk", flat=True)[: settings.PASSWORD_HISTORY]
        user.old_passwords.exclude(pk__in=list(kept)).delete()
        user.sign_ins.exclude(pk=keep).end(now)
        _record(by, "set_password", user)


def require_upkeep(by: User, user: User) -> None:
    """Another's account may be kept by him: not an administrator's, lest one administrator become another."""
    _require_account(by, user)
    if user.roles & ADMINS:
        raise actions.Refused(_("An administrator changes his password himself; no other administrator may."))


def _require_account(by: User, user: User) -> None:
    actions.require(by, "change", User)
    if not User.objects.visible_to(by, "change").filter(pk=user.pk).exists():
        raise actions.Invisible


def _record(by: User | None, verb: str, user: User, *, reason: str = "", outcome: str = AuditRow.Outcome.DONE) -> None:
    audit.write(by, verb, [user], codes={user.pk: user.territory_code}, reason=reason, outcome=outcome)


def first_administrators(code: str, people: dict[Role, tuple[str, str]]) -> dict[Role, tuple[User, str]]:
    """The three administrators of a territory, whom nobody can make inside the portal: on the server's console alone.

    `people` maps each of the three roles to (account, name). Gives each account with its first password, which must be
    changed at the first sign-in. Raises ValidationError, also where the territory has administrators; then nothing is
    written.
    """
    made = {}
    with transaction.atomic():
        held = Grant.objects.select_for_update().filter(role__in=ADMINS, ended_at__isnull=True)
        if names := sorted({str(g.user) for g in held if code.startswith(g.territory_code)}):
            raise ValidationError(
                _("%(code)s has administrators: %(names)s. They make further accounts and grants in the portal.")
                % {"code": code, "names": "、".join(names)}
            )
        for role, (username, name) in people.items():
            user, password = User(username=username, name=name, territory_code=code[:6]), _first_password()
            user.set_password(password)
            user.must_change_password = True
            user.full_clean()
            user.save()
            given = Grant(user=user, role=role, territory_code=code)
            given.full_clean()
            given.save()
            for row in (user, given):
                audit.write(None, "create", [row], codes={row.pk: code}, after={row.pk: audit.snapshot(row)})
            made[role] = (user, password)
    return made


def _first_password() -> str:
    """Fifteen letters and digits in three groups, none of which look alike; about 74 bits."""
    groups = ("".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _sign in range(5)) for _group in range(3))
    return "-".join(groups)


# ---- locked accounts, second factor, sessions ----


def unlock(by: User, user: User) -> None:
    """Forget the wrong passwords of an account, from every address."""
    _require_account(by, user)
    with transaction.atomic():
        AccessAttempt.objects.filter(username=user.username).delete()
        _record(by, "unlock", user)


def verify(user: User, typed: str) -> Device | None:
    """The second factor at sign-in; None for a wrong code, which is recorded as well. Raises TooSoon."""
    device = second_factor.verify(user, typed)
    outcome = AuditRow.Outcome.DONE if device else AuditRow.Outcome.FAILED
    _record(user, "verify", user, reason=device.name if device else "", outcome=outcome)
    return device


def enrol(user: User, key: str, typed: str, *, keep: int | None = None) -> tuple[Device, list[str]] | None:
    """Set up a phone and its recovery codes, and end the other sessions; None for a wrong code."""
    with transaction.atomic():
        device = second_factor.enrol(user, key, typed)
        if device is None:
            return None
        codes = second_factor.new_codes(user)
        user.sign_ins.exclude(pk=keep).end(timezone.now())
        _record(user, "enrol", user)
    return device, codes


def renew_codes(user: User) -> list[str]:
    with transaction.atomic():
        codes = second_factor.new_codes(user)
        _record(user, "renew_codes", user)
    return codes


def drop_second_factor(user: User) -> None:
    """The person's own wish; refused where a role requires it."""
    if second_factor.required(user):
        raise ValidationError(_("Your role signs in with a second factor: set up another phone instead."))
    with transaction.atomic():
        second_factor.forget(user)
        _record(user, "drop_second_factor", user)


def reset_second_factor(by: User | None, user: User, *, reason: str = "") -> bool:
    """For whoever lost phone and codes: take them away and end the sessions. `by` is None on the server's own console,
    which alone may do it for an administrator. Whether there was anything to reset.
    """
    if by is not None:
        require_upkeep(by, user)
    with transaction.atomic():
        found = second_factor.forget(user)
        user.sign_ins.end(timezone.now())
        if found:
            _record(by, "reset_second_factor", user, reason=reason)
    return found


def end_sign_ins(user: User, sign_ins) -> int:
    """End sessions of one's own. How many went on until then."""
    with transaction.atomic():
        ended = sign_ins.filter(user_id=user.pk).end(timezone.now())
        if ended:
            _record(user, "end_sign_ins", user)
    return ended


# ---- grants ----


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
        _refuse_mixtures(grants)
        return actions.create(by, grants, reason=reason)


def _refuse_mixtures(grants: list[Grant]) -> None:
    """Each grant is checked against what the person holds; here against what the same set gives him."""
    for new in grants:
        others = [other.role for other in grants if other.user_id == new.user_id and other is not new]
        if others and new.role in ADMINS:
            raise ValidationError(
                {"role": _("An administrator holds no business role, and who holds one can't be an administrator.")}
            )


def end_grants(by: User, grants: list[Grant], *, reason: str = "") -> None:
    """Take roles back; the person is out at the next request. The grant is kept with its end, and never edited."""
    actions.require(by, "end", Grant)
    if any(g.user_id == by.pk for g in grants):
        raise ValidationError(_("Nobody ends a role of his own: ask another security administrator."))
    for ended in grants:
        ended.ended_at = ended.ended_at or timezone.now()
    actions.update(by, grants, ["ended_at"], verb="end", reason=reason)
