"""The second factor: a one-time password of a phone (TOTP), and recovery codes for the day the phone is lost.

Nobody who reads the database can use them: the phone's secret is encrypted there, also while it is being set up, and
recovery codes are kept as digests.
"""

import secrets
import unicodedata
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.util import random_hex

from accounts.phones import DIGITS, STEP, Phone
from core.qr import draw
from core.sensitive import cipher

PENDING = "second_factor_pending"  # in the session: the password was right, the code is still to come
KEY = "second_factor_key"  # in the session: the secret that is being set up, encrypted
CODES = 10
#: Without letters and digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class TooSoon(Exception):
    """Wrong codes make the next try wait, each twice as long; `until` is when it may be made."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


def required(user) -> bool:
    """Whether a role of the person signs in with a second factor only."""
    return bool(user.roles & frozenset(settings.OTP_REQUIRED_ROLES))


def device_of(user) -> Phone | None:
    return Phone.objects.filter(user_id=user.pk, confirmed=True).first()


def codes_left(user) -> int:
    return StaticToken.objects.filter(device__user_id=user.pk).count()


# ---- setting up ----


def key_in(session) -> str | None:
    """The secret that the session is setting up; None: it has not begun."""
    sealed = session.get(KEY)
    return cipher.decrypt(sealed, KEY) if sealed else None


def new_key(session) -> str:
    """Begin with a fresh secret."""
    key = random_hex(20)
    session[KEY] = cipher.encrypt(key, KEY)
    return key


def secret_text(key: str) -> str:
    """The secret in groups of four, for whoever can't scan."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(user, key: str) -> str:
    """The secret as an address that an authenticator opens (github.com/google/google-authenticator, Key Uri Format)."""
    issuer = settings.OTP_TOTP_ISSUER
    secret = b32encode(bytes.fromhex(key)).decode()
    said = {"secret": secret, "algorithm": "SHA1", "digits": DIGITS, "period": STEP, "issuer": issuer}
    return f"otpauth://totp/{quote(f'{issuer}:{user.get_username()}')}?{urlencode(said, quote_via=quote)}"


def qr(user, key: str) -> SafeString:
    """The secret as a QR code."""
    return draw(address(user, key), _("QR code"))


def enrol(user, key: str, typed: str) -> Phone | None:
    """Take the new phone in place of any other, if it tells the right code. None: it does not, nothing has changed."""
    with transaction.atomic():
        device = Phone.objects.create(user=user, key=key, name="totp")
        if not device.verify_token(_plain(typed)):
            transaction.set_rollback(True)
            return None
        Phone.objects.filter(user_id=user.pk).exclude(pk=device.pk).delete()
    return device


def new_codes(user) -> list[str]:
    """Ten fresh recovery codes in place of the old ones. They are shown now or never."""
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(10)) for _code in range(CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user_id=user.pk).delete()
        device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def forget(user) -> bool:
    """Take phone and recovery codes away; whether there were any."""
    with transaction.atomic():
        found = [model.objects.filter(user_id=user.pk).delete()[0] for model in (Phone, StaticDevice)]
    return any(found)


# ---- signing in ----


def verify(user, typed: str) -> Device | None:
    """The device that the code belongs to; None for a wrong one. TooSoon where wrong ones make it wait."""
    code = _plain(typed)
    if code.isdigit() and len(code) == DIGITS:
        device = device_of(user)
    else:
        device, code = StaticDevice.objects.filter(user_id=user.pk, confirmed=True).first(), _digest(code)
    if device is None:
        return None
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise TooSoon(why["locked_until"])
    return verify_token(user, device.persistent_id, code)


def _plain(typed: str) -> str:
    """As typed on any keyboard: full-width digits, capitals, spaces and hyphens don't matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", typed).lower() if sign.isalnum())


def _digest(code: str) -> str:
    """Sixteen characters (64 bits) of a keyed digest: what the column of recovery codes holds."""
    return salted_hmac("accounts.recovery", code, algorithm="sha256").hexdigest()[:16]
