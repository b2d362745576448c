"""The password policy, as validators that say what is wrong and how to mend it. Their options are in the settings."""

import string

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Each kind of sign, as a question about one character.
KINDS = (
    str.islower,
    str.isupper,
    str.isdigit,
    lambda sign: not (sign.islower() or sign.isupper() or sign.isdigit()),
)


def policy() -> str:
    """The whole policy in a sentence, for the form."""
    return _(
        "At least %(length)d characters of three kinds (small letters, capitals, digits, other signs), without the "
        "account's name, and none of the last %(kept)d passwords."
    ) % {"length": settings.PASSWORD_MIN_LENGTH, "kept": settings.PASSWORD_HISTORY}


class Rule:
    """What Django asks of a validator beside `validate`."""

    def get_help_text(self) -> str:
        return policy()


class Length(Rule):
    def __init__(self, characters: int):
        self.characters = characters

    def validate(self, password: str, user=None) -> None:
        if len(password) < self.characters:
            raise ValidationError(
                _("The password has %(n)d characters: type at least %(needed)d."),
                params={"n": len(password), "needed": self.characters},
            )


class Classes(Rule):
    def __init__(self, needed: int):
        self.needed = needed

    def validate(self, password: str, user=None) -> None:
        found = sum(any(map(kind, password)) for kind in KINDS)
        if found < self.needed:
            raise ValidationError(
                _(
                    "The password uses %(n)d of the four kinds small letters, capitals, digits and other signs: use at "
                    "least %(needed)d of them."
                ),
                params={"n": found, "needed": self.needed},
            )


class NotTheAccount(Rule):
    """Neither forwards nor backwards, whatever the case."""

    def validate(self, password: str, user=None) -> None:
        name, typed = getattr(user, "username", "").lower(), password.lower()
        if name and (name in typed or name[::-1] in typed):
            raise ValidationError(_("The password contains the account's name: leave it out."))


class Uncommon(CommonPasswordValidator):
    """Not one of the twenty thousand that everybody tries first, nor one of them with a year or signs around it."""

    def validate(self, password: str, user=None) -> None:
        core = password.lower().strip(string.digits + string.punctuation)
        super().validate(password, user)
        super().validate(core, user)

    def get_error_message(self) -> str:
        return _("This password, or the word that it is built on, is on every list of common ones: think of another.")

    def get_help_text(self) -> str:
        return policy()


class NotRecent(Rule):
    """None of the last ones of the account, the present one among them."""

    def __init__(self, kept: int):
        self.kept = kept

    def validate(self, password: str, user=None) -> None:
        if user is None or not user.pk:
            return
        hashes = {user.password, *user.old_passwords.values_list("password", flat=True)[: self.kept]}
        if any(check_password(password, known) for known in hashes if known):
            raise ValidationError(
                _("This is one of the last %(kept)d passwords of the account: think of a new one."),
                params={"kept": self.kept},
            )
