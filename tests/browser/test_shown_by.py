"""The whole way once, by hand in a browser: a room is entered, a trial keeps its promise, a run changes the matrix."""

import re

from playwright.sync_api import expect

LIANG = "450109100214"
DOSSIER = f"/dossiers/{LIANG}/"
ROOM = "矛盾纠纷调解室"


def row(page, criterion: str):
    """A line of the sheet."""
    return page.locator("table.crit tr", has_text=criterion).first


def has_points(page, criterion: str, points: str) -> None:
    expect(row(page, criterion).locator("td").nth(3)).to_have_text(re.compile(rf"^\s*{re.escape(points)}/"))


def score(page, group: str) -> str:
    """The score of a standardisation at the head of a sheet, or in the trial's."""
    return page.locator(".gs", has_text=group).first.locator(f"a:has-text('{group}') ~ b").first.inner_text()


def cell(page) -> str:
    """Liang's cell of the matrix for its facilities."""
    return page.locator(f'.heat a[href="{DOSSIER}#g-facilities"]').inner_text()


def test_a_room_a_trial_a_run_and_the_matrix(page, worker, sign_in):
    sign_in(page, "clerk")
    page.goto(DOSSIER)
    has_points(page, "功能室配齐", "36.9")

    # From the explanation to the record, which is mended there.
    row(page, "功能室配齐").get_by_role("link", name="1间").click()
    expect(page.locator("h1")).to_contain_text(ROOM)
    page.locator("input[name=present]").check()
    page.locator("input[name=area]").fill("24")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notes")).to_contain_text(ROOM)

    # The official score stands until the next run; the trial says what it would be.
    page.goto(DOSSIER)
    has_points(page, "功能室配齐", "36.9")
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("试算", exact=False).first).to_be_visible()
    has_points(page, "功能室配齐", "40.0")
    promised = score(page, "阵地建设")
    assert float(promised) > 95.3

    # The district scores again and follows the work; then the matrix has the new score.
    sign_in(page, "district")
    page.goto("/overview/")
    before = cell(page)
    page.get_by_role("link", name="重新评分").click()
    page.locator("form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/scoring/runs/\d+/$"))
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=30_000)
    page.goto("/overview/")
    assert (before, cell(page)) == ("95.3", promised)
