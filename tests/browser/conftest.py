"""The demonstration on the live portal, and people who sign in to it."""

import sqlite3
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from accounts.demo import DEMO_PASSWORD


class Snapshot:
    """The whole database as it was when this was made; `put_back` takes a tenth of the time that building it took."""

    def __init__(self):
        if connection.vendor == "sqlite":
            self.copy = sqlite3.connect(":memory:", check_same_thread=False)
            connection.connection.backup(self.copy)
            return
        self.models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        self.rows = {}
        with connection.cursor() as cursor:
            for table in {model._meta.db_table for model in self.models}:
                self.rows[table] = StringIO()
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', self.rows[table])

    def put_back(self) -> None:
        """Into the empty tables of a test. Triggers and foreign keys rest meanwhile: the rows have passed them before."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.copy.backup(connection.connection)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, rows in self.rows.items():
                cursor.execute(f'DELETE FROM "{table}"')
                rows.seek(0)
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(statement)


@pytest.fixture(scope="session")
def built() -> list[Snapshot]:
    """Holds the snapshot of the demonstration, once a test has built it."""
    return []


@pytest.fixture
def demo(transactional_db, settings, built):
    """The district of 2013, as `make run` has it."""
    settings.DEMONSTRATION = True
    if built:
        built[0].put_back()
        return
    call_command("demo", verbosity=0)
    built.append(Snapshot())


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
