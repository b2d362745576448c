"""Accounts, grants, and sign-ins.

A grant is a role held at a territory node: it covers what lies below. The three administrators are three people: none
holds a business role or another administrator's.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.records import Saved
from core.rights import can
from core.roles import ADMINS, Role
from core.scoping import Held, HeldQuerySet
from villages.naming import labels_of


class UserManager(BaseUserManager.from_queryset(HeldQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser, Saved, Held):
    """A person who logs in. `territory_code` is the district whose administrators keep the account."""

    username = models.CharField(
        _("Account"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9_.-]+$", _("Small letters, digits, “.”, “-” and “_” alone."))],
    )
    name = models.CharField(_("Person"), max_length=40)
    office = models.CharField(_("Office"), max_length=60, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    is_demonstration = models.BooleanField(_("Demonstration account"), default=False, editable=False)
    password_set_at = models.DateTimeField(_("Password set at"), default=timezone.now, editable=False)
    must_change_password = models.BooleanField(_("Must change the password"), default=False, editable=False)
    created_at = models.DateTimeField(_("Created at"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")
        ordering = ["username"]

    def __str__(self) -> str:
        return f"{self.name}（{self.username}）"

    @cached_property
    def grants_in_force(self) -> list["Grant"]:
        """Read once a request, so that who is demoted or moved is out at the next one."""
        return list(self.grants.filter(ended_at__isnull=True).order_by("role", "territory_code"))

    @cached_property
    def holdings(self) -> list[tuple[str, str]]:
        """(role, territory) of each grant in force, as people call them."""
        labels = labels_of(grant.territory_code for grant in self.grants_in_force)
        return [(grant.get_role_display(), labels[grant.territory_code]) for grant in self.grants_in_force]

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants_in_force)

    def scopes(self, roles: frozenset[str]) -> tuple[str, ...]:
        """The territory codes at which the person holds one of the roles, without those inside another of them."""
        codes = sorted({grant.territory_code for grant in self.grants_in_force if grant.role in roles})
        return tuple(c for c in codes if not any(c != other and c.startswith(other) for other in codes))

    def can(self, verb: str, model: type) -> bool:
        return can(self, verb, model)

    @property
    def password_lapses_at(self) -> datetime | None:
        """When the password has to be changed; None where the policy sets no term."""
        return self.password_set_at + timedelta(days=settings.PASSWORD_DAYS) if settings.PASSWORD_DAYS else None

    def needs_new_password(self, now: datetime) -> bool:
        """Whether somebody else set the password, or it is too old."""
        lapses = self.password_lapses_at
        return self.must_change_password or (lapses is not None and lapses <= now)

    # What the Django admin asks: whoever holds a role may enter, and each page asks its own right.
    @property
    def is_staff(self) -> bool:
        return self.is_active and bool(self.roles)

    def has_perm(self, perm: str, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


User._meta.get_field("password").sensitive = True  # not even its hash enters the audit


class OldPassword(models.Model):
    """The hash of a password that the account has or had, so that it does not come back too soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="old_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.set_at:%Y-%m-%d}"


class SignInQuerySet(models.QuerySet):
    def alive(self, now: datetime):
        """Those whose session goes on."""
        return self.filter(
            ended_at__isnull=True,
            seen_at__gt=now - timedelta(minutes=settings.SESSION_IDLE_MINUTES),
            began_at__gt=now - timedelta(hours=settings.SESSION_HOURS),
        )

    def end(self, now: datetime) -> int:
        """End those that go on; their sessions are over at the next request. How many."""
        return self.filter(ended_at__isnull=True).update(ended_at=now)


class SignIn(models.Model):
    """One session of a person: since when, from which address and browser, last seen when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("Account"))
    began_at = models.DateTimeField(_("Signed in at"))
    seen_at = models.DateTimeField(_("Last seen at"), db_index=True)
    address = models.CharField(_("Address"), max_length=45, blank=True)
    agent = models.CharField(_("Browser"), max_length=255, blank=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sign-in")
        verbose_name_plural = _("Sign-ins")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.began_at):%m-%d %H:%M}"


class Grant(Held):
    """A role that a person holds at a territory node, by whom and since when. Ended, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("Account"))
    role = models.CharField(_("Role"), max_length=12, choices=Role.choices)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("Granted by")
    )
    granted_at = models.DateTimeField(_("Granted at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("Grant of a role")
        verbose_name_plural = _("Roles and grants")
        ordering = ["user__username", "role", "territory_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "territory_code"],
                condition=Q(ended_at__isnull=True),
                name="grant_once",
                violation_error_message=_("The person already holds this role at this territory."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True, role__in=sorted(ADMINS)),
                name="grant_one_administrator",
                violation_error_message=_(
                    "The three administrators are three people: this person already is another administrator."
                ),
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
                name="grant_not_to_oneself",
                violation_error_message=_("Nobody grants a role to himself: ask another security administrator."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.territory_code}"

    def clean(self) -> None:
        code = self.territory_code
        if not (code.isascii() and code.isdigit() and len(code) in (6, 9, 12)):
            raise ValidationError(
                {"territory_code": _("A territory code has 6 digits (district), 9 (township) or 12 (village).")}
            )
        held = set(Grant.objects.filter(user=self.user_id, ended_at__isnull=True).values_list("role", flat=True))
        if held and bool(held & ADMINS) != (self.role in ADMINS):
            raise ValidationError(
                {"role": _("An administrator holds no business role, and who holds one can't be an administrator.")}
            )


# Last: it refers to the account.
from accounts.phones import Phone  # noqa: E402, F401
