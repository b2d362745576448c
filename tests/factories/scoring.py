"""Standards, runs and what came out of them."""

from datetime import date

import factory
from django.utils import timezone

from scoring.choices import Group, StandardState, Verdict
from scoring.models import Breakdown, Criterion, Result, Run, ScoringSchedule, Standard, StandardGroup
from tests.factories.base import RowFactory
from tests.factories.kit import JobFactory
from tests.factories.villages import VillageFactory


class StandardFactory(RowFactory):
    class Meta:
        model = Standard
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"标准{n}")
    state = StandardState.PUBLISHED
    first_year = 2013
    territory_code = "450109"

    @classmethod
    def changeable(cls, village, **values):
        return cls.at(village, state=StandardState.DRAFT, **values)

    @factory.post_generation
    def groups(standard, create, extracted, **kwargs):
        """None is published without its four groups."""
        if standard.state != StandardState.DRAFT:
            StandardGroup.objects.bulk_create(StandardGroup(standard=standard, group=group) for group in Group)


class OfStandardFactory(RowFactory):
    class Meta:
        abstract = True

    standard = factory.SubFactory(StandardFactory)
    group = Group.RULES

    @classmethod
    def at(cls, village, **values):
        return cls(standard=StandardFactory.at(village), **values)

    @classmethod
    def changeable(cls, village, **values):
        return cls(standard=StandardFactory.changeable(village), **values)


class StandardGroupFactory(OfStandardFactory):
    class Meta:
        model = StandardGroup
        django_get_or_create = ("standard", "group")


class CriterionFactory(OfStandardFactory):
    class Meta:
        model = Criterion

    number = factory.Sequence(lambda n: 1 + n % 30_000)
    name = factory.Sequence(lambda n: f"第{n}条")
    indicator = "regulations_adopted"
    points = 10_00
    full_at = "1"


class RunFactory(RowFactory):
    """A sealed run."""

    class Meta:
        model = Run

    job = factory.SubFactory(JobFactory)
    standard = factory.SubFactory(StandardFactory)
    year = 2013
    cutoff = date(2013, 11, 24)
    territory_code = "450109"
    digest = "0" * 64
    sealed_at = factory.LazyFunction(timezone.now)

    @classmethod
    def at(cls, village, **values):
        return super().at(village, job=JobFactory.at(village), standard=StandardFactory.at(village), **values)


class ResultFactory(RowFactory):
    class Meta:
        model = Result

    run = factory.SubFactory(RunFactory)
    village = factory.SubFactory(VillageFactory)
    functions_state = team_state = facilities_state = rules_state = verdict = Verdict.UNDETERMINED
    met = 0

    @classmethod
    def at(cls, village, **values):
        return super().at(village, run=RunFactory.at(village), **values)


class BreakdownFactory(RowFactory):
    class Meta:
        model = Breakdown

    result = factory.SubFactory(ResultFactory)

    @classmethod
    def at(cls, village, **values):
        return cls(result=ResultFactory.at(village), **values)


class ScoringScheduleFactory(RowFactory):
    _digits = 12

    class Meta:
        model = ScoringSchedule
        django_get_or_create = ("territory_code",)  # one for each territory

    month = 11
    day = 24
    territory_code = "450109"
