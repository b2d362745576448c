"""Wherever the links lead: no dead end, and nothing of another place."""

import re

import pytest
from django.db import IntegrityError, models, transaction

from core.roles import Role
from core.scoping import Catalogue
from tests import cast as stage
from tests import factories
from tests.routes import REGISTERS, code_of, role_of
from tests.test_leaks import plain
from villages.models import Village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwatched")]


MADE = [register for register in REGISTERS if factories.is_made(register.model)]
MARK = "暗记"
#: What decides where a row belongs, or is no text to people.
NOT_MARKED = {"code", "scope_code", "territory_code", "password", "state", "role", "full_at", "value"}


def mark_everything(place: Village, home: Village) -> None:
    """A mark in every text column of a row of every model of a foreign place, but for what covers home as well."""
    for register in MADE:
        row = factories.of(register.model).at(place)
        if isinstance(row, Catalogue) or row.pk == place.pk or home.code.startswith(code_of(row)):
            continue
        for field in row._meta.concrete_fields:
            text = type(field) in (models.CharField, models.TextField, models.SlugField)
            if text and not (field.choices or field.is_relation or field.name in NOT_MARKED):
                write_mark(row, field)
    Village.objects.filter(pk=place.pk).update(name=MARK, official_name=MARK, main_industry=MARK)


def write_mark(row, field) -> None:
    """Where the database allows the mark beside the row's other values."""
    value = f"{MARK}{row.pk}{field.name}"[: field.max_length or 40]
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
    except IntegrityError:
        pass


def links(text: str) -> set[str]:
    found = re.findall(r'(?:href|hx-get|action)="(/[^"#]*)', text)
    return {
        url.replace("&amp;", "&")
        for url in found
        if not url.startswith(("/static/", "/accounts/sign-out", "/language"))
    }


def kind_of(url: str) -> str:
    """Pages of one view with the same questions are alike: one of each is enough."""
    path, _, query = url.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return f"{re.sub(r'[0-9]+', 'N', path)}?{','.join(names)}"


@pytest.mark.parametrize("who", stage.ONE_A_ROLE)
def test_wherever_the_links_lead_there_is_nothing_of_another_place_and_no_dead_end(cast, as_, who):
    """From the home on, every link that a page shows is one that the person may follow; foreign rows are nowhere."""
    for register in MADE:
        factories.of(register.model).at(cast.home)
    mark_everything(cast.abroad, cast.home)
    if role_of(who) in (Role.CLERK, Role.SECRETARY):
        mark_everything(cast.across, cast.home)
    client, waiting, seen, kinds = as_(who), ["/", "/admin/"], set(), set()
    while waiting and len(seen) < 400:
        url = waiting.pop(0)
        kind = kind_of(url)
        if kind in kinds:
            continue
        seen.add(url)
        kinds.add(kind)
        response = client.get(url, follow=True)
        problem = getattr(response, "exc_info", None)
        assert response.status_code in (200, 405), f"{who} is led to {url}: {response.status_code} {problem}"
        text = plain(response)
        assert MARK not in text, (
            f"{who} reads of another place at {url}: …{text[max(0, text.index(MARK) - 80) :][:160]}…"
        )
        waiting += sorted(links(text) - seen)
    assert len(seen) > 10, seen
