"""Every role's pages in a browser, on a desk and on a phone: nothing blocked, nothing wider than the screen."""

import gzip

import pytest
from playwright.sync_api import expect

from accounts.demo import CAST
from tests.browser.screens import DESK, PHONE, fits

LIANG = "450109100214"
WRITERS = {"district", "clerk", "secretary"}
OF_WRITERS = [
    "/overview/",
    "/overview/?show=near",
    "/overview/?order=score",
    f"/dossiers/{LIANG}/",
    *(f"/dossiers/{LIANG}/?tab={tab}" for tab in ("rooms", "regulations", "hamlets", "services", "changes")),
]


def test_homes_overview_and_dossier(page, sign_in):
    for username, *_rest in CAST:
        sign_in(page, username)
        for address in ["/", *(OF_WRITERS if username in WRITERS else [])]:
            assert page.goto(address).status == 200
            assert page.locator("h1").count() == 1, (username, address)
            assert page.locator("main a:not([href]), main [style]").count() == 0, (username, address)
            for size in (PHONE, DESK):
                page.set_viewport_size(size)
                fits(page)


def test_a_card_of_the_demonstration_signs_in(page, demo):
    page.goto("/accounts/sign-in/")
    page.locator(".roles form:has(input[value=clerk]) button").click()
    expect(page.locator("h1")).to_be_visible()
    assert "sign-in" not in page.url


def test_a_phones_first_visit_weighs_little(page, sign_in):
    """The secretary's home and all that it loads: at most 80 kB, compressed as production sends it."""
    page.set_viewport_size(PHONE)
    sign_in(page, "secretary")
    loaded = {}
    page.on("response", lambda answer: loaded.update({answer.url: answer}))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    weight = {address: len(gzip.compress(answer.body())) for address, answer in loaded.items()}
    assert any(address.endswith(".css") for address in weight)
    assert sum(weight.values()) <= 80_000, weight


def test_english_is_a_choice(page, sign_in):
    sign_in(page, "district")
    page.goto("/overview/")
    page.locator("details.drop summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Overview of compliance")
    heads = page.locator(".heat thead").first.get_by_role("columnheader")
    expect(heads).to_contain_text(["Functions", "Team", "Facilities", "Rules"])


def test_the_matrix_prints_on_paper(page, sign_in):
    """On paper: no menu, no buttons, a heading and the matrix in colour."""
    sign_in(page, "leader")
    page.goto("/overview/")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible() and not page.locator(".acts").is_visible()
    assert page.locator("h1").is_visible() and page.locator(".heat").is_visible()


def test_a_phone_offers_the_village_to_choose(page, sign_in):
    """Drop-downs fold away only where a button opens them again."""
    page.set_viewport_size(PHONE)
    sign_in(page, "clerk")
    page.goto("/services/desk/")
    expect(page.locator(".filters select")).to_be_visible()
    page.goto("/villages/hamlets/")
    folded = page.locator(".filters select[name=village]")
    expect(folded).to_be_hidden()
    page.locator(".filters [data-more]").click()
    expect(folded).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_number_that_is_sought_stands_in_no_address(browser, demo, live_server, scripts):
    asked = []
    with browser.new_context(base_url=live_server.url, java_script_enabled=scripts, locale="zh-CN") as context:
        page = context.new_page()
        page.goto("/accounts/sign-in/")
        page.locator(".roles form:has(input[value=clerk]) button").click()
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/cadres/people/")
        box = page.locator(".filters input[name=q]")
        box.fill("15400000285")
        box.press("Enter")
        page.wait_for_url("**/cadres/people/?q=~*")
        expect(box).to_have_value("15400000285")
    assert len(asked) > 2 and not [address for address in asked if "15400000285" in address]
