"""The demonstration's training, duty, reserves and rectification: valid rows, the document's five villages and twelve people."""

from collections import Counter
from datetime import date

from cadres.actions.reserve import in_order
from cadres.choices_development import STEPS_OF, Pipeline, RectificationState
from cadres.models import Attendance, BroughtIn, Course, DriveRecord, DutyDay, Rectification, Reserve, ReserveStep
from core.indicators import get
from core.periods import Period
from tests import kept
from villages.models import Village

DAY = date(2013, 11, 24)


def test_the_demonstration_holds_together(demo):
    kept.check(Attendance, Course, DriveRecord, DutyDay, Rectification, BroughtIn, Reserve, ReserveStep)
    with in_order(Reserve.objects.values_list("pk", flat=True)):
        pass  # no step is skipped or dated before the one before it
    for pipeline, stages in STEPS_OF.items():
        there = Reserve.objects.filter(pipeline=pipeline).on(DAY).standing_on(DAY)
        assert {stage for stage in stages if not there.filter(at_step=stage).exists()} <= {stages[0]}

    assert set(Rectification.objects.values_list("village__name", flat=True)) == {
        "梁村", "新平村", "中山村", "新乐村", "那才村",
    }  # fmt: skip
    assert BroughtIn.objects.filter(method=Pipeline.THREE_TWO_ONE, post__isnull=False).count() == 12
    assert Counter(Rectification.objects.values_list("state", flat=True))[RectificationState.ACCEPTED] == 4

    full = {"cadres_trained": 1, "duty_kept": 0.95}
    for key, line in full.items():
        shares = [m.num / m.den for m in get(key)(Village.objects.all(), Period(2013, DAY)).values()]
        passed, near = sum(s >= line for s in shares), sum(line - 0.15 <= s < line for s in shares)
        assert passed > 30 and near > 4 and passed + near < len(shares), key
