"""The demonstration's grids, stations, requests and commitments: valid rows, with the gaps that pages show."""

from collections import Counter
from datetime import date

from core.indicators import get
from core.models import Move
from core.periods import Period
from services.choices_stations import Tier
from services.models import (
    Commitment,
    CommitmentExemption,
    Grid,
    GridHamlet,
    OpeningHours,
    ServiceRequest,
    Station,
    StationStaff,
)
from tests import kept
from villages.demo import LIANG
from villages.models import Village

DAY = date(2013, 11, 24)
WRITTEN = (
    Commitment,
    CommitmentExemption,
    Grid,
    GridHamlet,
    OpeningHours,
    ServiceRequest,
    Station,
    StationStaff,
)


def test_the_demonstration_holds_together(demo):
    kept.check(*WRITTEN)
    assert all(model.objects.count() > 20 for model in WRITTEN)

    for key, full, zero in (("grid_coverage", 1, 0.5), ("commitments_fulfilled", 0.9, 0.5)):
        shares = [m.num / m.den for m in get(key)(Village.objects.all(), Period(2013, DAY)).values()]
        assert sum(share >= full for share in shares) > len(shares) / 2, key
        assert any(share <= zero for share in shares), key
    assert len(get("grid_coverage")(Village.objects.all(), Period(2013, DAY))) == 72, "two have no grid on record"

    tiers = Counter(Station.objects.values_list("tier", flat=True))
    assert (tiers[Tier.TOWNSHIP], tiers[Tier.VILLAGE]) == (5, 71) and tiers[Tier.HAMLET] > 150
    states = Counter(ServiceRequest.objects.values_list("state", flat=True))
    assert states["finished"] > 400 and states["carried"] > 10 and states["accepted"] > 0
    assert ServiceRequest.objects.filter(due_on__lt=DAY).count() > 2, "open and late"
    assert set(Commitment.objects.values_list("state", flat=True)) == {"promised", "fulfilled", "appraised"}
    assert Move.objects.filter(model="services.ServiceRequest").count() > 400


def test_the_secretarys_village_has_something_to_do_in_each(demo):
    own = {"village__code": LIANG}
    assert ServiceRequest.objects.filter(due_on__lt=DAY, **own).exists()
    assert set(Commitment.objects.filter(member__branch__village__code=LIANG).values_list("state", flat=True)) == {
        "promised",
        "fulfilled",
        "appraised",
    }
    short = get("grid_coverage").find_shortfalls(Village.objects.filter(code=LIANG), Period(2013, DAY))
    assert [len(those) for those in short.values()] == [1]
