"""The phone of the second factor. Like django-otp's own TOTP device, but its secret is encrypted at rest."""

import time

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from core.sensitive import SensitiveField

STEP, DIGITS = 30, 6  # seconds, and digits of a code: what every authenticator takes for granted
TOLERANCE = 1  # steps before and after the present one that are taken too


class Phone(TimestampMixin, ThrottlingMixin, Device):
    """`key`: the secret, hex of 20 bytes. A code serves once: only steps after `last_t` count.

    `drift`: so many steps the phone's clock was off when it last told a right code.
    """

    key = SensitiveField(_("Secret"), max_length=40)
    drift = models.SmallIntegerField(default=0)
    last_t = models.BigIntegerField(default=-1)

    class Meta:
        app_label = "accounts"
        verbose_name = _("Phone of the second factor")
        verbose_name_plural = _("Phones of the second factor")

    def verify_token(self, token: str) -> bool:
        """Whether it is the code of the moment; what follows from right and wrong is saved (the row is locked)."""
        allowed, _why = self.verify_is_allowed()
        if not allowed:
            return False
        totp = TOTP(bytes.fromhex(self.key.plain), step=STEP, digits=DIGITS, drift=self.drift)
        totp.time = time.time()
        right = token.isascii() and token.isdigit() and totp.verify(int(token), TOLERANCE, self.last_t + 1)
        if right:
            self.last_t, self.drift = totp.t(), totp.drift
            self.throttle_reset(commit=False)
            self.set_last_used_timestamp(commit=False)
            self.save()
        else:
            self.throttle_increment(commit=True)
        return right

    def get_throttle_factor(self) -> int:
        """Seconds of the first wait after a wrong code; each next one is twice as long."""
        return 1
