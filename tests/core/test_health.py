"""/healthz: for machines, without an account, and honest."""

from datetime import timedelta

import pytest
from celery import Celery
from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from core import health, tasks
from core.health import Heartbeat

URL = "/healthz"
WELL = {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok"}


@pytest.fixture
def broker(monkeypatch):
    """`broker(url, **transport_options)`: what the portal takes for its broker."""

    def use(url, **options):
        app = Celery("toy", broker=url, set_as_current=False)
        app.conf.broker_transport_options = options
        monkeypatch.setattr(health, "current_app", app)

    return use


@pytest.mark.django_db
def test_well(client):
    tasks.heartbeat.run()
    answer = client.get(URL)
    assert (answer.status_code, answer.json()) == (200, WELL)
    assert "no-store" in answer["Cache-Control"]
    assert client.head(URL).status_code == 200
    assert client.post(URL).status_code == 405


@pytest.mark.django_db
def test_a_silent_worker(client):
    assert client.get(URL).json() == WELL | {"status": "unwell", "worker": "silent"}
    health.beat()
    Heartbeat.objects.update(at=timezone.now() - health.SILENT_AFTER - timedelta(seconds=1))
    answer = client.get(URL)
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")
    health.beat()
    assert client.get(URL).status_code == 200
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_a_broker_that_is_down(client, broker, tmp_path):
    health.beat()
    broker("redis://127.0.0.1:1/0")
    began = timezone.now()
    answer = client.get(URL)
    assert (answer.status_code, answer.json()) == (503, WELL | {"status": "unwell", "broker": "down"})
    assert timezone.now() - began < timedelta(seconds=2 * health.PATIENCE)
    broker("filesystem://", data_folder_out=str(tmp_path / "gone"))
    assert client.get(URL).json()["broker"] == "down"
    (tmp_path / "gone").mkdir()
    assert client.get(URL).json()["broker"] == "ok"


@pytest.mark.django_db
def test_a_database_that_is_down_says_so_and_nothing_of_the_inside(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("could not connect to server at 10.1.2.3")

    monkeypatch.setattr(QuerySet, "first", refuse)
    answer = client.get(URL)
    assert (answer.status_code, answer.json()) == (
        503,
        WELL | {"status": "unwell", "database": "down", "worker": "unknown"},
    )


@pytest.mark.django_db
def test_it_reads_no_session_and_asks_for_no_host_and_no_tls(as_, settings, django_assert_max_num_queries):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["portal.example"]
    health.beat()
    browser = as_("clerk")
    with django_assert_max_num_queries(4) as asked:
        answer = browser.get(URL, headers={"host": "10.0.0.7"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert not [query for query in asked.captured_queries if "session" in query["sql"]]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_is_seen(client, worker):
    from conftest import wait_for

    wait_for(lambda: client.get(URL).status_code == 200)
