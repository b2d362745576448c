"""Fixtures that every test of rows may ask for."""

from contextlib import contextmanager
from functools import partial

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.template import Template
from django.test import Client, TransactionTestCase

from tests import cast as stage
from tests import kept
from tests.factories.base import all_made


@pytest.fixture(autouse=True)
def numbered_from_nought():
    """Factories number their rows anew in each test: none meets a limit because others ran before it."""
    for made in all_made():
        made.reset_sequence(0, force=True)


@pytest.fixture(autouse=True, scope="session")
def emptied_quickly():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", kept.empty)
        yield


@pytest.fixture
def cast(db) -> stage.Cast:
    """Villages and people, see tests/cast.py."""
    return stage.build()


@pytest.fixture
def as_(cast):
    """`as_("clerk").get(url)`: a client with that person signed in; `as_(None)` for nobody."""

    def client(username: str | None) -> Client:
        browser = Client(raise_request_exception=False)
        if username:
            browser.force_login(cast[username])
        return browser

    return client


@pytest.fixture
def demo(db, settings) -> None:
    """The district of 2013, as `make run` has it; see tests/kept.py."""
    settings.DEMONSTRATION = True
    kept.demonstration()


@pytest.fixture
def undone():
    """`with undone():` whatever is written inside is taken back at its end."""

    @contextmanager
    def block():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return block


@pytest.fixture
def unwatched(monkeypatch):
    """For tests that read thousands of pages: what each template was given is not kept (`response.context` is None),
    and the admin draws its list of all registers on its own page alone.
    """
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
    monkeypatch.setattr(admin.site, "enable_nav_sidebar", False)


@pytest.fixture
def walk(cast, as_, undone, unwatched, monkeypatch):
    """Requests as the cast's people, see tests/routes.py; what came out otherwise than expected fails the test."""
    from tests.routes import Walk  # the whole URL configuration, which other tests don't need

    # Refusals are not drawn: test_routes_links draws them.
    for status in (403, 404):
        answer = partial(refusal, status)
        monkeypatch.setattr(f"config.urls.handler{status}", answer, raising=False)
    walk = Walk(as_, undone)
    yield walk
    assert not walk.wrong, "\n" + "\n".join(walk.wrong)


def refusal(status: int, request, exception) -> HttpResponse:
    return HttpResponse(status=status)
