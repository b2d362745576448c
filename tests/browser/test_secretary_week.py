"""A secretary's week on the phone: sees what is due, enters a promise, a matter, a visit, a case, checks in.

Then a resolution is disclosed. Each takes at most five inputs, and the list of what is due gets shorter.
"""

import pytest
from playwright.sync_api import Page, expect

from cadres.models import DutyDay
from core.clock import today
from services.models import Case, Commitment, Deliberation, HelpVisit, Matter
from tests.browser.screens import PHONE, fits

LIANG = "450109100214"
MOST = 5  # inputs of a form
#: The names of the inputs that a person sees without unfolding anything; choices side by side are one input.
SEEN = """() => [...new Set([...document.querySelectorAll("main form :is(input, select, textarea)")]
  .filter(box => box.type !== "hidden" && box.checkVisibility()).map(box => box.name))]"""


def inputs(page: Page) -> list[str]:
    """What the form asks; nothing sticks out at the side, and the button is large enough for a thumb."""
    fits(page)
    assert page.locator("main .btn-primary").first.bounding_box()["height"] >= 44
    return page.evaluate(SEEN)


def due(page: Page) -> int:
    """Things of the week and visits of the quarter, folded or not."""
    page.goto("/")
    fits(page)
    return page.locator("#week .m-it, #visits .m-it[href]").count()


def enter(page: Page, action: str) -> None:
    page.goto("/")
    page.locator(".m-acts a", has_text=action).click()


def choose(page: Page, name: str) -> None:
    """The first real choice, of a drop-down or of choices side by side."""
    box = page.locator(f"main form [name={name}]")
    if box.first.evaluate("box => box.tagName") == "SELECT":
        value = box.locator("option[value]:not([value=''])").first.get_attribute("value")
        box.select_option(value)
    else:
        page.locator("main label", has=page.locator(f"[name={name}]")).first.click()


@pytest.fixture
def phone(page, sign_in) -> Page:
    page.set_viewport_size(PHONE)
    sign_in(page, "secretary")
    return page


def test_what_is_due_stands_first_and_six_actions_in_reach(phone):
    phone.goto("/")
    first = phone.locator("#week .m-it").first
    expect(first.locator(".tag-bad")).to_contain_text("逾期")
    assert first.bounding_box()["y"] < 300
    actions = phone.locator(".m-acts a")
    assert actions.all_inner_texts() == ["值班签到", "登记实事", "登记民情", "登记承诺", "议事决策", "帮扶走访"]
    for action in actions.all():
        box = action.bounding_box()
        assert box["height"] >= 44 and box["y"] < 2 * PHONE["height"]
    expect(phone.locator(".m-score").first).to_contain_text("职能")


def test_four_records_in_five_inputs_each(phone):
    waiting = due(phone)
    for file in (file_promise, file_matter, file_case, file_visit):
        file(phone)
    assert due(phone) == waiting + 2 - 1, "the promise and the case are to be followed up, a visit less is due"


def file_promise(phone: Page) -> None:
    promises = Commitment.objects.filter(member__branch__village__code=LIANG)
    before = promises.count()
    enter(phone, "登记承诺")
    assert len(inputs(phone)) <= MOST
    choose(phone, "member")
    phone.locator("main label", has_text="维护稳定").click()
    phone.fill("[name=promise]", "每月参加夜间巡逻2次")
    phone.fill("[name=finish_by]", "2013-12-20")
    phone.get_by_role("button", name="登记承诺").click()
    phone.wait_for_url(lambda address: "/file/" not in address)
    assert promises.count() == before + 1


def file_matter(phone: Page) -> None:
    enter(phone, "登记实事")
    assert len(inputs(phone)) <= MOST
    choose(phone, "person")
    phone.fill("[name=title]", "东门坡水沟清淤200米")
    choose(phone, "kind")
    phone.fill("[name=planned_by]", "2013-12-20")
    phone.get_by_role("button", name="报乡镇").click()
    phone.wait_for_url(lambda address: "/register/" not in address)
    assert Matter.objects.get(title="东门坡水沟清淤200米", village__code=LIANG).state == "submitted"


def file_case(phone: Page) -> None:
    enter(phone, "登记民情")
    assert len(inputs(phone)) <= MOST
    phone.fill("[name=title]", "文化室夜里太早关门")
    choose(phone, "kind")
    phone.locator("main .btn-primary").click()
    expect(phone.locator("h1")).to_contain_text("回执")
    assert Case.objects.filter(title="文化室夜里太早关门", village__code=LIANG).exists()


def file_visit(phone: Page) -> None:
    visits = HelpVisit.objects.filter(helped__village__code=LIANG)
    before = visits.count()
    phone.goto("/")
    phone.locator("#visits .m-it").first.click()
    assert len(inputs(phone)) <= MOST
    choose(phone, "helper")
    phone.fill("[name=done]", "送去棉被1床，问了用药情况")
    phone.locator("main .btn-primary").click()
    phone.wait_for_url(lambda address: "/visit/" not in address)
    assert visits.count() == before + 1


def test_what_was_typed_outlives_the_session_for_whoever_typed_it(phone, sign_in, settings):
    enter(phone, "登记民情")
    address = phone.url
    for who, left in (("clerk", ""), ("secretary", "文化室夜里太早关门")):
        sign_in(phone, "secretary")
        phone.goto(address)
        phone.fill("[name=title]", "文化室夜里太早关门")
        choose(phone, "kind")
        phone.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        phone.locator("main .btn-primary").click()
        phone.wait_for_url("**/sign-in/**")
        sign_in(phone, who)
        phone.goto(address)
        assert phone.locator("[name=title]").input_value() == left
    expect(phone.locator("#kept")).to_contain_text("还没有保存")
    assert phone.locator("[name=kind]:checked").count() == 1
    assert not Case.objects.filter(title="文化室夜里太早关门").exists()
    phone.goto("/")
    phone.goto(address)
    assert phone.locator("[name=title]").input_value() == "", "another page forgets it"


def test_the_list_gets_shorter(phone):
    waiting = due(phone)
    phone.locator("#week .m-it", has_text="今天值班签到").click()
    phone.get_by_role("button", name="立即签到").click()
    expect(phone.locator(".duty-now .tag")).to_be_visible()
    assert DutyDay.objects.get(village__code=LIANG, day=today()).checked_in_at
    assert due(phone) == waiting - 1

    phone.locator("#visits .m-it").first.click()
    choose(phone, "helper")
    phone.fill("[name=done]", "陪同到镇卫生院复查")
    phone.locator("main .btn-primary").click()
    phone.wait_for_url(lambda address: "/visit/" not in address)
    assert due(phone) == waiting - 2

    posted = Deliberation.objects.get(village__code=LIANG, state="decided", hamlet=None)
    phone.locator("#week .m-it", has_text=posted.subject).click()
    phone.get_by_role("link", name="录入这一步").click()
    assert len(inputs(phone)) <= MOST
    phone.get_by_role("button", name="录入这一步").click()
    phone.wait_for_url(lambda address: "/step/" not in address)
    posted.refresh_from_db()
    assert posted.state == "disclosed"
    phone.goto("/")
    errand = phone.locator("#week .m-it", has_text=posted.subject)
    expect(errand.locator(".tag-bad")).to_have_count(0)  # it is to be carried out next, and is late no more


def test_without_a_network_nothing_is_sent_and_nothing_lost(phone):
    enter(phone, "登记民情")
    phone.fill("[name=title]", "断网时写下的事")
    phone.wait_for_load_state("networkidle")  # what loads late would be missing without a network
    phone.context.set_offline(True)
    expect(phone.locator("#offline")).to_be_visible()
    phone.locator("main .btn-primary").click()
    expect(phone.locator("[name=title]")).to_have_value("断网时写下的事")
    phone.context.set_offline(False)
    expect(phone.locator("#offline")).to_be_hidden()
    choose(phone, "kind")
    phone.locator("main .btn-primary").click()
    expect(phone.locator("h1")).to_contain_text("回执")
    assert Case.objects.filter(title="断网时写下的事").count() == 1
