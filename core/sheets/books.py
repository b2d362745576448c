"""All registers of a place in one workbook: the file of a village, the book of a township or a district."""

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext as _

from core import rights
from core.registers.base import Register, all_registers
from core.registers.order import in_whole_order
from core.scoping import territory_path
from core.sheets.export import sheet_of
from core.sheets.writing import Sheet


def registers_of(user) -> list[type[Register]]:
    """Those whose rows belong to villages and that the person may read: not catalogues, accounts or the audit."""
    found = [r for r in all_registers() if territory_path(r.model) is not None]
    return [register for register in found if rights.can(user, "view", register.model)]


def rows_of(register: type[Register], user, code: str) -> models.QuerySet:
    """The register's rows at a place, as far as the person may see them."""
    return in_whole_order(register.queryset(user).in_territory(code))


def book_of(user, code: str) -> Iterator[Sheet]:
    """A sheet that names the registers with their numbers, then one for each that has rows."""
    counted = [(register, rows_of(register, user, code).count()) for register in registers_of(user)]
    heads = [_("Register"), _("Number of records")]
    yield Sheet(_("Contents"), heads, [(str(register.title), number) for register, number in counted])
    for register, number in counted:
        if number:
            yield sheet_of(register, rows_of(register, user, code))


def size_of(user, code: str) -> int:
    """How many records the book has."""
    return sum(rows_of(register, user, code).count() for register in registers_of(user))
