"""Every register has a sheet: its columns, what they give out, and that they take back what they gave."""

import re
from datetime import date

import pytest
from django.utils import translation

from core.registers import all_registers
from core.registers.base import for_model
from core.sheets.columns import LEFT, RECORD, columns_of, keys_of, related_of, resource_for
from core.sheets.errors import CellError
from core.sheets.lookups import Lookups
from core.sheets.parsing import parse
from core.sheets.reading import Sheet
from core.sheets.table import find_table
from tests.factories import PersonFactory, VillageFactory, of
from villages.models import Hamlet, Village

REGISTERS = all_registers()
DAY = date(2013, 11, 24)
EVERY = pytest.mark.parametrize("register", REGISTERS, ids=lambda r: r.__name__)
#: Who may see the rows of a register; the district's staff for all others.
READERS_OF = {"UserRegister": "sysadmin", "GrantRegister": "secadmin", "AuditRegister": "auditor"}
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def column(register, name):
    return next(column for column in columns_of(register) if column.name == name)


def value_of(row, name: str):
    for step in name.split("__"):
        row = getattr(row, step, None)
    return row


@EVERY
def test_the_headings_are_chinese_and_each_stands_once(register):
    headings = [column.heading for column in columns_of(register)]
    assert len(set(headings)) == len(headings)
    assert [heading for heading in headings if not HAN.search(heading)] == []
    assert columns_of(register)[0].name == RECORD and headings[0] == "记录号"
    assert all(HAN.search(column.note) for column in columns_of(register))


@EVERY
def test_what_the_form_asks_for_is_required_in_the_sheet_too(register):
    fields = {field.name: field for field in register.model._meta.concrete_fields}
    for each in columns_of(register):
        if each.required:
            assert each.writable and not fields[each.name].blank
    asked = {name for name in register.editable_fields() if name in fields and not fields[name].blank}
    plain = {name for name in asked if not fields[name].has_default() and fields[name].editable}
    booleans = {name for name in plain if fields[name].get_internal_type() == "BooleanField"}
    if not register.sheet:
        assert {each.name for each in columns_of(register) if each.required} == plain - booleans


@EVERY
def test_the_key_of_a_record_is_among_the_columns(register):
    assert set().union(*keys_of(register)) <= {each.name for each in columns_of(register)}


def test_villages_are_named_with_their_township_beside_them():
    names = [each.name for each in columns_of(for_model(Hamlet))]
    assert names[:3] == [RECORD, "village__township", "village"]
    assert not column(for_model(Hamlet), "village__township").writable


@pytest.mark.django_db
@EVERY
def test_a_column_takes_back_what_it_gave(cast, register):
    """For every writable cell of a row: what is rendered is read as the value that the row has."""
    row = of(register.model).at(cast.home)
    row = register.model._default_manager.select_related(*related_of(register)).get(pk=row.pk)
    lookups = Lookups(cast[READERS_OF.get(register.__name__, "district")], DAY)
    place = getattr(cast.home, "pk", None)
    for each in columns_of(register):
        rendered = each.render(row)
        if not each.writable or each.name == RECORD:
            continue
        stored = getattr(row, each.name)
        if each.required and stored in ("", None):
            continue  # a factory's row lacks what the form would ask for
        if each.kind == "sensitive" and stored:
            with pytest.raises(CellError):
                each.read(rendered, lookups)
            continue
        value = each.read(rendered, lookups, above=cast.home.township.name if each.kind == "place" else "", place=place)
        assert value == stored or (value is LEFT and rendered in ("", None)), each.name


@pytest.mark.django_db
@EVERY
def test_an_untouched_export_says_what_is_there(cast, register):
    """Rows out as a sheet and in again: every line finds its record, every value is the stored one, nothing is wrong."""
    for village in (cast.home, cast.next_door, cast.across):
        of(register.model).at(village)
    user = cast[READERS_OF.get(register.__name__, "district")]
    columns = columns_of(register)
    stored = register.model._default_manager.visible_to(user).select_related(*related_of(register)).order_by("pk")
    rows = [[each.heading for each in columns], *([each.render(row) for each in columns] for row in stored)]
    lines = parse(register, user, find_table(Sheet("s", rows), columns), DAY)
    assert [line.record for line in lines] == [row.pk for row in stored]
    for line, row in zip(lines, stored, strict=True):
        wrong = [error for error in line.errors if error.column]  # a factory's row may break a rule of the whole
        assert [(error.column, error.sentence) for error in wrong] == []
        for name, value in line.values.items():
            assert value == getattr(row, name), name
        assert set(line.values) == {each.name for each in columns if each.writable and each.name != RECORD}


@EVERY
def test_the_resource_has_the_same_columns(register):
    resource = resource_for(register)()
    assert list(resource.get_export_headers()) == [each.heading for each in columns_of(register)]


@pytest.mark.django_db
def test_the_resource_exports_a_row():
    person = PersonFactory(name="张三")
    exported = resource_for(for_model(type(person)))().export(type(person).objects.filter(pk=person.pk))
    assert exported.dict[0]["姓名"] == "张三" and exported.dict[0]["记录号"] == str(person.pk)


@pytest.mark.django_db
def test_a_drop_down_offers_the_persons_own_villages_alone(cast):
    offered = column(for_model(Hamlet), "village").choices(cast["clerk"])
    assert cast.home.name in offered and cast.across.name not in offered
    assert column(for_model(Village), "kind").choices(cast["clerk"]) == ["行政村", "农村社区", "城市社区"]


@pytest.mark.django_db
def test_a_name_that_is_there_twice_is_offered_with_its_township(cast):
    twin = VillageFactory(name=cast.home.name, township=cast.across.township)
    offered = column(for_model(Hamlet), "village").choices(cast["district"])
    assert f"{cast.home.township.name}{cast.home.name}" in offered
    assert f"{twin.township.name}{twin.name}" in offered and twin.name not in offered
