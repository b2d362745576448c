"""A workbook into a register from the command line: the same plan, the same writing as on the page."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter

from core.clock import today
from core.registers.base import Register, named
from core.sheets import imports
from core.sheets.columns import columns_of
from core.sheets.errors import Unreadable
from core.sheets.matching import lines_of
from core.sheets.models import SheetImport
from core.sheets.plan import Plan, plan
from core.sheets.reading import read
from core.sheets.table import Table, best_table

CLEAN, WRONG, UNREADABLE = 0, 1, 2
HELP = """Checks a workbook against a register and, with --commit, writes it as the person named.

Without --commit nothing is written. With it: all rows or none; with --good-only the good rows.

--json prints one object:
  register   "villages.Hamlet"
  file       the file's name
  sheet      the sheet that was read
  new, changed, unchanged, wrong, foreign
             how many rows; foreign: rows of a territory that is not the person's
  errors     [{"sheet", "row", "cell", "column", "value", "sentence", "proposal"}], in the order of the rows
  headings   headings that are none of the register's, and were not read
  skipped    [{"row", "why"}]: examples, totals, remarks
  written    rows that were written; 0 without --commit
  import     the import's number, or null
  problem    why nothing was read or written, else ""

Exit codes: 0 all rows good, 1 wrong rows or nothing written, 2 the file can't be read, or there is no such register or
account."""


class AsWritten(RawDescriptionHelpFormatter, DjangoHelpFormatter):
    """Keeps the lines of the help."""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(prog_name, subcommand, formatter_class=AsWritten, **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("register", help='"villages.hamlets", or the last part of its address')
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="the user name of the person who imports")
        parser.add_argument("--commit", action="store_true", help="write what was checked")
        parser.add_argument("--good-only", action="store_true", help="leave wrong rows out")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, register, file, user, commit, good_only, **options):
        try:
            found, by = named(register), _person(user)
        except LookupError as error:
            raise CommandError(error.args[0], returncode=UNREADABLE) from error
        said = {"register": found.model._meta.label, "file": file.name, "written": 0, "import": None, "problem": ""}
        code = self._run(found, by, file, commit, good_only, said)
        self._print(said, options["json"])
        if code:
            sys.exit(code)

    def _run(self, register: type[Register], by, file: Path, commit: bool, good_only: bool, said: dict) -> int:
        try:
            content = file.read_bytes()
            table = best_table(read(file.name, content), columns_of(register))
            found = plan(register, by, table, lines_of(register, by, table, today()))
        except (Unreadable, OSError) as error:
            said["problem"] = getattr(error, "sentence", str(error))
            return UNREADABLE
        except PermissionDenied as error:
            said["problem"] = str(error)
            return WRONG
        said |= _described(table, found)
        if commit:
            _write(register, by, file, content, good_only, said)
        is_wrong = said["wrong"] or said["foreign"] or said["problem"]
        return WRONG if is_wrong else CLEAN

    def _print(self, said: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for name in ("new", "changed", "unchanged", "wrong", "foreign", "written"):
            if name in said:
                self.stdout.write(f"{name}: {said[name]}")
        for error in said.get("errors", ()):
            self.stdout.write(f"{error['sheet']}!{error['cell']} {error['value']!r}: {error['sentence']}")
        if said["problem"]:
            self.stderr.write(said["problem"])


def _person(username: str):
    model = get_user_model()
    user = model._default_manager.filter(**{model.USERNAME_FIELD: username}, is_active=True).first()
    if user is None:
        raise CommandError(f"no account {username!r}, or it is closed", returncode=UNREADABLE)
    return user


def _described(table: Table, found: Plan) -> dict:
    headings = {column.name: column.heading for column in columns_of(found.register)}
    counts = found.counts
    return {
        "sheet": table.sheet.name,
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["same"],
        "wrong": counts["wrong"],
        "foreign": counts["foreign"],
        "errors": [
            {
                "sheet": table.sheet.name,
                "row": row.number,
                "cell": error.address,
                "column": headings.get(error.column, ""),
                "value": error.value,
                "sentence": error.sentence,
                "proposal": error.proposal,
            }
            for row in found.rows
            for error in row.errors
        ],
        "headings": [unknown.heading for unknown in table.unknown],
        "skipped": [{"row": number, "why": why} for number, why in table.skipped],
    }


def _write(register: type[Register], by, file: Path, content: bytes, good_only: bool, said: dict) -> None:
    """As the page does it: kept as an import of the person, so that it can be undone there."""
    mode = SheetImport.Mode.GOOD if good_only else SheetImport.Mode.ALL
    try:
        sheet = imports.send(by, register, file.name, content, today(), wait=True)
        said["import"] = sheet.pk
        if sheet.state == SheetImport.State.ASKING:
            imports.answer(by, sheet, {}, wait=True)
        imports.write(by, sheet, mode, wait=True)
    except (ValidationError, Unreadable) as error:
        said["problem"] = " ".join(getattr(error, "messages", [str(error)]))
        return
    said["problem"] = sheet.problem
    said["written"] = sheet.good if sheet.state == SheetImport.State.WRITTEN else 0
