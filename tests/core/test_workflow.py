"""Workflows: what may follow what, who may do it, what is kept of it; time limits in working days."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core import actions
from core.models import AuditRow, Holiday, Move, Reminder, TimeLimit
from core.workflow import Transition, Workflow, available, move
from core.workflow.days import Calendar
from core.workflow.remind import remind
from core.workflow.todo import waiting_for
from tests.factories import AdoptionFactory, RegulationFactory
from villages.actions import ADOPTION_FLOW
from villages.choices import AdoptionState, Body

FRIDAY = date(2013, 11, 22)


@pytest.fixture
def limit(db):
    return TimeLimit.objects.create(
        key="adoption_review", name="审核", workdays=5, remind_before=1, in_force_from=date(2013, 1, 1)
    )


@pytest.fixture
def draft(cast):
    return AdoptionFactory(village=cast.home, state=AdoptionState.DRAFT)


def steps(flow, row, user) -> set[str]:
    return {transition.name for transition in available(flow, row, user)}


class TestMoves:
    def test_a_village_files_the_township_confirms(self, cast, draft, limit):
        move(cast["secretary"], ADOPTION_FLOW, [draft], "submit", FRIDAY)
        draft.refresh_from_db()
        assert (draft.state, draft.state_since, draft.due_on) == ("submitted", FRIDAY, date(2013, 11, 29))
        move(cast["clerk"], ADOPTION_FLOW, [draft], "confirm", date(2013, 11, 25))
        draft.refresh_from_db()
        assert (draft.state, draft.due_on) == ("in_force", None)

    def test_every_move_is_kept_with_who_when_why(self, cast, draft, limit):
        move(cast["secretary"], ADOPTION_FLOW, [draft], "submit", FRIDAY)
        move(cast["clerk"], ADOPTION_FLOW, [draft], "send_back", FRIDAY, reason="缺文号")
        kept = [(m.by, m.source, m.target, m.on, m.reason, m.territory_code) for m in Move.objects.all()]
        assert kept == [
            ("secretary先生", "draft", "submitted", FRIDAY, "", cast.home.code),
            ("clerk先生", "submitted", "returned", FRIDAY, "缺文号", cast.home.code),
        ]
        assert list(AuditRow.objects.order_by("id").values_list("verb", flat=True)) == ["submit", "send_back"]

    def test_a_wrong_step_is_refused_with_a_sentence_and_moves_nothing(self, cast, draft):
        with pytest.raises(ValidationError) as refused:
            move(cast["clerk"], ADOPTION_FLOW, [draft], "confirm", FRIDAY)
        assert "“草拟”" in refused.value.messages[0]
        assert not Move.objects.exists()

    def test_what_is_missing_is_said_for_each_record(self, cast):
        law = RegulationFactory(needs_vote=True)
        row = AdoptionFactory(
            village=cast.home, regulation=law, state=AdoptionState.DRAFT, body=Body.ASSEMBLY,
            entitled=None, present=None, in_favour=None,
        )  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            move(cast["secretary"], ADOPTION_FLOW, [row], "submit", FRIDAY)
        assert "补填应到、到会、赞成人数" in refused.value.messages[0]

    def test_a_return_says_why(self, cast, draft):
        move(cast["secretary"], ADOPTION_FLOW, [draft], "submit", FRIDAY)
        with pytest.raises(ValidationError):
            move(cast["clerk"], ADOPTION_FLOW, [draft], "send_back", FRIDAY, reason="  ")

    def test_one_wrong_row_keeps_all_from_moving(self, cast, draft):
        other = AdoptionFactory(village=cast.home, state=AdoptionState.IN_FORCE)
        with pytest.raises(ValidationError):
            move(cast["secretary"], ADOPTION_FLOW, [draft, other], "submit", FRIDAY)
        draft.refresh_from_db()
        assert draft.state == AdoptionState.DRAFT

    def test_another_role_is_refused_and_another_village_is_not_there(self, cast, draft):
        with pytest.raises(actions.Refused):
            move(cast["leader"], ADOPTION_FLOW, [draft], "submit", FRIDAY)
        with pytest.raises(actions.Invisible):
            move(cast["secretary_next_door"], ADOPTION_FLOW, [draft], "submit", FRIDAY)

    def test_abolishing_ends_it_on_the_day(self, cast):
        row = AdoptionFactory(village=cast.home, state=AdoptionState.IN_FORCE)
        move(cast["clerk"], ADOPTION_FLOW, [row], "abolish", FRIDAY, reason="新章程已通过")
        row.refresh_from_db()
        assert (row.state, row.abolished_on) == ("abolished", FRIDAY)

    def test_offered_are_the_steps_of_the_state_and_the_role(self, cast, draft):
        assert steps(ADOPTION_FLOW, draft, cast["secretary"]) == {"submit"}
        assert steps(ADOPTION_FLOW, draft, cast["clerk"]) == set()
        assert steps(ADOPTION_FLOW, draft, cast["secretary_across"]) == set()
        draft.state = AdoptionState.SUBMITTED
        assert steps(ADOPTION_FLOW, draft, cast["clerk"]) == {"confirm", "send_back"}

    def test_a_set_costs_what_one_costs(self, cast, limit):
        def queries(number: int) -> int:
            rows = [AdoptionFactory(village=cast.home, state=AdoptionState.DRAFT) for _n in range(number)]
            person = cast["secretary"]
            with CaptureQueriesContext(connection) as seen:
                move(person, ADOPTION_FLOW, rows, "submit", FRIDAY)
            return len(seen)

        assert queries(60) - queries(2) <= 1  # SQLite takes 60 rows in a statement more
        assert Move.objects.count() == 62

    def test_a_transition_stands_once(self):
        step = Transition("x", "X", sources=("a",), target="b", roles=())
        with pytest.raises(ValueError, match="twice"):
            Workflow(step, step)


class TestPages:
    def test_the_page_offers_the_step_and_keeps_the_trail(self, cast, draft, client):
        client.force_login(cast["secretary"])
        page = client.get(f"/villages/adoptions/{draft.pk}/").content.decode()
        assert "报送审核" in page and "草拟" in page
        client.post(f"/villages/adoptions/{draft.pk}/move/", {"name": "submit"})
        page = client.get(f"/villages/adoptions/{draft.pk}/").content.decode()
        assert "报送审核" in page and "草拟 → 待审核" in page
        assert 'value="submit"' not in page

    def test_a_refusal_is_told_on_the_page(self, cast, draft, client):
        client.force_login(cast["clerk"])
        page = client.post(f"/villages/adoptions/{draft.pk}/move/", {"name": "confirm"}, follow=True)
        assert "不能“审核通过”" in page.content.decode()

    def test_an_unknown_step_is_not_there(self, cast, draft, client):
        client.force_login(cast["clerk"])
        assert client.post(f"/villages/adoptions/{draft.pk}/move/", {"name": "fly"}).status_code == 404

    def test_what_a_village_enters_is_a_draft_what_the_township_enters_is_in_force(self, cast, client):
        for name, state in (("secretary", "draft"), ("clerk", "in_force")):
            regulation = RegulationFactory()
            client.force_login(cast[name])
            client.post(
                "/villages/adoptions/new/",
                {"village": cast.home.pk, "regulation": regulation.pk, "adopted_on": "2013-05-01", "body": "members"},
            )
            assert regulation.adoptions.get().state == state


class TestWaiting:
    def test_it_waits_for_whose_move_is_next(self, cast, draft, limit):
        assert [w.total for w in waiting_for(cast["secretary"], FRIDAY)] == [1]
        assert waiting_for(cast["clerk"], FRIDAY) == []
        move(cast["secretary"], ADOPTION_FLOW, [draft], "submit", FRIDAY)
        assert waiting_for(cast["secretary"], FRIDAY) == []
        (waiting,) = waiting_for(cast["clerk"], FRIDAY + timedelta(days=8))
        assert (waiting.total, waiting.late, [line.row for line in waiting.lines]) == (1, 1, [draft])
        assert waiting.lines[0].due.text == "逾期1天"
        assert waiting_for(cast["clerk_across"], FRIDAY) == []


class TestReminders:
    def test_near_and_late_are_noted_once_each(self, cast, draft, limit):
        move(cast["secretary"], ADOPTION_FLOW, [draft], "submit", FRIDAY)  # due on Friday the 29th
        assert [remind(FRIDAY + timedelta(days=n)) for n in range(11)] == [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0]
        notes = Reminder.objects.order_by("on").values_list("kind", "on", "territory_code")
        assert list(notes) == [
            ("soon", date(2013, 11, 28), cast.home.code),
            ("late", date(2013, 11, 30), cast.home.code),
        ]
        (waiting,) = waiting_for(cast["clerk"], date(2013, 12, 2))
        assert waiting.lines[0].reminded_on == date(2013, 11, 28)

    def test_what_moved_on_is_not_reminded_of(self, cast, draft, limit):
        move(cast["secretary"], ADOPTION_FLOW, [draft], "submit", FRIDAY)
        move(cast["clerk"], ADOPTION_FLOW, [draft], "confirm", FRIDAY)
        assert remind(date(2013, 12, 5)) == 0


class TestDays:
    def test_national_day_of_2013(self):
        off = {date(2013, 10, day): False for day in range(1, 8)} | {date(2013, 10, 12): True, date(2013, 9, 29): True}
        calendar = Calendar(off.items())
        assert calendar.add(date(2013, 9, 30), 1) == date(2013, 10, 8)
        assert calendar.add(date(2013, 10, 11), 1) == date(2013, 10, 12)
        assert calendar.between(date(2013, 9, 27), date(2013, 10, 8)) == 3  # 29 and 30 September, 8 October

    def test_the_table_is_what_counts(self, db):
        Holiday.objects.create(day=date(2013, 11, 25), name="放假")
        assert Calendar.load().add(FRIDAY, 1) == date(2013, 11, 26)

    @given(
        st.dates(date(2010, 1, 1), date(2030, 1, 1)),
        st.integers(-40, 40),
        st.sets(st.dates(date(2009, 1, 1), date(2031, 1, 1)), max_size=40),
    )
    def test_adding_ends_on_a_working_day_that_many_away(self, day, number, off):
        calendar = Calendar((one, False) for one in off)
        end = calendar.add(day, number)
        if number:
            assert calendar.is_workday(end)
        if number >= 0:
            assert calendar.between(day, end) == number
