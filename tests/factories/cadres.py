"""People, posts and terms, branches and members, filings."""

from datetime import date, timedelta

import factory

from cadres.choices import Committee, FilingKind, HowChosen, Position, Sex
from cadres.models import Filing, PartyBranch, PartyMember, Person, Post, Term
from tests.factories.base import RowFactory
from tests.factories.villages import VillageFactory


class PersonFactory(RowFactory):
    class Meta:
        model = Person

    village = factory.SubFactory(VillageFactory)
    name = factory.Sequence(lambda n: f"某人{n}")
    sex = Sex.MALE


class TermFactory(RowFactory):
    class Meta:
        model = Term

    committee = Committee.BRANCH
    year = factory.Sequence(lambda n: 1950 + n % 30_000)
    starts_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))
    ends_on = factory.LazyAttribute(lambda row: row.starts_on + timedelta(days=1000))


class PostFactory(RowFactory):
    """An ordinary member of the branch committee, of whom a village may have several."""

    class Meta:
        model = Post

    village = factory.SubFactory(VillageFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..village"))
    committee = Committee.BRANCH
    position = Position.BRANCH_MEMBER
    starts_on = date(2011, 8, 1)
    how = HowChosen.MEMBERS_ELECTION


class PartyBranchFactory(RowFactory):
    class Meta:
        model = PartyBranch

    village = factory.SubFactory(VillageFactory)
    name = factory.Sequence(lambda n: f"第{n}党支部")


class PartyMemberFactory(RowFactory):
    class Meta:
        model = PartyMember

    branch = factory.SubFactory(PartyBranchFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..branch.village"))
    joined_on = date(2005, 7, 1)


class FilingFactory(RowFactory):
    class Meta:
        model = Filing

    village = factory.SubFactory(VillageFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..village"))
    kind = FilingKind.APPOINT
    how = HowChosen.MEMBERS_ELECTION
    effective_on = date(2013, 11, 1)
    grounds = "换届"
