"""Public-opinion cases, the people and the rooms for them."""

import factory

from services.choices_cases import CaseDuty, CaseKind, CaseRoomKind
from services.models import Case, CasePerson, CaseRoom
from tests.factories.base import DAY, RowFactory
from tests.factories.villages import VillageFactory


class CaseFactory(RowFactory):
    """Heard, waiting to be looked into."""

    class Meta:
        model = Case

    village = factory.SubFactory(VillageFactory)
    number = factory.Sequence(lambda n: f"民意-2013-{n:012d}-0001")
    heard_on = DAY
    state_since = factory.SelfAttribute("heard_on")
    kind = CaseKind.ROAD
    title = factory.Sequence(lambda n: f"坡头路灯不亮{n}")


class CasePersonFactory(RowFactory):
    class Meta:
        model = CasePerson

    _digits = 12
    territory_code = "450109100214"
    duty = CaseDuty.RECORDER
    name = factory.Sequence(lambda n: f"黄记录{n}")
    starts_on = DAY


class CaseRoomFactory(RowFactory):
    class Meta:
        model = CaseRoom

    _digits = 12
    territory_code = "450109100214"
    kind = CaseRoomKind.TALK
    place = factory.Sequence(lambda n: f"村委会{n}楼")
