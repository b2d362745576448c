"""A page asks the same number of questions for fourteen villages and for thirty-four."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.indicators import all_indicators
from core.registers import all_registers
from dashboards.mechanisms import MECHANISMS
from tests.dashboards.conftest import furnish, score
from tests.factories import VillageFactory

HOME = "450109100214"
#: What a page that measures live may ask for each indicator there is: its figure, and the records behind it; what several
#: of them read is read once.
EACH = 5
#: The most that each page may ask besides. A page that needs more wants a look, not a larger number.
LIVE = EACH * len(all_indicators())
#: What a home may ask for each workflow there is: what waits, and the most urgent of it.
WAITING = 4 * sum(bool(register.workflow) for register in all_registers())
#: What the table of the service mechanisms asks: each one's figure, and what is late, passed up and sent back.
SERVICES = 4 * len(MECHANISMS) + 8
PAGES = {
    ("district", "/"): 40 + WAITING + SERVICES,
    ("district", "/overview/"): 24,
    ("district", f"/dossiers/{HOME}/"): 20 + LIVE,
    ("district", f"/dossiers/{HOME}/?tab=services"): 40 + SERVICES,
    ("district", f"/dossiers/{HOME}/?tab=rooms"): 36,
    ("district", f"/dossiers/{HOME}/?tab=regulations"): 40,
    ("leader", "/"): 24 + SERVICES,
    ("clerk", "/"): 30 + LIVE + WAITING + SERVICES,
    ("clerk", "/overview/"): 24,
    ("secretary", "/"): 30 + LIVE + WAITING,
    ("inspector", "/"): 40,
    ("sysadmin", "/"): 12,
    ("secadmin", "/"): 14,
    ("auditor", "/"): 20,
}


@pytest.fixture
def counted(as_):
    def count(name: str, address: str) -> int:
        client = as_(name)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def grow(run, ground, standard):
    """More villages in the clerk's township, furnished, and the district scored with them."""

    def act(number: int) -> None:
        furnish([VillageFactory(township=ground.home.township) for _ in range(number)])
        score(ground["district"], standard)

    return act


def test_queries_do_not_grow_with_villages(counted, grow):
    grow(10)  # enough for every criterion to be lost by somebody, so that each indicator is asked
    few = {page: counted(*page) for page in PAGES}
    grow(20)
    many = {page: counted(*page) for page in PAGES}
    assert many == few
    assert not {page: n for page, n in many.items() if n > PAGES[page]}


def test_a_home_asks_nothing_twice(as_, grow):
    """But for what Django's own framework asks: the session and who is signed in."""
    grow(10)
    client = as_("clerk")
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    asked = Counter(query["sql"] for query in queries.captured_queries)
    assert sum(number - 1 for number in asked.values()) <= 6, [sql for sql, number in asked.items() if number > 1]
