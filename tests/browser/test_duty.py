"""The secretary checks in for duty on a phone: two touches from home."""

from playwright.sync_api import expect

from tests.browser.screens import PHONE, fits


def test_two_touches_on_a_phone(page, sign_in):
    page.set_viewport_size(PHONE)
    sign_in(page, "secretary")
    page.goto("/")
    page.locator(".m-acts a", has_text="值班签到").click()
    button = page.get_by_role("button", name="立即签到")
    assert button.bounding_box()["height"] >= 44
    button.click()
    expect(button).to_have_count(0)
    expect(page.locator(".duty-now .tag")).to_be_visible()
    fits(page)
