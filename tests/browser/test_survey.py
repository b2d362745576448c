"""A small questionnaire from its first question to its count: the district composes and publishes it, the secretary
prints slips, residents answer on their phones, staff read what came."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.screens import DESK, PHONE, fits

TITLE, SURVEY = "村务公开栏问卷", "公开栏小调查"
DISTRICT = "450109"
#: Five is the fewest that results are shown of.
PEOPLE = 5


@pytest.fixture
def phone(page):
    """`phone()`: somebody else's, with nothing on it."""
    made = []

    def new():
        base = urlsplit(page.url)
        context = page.context.browser.new_context(
            base_url=f"{base.scheme}://{base.netloc}", viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True
        )
        made.append(context)
        return context.new_page()

    yield new
    for context in made:
        context.close()


def compose(page) -> None:
    """Two questions; the second is asked of those alone who did not see the board."""
    page.goto("/surveys/questionnaires/new/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=territory_code]", DISTRICT)
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="编写题目").click()
    page.get_by_role("link", name="单选").click()
    write_question(page, "您看过村务公开栏吗", ("看过", "没看过"), "保存并添加下一题")
    write_question(page, "没看的原因", ("太远", "看不懂"), condition="没看过")
    page.get_by_role("link", name="发布").click()
    page.locator("form .btn-primary").click()
    expect(page.locator(".ph .tag")).to_have_text("已发布")


def write_question(page, text: str, options: tuple[str, ...], button: str = "保存题目", condition: str = "") -> None:
    expect(page.locator("[name=text]")).to_have_value("")  # the question before is saved
    page.fill("[name=text]", text)
    for number, label in enumerate(options):
        page.fill(f"[name=options-{number}-label]", label)
    if condition:
        page.select_option("[name=conditions-0-test]", label=condition)
    page.get_by_role("button", name=button, exact=True).click()


def open_survey(page) -> str:
    """Its address."""
    page.goto("/surveys/surveys/new/")
    page.fill("[name=title]", SURVEY)
    page.fill("[name=territory_code]", DISTRICT)
    page.select_option("[name=edition]", label=f"{TITLE}（第1版）")
    page.fill("[name=starts_on]", "2013-11-20")
    page.fill("[name=ends_on]", "2013-12-20")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="调研进度", exact=True).last.click()
    return urlsplit(page.url).path


def print_slips(page, survey: str) -> list[str]:
    """The links of a sheet, as they stand on it."""
    page.goto(survey)
    page.get_by_role("link", name="发放答题码").click()
    page.fill("[name=number]", str(PEOPLE + 1))
    page.get_by_role("button", name="生成打印页").click()
    for part in ("code", "svg"):
        expect(page.locator(f".slips {part}")).to_have_count(PEOPLE + 1)
    links = page.locator(".slips code").all_inner_texts()
    assert len(set(links)) == PEOPLE + 1
    page.emulate_media(media="print")
    assert page.locator(".side").is_hidden() and page.locator(".slips").is_visible()
    page.emulate_media(media="screen")
    return [urlsplit(link).path for link in links]


def answer(resident, link: str) -> None:
    """By touch: what is not asked is not seen; what is left out is said at its question."""
    resident.goto(link)
    assert urlsplit(resident.url).path == "/t/", "the token is out of the address"
    fits(resident)
    reason = resident.get_by_role("group", name=re.compile("没看的原因"))
    expect(reason).to_be_hidden()
    resident.get_by_text("没看过", exact=True).tap()
    expect(reason).to_be_visible()
    send = resident.get_by_role("button", name="提交")
    assert send.bounding_box()["height"] >= 44
    send.tap()
    expect(resident.locator(".ask.wrong")).to_have_count(1)
    expect(resident.get_by_label("没看过", exact=True)).to_be_checked()
    fits(resident)
    resident.get_by_text("太远", exact=True).tap()
    resident.get_by_role("button", name="提交").tap()
    expect(resident.get_by_role("heading", level=1)).to_have_text("谢谢，已收到")


def test_from_the_first_question_to_the_count(page, sign_in, phone):
    page.set_viewport_size(DESK)
    sign_in(page, "district")
    compose(page)
    survey = open_survey(page)
    sign_in(page, "secretary")
    links = print_slips(page, survey)
    for link in links[:PEOPLE]:
        resident = phone()
        answer(resident, link)
        resident.goto(link)
        expect(resident.get_by_role("heading", level=1)).to_have_text("这张码不能用了")

    page.goto(survey)
    counted = page.locator(".panel", has_text="群众答题码")
    expect(counted).to_contain_text(f"{PEOPLE}/{PEOPLE + 1}")
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="查看发放批次").click()
    fits(page)
    page.get_by_role("button", name="作废").click()
    expect(page.get_by_role("button", name="作废")).to_have_count(0)
    late = phone()
    late.goto(links[PEOPLE])
    expect(late.get_by_role("heading", level=1)).to_have_text("这张码不能用了")

    page.set_viewport_size(DESK)
    page.goto(f"{survey}results/")
    expect(page.locator(".result tr", has_text="没看过").first).to_contain_text(f"{PEOPLE}/{PEOPLE}")
