"""What browser tests say in a word: who looks, on what screen, and that nothing sticks out at its side."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, TimeoutError

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

#: Between two pages there is no document to measure, and an unfinished one is narrower than it will be.
FITS = """width => document.readyState === "complete"
  && document.documentElement.scrollWidth <= Math.min(width, document.documentElement.clientWidth)"""


def sign_in(context: BrowserContext, url: str, user) -> None:
    """By a session of the person's own, whoever was there before signed out; signing in itself is tested elsewhere."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def fits(page: Page) -> None:
    """The whole page stands on the screen without scrolling sideways."""
    width = page.viewport_size["width"]
    try:
        page.wait_for_function(FITS, arg=width, timeout=5_000)
    except TimeoutError:
        wide = page.evaluate("document.documentElement.scrollWidth")
        raise AssertionError(f"{page.url} is {wide} wide on a screen of {width}") from None
