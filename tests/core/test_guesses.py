"""Wrong guesses are counted together, lapse, and close the door for what was guessed at alone."""

from datetime import timedelta

import pytest
import time_machine

from core.guesses import GuessCount, Lock, forget_old

pytestmark = pytest.mark.django_db
CODE = Lock("code", limit=3, window=timedelta(minutes=15))


def test_the_door_closes_at_the_limit_and_opens_again():
    with time_machine.travel("2013-11-24 10:00:00+08:00", tick=False) as clock:
        assert [CODE.wrong("7", "10.0.0.1") for _guess in range(2)] == [None, None]
        until = CODE.wrong("7", "10.0.0.1")
        assert until is not None
        assert (CODE.until("7", "10.0.0.1"), CODE.until("8", "10.0.0.1")) == (until, None)
        assert Lock("other", limit=3, window=timedelta(minutes=15)).until("7", "10.0.0.1") is None
        clock.shift(timedelta(minutes=15, seconds=1))
        assert CODE.until("7", "10.0.0.1") is None
        assert CODE.wrong("7", "10.0.0.1") is None, "what lapsed does not count on"


def test_the_first_guess_begins_the_window():
    with time_machine.travel("2013-11-24 10:00:00+08:00", tick=False) as clock:
        CODE.wrong("7")
        clock.shift(timedelta(minutes=14))
        CODE.wrong("7")
        until = CODE.wrong("7")
        clock.shift(timedelta(minutes=1, seconds=1))
        assert until is not None and CODE.until("7") is None


def test_neither_code_nor_address_is_kept_and_old_counts_go():
    with time_machine.travel("2013-11-24 10:00:00+08:00", tick=False) as clock:
        CODE.wrong("secret", "10.0.0.1")
        assert "secret" not in str(GuessCount.objects.values())
        assert forget_old() == 0
        clock.shift(timedelta(hours=1))
        assert (forget_old(), GuessCount.objects.count()) == (1, 0)
