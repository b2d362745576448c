"""The cast, where time limits and holidays are loaded."""

import pytest

from services.catalogue import load_time_limits
from tests.cast import Cast
from villages.catalogue import load_holidays


@pytest.fixture
def place(cast) -> Cast:
    load_time_limits()
    load_holidays()
    return cast
