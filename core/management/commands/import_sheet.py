"""A workbook into a register from the command line: the same plan, the same writing as on the page."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, DjangoHelpFormatter

from core.clock import today
from core.registers.base import Register, named
from core.sheets import imports, limits
from core.sheets.choosing import best_table
from core.sheets.columns import columns_of
from core.sheets.errors import Unreadable
from core.sheets.matching import lines_of
from core.sheets.models import SheetImport
from core.sheets.pages import Pages
from core.sheets.plan import Plan, Planned, plan
from core.sheets.reading import read
from core.sheets.table import Table

CLEAN, WRONG, UNREADABLE = 0, 1, 2
HELP = """Checks a workbook against a register and, with --commit, writes it as the person named.

Without --commit nothing is written, no trace of the file is kept. With it: all rows or none; with --good-only the good
rows. What was written can be undone on the page of the import, as if it had been sent there.

--json prints one object and nothing else, whatever happens; all keys are always there:
  register   "villages.Hamlet"; as it was given where there is none of that name
  user, file the account, and the file's name
  sheet      the sheet that was read; "" where none was. Sheets of one kind are read together, else --sheet NAME: then
             their names, with 、 between them
  new, changed, unchanged, wrong, foreign
             how many rows; foreign: rows of a territory that is not the person's, of which nothing is ever written
  rows       [{"sheet", "row", "state", "record", "name", "changes"}] of every row but the unchanged: the sheet that it
             is in, its number there; new, changed, wrong or foreign; the record's number or null; changes: [{"column", "old", "new"}]
  errors     [{"sheet", "row", "cell", "column", "value", "sentence", "proposal"}], in the order of the rows; the column's
             heading; proposal "" where there is none
  headings   headings that are none of the register's, and were not read
  skipped    [{"sheet", "row", "why"}]: examples, totals, remarks
  remarks    what a person should know of how the sheet was read, in sentences
  written    rows that were written; 0 without --commit
  import     the number of the import that was kept, or null
  problem    why nothing was read or written, else ""

Exit codes: 0 all rows good (and written, with --commit), 1 wrong or foreign rows, or nothing could be written, 2 the
file can't be read, or there is no such register or account."""
COUNTS = {"new": "new", "changed": "changed", "unchanged": "same", "wrong": "wrong", "foreign": "foreign"}


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
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="the one sheet to read, where several hold such a table"
        )
        parser.add_argument("--commit", action="store_true", help="write what was checked")
        parser.add_argument("--good-only", action="store_true", help="leave wrong rows out")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, register, file, user, sheet, commit, good_only, **options):
        file = Path(file)
        said = _nothing(register, user, file)
        try:
            code = self._run(said, file, sheet, commit, good_only)
        except (Unreadable, LookupError) as error:
            said["problem"], code = str(error.args[0]), UNREADABLE
        except OSError as error:
            said["problem"], code = f"{file}: {error.strerror}", UNREADABLE
        except PermissionDenied as error:
            said["problem"], code = str(error), WRONG
        self._print(said, options["json"])
        if code:
            sys.exit(code)

    def _run(self, said: dict, file: Path, sheet: str, commit: bool, good_only: bool) -> int:
        register, by = named(said["register"]), _person(said["user"])
        said["register"] = register.model._meta.label
        imports.require(by, register)
        content = _content(file)
        book, columns = read(file.name, content, sheet), columns_of(register)
        table = best_table(book, columns)
        if answers := imports.remembered(by, register, table):
            table = best_table(book, columns, answers)
        said |= _described(table, plan(register, by, table, lines_of(register, by, table, today())))
        if commit:
            _write(register, by, file.name, content, sheet, good_only, said)
        is_wrong = said["wrong"] or said["foreign"] or said["problem"]
        return WRONG if is_wrong else CLEAN

    def _print(self, said: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for name in (*COUNTS, "written"):
            self.stdout.write(f"{name}: {said[name]}")
        for error in said["errors"]:
            proposal = f" → {error['proposal']}" if error["proposal"] else ""
            self.stdout.write(f"{error['sheet']}!{error['cell']} {error['value']!r}: {error['sentence']}{proposal}")
        for remark in said["remarks"]:
            self.stdout.write(remark)
        if said["problem"]:
            self.stderr.write(said["problem"])


def _person(username: str):
    model = get_user_model()
    user = model._default_manager.filter(**{model.USERNAME_FIELD: username}, is_active=True).first()
    if user is None:
        raise LookupError(f"no account {username!r}, or it is closed")
    return user


def _content(file: Path) -> bytes:
    """The file, unless it is larger than any that would be taken. Raises Unreadable, OSError."""
    limits.refuse_size(file.stat().st_size)
    return file.read_bytes()


def _nothing(register: str, user: str, file: Path) -> dict:
    """What is said where nothing was read."""
    lists = {name: [] for name in ("rows", "errors", "headings", "skipped", "remarks")}
    counts = dict.fromkeys(COUNTS, 0)
    start = {"register": register, "user": user, "file": file.name, "sheet": ""}
    return {**start, **counts, **lists, "written": 0, "import": None, "problem": ""}


def _described(table: Table, found: Plan) -> dict:
    headings = {column.name: column.heading for column in columns_of(found.register)}
    pages = table.pages
    return {
        "sheet": pages.names,
        **{name: found.counts[state] for name, state in COUNTS.items()},
        "rows": [_row(row, pages) for row in found.rows if row.state != "same"],
        "errors": [
            {
                "sheet": pages.of(row.number).name,
                "row": pages.own(row.number),
                "cell": error.address,
                "column": headings.get(error.column, ""),
                "value": error.value,
                "sentence": error.sentence,
                "proposal": error.proposal,
            }
            for row in found.rows
            for error in row.errors
        ],
        "headings": list(dict.fromkeys(unknown.heading for part in table.parts for unknown in part.unknown)),
        "skipped": [
            {"sheet": part.sheet.name, "row": number, "why": why}
            for part in table.parts
            for number, why in part.skipped
        ],
        "remarks": table.remarks(),
    }


def _row(row: Planned, pages: Pages) -> dict:
    changes = [{"column": heading, "old": old, "new": new} for heading, old, new in row.changes]
    place = {"sheet": pages.of(row.number).name, "row": pages.own(row.number)}
    return place | {"state": str(row.state), "record": row.record, "name": row.name, "changes": changes}


def _write(register: type[Register], by, name: str, content: bytes, page: str, good_only: bool, said: dict) -> None:
    """As the page does it: kept as an import of the person, so that it can be undone there."""
    mode = SheetImport.Mode.GOOD if good_only else SheetImport.Mode.ALL
    try:
        sheet = imports.send(by, register, name, content, today(), page=page, wait=True)
        said["import"] = sheet.pk
        if sheet.state == SheetImport.State.ASKING:
            imports.answer(by, sheet, {}, wait=True)
        imports.write(by, sheet, mode, wait=True)
    except ValidationError as error:
        said["problem"] = " ".join(error.messages)
        return
    said["problem"] = sheet.problem
    said["written"] = sheet.good if sheet.state == SheetImport.State.WRITTEN else 0
