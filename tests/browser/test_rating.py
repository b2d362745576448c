"""Slips of a matter that is done: the township prints them, residents rate on a phone, the matter counts."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from services.choices_matters import MatterState
from services.models import Matter, Rating
from services.ratings import SHOWN_FROM
from tests.browser.screens import DESK, PHONE, fits

LIANG = "450109100214"
NOTE = "灯很亮，走夜路放心"


@pytest.fixture
def matter(demo) -> Matter:
    """One that the secretary's village has done, and that nobody has rated yet."""
    row = Matter.objects.filter(village__code=LIANG, confirmed_on__isnull=False).order_by("pk").first()
    Rating.objects.filter(matter=row).delete()
    facts = {"state": MatterState.FINISHED, "finished_on": "2013-11-20", "outcome": "已装好"}
    Matter.objects.filter(pk=row.pk).update(**facts)
    return row


def rate(resident, link: str, title: str) -> None:
    resident.goto(link)
    assert urlsplit(resident.url).path == "/t/"
    fits(resident)
    expect(resident.locator(".rated b")).to_have_text(title)
    send = resident.get_by_role("button", name="提交")
    assert send.bounding_box()["height"] >= 44
    for tile in resident.locator(".tiles label").all():
        box = tile.bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44
    send.tap()
    expect(resident.locator(".tiles.wrong")).to_have_count(3)
    resident.get_by_role("group", name="用时").get_by_text("较快").tap()
    resident.get_by_role("group", name="结果").get_by_text("很好").tap()
    resident.get_by_role("group", name="态度").get_by_text("很好").tap()
    resident.fill("textarea", NOTE)
    send.tap()
    expect(resident.get_by_role("heading", level=1)).to_have_text("谢谢，已收到")
    fits(resident)


def test_from_the_slips_to_the_matter_s_count(page, sign_in, matter):
    page.set_viewport_size(DESK)
    sign_in(page, "clerk")
    page.goto(f"/services/matters/{matter.pk}/")
    page.get_by_role("link", name="发放扫码评价单").click()
    page.fill("[name=number]", str(SHOWN_FROM))
    page.get_by_role("button", name="生成打印页").click()
    slips = page.locator(".slips code")
    expect(slips).to_have_count(SHOWN_FROM)
    links = [urlsplit(link).path for link in slips.all_inner_texts()]

    browser, base = page.context.browser, f"http://{urlsplit(page.url).netloc}"
    for number, link in enumerate(links, start=1):
        context = browser.new_context(base_url=base, viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
        rate(context.new_page(), link, matter.title)
        context.close()
        page.goto(f"/services/matters/{matter.pk}/")
        said = page.locator(".panel", has_text="群众评分")
        expect(said).to_contain_text(f"{number}/{SHOWN_FROM}")
        expect(page.get_by_text(NOTE)).to_have_count(SHOWN_FROM if number == SHOWN_FROM else 0)
    expect(said).to_contain_text("100.0%")

    sign_in(page, "secretary")
    page.set_viewport_size(PHONE)
    page.goto(f"/services/matters/{matter.pk}/")
    fits(page)
    expect(page.locator(".panel", has_text="群众评分")).to_contain_text("100.0%")
    expect(page.get_by_text(NOTE)).to_have_count(0)
    expect(page.get_by_role("link", name="发放扫码评价单")).to_have_count(0)
