"""A fresh production database gets everything that ships with the portal by one command, and only once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core.models import AuditRow, TimeLimit
from dashboards.management.commands.load_catalogues import LOADED
from services.models import ServiceItem
from villages.models import LegalRule

pytestmark = pytest.mark.django_db


def load(by: str = "district", territory: str = "450109") -> str:
    out = StringIO()
    call_command("load_catalogues", territory=territory, by=by, stdout=out)
    return out.getvalue()


def test_every_catalogue_is_filled_and_the_audit_names_who_did_it(cast):
    said = load()
    assert all(model.objects.exists() for model in LOADED)
    assert len(said.splitlines()) == len(LOADED)
    row = AuditRow.objects.get(verb="load")
    assert (row.actor_id, row.object_name) == (cast["district"].pk, "450109")


def test_again_it_adds_what_is_missing_and_leaves_what_was_edited(cast):
    load()
    LegalRule.objects.filter(pk=LegalRule.objects.first().pk).update(source="改过")
    TimeLimit.objects.update(workdays=9)
    gone = ServiceItem.objects.first()
    gone.delete()
    before = {model: model.objects.count() for model in LOADED}
    said = load()
    after = {model: model.objects.count() for model in LOADED}
    assert after == before | {ServiceItem: before[ServiceItem] + 1}
    assert said.count("(1 new)") == 1 and said.count("(0 new)") == len(LOADED) - 1
    assert LegalRule.objects.filter(source="改过").exists()
    assert not TimeLimit.objects.exclude(workdays=9).exists()


@pytest.mark.parametrize("by", ["clerk", "leader", "secadmin", "nobody there"])
def test_the_districts_staff_alone_load_them(cast, by):
    with pytest.raises(CommandError, match="no account of the staff"):
        load(by)
    assert not ServiceItem.objects.exists()


def test_a_closed_account_loads_nothing(cast):
    User.objects.filter(username="district").update(is_active=False)
    with pytest.raises(CommandError, match="no account of the staff"):
        load()
    assert not ServiceItem.objects.exists()


@pytest.mark.parametrize("code", ["45", "450109100", ""])
def test_for_a_district_and_nothing_else(cast, code):
    with pytest.raises(CommandError, match="no district's code"):
        load(territory=code)
    assert not ServiceItem.objects.exists()


def test_no_other_district_than_their_own(cast):
    with pytest.raises(CommandError, match="no account of the staff of 450110"):
        load(territory="450110")
