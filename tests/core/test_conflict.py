"""What stood when a form was opened, where the record's history holds more than saves."""

import pytest

from core import audit
from tests.factories import RegulationFactory
from tests.routes import address, payload
from villages.registers import RegulationRegister

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(cast):
    """A regulation, and what two people's forms hold who opened it at the same time."""
    row = RegulationFactory(name="村务公开", position=1)
    return row, payload(RegulationRegister, row, cast["district"]) | {"_version": row.version}


def test_files_attached_and_revoked_meanwhile_are_no_saves(cast, as_, opened):
    row, given = opened
    as_("district").post(address(RegulationRegister, "edit", row), given | {"position": 5})
    for before, after in (({}, {"evidence": "照片.jpg"}), ({"evidence": "照片.jpg"}, {})):
        audit.write(cast["district"], "attach", [row], before={row.pk: before}, after={row.pk: after})
    answer = as_("district").post(address(RegulationRegister, "edit", row), given | {"position": 7})
    assert answer.status_code == 409
    (clash,) = answer.context["conflict"].clashes
    assert (clash.before, clash.theirs, clash.mine) == ("1", "5", "7")


def test_a_form_without_its_version_is_a_stale_one(as_, opened):
    """As a script would post it: nothing is written, and the page shows what stands."""
    row, given = opened
    posted = given | {"position": 7}
    del posted["_version"]
    answer = as_("district").post(address(RegulationRegister, "edit", row), posted)
    row.refresh_from_db()
    assert (answer.status_code, row.position) == (409, 1)
    again = as_("district").post(address(RegulationRegister, "edit", row), dict(answer.context["conflict"].passed))
    row.refresh_from_db()
    assert (again.status_code, row.position) == (302, 7)


@pytest.mark.parametrize("version", ["0", "", "-1", "-" + "9" * 30, "9" * 30, "x", "9" * 5000])
def test_a_version_that_nobody_read_saves_nothing(as_, opened, version):
    row, given = opened
    answer = as_("district").post(
        address(RegulationRegister, "edit", row), given | {"position": 7, "_version": version}
    )
    row.refresh_from_db()
    assert answer.status_code in (409, 422) and row.position == 1
