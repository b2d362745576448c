"""Sheets on their way into a register. Nobody of the cast has sent them."""

import factory

from core.models import SheetHeadings, SheetImport, SheetPart, SheetRow
from tests.factories.base import DAY, RowFactory

NOBODY = 987_654_321  # no account has this number


class SheetImportFactory(RowFactory):
    class Meta:
        model = SheetImport

    register = "villages.Hamlet"
    file_name = factory.Sequence(lambda n: f"坡名册{n}.xlsx")
    day = DAY
    by_id = NOBODY
    by_name = "别人"
    territory_code = "450109"


class SheetRowFactory(RowFactory):
    class Meta:
        model = SheetRow

    sheet_import = factory.SubFactory(SheetImportFactory)
    number = factory.Sequence(lambda n: n)
    state = SheetRow.State.NEW

    @classmethod
    def at(cls, village, **values):
        return cls(sheet_import=SheetImportFactory.at(village), **values)


class SheetPartFactory(RowFactory):
    class Meta:
        model = SheetPart

    sheet_import = factory.SubFactory(SheetImportFactory)
    first = factory.Sequence(lambda n: n)
    last = factory.SelfAttribute("first")
    content = "[]"

    @classmethod
    def at(cls, village, **values):
        return cls(sheet_import=SheetImportFactory.at(village), **values)


class SheetHeadingsFactory(RowFactory):
    class Meta:
        model = SheetHeadings

    by_id = NOBODY
    register = "villages.Hamlet"
    pattern = factory.Sequence(lambda n: f"{n:064x}")
