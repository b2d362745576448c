"""Signing in as a person does it, in Chromium under the strict policy: any blocked line fails the test."""

import time
from base64 import b32decode

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import expect

from accounts.models import Phone
from tests import cast as stage
from tests.browser.screens import fits

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
    page.wait_for_url("**/second-factor/new/**")
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] > 150 and box["height"] == box["width"]
    page.click("details summary")
    secret = page.inner_text(".secret").replace(" ", "")
    key = b32decode(secret).hex()
    page.fill("#id_code", code_of(key))
    page.click("#confirm .btn-primary")
    expect(page.locator(".codes li")).to_have_count(10)
    page.click("a.btn-primary")
    page.wait_for_url("**/accounts/me/")
    page.context.clear_cookies()
    sign_in(page, "district")
    page.wait_for_url("**/sign-in/code/**")
    page.fill("#id_code", code_of(Phone.objects.get().key.plain, step=1))
    page.click(".card1 form .btn-primary")
    page.wait_for_url("**/accounts/me/")
    fits(page)
