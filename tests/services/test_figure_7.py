"""Figure 7 from rows: satisfied of those asked, before and after, per aspect."""

from datetime import date

import pytest

from services.choices_ratings import Aspect, Phase, Source
from services.figures import Tally, satisfaction_before_after
from services.models import Rating, RatingBatch, RatingRound
from tests.factories import RatingFactory, RatingRoundFactory, RoundVillageFactory
from villages.models import Village

#: As printed, in percent: before, after.
PRINTED = {Aspect.TIME: (69, 87), Aspect.RESULT: (64, 81), Aspect.ATTITUDE: (70, 91)}


@pytest.fixture
def rounds(cast) -> dict[str, RatingRound]:
    """Before and after, in home and across."""
    rounds = {phase: RatingRoundFactory(year=2013, phase=phase) for phase in Phase}
    for one in rounds.values():
        for village in (cast.home, cast.across):
            RoundVillageFactory(round=one, village=village)
    return rounds


def say(one: RatingRound, village: Village, *slips: str) -> None:
    for slip in slips:
        steps = dict(zip(("time", "result", "attitude"), map(int, slip), strict=True))
        RatingFactory(village=village, matter=None, round=one, **steps)


def test_the_demonstration_holds_the_printed_figures_as_rows(demo):
    found = satisfaction_before_after(Village.objects.all())
    for aspect, (before, after) in PRINTED.items():
        assert found.tallies[aspect] == {Phase.BEFORE: Tally(before, 100), Phase.AFTER: Tally(after, 100)}
    assert (found.year, found.villages, found.is_inferred) == (2013, 10, True)
    assert "推断" in found.source
    assert Rating.objects.filter(round__isnull=False).count() == 200
    assert RatingRound.objects.filter(takes_part__village__in_plan=True).distinct().count() == 2
    RatingBatch.objects.filter(round__phase=Phase.AFTER).first().ratings.all().delete()
    assert satisfaction_before_after(Village.objects.all()).tallies[Aspect.TIME][Phase.AFTER].asked == 90, "from rows"


def test_each_village_has_its_own_part(cast, rounds):
    say(rounds["before"], cast.home, "333", "443")
    say(rounds["after"], cast.home, "555")
    say(rounds["after"], cast.across, "145")
    home = satisfaction_before_after(Village.objects.filter(pk=cast.home.pk))
    assert home.tallies["time"] == {"before": Tally(1, 2), "after": Tally(1, 1)}
    assert home.tallies["attitude"] == {"before": Tally(0, 2), "after": Tally(1, 1)}
    both = satisfaction_before_after(Village.objects.all())
    assert both.tallies["time"]["after"] == Tally(1, 2) and both.villages == 2
    assert not both.is_inferred


def test_ratings_of_matters_withdrawn_slips_and_strangers_stay_out(cast, rounds):
    say(rounds["after"], cast.home, "555")
    RatingFactory(village=cast.home)
    say(rounds["after"], cast.next_door, "555")  # takes no part
    batch = RatingBatch.objects.create(
        village=cast.home,
        round=rounds["after"],
        collected_on=date(2013, 11, 1),
        handed_out=1,
        returned=1,
        typed=1,
        withdrawn_on=date(2013, 11, 2),
        withdrawn_why="错",
    )
    RatingFactory(village=cast.home, matter=None, round=rounds["after"], batch=batch, source=Source.PAPER)
    assert satisfaction_before_after(Village.objects.all()).tallies["result"]["after"] == Tally(1, 1)


def test_the_latest_year_unless_one_is_named(cast, rounds):
    old = RatingRoundFactory(year=2011, phase=Phase.AFTER)
    RoundVillageFactory(round=old, village=cast.home)
    say(old, cast.home, "555", "555")
    assert satisfaction_before_after(Village.objects.all()).year == 2013
    assert satisfaction_before_after(Village.objects.all(), 2011).tallies["time"]["after"] == Tally(2, 2)
    assert satisfaction_before_after(Village.objects.all(), 2010) is None
    assert satisfaction_before_after(Village.objects.filter(pk=cast.community.pk)) is None


def test_three_queries_however_many(cast, rounds, django_assert_num_queries):
    for one in rounds.values():
        for _n in range(20):
            say(one, cast.home, "555")
    with django_assert_num_queries(3):
        satisfaction_before_after(Village.objects.all())
