"""Pages that people open many times a day: 74 villages on a page, and what a first visit brings to a phone.

Pages go through the whole stack (middleware, session, templates) in one process, on the demonstration's data.
"""

import gzip
import re
import sys
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from bench.frame import Ratio, benchmark, best_of

ROUNDS = 30
URLS = "bench.empty_urls"
#: Bytes, compressed, of a first visit by telephone.
FIRST_VISIT = 80_000
LOADED = re.compile(r'(?:href|src)="/static/([^"#?]+\.(?:css|js|svg|woff2))"')


def build() -> None:
    """The demonstration, once a run of the benchmarks."""
    from accounts.models import User

    if not User.objects.filter(username="secretary").exists():
        call_command("demo", reset=True, verbosity=0)


def client_of(username: str) -> Client:
    from accounts.models import User

    client = Client(HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(User.objects.get(username=username))
    return client


def plain_files():
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    return override_settings(ROOT_URLCONF=URLS, ALLOWED_HOSTS=["testserver"], STORAGES=storages)


def with_empty_page() -> None:
    """The portal's addresses, and one whose view does nothing."""
    from config.urls import urlpatterns

    module = ModuleType(URLS)
    module.urlpatterns = [path("empty/", lambda request: HttpResponse("")), *urlpatterns]
    sys.modules[URLS] = module


def beside_empty(username: str, address: str, rows: bytes, least: int) -> Ratio:
    """A page against an empty view of the same person; `rows` must be found `least` times in it."""
    build()
    with_empty_page()
    with plain_files():
        client = client_of(username)

        def ask(where: str) -> bytes:
            answer = client.get(where)
            assert answer.status_code == 200, answer.status_code
            return answer.content

        assert gzip.decompress(ask(address)).count(rows) >= least
        limit = best_of(ROUNDS, lambda: ask("/empty/"))
        return Ratio(limit=limit, product=best_of(ROUNDS, lambda: ask(address)), goal=0.2)


@benchmark
def page_of_74_villages() -> Ratio:
    """The register of a district's villages, uncached, against an empty view."""
    return beside_empty("district", "/villages/villages/?per_page=100", b'<a class="b"', 74)


@benchmark
def page_of_the_matrix() -> Ratio:
    """The district's overview with every village's four scores, uncached, against an empty view."""
    return beside_empty("district", "/overview/", b"/dossiers/", 74)


def weight(client: Client, address: str) -> int:
    """Bytes of a first visit: the page and every file that it names, each compressed as it is served."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    page = gzip.decompress(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else answer.content
    files = {name for name in LOADED.findall(page.decode()) if not name.endswith(".svg")}
    own = [Path(finders.find(name)).read_bytes() for name in sorted(files)]
    return len(gzip.compress(page)) + sum(len(gzip.compress(content)) for content in own)


def weighed(username: str, address: str, most: int) -> Ratio:
    """What a first visit may weigh against what it weighs."""
    build()
    with_empty_page()
    with plain_files():
        size = weight(client_of(username) if username else Client(HTTP_ACCEPT_ENCODING="gzip"), address)
    return Ratio(limit=most, product=size, goal=1.0, in_bytes=True)


@benchmark
def first_visit_of_a_secretary() -> Ratio:
    """A secretary's home with all that it loads, compressed, on an empty cache."""
    return weighed("secretary", "/", FIRST_VISIT)


@benchmark
def first_visit_of_the_sign_in_page() -> Ratio:
    """The page of everybody's first visit."""
    return weighed("", "/accounts/sign-in/", FIRST_VISIT)
