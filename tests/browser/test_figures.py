"""The figures in a browser: drawn without a word on the console, saved as a picture, reached by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.screens import DESK, PHONE, fits

PAGE = "/figures/?place=450109&year=2013"
#: Whether something is drawn on the canvas of a figure.
INK = """figure => {
  const canvas = document.querySelector(`[data-chart=${figure}] canvas`);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value, n) => n % 4 == 3 && value) }"""
#: What is drawn there, as a text.
PICTURE = "figure => document.querySelector(`[data-chart=${figure}] canvas`).toDataURL()"


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_charts_are_drawn_saved_and_reached(page, sign_in, screen):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size(screen)
    sign_in(page, "leader")
    page.goto(PAGE)
    charts = page.locator(".chart")
    expect(charts).to_have_count(7)
    expect(page.locator(".chart canvas")).to_have_count(7)
    for number in range(1, 8):
        page.wait_for_function(INK, arg=f"figure-{number}")
    fits(page)
    with page.expect_download() as saving:
        page.locator("[data-save-chart=figure-1]").click()
    assert saving.value.suggested_filename.startswith("图1 村级组织建设存在的突出问题 · 邕宁区 · 2013年度")
    assert saving.value.suggested_filename.endswith(".png")
    with saving.value.path().open("rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    page.locator("#place").focus()
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.chart"):
            break
    focused = page.evaluate("document.activeElement.dataset.chart")
    assert focused == "figure-1"
    described = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).tagName"
    )
    assert described == "TABLE"
    at_rest = page.evaluate(PICTURE, "figure-1")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"figure => ({PICTURE})(figure) !== {at_rest!r}", arg="figure-1")
    page.keyboard.press("Escape")
    assert said == []


def test_the_results_of_a_survey_on_a_phone(page, sign_in):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.set_viewport_size(PHONE)
    sign_in(page, "leader")
    page.goto("/surveys/work/")
    page.get_by_role("link", name="2013年秋季村务公开知晓调查").first.click()
    page.locator("a[href$='/results/']").click()
    for tab in ("交叉表", "前后对比", "文字回答"):
        page.get_by_role("link", name=tab).click()
        expect(page.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
        fits(page)
    assert said == []
