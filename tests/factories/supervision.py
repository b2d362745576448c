"""Elections and those elected, open selections, supervision, appraisals, messages."""

from datetime import date, timedelta

import factory

from cadres.choices import PoliticalStatus, Position
from cadres.choices_supervision import AppraisalBody, ElectionBody, ElectionMethod, Qualification
from cadres.models import (
    Admonishment,
    Applicant,
    Appraisal,
    AppraisalSheet,
    Candidate,
    Election,
    GroupLeader,
    Message,
    MessagePlan,
    PostEnding,
    Representative,
    Selection,
    Supervisor,
)
from tests.factories.base import DAY, RowFactory
from tests.factories.cadres import PersonFactory
from tests.factories.villages import HamletFactory, VillageFactory


class OfVillage(RowFactory):
    """A row of a village about a person of the same village."""

    class Meta:
        abstract = True

    village = factory.SubFactory(VillageFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..village"))


class ElectionFactory(RowFactory):
    """Of a committee, with nobody standing."""

    class Meta:
        model = Election

    village = factory.SubFactory(VillageFactory)
    body = ElectionBody.COMMITTEE
    method = ElectionMethod.OPEN_NOMINATION
    held_on = date(2011, 9, 1)
    seats = 3
    entitled = 1000
    voted = 800


class CandidateFactory(RowFactory):
    class Meta:
        model = Candidate

    election = factory.SubFactory(ElectionFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..election.village"))
    position = Position.COMMITTEE_MEMBER
    votes = 500


class RepresentativeFactory(OfVillage):
    class Meta:
        model = Representative

    hamlet = None
    starts_on = date(2011, 9, 1)


class GroupLeaderFactory(OfVillage):
    class Meta:
        model = GroupLeader

    hamlet = factory.SubFactory(HamletFactory, village=factory.SelfAttribute("..village"))
    starts_on = date(2011, 9, 1)


class SelectionFactory(RowFactory):
    class Meta:
        model = Selection

    village = factory.SubFactory(VillageFactory)
    grounds = "工作长期打不开局面"
    announced_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # one a day
    closes_on = factory.LazyAttribute(lambda row: row.announced_on + timedelta(days=20))


class ApplicantFactory(RowFactory):
    class Meta:
        model = Applicant

    selection = factory.SubFactory(SelectionFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..selection.village"))
    applied_on = factory.LazyAttribute(lambda row: row.selection.announced_on)
    qualification = Qualification.QUALIFIED


class SupervisorFactory(OfVillage):
    class Meta:
        model = Supervisor

    person = factory.SubFactory(
        PersonFactory, village=factory.SelfAttribute("..village"), political_status=PoliticalStatus.MEMBER
    )
    recommended_on = date(2013, 3, 1)


class AdmonishmentFactory(OfVillage):
    class Meta:
        model = Admonishment

    talked_on = DAY
    talked_by = "镇纪委书记"
    grounds = "值班缺岗"
    follow_up_on = date(2013, 9, 1)


class AppraisalFactory(RowFactory):
    class Meta:
        model = Appraisal

    village = factory.SubFactory(VillageFactory)
    year = factory.Sequence(lambda n: 1990 + n % 110)
    held_on = factory.LazyAttribute(lambda row: date(row.year, 12, 1))
    body = AppraisalBody.REPRESENTATIVES
    entitled = 60
    present = 50


class AppraisalSheetFactory(RowFactory):
    class Meta:
        model = AppraisalSheet

    appraisal = factory.SubFactory(AppraisalFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..appraisal.village"))
    competent = 50


class PostEndingFactory(OfVillage):
    class Meta:
        model = PostEnding

    grounds = "连续两次被评议为不称职"


class MessagePlanFactory(RowFactory):
    class Meta:
        model = MessagePlan

    name = factory.Sequence(lambda n: f"第{n}号计划")
    territory_code = "450109"
    day = 20
    text = "清清白白做人，干干净净做事。"
    starts_on = date(2013, 1, 1)


class MessageFactory(RowFactory):
    class Meta:
        model = Message

    plan = factory.SubFactory(MessagePlanFactory)
    person = factory.SubFactory(PersonFactory)
    on = date(2013, 5, 20)
    text = "清清白白做人，干干净净做事。"

    @classmethod
    def at(cls, village, **values):
        return cls(person=PersonFactory(village=village), **values)
