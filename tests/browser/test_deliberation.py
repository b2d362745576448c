"""A village matter on the secretary's phone, seen by the township; a hamlet's bodies on both screens."""

import re

import pytest
from playwright.sync_api import expect

from services.models import Deliberation, DeliberationStep
from tests.browser.screens import DESK, PHONE, fits

LIANG = "450109100214"


@pytest.fixture
def waiting(demo) -> Deliberation:
    """The matter that the representatives of the secretary's village have to decide."""
    return Deliberation.objects.get(village__code=LIANG, state="reviewed")


def test_a_decision_without_quorum_and_with_it(page, sign_in, waiting):
    page.set_viewport_size(PHONE)
    sign_in(page, "secretary")
    page.goto(f"/services/deliberations/{waiting.pk}/")
    fits(page)
    page.get_by_role("link", name="录入这一步").click()
    page.wait_for_url("**/step/**")
    fits(page)
    save = page.get_by_role("button", name="登记为通过")
    assert save.bounding_box()["height"] >= 44
    entitled = int(page.locator("[name=entitled]").input_value())
    page.fill("[name=present]", str(entitled // 2))
    page.fill("[name=in_favour]", str(entitled // 2))
    page.locator("details summary", has_text="更多").click()
    page.fill("[name=mandate]", "2011年10月20日村民会议授权")
    save.click()
    expect(page.locator(".errsum")).to_contain_text(re.compile(r"到会.*2/3.*村民委员会组织法"))
    assert not DeliberationStep.objects.filter(deliberation=waiting, step="decide").exists()
    page.fill("[name=present]", str(entitled))
    page.fill("[name=in_favour]", str(entitled))
    save.click()
    expect(page.locator(".way .done")).to_have_count(4)

    page.set_viewport_size(DESK)
    sign_in(page, "clerk")
    page.goto(f"/services/deliberations/{waiting.pk}/")
    expect(page.locator(".way .next")).to_contain_text("决议公开")
    fits(page)


def test_a_matter_is_voted_down(page, sign_in, waiting):
    page.set_viewport_size(PHONE)
    sign_in(page, "secretary")
    page.goto(f"/services/deliberations/{waiting.pk}/step/")
    page.locator("details summary", has_text="更多").click()
    page.fill("[name=mandate]", "2011年10月20日村民会议授权")
    page.fill("[name=present]", page.locator("[name=entitled]").input_value())
    page.fill("[name=in_favour]", "1")
    page.get_by_role("button", name="登记为通过").click()
    expect(page.locator(".errsum")).to_contain_text("登记为未通过")
    page.get_by_role("button", name="登记为未通过").click()
    expect(page.locator(".way .done").last).to_contain_text("未通过")
    expect(page.locator(".way .next, .way .later")).to_have_count(0)
    fits(page)
    waiting.refresh_from_db()
    assert waiting.state == "voted_down"


def test_bodies_and_notice_fit_both_screens(page, sign_in, waiting):
    done = Deliberation.objects.filter(village__code=LIANG, state="done", hamlet=None).first()
    hamlet = waiting.village.hamlets.first()
    sign_in(page, "secretary")
    pages = ("bodies/", f"hamlets/{hamlet.pk}/bodies/", f"deliberations/{done.pk}/notice/", "deliberations/start/")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for address in pages:
            assert page.goto(f"/services/{address}").status == 200
            fits(page)
