"""What the browser tests of the room matrix say in a word."""

URL = "/facilities/matrix/"


def cell(page, village: str, room: str):
    return page.locator(f'[data-cell][aria-label^="{village} {room}"]')


def stands(page, village: str, room: str, css: str):
    """Wait until the cell shows the state."""
    page.locator(f'.{css}[data-cell][aria-label^="{village} {room}"]:not(.saving)').wait_for()
