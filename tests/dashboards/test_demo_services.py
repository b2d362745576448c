"""The demonstration's services as one story: every way a record can go, and something to do for everybody."""

from django.db.models import Count

from accounts.models import User
from core.clock import today
from core.models import Move
from core.registers import all_registers
from core.roles import Role
from core.workflow.todo import waiting_for
from dashboards import mechanisms
from dashboards.board import board_of
from dashboards.homes import villages_of
from dashboards.week import visits_of, week_of
from scoring.models import Run
from services.demo.pilots import pilots_of
from services.models import Case, Commitment, Deliberation, Matter, ServiceRequest
from villages.models import Village

#: Flow → states that rows are in: begun, sent back or passed up, finished.
SEEN = {
    Case: {"heard", "village", "township", "district", "answered", "joined", "satisfied", "unsatisfied", "unreached"},
    Matter: {"submitted", "returned", "under_way", "finished", "rated"},
    ServiceRequest: {"accepted", "carried", "finished"},
    Commitment: {"promised", "fulfilled", "appraised"},
    Deliberation: {"proposed", "discussed", "reviewed", "decided", "done", "outside", "group_proposed"},
}


def test_a_year_of_services(demo):
    day = today()
    for model, states in SEEN.items():
        assert states <= set(model.objects.values_list("state", flat=True)), model
        assert model.objects.filter(due_on__lt=day).exists(), f"{model}: none is late"

    # Every village can be judged on its functions, and those who tried the mechanisms first do better than the rest.
    district = User.objects.get(username="district")
    board = board_of(district, Run.objects.current(district, 2013))
    functions = board.all.groups[0]
    assert functions.undetermined == 0 and 25 < functions.meets < 60
    pilots = {village.pk for village in pilots_of(Village.objects.in_bulk().values())}
    passed = [row.village_id in pilots for row in board.results if row.state("functions") == "meets"]
    assert sum(passed) >= 8 and len(passed) - sum(passed) < 0.7 * (74 - len(pilots))
    assert 15 < board.all.four.meets < 40 and board.near and board.musts and board.all.four.undetermined == 1

    # Every mechanism is measured over the district, well kept and with gaps.
    now = mechanisms.standing(district, villages_of(district, day), day)
    for cell in now.total().cells:
        assert 0.6 < cell.num / cell.den < 1, cell
    assert now.total().late > 20 and now.total().passed_up > 3 and now.total().sent_back > 3


def test_everybody_has_something_to_do(demo):
    for user in User.objects.filter(username__in=("district", "clerk", "secretary")):
        waiting = waiting_for(user, today())
        assert any(part.late for part in waiting), user
        titles = {part.register for part in waiting}
        assert titles & {register for register in all_registers() if register.model in SEEN}
    secretary = User.objects.get(username="secretary")
    assert secretary.roles == {Role.SECRETARY}
    week = week_of(secretary, waiting_for(secretary, today()), today())
    assert week.late > 2 and len(week.now) > week.late and week.later
    assert "今天值班签到" in [errand.what for errand in week.now]
    visits = visits_of(secretary, villages_of(secretary, today()), today())
    assert visits.waiting and visits.done


def test_each_matter_comes_once_and_to_an_end_of_its_own(demo):
    """What a village decided again in the same year, or gave up for another matter's reason, would be no story."""
    matters = Deliberation.objects.filter(hamlet=None)
    twice = matters.order_by().values("village", "subject").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    reasons = Move.objects.filter(model=Deliberation._meta.label).exclude(reason="")
    found = {matters.get(pk=move.object_id).subject: move.reason[:4] for move in reasons}
    assert found == {"误工补贴人员和标准": "补贴标准", "饮水管网一事一议筹劳": "汛期水管"}
