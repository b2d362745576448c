"""A secretary's filing in a browser: handed in, endorsed, put on file by three people; the pages of the team fit."""

from datetime import date

from playwright.sync_api import expect

from cadres.choices import FilingState, Position
from cadres.models import Filing, Post
from tests.browser.screens import DESK, PHONE, fits

PEOPLE = "/cadres/people/"
PAGES = (PEOPLE, "/cadres/structure/", "/cadres/structure/admitted/", "/cadres/committees/", "/cadres/filings/")


def test_a_filing_by_three_people(page, sign_in):
    """The secretary hands in, the clerk endorses, the district puts it on file; the post ends."""
    sign_in(page, "secretary")
    held = Post.objects.get(village__name="梁村", position=Position.SECRETARY, ends_on=None)
    page.goto(f"{PEOPLE}{held.person_id}/")
    page.get_by_role("link", name="报备免职").click()
    page.locator("[name=effective_on]").fill("2013-12-01")
    page.locator("[name=grounds]").fill("到城区任职")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="报乡镇").click()
    expect(page.locator(".notes")).to_contain_text("报乡镇")
    filing = Filing.objects.get(village=held.village, kind="remove")
    for username, button in (("clerk", "审核同意"), ("district", "备案")):
        sign_in(page, username)
        page.goto(f"/cadres/filings/{filing.pk}/")
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".notes")).to_contain_text(button)
    expect(page.locator(".trail li")).to_have_count(3)
    filing.refresh_from_db()
    held.refresh_from_db()
    assert (filing.state, held.ends_on) == (FilingState.FILED, date(2013, 12, 1))
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for address in PAGES:
            page.goto(address)
            fits(page)
