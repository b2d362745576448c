"""Chromium meets the live portal: pages come with their styles, and the strict policy has nothing to block."""

from django.conf import settings
from django.shortcuts import resolve_url


def test_the_sign_in_page(page):
    answer = page.goto(resolve_url(settings.LOGIN_URL))
    assert answer.ok and "unsafe" not in answer.headers["content-security-policy"]
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    assert page.evaluate("[...document.styleSheets].every(sheet => sheet.cssRules.length)")
