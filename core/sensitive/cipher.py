"""Encryption and the blind index. A token is `<cipher>$<key id>$<base64 of nonce, ciphertext and tag>`."""

import base64
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE, TAG = 12, 16  # bytes
#: AES takes the whole key of 32 bytes, SM4 its first 16.
CIPHERS = {"aes": (algorithms.AES, 32), "sm4": (algorithms.SM4, 16)}


class Unreadable(Exception):
    """The token was written under another key, moved to another column, or altered."""


@cache
def _key(key_id: str) -> bytes:
    try:
        key = base64.b64decode(settings.SENSITIVE_KEYS[key_id], validate=True)
    except (KeyError, ValueError) as error:
        raise ImproperlyConfigured(f"SENSITIVE_KEYS has no usable key {key_id!r}: 32 bytes of base64") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"the sensitive key {key_id!r} has {len(key)} bytes, not 32")
    return key


def encrypt(plain: str, column: str) -> str:
    """`column` ("accounts_user.phone") is authenticated: a token copied into another column doesn't open."""
    name, key_id = settings.SENSITIVE_CIPHER, settings.SENSITIVE_KEY
    algorithm, size = CIPHERS[name]
    nonce = os.urandom(NONCE)
    sealer = Cipher(algorithm(_key(key_id)[:size]), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(column.encode())
    sealed = sealer.update(plain.encode()) + sealer.finalize()
    return f"{name}${key_id}${base64.b64encode(nonce + sealed + sealer.tag).decode()}"


def decrypt(token: str, column: str) -> str:
    """Raises Unreadable."""
    try:
        name, key_id, body = token.split("$")
        algorithm, size = CIPHERS[name]
        raw = base64.b64decode(body, validate=True)
        nonce, sealed, tag = raw[:NONCE], raw[NONCE:-TAG], raw[-TAG:]
        opener = Cipher(algorithm(_key(key_id)[:size]), modes.GCM(nonce, tag)).decryptor()
        opener.authenticate_additional_data(column.encode())
        return (opener.update(sealed) + opener.finalize()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise Unreadable(f"a value of {column} can't be opened") from error


def is_current(token: str) -> bool:
    """Whether the token was written by the cipher and key that write now."""
    return token.startswith(f"{settings.SENSITIVE_CIPHER}${settings.SENSITIVE_KEY}$")


def blind_index(normalised: str, column: str) -> str:
    """Hex of 32: equal values of one column are equal, nothing else can be told without the key."""
    key = base64.b64decode(settings.SENSITIVE_INDEX_KEY)
    return hmac.new(key, f"{column}\0{normalised}".encode(), "sha256").hexdigest()[:32]
