"""The pictures of README, taken from a running demonstration.

    make demo-reset run        in one terminal
    .venv/bin/python -m tests.browser.screenshots [http://127.0.0.1:8000]

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
LIANG = "/dossiers/450109100214/"
#: picture, who looks (nobody: before sign-in), where, on what screen
PICTURES = (
    ("sign-in", "", "/accounts/sign-in/", DESK),
    ("overview", "district", "/overview/", DESK),
    ("dossier", "clerk", LIANG, DESK),
    ("rooms", "clerk", "/facilities/matrix/", DESK),
    ("to-do", "clerk", "/", DESK),
    ("secretary", "secretary", "/", PHONE),
)


def sign_in(page: Page, username: str) -> None:
    """By the card of the demonstration."""
    page.goto("/accounts/sign-in/")
    page.locator(f".roles form:has(input[value={username}]) button").click()
    page.wait_for_url(lambda address: "sign-in" not in address)


def save(picture: bytes, path: Path) -> None:
    """With a palette that keeps rare colours: a third of the size, and nobody sees a difference."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def main(address: str) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, username, where, size in PICTURES:
            context = browser.new_context(base_url=address, viewport=size, locale="zh-CN")
            page = context.new_page()
            if username:
                sign_in(page, username)
            page.goto(where)
            save(page.screenshot(), TARGET / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
