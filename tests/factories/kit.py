"""Rows of the kit: audit, long work, workflows, evidence."""

from datetime import date, timedelta

import factory

from core.evidence.models import Blob, Evidence
from core.jobs.models import Chunk, Job
from core.models import AuditRow, Holiday, Move, Reminder, TicketBatch, TimeLimit
from tests.factories.base import DAY, RowFactory
from tests.factories.villages import HamletFactory


class AuditRowFactory(RowFactory):
    _digits = 12

    class Meta:
        model = AuditRow

    actor = factory.Sequence(lambda n: f"用户{n} user{n}")
    verb = "update"
    model = "villages.Hamlet"
    object_id = factory.Sequence(str)


class JobFactory(RowFactory):
    class Meta:
        model = Job

    kind = "test"
    key = factory.Sequence(str)
    state = Job.State.DONE


class ChunkFactory(RowFactory):
    class Meta:
        model = Chunk

    job = factory.SubFactory(JobFactory)
    number = factory.Sequence(lambda n: n)

    @classmethod
    def at(cls, village, **values):
        return cls(job=JobFactory.at(village), **values)


class HolidayFactory(RowFactory):
    class Meta:
        model = Holiday

    day = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))
    name = "假日"


class TimeLimitFactory(RowFactory):
    class Meta:
        model = TimeLimit

    key = factory.Sequence(lambda n: f"limit-{n}")
    name = factory.Sequence(lambda n: f"时限{n}")
    workdays = 5
    in_force_from = date(2013, 1, 1)


class MoveFactory(RowFactory):
    _digits = 12

    class Meta:
        model = Move

    model = "villages.Adoption"
    object_id = factory.Sequence(lambda n: n)
    on = DAY


class ReminderFactory(RowFactory):
    _digits = 12

    class Meta:
        model = Reminder

    model = "villages.Adoption"
    object_id = factory.Sequence(lambda n: n)
    kind = Reminder.Kind.SOON
    due_on = DAY
    on = DAY


class BlobFactory(RowFactory):
    class Meta:
        model = Blob

    digest = factory.Sequence(lambda n: f"{n:064x}")
    extension = "pdf"
    content_type = "application/pdf"
    size = 1000


class EvidenceFactory(RowFactory):
    """A file on a hamlet; the file itself is not stored."""

    class Meta:
        model = Evidence

    owner_model = "villages.hamlet"
    owner_pk = factory.Sequence(lambda n: n)
    blob = factory.SubFactory(BlobFactory)
    file_name = factory.Sequence(lambda n: f"第{n}份.pdf")
    territory_code = "450109100214"

    @classmethod
    def at(cls, village, **values):
        return cls(owner_pk=HamletFactory.at(village).pk, territory_code=village.code, **values)


class TicketBatchFactory(RowFactory):
    _digits = 12

    class Meta:
        model = TicketBatch

    purpose = "surveys.survey"
    subject = factory.Sequence(lambda n: n)
    title = factory.Sequence(lambda n: f"评价码{n}")
    number = 10
    made_on = DAY
    made_by = "李书记"
    expires_on = DAY + timedelta(days=30)
