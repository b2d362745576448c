"""The demonstration on the live portal, and people who sign in to it."""

import pytest
from django.core.management import call_command

from accounts.demo import DEMO_PASSWORD


@pytest.fixture
def demo(transactional_db, settings):
    """The district of 2013, as `make run` has it."""
    settings.DEMONSTRATION = True
    call_command("demo", verbosity=0)


@pytest.fixture
def sign_in(demo):
    """`sign_in(page, "clerk")`: through the sign-in page, whoever was there before signed out."""

    def act(page, username: str) -> None:
        page.context.clear_cookies()
        page.goto("/accounts/sign-in/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "sign-in" not in address)

    return act
