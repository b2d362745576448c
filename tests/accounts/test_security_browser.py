"""Signing in as a person does it, in Chromium under the strict policy: any blocked line fails the test."""

import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP

from accounts.models import Phone
from tests import cast as stage

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a-long-pass-2013"


def code_of(key: str, step: int = 0) -> str:
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time() + 30 * step  # a later step than the one used before is still within the tolerance
    return f"{totp.token():06d}"


def sign_in(page, username: str):
    page.goto("/accounts/sign-in/?next=/accounts/me/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click(".card1 .btn-primary")


def test_setting_up_a_phone_and_signing_in_with_it(page, settings):
    settings.OTP_REQUIRED_ROLES = ["district"]
    user = stage.build()["district"]
    user.set_password(PASSWORD)
    user.save()
    sign_in(page, "district")
    assert "/second-factor/new/" in page.url
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] > 150 and box["height"] == box["width"]
    page.click("details summary")
    secret = page.inner_text(".secret").replace(" ", "")
    key = b32decode(secret).hex()
    page.fill("#id_code", code_of(key))
    page.click("#confirm .btn-primary")
    assert page.locator(".codes li").count() == 10
    page.click("a.btn-primary")
    assert page.url.endswith("/accounts/me/")
    page.context.clear_cookies()
    sign_in(page, "district")
    assert "/sign-in/code/" in page.url
    page.fill("#id_code", code_of(Phone.objects.get().key.plain, step=1))
    page.click(".card1 form .btn-primary")
    assert page.url.endswith("/accounts/me/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
