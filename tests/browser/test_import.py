"""A clerk sends a workbook with mistakes, mends one in place, fetches the marked file, writes the good rows, undoes."""

import re
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.screens import DESK, PHONE, fits
from tests.core.test_sheets_plan import workbook
from villages.models import Hamlet

ROWS = (
    ["梁村", "新龙坡", 31, "2013.5.1"],
    ["张坡", "老龙坡", 22, ""],
    ["梁村", "上新坡", "许多", ""],
    ["梁村", "下新坡", 18, "去年"],
)


def test_from_a_file_with_mistakes_to_the_undo(page, sign_in, tmp_path):
    page.set_viewport_size(DESK)
    path = tmp_path / "蒲庙镇自然坡.xlsx"
    path.write_bytes(workbook(*ROWS, heads=["村（社区）", "名称", "户数", "设立日期"]))
    before = Hamlet.objects.count()
    sign_in(page, "clerk")
    page.goto("/villages/hamlets/")
    page.locator("details.sheets summary").click()
    page.get_by_role("link", name="导入工作簿").click()
    page.set_input_files("#file", path)
    expect(page.locator("[data-chosen-file]")).to_have_text(path.name)
    page.get_by_role("button", name="上传并核对").click()

    # Each wrong cell with its address, value and sentence; one proposal, for the village.
    expect(page.locator(".wrong tbody tr")).to_have_count(3)
    expect(page.locator(".wrong .cell")).to_have_text(["A3", "C4", "D5"])
    page.locator("[name='cell-C4']").fill("15")
    page.locator("[name='cell-C4']").press("Tab")
    expect(page.locator(".wrong tbody tr")).to_have_count(2)
    page.locator("button[name=take][value=A3]").click()
    expect(page.locator(".wrong .cell")).to_have_text(["D5"])
    page.wait_for_url("**/imports/**")

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注工作簿").click()
    marked = load_workbook(BytesIO(download.value.path().read_bytes())).active
    assert marked["D5"].comment is not None and marked["C4"].value == "15"

    page.get_by_role("button", name="写入合格的3行").click()
    expect(page.locator("main")).to_contain_text("新增3行")
    assert Hamlet.objects.count() == before + 3
    page.get_by_role("button", name="整批撤回").click()
    expect(page.locator("main")).to_contain_text(re.compile("已撤回"))
    assert Hamlet.objects.count() == before


def test_a_phone_shows_every_mistake_without_scrolling_sideways(page, sign_in, tmp_path):
    page.set_viewport_size(PHONE)
    path = tmp_path / "坡.xlsx"
    path.write_bytes(workbook(*ROWS, heads=["村（社区）", "名称", "户数", "设立日期"]))
    sign_in(page, "clerk")
    page.goto("/villages/hamlets/import/")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator(".wrong .form-control").first).to_be_visible()
    fits(page)
    for control in page.locator(".wrong .form-control, .wrong button, .foot-save button:visible").all():
        assert control.bounding_box()["height"] >= 44
