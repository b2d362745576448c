"""Practical matters, ratings, three-to-one help."""

from datetime import date

import factory

from services.choices_help import HelperTier, HelpKind
from services.choices_matters import DONE, MatterState
from services.choices_ratings import Phase, Source
from services.models import (
    HelpedPerson,
    Helper,
    HelpVisit,
    Matter,
    MatterNote,
    MatterYear,
    Rating,
    RatingBatch,
    RatingNote,
    RatingRound,
    RoundVillage,
)
from tests.factories.base import DAY, RowFactory
from tests.factories.cadres import PersonFactory, PostFactory
from tests.factories.villages import VillageFactory


class MatterYearFactory(RowFactory):
    class Meta:
        model = MatterYear

    year = factory.Sequence(lambda n: 2020 + n % 30_000)  # one a year
    register_by, finish_by, rate_by = date(2013, 3, 31), date(2013, 12, 31), date(2014, 1, 31)


class MatterFactory(RowFactory):
    """A draft; its days follow from the state that a test asks for."""

    class Meta:
        model = Matter
        skip_postgeneration_save = True

    village = factory.SubFactory(VillageFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..village"))
    year = 2013
    title = factory.Sequence(lambda n: f"第{n}段进屯路硬化")
    planned_by = date(2013, 10, 31)
    registered_on = factory.LazyAttribute(lambda row: None if row.state == MatterState.DRAFT else date(2013, 2, 20))
    confirmed_on = factory.LazyAttribute(
        lambda row: date(2013, 2, 25) if row.state in (MatterState.UNDER_WAY, *DONE) else None
    )
    finished_on = factory.LazyAttribute(lambda row: date(2013, 10, 20) if row.state in DONE else None)
    outcome = factory.LazyAttribute(lambda row: "路通了" if row.state in DONE else "")
    state = MatterState.DRAFT

    @factory.post_generation
    def held(row, create, given, **_facts):
        """Who takes on a matter is in post."""
        if create and given is not False and not row.person.posts.exists():
            PostFactory(person=row.person, village=row.village)


class MatterNoteFactory(RowFactory):
    class Meta:
        model = MatterNote

    matter = factory.SubFactory(MatterFactory, state=MatterState.UNDER_WAY)
    on = DAY
    text = "路基已完成"

    @classmethod
    def at(cls, village, **values):
        return cls(matter=MatterFactory(village=village, state=MatterState.UNDER_WAY), **values)


class RatingRoundFactory(RowFactory):
    class Meta:
        model = RatingRound

    territory_code = "450109"
    year = factory.Sequence(lambda n: 2000 + n % 30_000)
    phase = Phase.BEFORE
    name = factory.Sequence(lambda n: f"第{n}轮评分")
    starts_on = date(2012, 12, 1)
    ends_on = date(2012, 12, 31)


class RoundVillageFactory(RowFactory):
    class Meta:
        model = RoundVillage

    round = factory.SubFactory(RatingRoundFactory)
    village = factory.SubFactory(VillageFactory)


class RatingBatchFactory(RowFactory):
    """Of a matter that is done; five slips, none of them typed."""

    class Meta:
        model = RatingBatch

    village = factory.SubFactory(VillageFactory)
    matter = factory.SubFactory(MatterFactory, village=factory.SelfAttribute("..village"), state=MatterState.FINISHED)
    collected_on = date(2013, 11, 1)
    handed_out = 8
    returned = 6
    typed = 5


class RatingFactory(RowFactory):
    class Meta:
        model = Rating

    village = factory.SubFactory(VillageFactory)
    matter = factory.SubFactory(MatterFactory, village=factory.SelfAttribute("..village"), state=MatterState.FINISHED)
    source = Source.LINK
    on = date(2013, 11, 1)
    time = 4
    result = 4
    attitude = 4


class RatingNoteFactory(RowFactory):
    class Meta:
        model = RatingNote

    village = factory.SubFactory(VillageFactory)
    matter = factory.SubFactory(MatterFactory, village=factory.SelfAttribute("..village"), state=MatterState.FINISHED)
    text = "路灯很亮"


class HelpedPersonFactory(RowFactory):
    class Meta:
        model = HelpedPerson

    village = factory.SubFactory(VillageFactory)
    kind = HelpKind.ELDER
    name = factory.Sequence(lambda n: f"老人{n}")
    born_on = date(1938, 5, 1)
    of_age_on = date(1952, 5, 1)
    starts_on = date(2013, 1, 10)


class HelperFactory(RowFactory):
    class Meta:
        model = Helper

    helped = factory.SubFactory(HelpedPersonFactory)
    tier = HelperTier.TOWNSHIP
    name = "黄镇干"
    office = "镇党政办"
    starts_on = date(2013, 1, 10)


class HelpVisitFactory(RowFactory):
    class Meta:
        model = HelpVisit

    helped = factory.SubFactory(HelpedPersonFactory)
    helper = factory.SubFactory(HelperFactory, helped=factory.SelfAttribute("..helped"))
    on = DAY
    done = "送去药品，打扫屋子"

    @classmethod
    def at(cls, village, **values):
        return cls(helped=HelpedPersonFactory(village=village), **values)
