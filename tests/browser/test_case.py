"""A case goes from the village to the township, the district and back to its answer: each role signs in for its part."""

import re

from playwright.sync_api import expect

from tests.browser.screens import DESK, PHONE, fits

TITLE = "界碑桥护栏断裂，学生过桥危险"


def open_case(page) -> None:
    """From the list by time limit, as whoever it lies with finds it."""
    page.goto("/services/case-deadlines/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def step(page, label: str, text: str = "") -> None:
    """One move by its button; `text`: the reason, or the answer, that it asks for."""
    if not text:
        page.get_by_role("button", name=label, exact=True).click()
    else:
        asking = page.locator("details.more", has=page.locator("summary", has_text=re.compile(f"^{label}$")))
        asking.locator("summary").click()
        asking.locator("input[name=reason], textarea[name=text]").fill(text)
        asking.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".note", has_text=label).first).to_be_visible()


def lies(page, state: str, tier: str) -> None:
    expect(page.locator(".ph .tag")).to_have_text(state)
    expect(page.locator(".case-tiers .on b")).to_have_text(tier)


def test_village_township_district_and_back(page, sign_in):
    page.set_viewport_size(DESK)
    number, code = hear(page, sign_in)
    open_case(page)
    step(page, "记录核实情况", "到桥头看过，护栏断了两根")
    step(page, "受理")
    expect(page.get_by_role("button", name="乡镇办结")).to_have_count(0)
    step(page, "上报乡镇", "桥由镇里管，村里没有资金")
    lies(page, "乡镇办理", "乡镇")
    expect(page.locator(".flow form")).to_have_count(0)  # a secretary no longer handles it

    sign_in(page, "clerk")
    open_case(page)
    step(page, "上报城区", "涉及桥梁改造项目资金")
    lies(page, "城区办理", "城区")

    sign_in(page, "district")
    open_case(page)
    step(page, "退回乡镇办理", "小修由镇里自办，资金已下达")

    sign_in(page, "clerk")
    open_case(page)
    lies(page, "乡镇办理", "乡镇")
    step(page, "乡镇办结", "护栏已换新，验收合格")

    sign_in(page, "secretary")
    open_case(page)
    step(page, "答复反映人", "护栏已换新，验收合格，可放心过桥")
    steps = page.locator("td[data-l='下一步骤']")
    expect(steps).to_have_count(8)  # the last one is not left yet
    assert steps.all_inner_texts()[:5] == ["记录核实情况", "受理", "上报乡镇", "上报城区", "退回乡镇办理"]
    assert page.locator("td[data-l='原因']").nth(4).inner_text() == "小修由镇里自办，资金已下达"
    rates(page, number, code)
    sign_in(page, "secretary")
    page.goto(f"/services/cases/?q={number}")
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator(".ph .tag")).to_have_text("已归档（满意）")


def hear(page, sign_in) -> tuple[str, str]:
    """The secretary hears it and reads number and code off the slip."""
    sign_in(page, "secretary")
    page.goto("/services/case-hear/")
    page.fill("input[name=title]", TITLE)
    page.get_by_text("道路桥梁", exact=True).click()
    page.fill("input[name=raised_by]", "覃小明")
    page.get_by_role("button", name="登记民意").click()
    number, code = (page.locator(".case-slip .big").nth(n).inner_text() for n in (0, 1))
    assert re.fullmatch(r"民意-2013-450109100214-\d{4}", number) and re.fullmatch(r"\d{4} \d{4}", code)
    return number, code


def rates(page, number: str, code: str) -> None:
    """The person asks without an account, reads the answer, and is satisfied."""
    page.context.clear_cookies()
    page.goto("/services/ask/")
    page.fill("#number", number)
    page.fill("#code", code)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.locator(".said")).to_have_text("护栏已换新，验收合格，可放心过桥")
    expect(page.get_by_text("覃小明")).to_have_count(0)
    page.get_by_role("button", name="满意", exact=True).click()
    expect(page.get_by_text("已记下")).to_be_visible()
    expect(page.get_by_role("button", name="满意", exact=True)).to_have_count(0)


def test_a_case_is_heard_on_a_phone(page, sign_in):
    page.set_viewport_size(PHONE)
    sign_in(page, "secretary")
    page.goto("/services/case-hear/")
    shown = page.locator("form.case-hear").locator("input:visible:not([type=radio]), select:visible, textarea:visible")
    assert shown.count() + 1 <= 5, "the kinds are one more"
    for control in [page.get_by_role("button", name="登记民意"), page.locator(".opts label").first]:
        assert control.bounding_box()["height"] >= 44
    fits(page)
    page.fill("input[name=title]", TITLE)
    page.get_by_text("道路桥梁", exact=True).click()
    page.get_by_role("button", name="登记民意").click()
    expect(page.locator(".case-slip")).to_be_visible()
    fits(page)
