"""What residents say: five steps, one cut, paper slips by the batch, and nobody to be known by."""

from datetime import date
from itertools import product

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import indicators
from core.actions import Invisible, Refused
from core.models import AuditRow
from core.periods import Period
from services.actions.ratings import (
    Answer,
    correct_batch,
    read_slip,
    record_batch,
    record_ratings,
    withdraw_batch,
)
from services.choices_matters import MatterState
from services.choices_ratings import Aspect, Source
from services.models import Matter, Rating, RatingBatch
from services.ratings import SHOWN_FROM, results_by
from services.slips import Slips
from tests import cast as stage
from tests.core.test_races import client_of, together
from tests.factories import MatterFactory, RatingBatchFactory, RatingFactory, RatingRoundFactory, RoundVillageFactory
from villages.models import Village

DAY = date(2013, 11, 24)
PERIOD = Period(2013, DAY)
ANSWERS = [Answer(5, 4, 5), Answer(3, 4, 4), Answer(1, 2, 3)]


def done(village, **facts) -> Matter:
    return MatterFactory(village=village, **{"state": MatterState.FINISHED} | facts)


def batch_of(matter, **facts) -> RatingBatch:
    known = {"village": matter.village, "matter": matter, "collected_on": DAY, "handed_out": 10, "returned": 8}
    return RatingBatch(**known | facts)


# ---- slips ----


@given(st.text(max_size=5))
def test_a_slip_is_three_digits_of_the_scale_and_nothing_else(text):
    digits = "".join(text.split())
    if len(digits) == 3 and all(char in "12345" for char in digits):
        assert read_slip(text) == Answer(*map(int, digits))
    else:
        with pytest.raises(ValidationError):
            read_slip(text)


def read(sheets, again=()) -> Slips:
    from django.http import QueryDict

    posted = QueryDict(mutable=True)
    posted.setlist("sheet", sheets)
    posted.setlist("again", again)
    return Slips.read(posted)


def test_empty_rows_are_passed_over_and_wrong_ones_named_by_their_number():
    slips = read(["453", "", "456", "11", "222"])
    assert slips.answers == [Answer(4, 5, 3), Answer(2, 2, 2)]
    assert set(slips.problems) == {3, 4}


@given(st.lists(st.tuples(*[st.sampled_from("12345")] * 3), min_size=1, max_size=30), st.data())
def test_typed_twice_every_difference_is_found_and_no_other(rows, data):
    first = ["".join(row) for row in rows]
    wrong = data.draw(st.sets(st.integers(0, len(first) - 1)))
    second = [text[::-1] + "x" if n in wrong else text for n, text in enumerate(first)]
    slips = read(first, second)
    assert set(slips.problems) == {n + 1 for n in wrong}
    assert len(slips.answers) == len(first) - len(wrong)
    assert slips.is_twice


def test_a_slip_typed_the_second_time_alone_is_a_difference():
    assert set(read(["453", ""], ["453", "444"]).problems) == {2}
    assert not read(["453"], [""]).problems


# ---- batches ----


def test_a_batch_counts_and_closes_its_matter(cast):
    matter = done(cast.home)
    batch = record_batch(cast["clerk"], batch_of(matter), ANSWERS, DAY)
    assert (batch.typed, Rating.objects.filter(matter=matter, batch=batch, source=Source.PAPER).count()) == (3, 3)
    matter.refresh_from_db()
    assert matter.state == MatterState.RATED
    assert AuditRow.objects.filter(model="services.RatingBatch", verb="create").count() == 1
    assert not AuditRow.objects.filter(model="services.Rating").exists()


def test_a_village_types_nothing_of_its_own_cadres(cast):
    with pytest.raises(Refused):
        record_batch(cast["secretary"], batch_of(done(cast.home)), ANSWERS, DAY)
    with pytest.raises(Invisible):
        record_batch(cast["clerk_across"], batch_of(done(cast.home)), ANSWERS, DAY)
    assert not Rating.objects.exists() and not RatingBatch.objects.exists()


@pytest.mark.parametrize(
    ("facts", "answers"),
    [
        ({"returned": 11}, ANSWERS),
        ({"returned": 2}, ANSWERS),
        ({"handed_out": 0, "returned": 0}, ANSWERS),
        ({"collected_on": date(2013, 11, 25)}, ANSWERS),
        ({}, []),
        ({}, [Answer(6, 1, 1)]),
        ({}, [Answer(0, 1, 1)]),
    ],
)
def test_numbers_that_can_not_be_leave_nothing_behind(cast, facts, answers):
    with pytest.raises(ValidationError):
        record_batch(cast["clerk"], batch_of(done(cast.home), **facts), answers, DAY)
    assert not Rating.objects.exists() and not RatingBatch.objects.exists()
    assert not AuditRow.objects.filter(model="services.RatingBatch").exists()


def test_what_is_not_done_is_not_rated(cast):
    with pytest.raises(ValidationError):
        record_batch(cast["clerk"], batch_of(done(cast.home, state=MatterState.UNDER_WAY)), ANSWERS, DAY)


def test_a_correction_says_why_and_replaces_the_slips(cast):
    batch = record_batch(cast["clerk"], batch_of(done(cast.home)), ANSWERS, DAY)
    with pytest.raises(ValidationError):
        correct_batch(cast["clerk"], RatingBatch.objects.get(), ANSWERS[:1], DAY, " ")
    assert Rating.objects.count() == 3
    correct_batch(cast["clerk"], RatingBatch.objects.get(), [Answer(2, 2, 2)] * 3, DAY, "录串了行")
    assert {str(rating) for rating in batch.ratings.all()} == {"222"}
    assert AuditRow.objects.get(verb="update", model="services.RatingBatch").reason == "录串了行"


def test_a_withdrawn_batch_stays_and_counts_no_more(cast):
    matter = done(cast.home)
    batch = record_batch(cast["clerk"], batch_of(matter), ANSWERS, DAY)
    with pytest.raises(ValidationError):
        withdraw_batch(cast["clerk"], RatingBatch.objects.get(), DAY, "")
    withdraw_batch(cast["clerk"], RatingBatch.objects.get(), DAY, "不是群众本人填写")
    matter.refresh_from_db()
    assert matter.state == MatterState.FINISHED, "it waits for slips again"
    assert Rating.objects.filter(batch=batch).count() == 3 and not Rating.objects.counted().exists()
    with pytest.raises(ValidationError):
        withdraw_batch(cast["clerk"], RatingBatch.objects.get(), DAY, "再来一次")
    with pytest.raises(Invisible):
        correct_batch(cast["clerk"], RatingBatch.objects.get(), ANSWERS, DAY, "改")


def test_two_batches_of_one_matter_and_one_withdrawn_keep_it_rated(cast):
    matter = done(cast.home)
    record_batch(cast["clerk"], batch_of(matter), ANSWERS, DAY)
    matter.refresh_from_db()
    second = record_batch(cast["clerk"], batch_of(matter), ANSWERS, DAY)
    withdraw_batch(cast["clerk"], RatingBatch.objects.get(pk=second.pk), DAY, "重复录入")
    matter.refresh_from_db()
    assert matter.state == MatterState.RATED


def test_a_round_asks_in_villages_that_take_part_alone(cast):
    one = RatingRoundFactory()
    RoundVillageFactory(round=one, village=cast.home)
    batch = {"round": one, "collected_on": DAY, "handed_out": 10, "returned": 10}
    record_batch(cast["district"], RatingBatch(village=cast.home, **batch), ANSWERS, DAY)
    with pytest.raises(ValidationError):
        record_batch(cast["district"], RatingBatch(village=cast.across, **batch), ANSWERS, DAY)


@pytest.mark.parametrize(
    "facts",
    [{"matter": None}, {"time": 0}, {"attitude": 6}, {"source": Source.PAPER}],
    ids=lambda facts: next(iter(facts)),
)
def test_the_database_holds_the_scale_and_the_subject(cast, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingFactory(village=cast.home, **facts)


# ---- nobody to be known by ----


def test_a_rating_holds_nothing_of_who_gave_it(cast):
    """No time of day, no person, and a key that tells no order."""
    fields = {field.name: field for field in Rating._meta.get_fields()}
    assert not [name for name, field in fields.items() if isinstance(field, (models.DateTimeField, models.TimeField))]
    assert set(fields) == {
        *("id", "village", "matter", "request", "round", "batch", "source", "on", "time", "result", "attitude")
    }
    rows = record_ratings(None, done(cast.home), [Answer(5, 5, 5)] * 40, Source.LINK, DAY)
    keys = [row.pk for row in rows]
    assert keys != sorted(keys) and len(set(keys)) == 40


def test_an_answer_by_link_leaves_no_audit_and_paper_needs_a_person(cast):
    before = AuditRow.objects.count()
    record_ratings(None, done(cast.home), [Answer(4, 4, 4)], Source.LINK, DAY)
    assert AuditRow.objects.count() == before and Rating.objects.get().batch is None
    with pytest.raises(Refused):
        record_ratings(None, done(cast.home), [Answer(4, 4, 4)], Source.PAPER, DAY)


def test_results_stand_from_five_ratings_on(cast, as_):
    matter = done(cast.home, title="装路灯12盏")
    for n in range(SHOWN_FROM):
        page = as_("secretary").get(f"/services/matters/{matter.pk}/").content.decode()
        assert "100.0%" not in page, n
        RatingFactory(village=cast.home, matter=matter, time=5, result=5, attitude=5)
    assert "100.0%" in as_("secretary").get(f"/services/matters/{matter.pk}/").content.decode()


# ---- counting ----


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[st.integers(1, 5)] * 3), max_size=25))
def test_counts_agree_with_plain_python(cast, undone, rows):
    with undone():
        matter = done(cast.home)
        record_ratings(None, matter, [Answer(*row) for row in rows], Source.LINK, DAY)
        result = results_by(Rating.objects.counted(), "village").get(cast.home.pk)
        if rows:
            assert result.asked == len(rows)
            assert result.satisfied == tuple(sum(step >= 4 for step in column) for column in zip(*rows, strict=True))
        else:
            assert result is None
        satisfied = sum(sum(row) / 3 >= 4 for row in rows)
        measures = indicators.get("residents_satisfaction")(Village.objects.all(), PERIOD)
        assert measures == ({cast.home.pk: (satisfied, len(rows))} if rows else {})
        lost = indicators.get("residents_satisfaction").find_shortfalls(Village.objects.all(), PERIOD)
        assert bool(lost) == (satisfied < len(rows))


def test_all_possible_slips_by_the_one_cut(cast):
    """125 slips: per aspect two steps of five satisfy; on the whole those whose sum reaches twelve."""
    matter = done(cast.home)
    record_ratings(None, matter, [Answer(*steps) for steps in product(range(1, 6), repeat=3)], Source.LINK, DAY)
    result = results_by(Rating.objects.counted(), "matter")[matter.pk]
    assert (result.asked, result.satisfied) == (125, (50, 50, 50))
    assert [line[0] for line in result.lines] == [aspect.label for aspect in Aspect]
    whole = sum(sum(steps) >= 12 for steps in product(range(1, 6), repeat=3))
    assert indicators.get("residents_satisfaction")(Village.objects.all(), PERIOD)[cast.home.pk] == (whole, 125)


def test_rounds_withdrawn_slips_and_other_years_do_not_judge_the_year(cast):
    withdrawn = RatingBatchFactory(village=cast.home, withdrawn_on=DAY, withdrawn_why="错")
    RatingFactory(village=cast.home, matter=withdrawn.matter, batch=withdrawn, source=Source.PAPER)
    one = RatingRoundFactory()
    RatingFactory(village=cast.home, matter=None, round=one)
    RatingFactory(village=cast.home, on=date(2012, 12, 31))
    RatingFactory(village=cast.home, on=date(2013, 11, 25))
    assert indicators.get("residents_satisfaction")(Village.objects.all(), PERIOD) == {}
    RatingFactory(village=cast.home, on=DAY)
    assert indicators.get("residents_satisfaction")(Village.objects.all(), PERIOD) == {cast.home.pk: (1, 1)}


def test_one_query_for_all_villages(cast, django_assert_num_queries):
    for village in cast.villages.values():
        RatingFactory(village=village)
    with django_assert_num_queries(1):
        assert len(indicators.get("residents_satisfaction")(Village.objects.all(), PERIOD)) == len(cast.villages)


# ---- the page ----


def sheet(matter, sheets, **facts) -> tuple[str, dict]:
    sent = {"collected_on": "2013-11-20", "handed_out": 10, "returned": 8, "sheet": sheets, "again": [""] * len(sheets)}
    return f"/services/ratings/slips/?matter={matter.pk}", sent | facts


def test_a_clerk_types_slips_and_reads_the_result(cast, as_):
    matter = done(cast.home)
    url, sent = sheet(matter, ["555", "", "544", "444", "345", "435"], _once="b" * 32)
    with time_machine.travel(DAY):
        page = as_("clerk").get(url).content.decode()
        assert page.count('name="sheet"') == 30
        answer = as_("clerk").post(url, sent)
        assert answer.status_code == 302, answer.context and answer.context["form"].errors
        assert as_("clerk").post(url, sent).status_code == 302, "the second click leads to the same place"
        board = as_("clerk").get(answer.url).content.decode()
    assert RatingBatch.objects.count() == 1 and Rating.objects.count() == 5
    assert "4<span" in board and "80.0%" in board


def test_what_is_wrong_is_named_by_row_and_kept(cast, as_):
    matter = done(cast.home)
    url, sent = sheet(matter, ["555", "546"], returned=99)
    with time_machine.travel(DAY):
        answer = as_("clerk").post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "第2行" in page and 'value="546"' in page and 'value="99"' in page
    assert not Rating.objects.exists()


def test_correcting_shows_the_slips_and_asks_why(cast, as_):
    record_batch(cast["clerk"], batch_of(done(cast.home)), ANSWERS, DAY)
    batch = RatingBatch.objects.get()
    url = f"/services/ratings/{batch.pk}/correct/"
    sent = {"collected_on": "2013-11-20", "handed_out": 10, "returned": 8, "sheet": ["555"] * 4, "again": [""] * 4}
    with time_machine.travel(DAY):
        page = as_("clerk").get(url).content.decode()
        assert all(f'value="{steps}"' in page for steps in ("545", "344", "123"))
        assert as_("clerk").post(url, sent).status_code == 422
        assert as_("clerk").post(url, sent | {"reason": "少录一张"}).status_code == 302
        assert as_("secretary").get(url).status_code == 403
        assert as_("clerk_across").get(url).status_code == 404
    assert Rating.objects.count() == 4


# ---- two at the same moment ----


@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_sent_by_ten_at_once_is_one_batch():
    place = stage.build()
    matter = done(place.home)
    clients = [client_of(place["clerk"]) for _n in range(10)]
    url, sent = sheet(matter, ["555", "444"], collected_on="2013-10-30", _once="c" * 32)
    answers = together([lambda one=one: one.post(url, sent).status_code for one in clients])
    assert set(answers) == {302}
    assert RatingBatch.objects.count() == 1 and Rating.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_key_ten_sheets_are_ten_batches():
    """The control: each form is its own sheet."""
    place = stage.build()
    matter = done(place.home)
    url, sent = sheet(matter, ["555", "444"], collected_on="2013-10-30")
    client = client_of(place["clerk"])
    for _n in range(3):
        assert client.post(url, sent).status_code == 302
    assert RatingBatch.objects.count() == 3
