"""Reserves, training, duty, style drives, rectification."""

from datetime import date, timedelta

import factory

from cadres.choices_development import Cause, Pipeline, ReserveSource, ReserveStage, Topic, TrainingMode
from cadres.models import (
    Attendance,
    BroughtIn,
    Course,
    Drive,
    DriveRecord,
    DutyDay,
    Rectification,
    Reserve,
    ReserveStep,
)
from tests.factories.base import DAY, RowFactory
from tests.factories.cadres import PersonFactory
from tests.factories.villages import VillageFactory


class ReserveFactory(RowFactory):
    class Meta:
        model = Reserve

    village = factory.SubFactory(VillageFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..village"))
    source = ReserveSource.VETERAN
    pipeline = Pipeline.THREE_TWO_ONE
    entered_on = date(2013, 1, 7)


class ReserveStepFactory(RowFactory):
    """The first step of the first pipeline."""

    class Meta:
        model = ReserveStep

    reserve = factory.SubFactory(ReserveFactory)
    stage = ReserveStage.BY_ORGANISATION
    position = 1
    on = date(2013, 2, 1)


class CourseFactory(RowFactory):
    class Meta:
        model = Course

    name = factory.Sequence(lambda n: f"第{n}期")
    mode = TrainingMode.ROTATION
    topic = Topic.POLICY
    starts_on = DAY
    ends_on = factory.LazyAttribute(lambda row: row.starts_on + timedelta(days=row.days - 1))
    days = 1
    hours = 8
    seats = 50
    territory_code = "450109"


class AttendanceFactory(RowFactory):
    class Meta:
        model = Attendance

    person = factory.SubFactory(PersonFactory)
    course = factory.SubFactory(CourseFactory)
    hours = factory.SelfAttribute("course.hours")

    @classmethod
    def at(cls, village, **values):
        return super().at(village, course=CourseFactory.at(village), **values)


class DutyDayFactory(RowFactory):
    class Meta:
        model = DutyDay

    village = factory.SubFactory(VillageFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..village"))
    day = factory.Sequence(lambda n: date(2014, 1, 1) + timedelta(days=n))  # one a day


class DriveFactory(RowFactory):
    class Meta:
        model = Drive

    key = factory.Sequence(lambda n: f"drive-{n}")
    name = factory.Sequence(lambda n: f"第{n}项")
    vice, quality, organisation = "治浮", "比学习", "创学习型"


class DriveRecordFactory(RowFactory):
    class Meta:
        model = DriveRecord

    village = factory.SubFactory(VillageFactory)
    drive = factory.SubFactory(DriveFactory)
    started_on = DAY
    problems = "学习次数少"


class RectificationFactory(RowFactory):
    """Ready to begin."""

    class Meta:
        model = Rectification

    village = factory.SubFactory(VillageFactory)
    opened_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # one a day
    cause = Cause.TEAM
    findings = "班子分工不清"
    responsible = "镇党委副书记"
    measures = "派驻工作组"


class BroughtInFactory(RowFactory):
    class Meta:
        model = BroughtIn

    rectification = factory.SubFactory(RectificationFactory)
    person = factory.SubFactory(PersonFactory, village=factory.SelfAttribute("..rectification.village"))
