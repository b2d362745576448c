"""The room matrix as people use it: keys, the dock, taking back, a phone, and without scripts."""

from playwright.sync_api import expect

from facilities.models import Room
from tests.browser.screens import PHONE, fits, sign_in
from tests.facilities.browsing import URL, cell, stands


def test_a_row_is_filled_in_by_keys(open_as, township):
    page = open_as("clerk")
    cell(page, "梁村", "矛盾纠纷调解室").click()
    page.keyboard.press("1")
    stands(page, "梁村", "矛盾纠纷调解室", "s1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("3")
    stands(page, "梁村", "民兵活动室", "s3")
    row = page.locator("tr", has=page.locator("th", has_text="梁村"))
    expect(row.locator("td.n")).to_have_text("13/13")
    expect(row.locator("td.x")).to_contain_text("clerk先生")
    expect(page.locator("#filled")).to_have_text("27")
    expect(page.locator("#saved .saved")).not_to_be_empty()
    page.wait_for_function("document.activeElement.dataset.l === '民兵活动室'")  # the focus outlives the new cell
    assert not Room.objects.get(village=township.home, key="militia_room").sign

    page.keyboard.press("Control+z")
    stands(page, "梁村", "民兵活动室", "s0")
    page.keyboard.press("Control+z")
    stands(page, "梁村", "矛盾纠纷调解室", "s2")
    expect(page.locator("#undo")).to_be_disabled()
    assert not Room.objects.filter(village=township.home, key="militia_room").exists()


def test_the_dock_stays_in_view_and_saves_the_details(open_as, township):
    page = open_as("clerk")
    cell(page, "红星社区", "民兵活动室").click()
    box = page.locator("#dock").bounding_box()
    assert box["y"] + box["height"] <= 900
    page.keyboard.press("Enter")
    page.fill("#c-area", "18.5")
    page.fill("[name=shared_with]", "矛盾纠纷调解室")
    page.keyboard.press("Enter")
    stands(page, "红星社区", "民兵活动室", "s5")
    page.locator('[data-area="18.5"][data-with="矛盾纠纷调解室"]').wait_for()
    room = Room.objects.get(village=township.community, key="militia_room")
    assert (room.area, room.shared, room.shared_with) == (18_50, True, "矛盾纠纷调解室")


def test_keys_pressed_fast_end_at_the_last(open_as, township):
    """Each save knows the version before it, and the last key counts."""
    page = open_as("clerk")
    cell(page, "梁村", "民兵活动室").click()
    for key in "12345":
        page.keyboard.press(key)
    stands(page, "梁村", "民兵活动室", "s5")
    assert Room.objects.get(village=township.home, key="militia_room").version == 5


def test_an_error_keeps_the_old_state(open_as, township):
    page = open_as("clerk")
    cell(page, "梁村", "矛盾纠纷调解室").click()
    page.route("**/cells/", lambda route: route.fulfill(status=200, content_type="text/html", body="<html>"))
    page.keyboard.press("1")
    page.locator("#cell-error").wait_for()
    stands(page, "梁村", "矛盾纠纷调解室", "s2")
    expect(page.locator("#cell-error")).not_to_be_empty()
    expect(page.locator("#saved .saved")).to_have_text("")


def test_on_a_phone_rooms_are_rows_as_high_as_a_thumb(open_as, township):
    page = open_as("clerk")
    page.set_viewport_size(PHONE)
    page.reload()
    room = cell(page, "梁村", "矛盾纠纷调解室")
    assert not room.is_visible()
    page.locator("tr", has=page.locator("th", has_text="梁村")).locator(".unfold").click()
    assert room.bounding_box()["height"] >= 44
    fits(page)
    room.click()
    page.locator('[data-state="1"]').click()
    stands(page, "梁村", "矛盾纠纷调解室", "s1")


def test_without_scripts_a_cell_is_a_link_to_its_form(browser, live_server, township):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    sign_in(context, live_server.url, township["clerk"])
    page = context.new_page()
    page.goto(URL)
    cell(page, "梁村", "民兵活动室").click()
    page.wait_for_url("**/facilities/rooms/new/?village=*")
    page.goto(URL)
    cell(page, "梁村", "矛盾纠纷调解室").click()
    page.wait_for_url("**/edit/")
    context.close()


def test_who_reads_alone_moves_but_changes_nothing(open_as, township):
    page = open_as("leader")
    cell(page, "梁村", "矛盾纠纷调解室").focus()
    page.keyboard.press("1")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("document.activeElement.dataset.l === '党员会议室'")
    assert not Room.objects.get(village=township.home, key="mediation").present
