"""The trip there and back changes nothing: what was exported and not touched is, for the import, the same rows.

Rows of every register, with texts as hard as its columns allow; as xlsx and as csv.
"""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.http import QueryDict
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from core import rights
from core.registers import all_registers
from core.registers.base import for_model
from core.sheets import export
from core.sheets.choosing import best_table
from core.sheets.columns import columns_of
from core.sheets.matching import lines_of
from core.sheets.plan import plan
from core.sheets.reading import read
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db

IMPORTABLE = [r for r in all_registers() if r.may["change"] and not r.by_form_alone]
HARD = [
    "=1+1",
    "+86",
    "-1",
    "@x",
    "'a",
    "'7",
    "''",
    "007",
    "450109199001011232",
    "甲\n乙",
    "👨‍👩‍👧坡",
    "<r>x</r>",
    "_x000D_",
]
HARD += [
    "{=1}",
    "a,b;c",
    '"引号"',
    "合计",
    "　坡　",
    "1e5",
    "2013.5.1",
    "—",
    "是",
    "TRUE",
    "#N/A",
    "sep=;",
    "（示例）那蒙坡",
    "备注：无",
]
#: What a form leaves of a text: no white space at its ends, nothing that can't be seen.
FREE = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Co"]), max_size=30).map(str.strip)
TEXTS = st.lists(st.sampled_from(HARD).map(str.strip) | FREE, min_size=12, max_size=12)
QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def who_keeps(cast, register):
    """Somebody of the cast who may change rows at home."""
    names = ("district", "clerk", "secretary", "secadmin", "sysadmin")
    return next((cast[name] for name in names if rights.can(cast[name], "change", register.model)), None)


def harden(row, texts: list[str]) -> None:
    """Put the texts into the row's free columns, wherever field and database take them."""
    fields = [column.field for column in columns_of(type_register(row)) if column.writable and column.kind == "text"]
    for field, text in zip(fields, texts * 3, strict=False):
        text = text if isinstance(field, models.TextField) else "".join(text.splitlines())
        try:
            field.clean(text, row)
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{field.name: text})
        except (ValidationError, DatabaseError):
            continue


def type_register(row):
    return next(register for register in IMPORTABLE if register.model is type(row))


def back_again(register, user, kind: str):
    """The plan of an import of the register's own export."""
    content, number = export.written(kind, [export.sheet_of(register, export.list_rows(register, user, QueryDict("")))])
    table = best_table(read(f"表.{kind}", content), columns_of(register))
    assert not table.unknown and not table.missing
    found = plan(register, user, table, lines_of(register, user, table, DAY))
    assert len(found.rows) == number, f"{number} rows were written, {len(found.rows)} read; skipped {table.skipped}"
    return found


def nothing_changes(cast, register, texts) -> None:
    user = who_keeps(cast, register)
    with transaction.atomic():
        for village in (cast.home, cast.next_door):
            harden(factories.of(register.model).changeable(village), texts)
        for kind in ("xlsx", "csv"):
            found = back_again(register, user, kind)
            wrong = [
                (kind, p.number, p.state, p.changes, [(e.address, e.value, e.sentence) for e in p.errors])
                for p in found.rows
                if p.state != "same"
            ]
            assert not wrong
        transaction.set_rollback(True)


@pytest.mark.parametrize("register", IMPORTABLE, ids=lambda r: r.__name__)
def test_what_was_exported_changes_nothing(cast, register):
    @profile(max_examples=2, **QUIET)
    @given(TEXTS)
    def holds(texts):
        nothing_changes(cast, register, texts)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("register", IMPORTABLE, ids=lambda r: r.__name__)
def test_nor_does_anything_that_can_be_written(cast, register):
    @profile(max_examples=60, **QUIET)
    @given(TEXTS)
    def holds(texts):
        nothing_changes(cast, register, texts)

    holds()


def test_the_hard_texts_do_get_into_the_rows(cast):
    """Were they all refused, nothing would be tried."""
    from villages.registers import HamletRegister

    row = factories.HamletFactory(village=cast.home)
    for text in ("=1+1", "'7", "合计"):
        harden(row, [text])
        row.refresh_from_db()
        assert row.name == text
    assert type_register(row) is HamletRegister


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_too_long_for_a_cell_comes_back_untouched(cast, language):
    """The cell holds the beginning alone: taken for the text, it would cost the record its end."""
    standard = factories.StandardFactory(note="很长" * 20_000)
    register = for_model(type(standard))
    with translation.override(language):
        content, _rows = export.written("xlsx", [export.sheet_of(register, type(standard).objects.all())])
    table = best_table(read("表.xlsx", content), columns_of(register))
    user = who_keeps(cast, register)
    (found,) = plan(register, user, table, lines_of(register, user, table, DAY)).rows
    assert found.state == "same", (found.record, found.errors)
    row, at = table.sheet.rows[table.body[0]], table.columns["note"]
    row[at] = f"改{row[at]}"
    (found,) = plan(register, user, table, lines_of(register, user, table, DAY)).rows
    assert found.state == "wrong" and [error.column for error in found.errors] == ["note"]
