"""What no form declares can't be posted, and no way of writing takes a record out of one's own territory.

Registers are walked, so that a new one is tried by itself.
"""

from datetime import UTC, date, datetime

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.models import AuditRow
from core.registers import history
from core.scoping import Catalogue
from core.sensitive import SensitiveField
from tests import cast as stage
from tests import factories
from tests.routes import REGISTERS, address, code_of, covers, holds, payload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unwatched")]

#: What each save writes by itself: the time, the person, the count of saves; and what follows from other columns.
STAMPS = {"saved_at", "saved_by", "version"}
CHANGEABLE = [register for register in REGISTERS if register.may["change"]]


def keeper_of(register, cast, row, verb: str = "change") -> str:
    """The one with the smallest territory who may change the row."""
    people = ("secretary", "clerk", "district", "sysadmin", "secadmin")
    return next(who for who in people if holds(register, who, verb) and covers(cast.code[who], row, verb))


def other_value(field, row):
    """A value that the field does not have, as a form would post it; None where there is none to try."""
    now = field.value_from_object(row)
    if field.is_relation:
        other = field.related_model._base_manager.exclude(pk=now).order_by("pk").values_list("pk", flat=True).first()
        return other
    if field.choices:
        return next((value for value, _label in field.flatchoices if value != now), None)
    if isinstance(field, models.BooleanField):
        return "" if now else "on"
    if isinstance(field, models.DateTimeField):
        return datetime(1999, 1, 1, tzinfo=UTC).isoformat()
    if isinstance(field, models.DateField):
        return date(1999, 1, 1).isoformat()
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return "77"
    return "posted"


def undeclared(register, row) -> dict:
    """A value for every column that the register's form does not declare, key and stamps too."""
    declared = set(register.editable_fields())
    values = {}
    for field in row._meta.concrete_fields:
        if field.name not in declared and (value := other_value(field, row)) is not None:
            values |= {field.name: value, field.attname: value}
    return values


def arrived(row, attname: str, extra: dict) -> bool:
    """Whether what was posted for a column stands in it; what an action derives itself may change as well."""
    field = next(field for field in row._meta.concrete_fields if field.attname == attname)
    if field.name in STAMPS or field.name not in extra:
        return False
    now = plain(field, type(row)._base_manager.get(pk=row.pk))
    return str(now)[:10] == str(extra[field.name])[:10] or (extra[field.name] == "on" and now is True)


def stored(row) -> dict:
    again = type(row)._base_manager.filter(pk=row.pk).first()
    return {field.attname: plain(field, again) for field in row._meta.concrete_fields} if again else {}


def plain(field, row):
    value = field.value_from_object(row)
    return value.plain if isinstance(field, SensitiveField) and value else value


@pytest.mark.parametrize("register", CHANGEABLE, ids=lambda r: r.__name__)
@pytest.mark.parametrize("where", ["pages", "admin"])
def test_what_the_form_does_not_declare_is_not_written(cast, as_, register, where):
    row = factories.of(register.model).changeable(cast.home)
    who = keeper_of(register, cast, row)
    before, extra = stored(row), undeclared(register, row)
    meta = register.model._meta
    url = address(register, "edit", row)
    if where == "admin":
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    answer = as_(who).post(url, extra | payload(register, row, cast[who]))
    assert answer.status_code in (200, 302, 422), answer.status_code
    after = stored(row)
    taken = {name for name in before if before[name] != after[name] and arrived(row, name, extra)}
    assert not taken, f"posted past the form of {register.__name__}: {taken}"
    assert after.get("saved_by") != "posted" and type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("register", [r for r in REGISTERS if r.may["add"]], ids=lambda r: r.__name__)
def test_a_new_record_takes_nothing_that_the_form_does_not_declare(cast, as_, register, undone):
    """Twice the same form, once with more than it declares: the same record comes out."""
    like = factories.of(register.model).changeable(cast.home)
    who = keeper_of(register, cast, like, "add")
    given, extra = payload(register, like, cast[who]), undeclared(register, like) | {"id": "987654", "pk": "987654"}
    like.delete()
    before = set(register.model._base_manager.values_list("pk", flat=True))
    made = []
    for more in ({}, extra):
        with undone():
            assert as_(who).post(address(register, "new"), more | given).status_code == 302
            made.append(stored(register.model._base_manager.exclude(pk__in=before).get()))
    bare, fed = made
    assert fed.get("saved_by") != "posted" and fed.get("version", 1) == 1
    passing = {
        *STAMPS,
        *(f.attname for f in like._meta.concrete_fields if isinstance(f, models.DateTimeField)),
        "password",
    }
    differing = {name for name in bare if bare[name] != fed[name]} - passing
    assert differing <= {like._meta.pk.attname} and fed[like._meta.pk.attname] != 987654


# ---- no way out of one's own territory ----


def ways_out(register, row, foreign) -> dict:
    """The declared relations that tie the row to its place, each with the foreign row's."""
    return {
        name: getattr(foreign, f"{name}_id")
        for name in register.editable_fields()
        if row._meta.get_field(name).is_relation
        and getattr(foreign, f"{name}_id") not in (None, getattr(row, f"{name}_id"))
        and not isinstance(getattr(foreign, name), Catalogue)
    }


def movable(cast):
    """(register, who, row at home, foreign values) of all that a form could move."""
    for register in CHANGEABLE:
        if issubclass(register.model, Catalogue):
            continue
        row = factories.of(register.model).changeable(cast.home)
        who = keeper_of(register, cast, row)
        if ways := ways_out(register, row, factories.of(register.model).changeable(cast.abroad)):
            yield register, who, row, ways


def stays(row, who: str, cast, before: dict) -> None:
    again = type(row)._base_manager.get(pk=row.pk)
    assert covers(cast.code[who], again, "change"), f"{who} moved {row!r} to {code_of(again)}"
    assert stored(row) == before


def test_a_record_is_edited_into_no_foreign_territory(cast, as_, undone):
    tried = set()
    for register, who, row, ways in movable(cast):
        before = stored(row)
        for name, value in ways.items():
            with undone():
                answer = as_(who).post(
                    address(register, "edit", row), payload(register, row, cast[who]) | {name: value}
                )
                assert answer.status_code in (404, 422), (register, name, answer.status_code)
                stays(row, who, cast, before)
                tried.add(register.model._meta.label)
    assert {"villages.Hamlet", "villages.Adoption", "facilities.Room"} <= tried


def test_many_records_are_set_into_no_foreign_territory(cast, as_, undone, monkeypatch):
    """Also where a register let the relation be set for many at once."""
    tried = 0
    for register, who, row, ways in movable(cast):
        before, written = stored(row), AuditRow.objects.count()
        own = factories.of(register.model).changeable(cast.home)
        for name, value in ways.items():
            monkeypatch.setattr(register, "bulk", (*register.bulk, name))
            with undone():
                given = {"do": f"set:{name}", "pk": [row.pk, own.pk], name: value, "apply": "1"}
                answer = as_(who).post(address(register, "bulk"), given)
                assert answer.status_code in (404, 422), (register, name, answer.status_code)
                stays(row, who, cast, before)
                assert not AuditRow.objects.filter(verb="update").exists() and AuditRow.objects.count() <= written + 1
                tried += 1
    assert tried > 5


def test_a_former_value_takes_no_record_into_a_foreign_territory(cast, as_, undone):
    """The record once lay abroad, as its history says; what stood there can't be set back by who holds home alone."""
    tried = 0
    for register, who, row, ways in movable(cast):
        before = stored(row)
        for name, value in ways.items():
            with undone():
                kept = AuditRow.objects.create(
                    model=row._meta.label,
                    object_id=str(row.pk),
                    verb="update",
                    request_id="r",
                    before={name: value},
                    after={name: getattr(row, f"{name}_id")},
                )
                given = {"number": kept.pk, "reason": "还原"}
                answer = as_(who).post(address(register, "history", row), given)
                assert answer.status_code in (404, 422), (register, name, answer.status_code)
                stays(row, who, cast, before)
                tried += 1
    assert tried > 5


def test_a_bulk_with_one_foreign_row_writes_none(cast, as_):
    for register in [r for r in CHANGEABLE if r.bulk and not issubclass(r.model, Catalogue)]:
        row = factories.of(register.model).changeable(cast.home)
        who = keeper_of(register, cast, row)
        foreign = factories.of(register.model).changeable(cast.abroad)
        before = stored(row), stored(foreign)
        for name in register.bulk:
            given = {"do": f"set:{name}", "pk": [row.pk, foreign.pk], name: "2013-05-05", "apply": "1"}
            assert as_(who).post(address(register, "bulk"), given).status_code == 404
        assert (stored(row), stored(foreign)) == before


def test_an_accounts_password_role_and_time_of_birth_are_posted_by_nobody(cast, as_):
    """The account's register once more, by name: these would make somebody else."""
    user = cast["secretary"]
    register = next(r for r in REGISTERS if r.model is type(user))
    given = payload(register, user, cast["sysadmin"]) | {
        "password": "x",
        "is_superuser": "on",
        "is_staff": "on",
        "last_login": timezone.now().isoformat(),
        "territory_code": stage.ABROAD,
        "must_change_password": "",
        "grants": "1",
    }
    assert as_("sysadmin").post(address(register, "edit", user), given).status_code == 302
    user.refresh_from_db()
    assert (user.password, user.territory_code, user.last_login) == ("!", stage.DISTRICT, None)
    assert history.rows_of(user).count() <= 1
