"""Every register takes a record by workbook as it takes it by form, or says why not."""

import pytest
from django.db import transaction

from core import rights
from core.models import SheetImport
from core.registers import all_registers
from core.sheets import imports
from core.sheets.columns import RECORD, columns_of
from core.sheets.writing import text_of
from tests import cast as stage
from tests import factories
from tests.core.test_sheets_plan import DAY, workbook, wrong

pytestmark = pytest.mark.django_db
ENTERED = [r for r in all_registers() if r.may["add"] and not r.by_form_alone]


def whoever_may(cast, register, verb: str):
    name = next(n for n in stage.ONE_A_ROLE if rights.can(cast[n], verb, register.model))
    return cast[name]


def row_of(register, row) -> tuple[list, list]:
    """Headings and cells of a record without its number, sensitive values in full."""
    columns = [column for column in columns_of(register) if column.writable and column.name != RECORD]
    cells = []
    for column in columns:
        value = getattr(row, column.name, None)
        cells.append(value.plain if column.kind == "sensitive" and value else text_of(column.render(row)))
    return [column.heading for column in columns], cells


@pytest.mark.parametrize("register", ENTERED, ids=lambda r: r.__name__)
def test_a_record_deleted_is_entered_again_by_its_row(cast, register):
    user = whoever_may(cast, register, "add")
    row = factories.of(register.model).changeable(cast.home)
    heads, cells = row_of(register, register.model._default_manager.get(pk=row.pk))
    with transaction.atomic():
        row.delete()
    before = register.model._base_manager.count()
    sheet = imports.send(user, register, "行.xlsx", workbook(cells, heads=heads), DAY)
    assert sheet.counts.get("new") == 1, (sheet.state, sheet.problem, wrong(sheet))
    imports.write(user, sheet, "all")
    assert sheet.state == SheetImport.State.WRITTEN, sheet.problem
    assert register.model._base_manager.count() == before + 1


@pytest.mark.parametrize("register", [r for r in all_registers() if r.by_form_alone], ids=lambda r: r.__name__)
def test_a_register_of_forms_alone_says_why_and_takes_no_file(cast, as_, register):
    user = whoever_may(cast, register, "add" if register.may["add"] else "change")
    client = as_(user.username)
    for answer in (client.get(register.url("import")), client.post(register.url("import"))):
        assert answer.status_code == 403 and str(register.by_form_alone) in answer.content.decode()
