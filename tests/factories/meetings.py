"""Meetings of party branches."""

from datetime import date, timedelta

import factory

from cadres.choices_meetings import MeetingKind
from cadres.models import BranchMeeting
from tests.factories.base import RowFactory
from tests.factories.cadres import PartyBranchFactory


class BranchMeetingFactory(RowFactory):
    class Meta:
        model = BranchMeeting

    branch = factory.SubFactory(PartyBranchFactory)
    kind = MeetingKind.COMMITTEE
    held_on = factory.Sequence(lambda n: date(1950, 1, 1) + timedelta(days=n))  # one a day
    topic = "研究本月重点工作"
