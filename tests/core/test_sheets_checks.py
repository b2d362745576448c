"""The database's conditions judged in Python say what the database says, of made-up rows of every register."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.registers import all_registers
from core.sheets.checks import Broken, Unknown, holds, is_understood
from core.sheets.unique import clashes
from tests import factories
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
DAYS = st.none() | st.dates(date(2013, 1, 1), date(2013, 1, 4))
CHECKED = [r for r in all_registers() if any(isinstance(c, models.CheckConstraint) for c in r.model._meta.constraints)]


def values_of(field) -> st.SearchStrategy:
    """Few values, so that they meet; nothing among them where the column allows it."""
    nothing = st.none() if field.null else st.nothing()
    if field.choices:
        return nothing | st.sampled_from([value for value, _label in field.flatchoices])
    if isinstance(field, models.BooleanField):
        return st.booleans()
    if isinstance(field, models.DateTimeField):
        return st.nothing()
    if isinstance(field, models.DateField):
        return nothing | st.dates(date(2013, 1, 1), date(2013, 1, 1) + timedelta(days=3))
    if isinstance(field, models.IntegerField):
        return nothing | st.integers(0, 4)
    if isinstance(field, (models.CharField, models.TextField)) and not hasattr(field, "source"):
        return nothing | st.sampled_from(["", "甲", "乙"])
    return st.nothing()


def columns(model) -> dict[str, st.SearchStrategy]:
    found = {}
    for field in model._meta.concrete_fields:
        if not (field.primary_key or field.is_relation or getattr(field, "sensitive", False)):
            strategy = values_of(field)
            if not strategy.is_empty:
                found[field.name] = strategy
    return found


@pytest.mark.parametrize("register", CHECKED, ids=lambda r: r.__name__)
def test_checks_are_judged_as_the_database_judges_them(cast, register):
    row = factories.of(register.model).changeable(cast.home)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.fixed_dictionaries({}, optional=columns(register.model)))
    def compare(values):
        for name, value in values.items():
            setattr(row, name, value)
        refused = set()
        for constraint in row._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                try:
                    constraint.validate(register.model, row)
                except ValidationError:
                    refused.add(constraint.name)
        assert {constraint.name for constraint in Broken(type(row)).of(row)} == refused

    compare()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DAYS, DAYS, st.none() | st.integers(0, 3))
def test_truth_has_three_values(cast, opened, closed, households):
    """Each condition against the database's own answer: true, or not true."""
    conditions = [
        Q(opened_on__lte=models.F("closed_on")),
        ~Q(opened_on=closed) if closed else Q(opened_on__isnull=True),
        ~Q(closed_on__gt=models.F("opened_on")),
        Q(households__in=[1, 2]) | Q(opened_on__isnull=False, closed_on__isnull=True),
        ~(Q(households__gte=2) & ~Q(opened_on__lt=date(2013, 1, 3))),
        Q(households__range=(1, 2)) ^ Q(closed_on__isnull=True),
    ]
    assume(not (opened and closed and closed < opened))
    row = Hamlet(village=cast.home, name="坡", opened_on=opened, closed_on=closed, households=households)
    Hamlet.objects.all().delete()
    row.save()
    for condition in conditions:
        assert (holds(condition, row) is True) == Hamlet.objects.filter(condition).exists(), condition


def test_what_is_beyond_it_is_left_to_the_database():
    class Odd:
        class _meta:
            constraints = [models.UniqueConstraint(models.functions.Lower("name"), name="x")]

    assert not is_understood(Odd)
    with pytest.raises(Unknown):
        holds(Q(name__iregex="x"), Hamlet(name="x"))


def test_what_may_be_there_once_is_found_in_the_sheet_and_in_the_table(cast):
    stored = factories.HamletFactory(village=cast.home, name="一坡")
    closed = factories.HamletFactory(village=cast.home, name="旧坡", closed_on=date(2013, 1, 1))
    rows = [
        Hamlet(village=cast.home, name="一坡"),  # stands already
        Hamlet(village=cast.home, name="旧坡"),  # the old one is closed: free again
        Hamlet(village=cast.home, name="新坡"),
        Hamlet(village=cast.home, name="新坡"),  # the row before says it
        Hamlet(village=cast.next_door, name="一坡"),  # another village
        Hamlet(pk=stored.pk, village=cast.home, name="改坡"),
    ]
    assert closed.pk
    found = [(rows.index(c.row), c.other is not None) for c in clashes(Hamlet, rows[:5])]
    assert sorted(found) == [(0, False), (3, True)]
    assert not list(clashes(Hamlet, [rows[0], rows[5]])), "the record that had the name gives it up in the same sheet"
