"""The pictures of README and of the guide to sheets, taken from a running demonstration.

    make demo-reset run        in one terminal
    .venv/bin/python -m tests.browser.screenshots [http://127.0.0.1:8000 [word in the names of those to take]]

Writes docs/images/*.png: what a person sees first, without scrolling.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

TARGET = Path(__file__).resolve().parents[2] / "docs" / "images"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LIANG, HAMLETS = "/dossiers/450109100214/", "/villages/hamlets/"
#: picture, who looks (nobody: before sign-in), where, on what screen
PICTURES = (
    ("sign-in", "", "/accounts/sign-in/", DESK),
    ("overview", "district", "/overview/", DESK),
    ("dossier", "clerk", LIANG, DESK),
    ("rooms", "clerk", "/facilities/matrix/", DESK),
    ("to-do", "clerk", "/", DESK),
    ("secretary", "secretary", "/", PHONE),
    ("case", "clerk", "/services/case-deadlines/?tier=township", DESK),
    ("matters", "clerk", "/services/matter-board/?place=450109100214", DESK),
    ("services", "clerk", f"{LIANG}?tab=services", DESK),
    ("figures", "district", "/figures/", DESK),
    ("sheet-menu", "clerk", HAMLETS, DESK),
    ("import-send", "clerk", f"{HAMLETS}import/", DESK),
    ("import-rows", "clerk", f"{HAMLETS}import/", DESK),
)
#: A sheet as a clerk might send it: a row to write, and three to mend.
SENT = """村（社区）,名称,户数,设立日期
梁村,新那坡,35,2013.5.1
张坡,岭头坡,28,2013-05-01
梁村,坡尾坡,二十户,2013年5月
广良村,岭背坡,41,2013年13月1日
"""


def sign_in(page: Page, username: str) -> None:
    """By the card of the demonstration."""
    page.goto("/accounts/sign-in/")
    page.locator(f".roles form:has(input[value={username}]) button").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def open_menu(page: Page) -> None:
    page.locator("details.sheets summary").click()


def open_first(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.wait_for_load_state("networkidle")


def send_sheet(page: Page) -> None:
    file = {"name": "坡屯登记表.csv", "mimeType": "text/csv", "buffer": SENT.encode("gb18030")}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form[data-import] button.btn-primary").click()
    page.wait_for_url("**/imports/**")


#: What is done on a page before its picture.
STEPS = {"case": open_first, "sheet-menu": open_menu, "import-rows": send_sheet}


def save(picture: bytes, path: Path) -> None:
    """With a palette that keeps rare colours: a third of the size, and nobody sees a difference."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def main(address: str, only: str = "") -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, username, where, size in [picture for picture in PICTURES if only in picture[0]]:
            context = browser.new_context(base_url=address, viewport=size, locale="zh-CN")
            page = context.new_page()
            if username:
                sign_in(page, username)
            page.goto(where)
            STEPS.get(name, lambda page: None)(page)
            save(page.screenshot(), TARGET / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:3] or ["http://127.0.0.1:8000"])
