"""The demonstration on the live portal, and people who sign in to it."""

import pytest

from accounts.models import User
from tests import kept
from tests.browser import screens


@pytest.fixture
def demo(transactional_db, settings) -> None:
    """The district of 2013, as `make run` has it."""
    settings.DEMONSTRATION = True
    kept.demonstration()


@pytest.fixture
def sign_in(demo, live_server):
    """`sign_in(page, "clerk")`: from the next page on that person looks."""

    def act(page, username: str) -> None:
        screens.sign_in(page.context, live_server.url, User.objects.get(username=username))

    return act
