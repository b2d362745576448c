"""Sensitive values: encrypted in the database, found by a keyed index, masked wherever they are shown.

    phone = SensitiveField(_("Telephone"), mask=Mask.PHONE)

gives a column of ciphertext and beside it `phone_index`, an HMAC of the normalised value, for equality and uniqueness.
In Python the value is a `Sensitive`, whose text is its mask: what forgets to ask shows `138****6027`. Only `.plain`
opens it, and pages reach that by a POST with a reason that leaves an audit row (`core.sensitive.views`).
Keys: settings SENSITIVE_KEYS (id → 32 bytes of base64), SENSITIVE_KEY (the id that writes), SENSITIVE_INDEX_KEY,
SENSITIVE_CIPHER ("aes" or "sm4"); `manage.py rotate_keys` re-encrypts what older keys wrote.
"""

from core.sensitive.fields import SensitiveField
from core.sensitive.values import Mask, Sensitive

__all__ = ["Mask", "Sensitive", "SensitiveField"]
