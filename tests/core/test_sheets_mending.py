"""A cell typed in the place of a wrong one: only what it bears on is judged again, with the result of judging all."""

import random
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from cadres.models import Person
from core.models import SheetImport
from core.registers.base import for_model
from core.sheets import imports, parts, remending
from core.sheets.errors import Fault
from tests import factories
from tests.core.make_real_sheets import id_number
from tests.core.test_sheets_plan import DAY, headings, send, states, wrong
from villages.models import Hamlet

pytestmark = pytest.mark.django_db
HEADS = ("pk", "village", "name", "households", "opened_on", "closed_on")
COLUMNS = "ABCDEF"


def told(sheet: SheetImport) -> list:
    """What people read of each row, and how many there are of each kind."""
    rows = []
    for row in sheet.rows.order_by("number"):
        notes = row.notes or {}
        cells, changes = notes.get("cells", []), [list(change) for change in notes.get("changes", [])]
        rows.append((row.number, row.state, cells, changes, row.proposals, row.object_id, row.version))
    return [{state: n for state, n in sheet.counts.items() if n}, *rows]


def judged_as_a_whole(user, sheet: SheetImport) -> list:
    with imports.transaction.atomic():
        imports.keep(sheet, imports.plan_of(sheet, user))
        found = told(sheet)
        imports.transaction.set_rollback(True)
    sheet.refresh_from_db()
    return found


def some_cell(chance: random.Random, column: str, records: list) -> object:
    """What people write: few names, so that rows speak of the same again and again; some of it wrong."""
    match column:
        case "A":
            return chance.choice(["", "", "", *(str(record.pk) for record in records), "987654"])
        case "B":
            return chance.choice(["梁村", "梁村", "梁村", "", "屯六村", "没有村"])
        case "C":
            return chance.choice(["一坡", "二坡", "三坡", "四坡", "五坡", ""])
        case "D":
            return chance.choice(["1", "2", "许多", ""])
        case "E":
            return chance.choice(["", "2001-01-01", "2010-01-01", "昨天"])
    return chance.choice(["", "", "", "2005-01-01"])


@pytest.mark.parametrize("seed", range(25))
def test_what_is_judged_again_is_what_judging_all_would_say(cast, seed):
    chance, user = random.Random(seed), cast["clerk"]
    records = [factories.HamletFactory(village=cast.home, name=name, households=1) for name in ("一坡", "二坡", "三坡")]
    rows = [[some_cell(chance, column, records) for column in COLUMNS] for _row in range(14)]
    sheet = send(user, *rows, heads=headings(HEADS))
    for _step in range(4):
        number = chance.randrange(2, 16)
        columns = chance.sample(COLUMNS, chance.randint(1, 3))
        cells = {f"{column}{number}": some_cell(chance, column, records) for column in columns}
        imports.mend(user, sheet, cells)
        assert told(sheet) == judged_as_a_whole(user, sheet), (seed, cells)


IDS = [id_number(stem) for stem in ("45010919680305101", "45010919700101103", "45010919800606105")]
PEOPLE = {
    "A": lambda chance, records: chance.choice(["", "", "", "", *(str(record.pk) for record in records)]),
    "B": lambda chance, records: chance.choice(["梁村", "梁村", "梁村", "广良村", "", "没有村"]),
    "C": lambda chance, records: chance.choice(["张三", "李四", "王五", ""]),
    "D": lambda chance, records: chance.choice(["男", "男", "男", "不详"]),
    "E": lambda chance, records: chance.choice(["", "1968-03-05", "1970-01-01", "昨天"]),
    "F": lambda chance, records: chance.choice(["", "", *IDS, IDS[0][:-1]]),
}


@pytest.mark.parametrize("seed", range(25))
def test_people_who_are_known_by_number_or_by_name(cast, seed):
    """Two ways lead to a record, and a number is there once: a row may bear on others in several ways."""
    chance, user, register = random.Random(seed), cast["clerk"], for_model(Person)
    records = [factories.PersonFactory(village=cast.home, name="张三", id_number=IDS[0], born_on="1968-03-05")]
    records += [factories.PersonFactory(village=cast.home, name="李四", id_number=number) for number in (IDS[1], "")]
    names = ("pk", "village", "name", "sex", "born_on", "id_number")
    heads = {column.name: column.heading for column in imports.columns_of(register)}
    rows = [[make(chance, records) for make in PEOPLE.values()] for _row in range(10)]
    sheet = send(user, *rows, heads=[heads[name] for name in names], register=register)
    for _step in range(4):
        number, columns = chance.randrange(2, 12), chance.sample(COLUMNS, chance.randint(1, 3))
        cells = {f"{column}{number}": PEOPLE[column](chance, records) for column in columns}
        imports.mend(user, sheet, cells)
        assert told(sheet) == judged_as_a_whole(user, sheet), (seed, cells)


def test_an_error_of_the_spreadsheet_stays_one_when_its_row_is_mended(cast):
    book, target = Workbook(), BytesIO()
    for row in (headings(("village", "name", "households")), ["梁村", "#REF!", "许多"]):
        book.active.append(row)
    book.save(target)
    sheet = imports.send(cast["clerk"], for_model(Hamlet), "坡.xlsx", target.getvalue(), DAY)
    imports.mend(cast["clerk"], sheet, {"C2": "7"})
    assert [address for address, _sentence in wrong(sheet)] == ["B2"]
    kept = next(cells for _name, cells in parts.rows_of(sheet, [2]).values())
    assert type(kept[1]) is Fault


def test_rows_that_it_does_not_bear_on_are_left_alone(cast, monkeypatch):
    user = cast["clerk"]
    rows = [["", "梁村", f"第{n}坡", "1", "", ""] for n in range(600)]
    rows[300][3] = "许多"
    sheet = send(user, *rows, heads=headings(HEADS))
    counted = []
    plain = remending.plan
    monkeypatch.setattr(remending, "plan", lambda *args: counted.append(len(args[3])) or plain(*args))
    imports.mend(user, sheet, {"D302": "7"})
    assert counted == [1] and states(sheet) == {"new": 600}
    imports.mend(user, sheet, {"C302": "第5坡"})
    assert counted[1:] == [1, 2], "the row that says the same is looked at again"
    assert states(sheet) == {"new": 599, "wrong": 1}
    imports.mend(user, sheet, {"C302": "另坡"})
    assert states(sheet) == {"new": 600}


def test_the_price_does_not_grow_with_the_sheet(cast):
    user, prices = cast["clerk"], []
    for count in (300, 900):
        rows = [["", "梁村", f"{count}第{n}坡", "1", "", ""] for n in range(count)]
        rows[7][3] = "许多"
        sheet = send(user, *rows, heads=headings(HEADS))
        with CaptureQueriesContext(connection) as queries:
            imports.mend(user, sheet, {"D9": "7"})
        assert states(sheet) == {"new": count}
        prices.append(len(queries))
    assert prices[0] == prices[1]


def test_a_register_with_rules_of_its_own_is_judged_as_a_whole(cast):
    """Its actions look at all rows beside each other."""
    sheet = SheetImport(register="facilities.Room")
    sheet.layout = {"pages": []}
    assert not remending.may_judge_some(sheet)
    sheet.register = "villages.Hamlet"
    assert remending.may_judge_some(sheet)


def test_the_mended_rows_are_what_is_written(cast):
    user = cast["clerk"]
    sheet = send(user, ["", "梁村", "一坡", "许多", "", ""], ["", "梁村", "二坡", "3", "", ""], heads=headings(HEADS))
    imports.mend(user, sheet, {"D2": "4"})
    imports.write(user, sheet, "all")
    assert sheet.state == SheetImport.State.WRITTEN, sheet.problem
