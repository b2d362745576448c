"""What the browser tests of the room matrix say in a word."""

from django.conf import settings
from django.test import Client

URL = "/facilities/matrix/"


def sign_in(context, url: str, user) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def cell(page, village: str, room: str):
    return page.locator(f'[data-cell][aria-label^="{village} {room}"]')


def stands(page, village: str, room: str, css: str):
    """Wait until the cell shows the state."""
    page.locator(f'.{css}[data-cell][aria-label^="{village} {room}"]:not(.saving)').wait_for()
