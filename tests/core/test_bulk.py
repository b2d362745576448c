"""Rows written by COPY or executemany are the rows that the ORM would have written."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import Value
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core import audit, bulk
from core.models import AuditRow
from tests.factories import HamletFactory, VillageFactory
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
MANY = bulk.FEW + 10
#: PostgreSQL keeps neither NUL nor half a character.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


def hamlets(village, number, **values):
    return [Hamlet(village=village, name=f"第{n}坡", **values) for n in range(number)]


@pytest.mark.parametrize("number", [2, MANY])
def test_rows_get_their_keys_and_stand_as_written(number):
    village = VillageFactory()
    rows = bulk.create(hamlets(village, number, households=7, opened_on=date(2001, 2, 3)))
    assert not any(row._state.adding for row in rows)
    stored = {row.pk: row for row in Hamlet.objects.all()}
    assert len(stored) == number
    for row in rows:
        kept = stored[row.pk]
        assert (kept.name, kept.households, kept.opened_on) == (row.name, 7, date(2001, 2, 3))
        assert kept.pinyin == row.pinyin != "" and kept.saved_at == row.saved_at


def test_a_key_is_never_given_twice():
    """Nor that of a row that is gone: the audit would tell one's history of the other."""
    village = VillageFactory()
    gone = max(row.pk for row in bulk.create(hamlets(village, MANY)))
    Hamlet.objects.all().delete()
    again = bulk.create(hamlets(village, MANY))
    assert min(row.pk for row in again) > gone
    assert HamletFactory(village=village, name="一坡").pk > max(row.pk for row in again)


def test_a_refusal_of_the_database_is_the_orm_s_and_leaves_nothing():
    village = VillageFactory()
    rows = hamlets(village, MANY)
    rows[-1].name = rows[0].name
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.create(rows)
    assert not Hamlet.objects.exists()


@pytest.mark.only_on("postgresql")  # SQLite keeps texts of any length
def test_a_text_too_long_is_an_error_of_the_data():
    rows = hamlets(VillageFactory(), MANY)
    rows[3].name = "坡" * 61
    with pytest.raises(DataError), transaction.atomic():
        bulk.create(rows)


def test_what_no_copy_takes_goes_the_orm_s_way():
    village = VillageFactory()
    rows = hamlets(village, MANY, households=Value(2) + Value(3))
    bulk.create([*rows, Hamlet(pk=10**6, village=village, name="有号坡", households=5)])
    assert Hamlet.objects.filter(households=5).count() == MANY + 1 and Hamlet.objects.filter(pk=10**6).exists()
    bulk.create(hamlets(VillageFactory(), MANY, households=Value(2) + Value(3)))
    assert Hamlet.objects.filter(households=5).count() == 2 * MANY + 1


@pytest.mark.parametrize("number", [2, MANY])
def test_saved_rows_stand_as_written_and_others_as_they_were(number):
    village, other = VillageFactory(), VillageFactory()
    rows = bulk.create(hamlets(village, number + 1, households=7))
    for row in rows[1:]:
        row.households, row.closed_on, row.village, row.name = None, date(2013, 9, 1), other, "同名坡"
    bulk.save(rows[1:], ["households", "closed_on", "village"])
    first, *rest = Hamlet.objects.order_by("pk")
    assert (first.households, first.closed_on, first.village_id) == (7, None, village.pk)
    assert {(row.households, row.closed_on, row.village_id) for row in rest} == {(None, date(2013, 9, 1), other.pk)}
    assert len({row.name for row in rest}) == number, "a column that wasn't named"


def test_a_refused_save_leaves_nothing():
    rows = bulk.create(hamlets(VillageFactory(), MANY))
    for row in rows:
        row.name = "同名坡"
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.save(rows, ["name"])
    assert not Hamlet.objects.filter(name="同名坡").exists()


class Texts(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(TEXTS, min_size=1, max_size=5), st.dictionaries(TEXTS, TEXTS | st.none() | st.integers(0, 9)))
    def test_every_text_comes_back_as_it_was(self, texts, values):
        last = AuditRow.objects.count()
        empty = {
            "actor_id": None,
            "before": values,
            "after": {},
            "outcome": AuditRow.Outcome.DONE,
            "at": timezone.now(),
        }
        rows = [[text if n == "object_name" else empty.get(n, "") for n in audit.AUDITED] for text in texts]
        bulk.insert(AuditRow, audit.AUDITED, rows)
        kept = AuditRow.objects.order_by("id")[last:]
        assert [row.object_name for row in kept] == texts
        assert all(row.before == values and row.after == {} and row.outcome == "done" for row in kept)
