"""Twenty thousand rows of a register by workbook: read, matched, checked, written through the actions with audit.

Against the bare rows without a check or an audit (COPY on PostgreSQL, executemany on SQLite), and against
django-import-export as it comes, on a slice of the rows.
"""

import resource
import time
from contextlib import nullcontext
from datetime import date
from io import BytesIO, StringIO

import xlsxwriter
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.bench_lists import build_villages
from bench.frame import Ratio, benchmark

ROWS, VILLAGES, SLICE = 20_000, 200, 500
DAY = date(2013, 11, 24)
COLUMNS = (
    "village_id", "name", "pinyin", "households", "opened_on", "closed_on", "saved_at", "saved_by", "version"
)  # fmt: skip


def build():
    """Villages, a district's person, and the workbook."""
    from accounts.models import Grant, User
    from core.roles import Role
    from villages.models import District, Township, Village

    for model in (Village, Township, District):
        model.objects.all().delete()
    villages = build_villages(VILLAGES)
    user, _made = User.objects.get_or_create(username="importer", defaults={"name": "importer"})
    Grant.objects.get_or_create(user=user, role=Role.DISTRICT, territory_code="460109")
    rows = [(villages[n % VILLAGES].name, f"第{n}坡", 10 + n % 90, date(2001, 1, 1 + n % 28)) for n in range(ROWS)]
    return user, villages, rows


def workbook(rows) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([("村（社区）", "名称", "户数", "设立日期"), *rows]):
            page.write_row(number, 0, row)
    return target.getvalue()


def forget() -> None:
    from core.models import SheetImport
    from villages.models import Hamlet

    SheetImport.objects.all().delete()
    Hamlet.objects.all().delete()


def through_the_portal(user, content: bytes) -> float:
    """Seconds of sending, checking and writing; nothing of it is left."""
    seconds, _queries = measured(user, content)
    return seconds


def measured(user, content: bytes, asked=None) -> tuple[float, int]:
    """Seconds of sending, checking and writing, and the statements where a context counts them."""
    from core.registers.base import for_model
    from core.sheets import imports
    from villages.models import Hamlet

    began = time.perf_counter()
    with nullcontext(()) if asked is None else asked as queries:
        sheet = imports.send(user, for_model(Hamlet), "坡.xlsx", content, DAY, wait=True)
        imports.write(user, sheet, "all", wait=True)
    seconds = time.perf_counter() - began
    assert (sheet.state, Hamlet.objects.count()) == ("written", sheet.total), (sheet.state, sheet.problem, sheet.counts)
    forget()
    return seconds, len(queries)


def bare(villages, rows) -> float:
    """Seconds of the same rows put into the table by the quickest way that the database has."""
    from django.utils import timezone

    pks = {village.name: village.pk for village in villages}
    now = timezone.now()
    values = [(pks[v], name, "dnp", homes, day, None, now, "importer", 1) for v, name, homes, day in rows]
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(COLUMNS)
        if connection.vendor == "postgresql":
            _copy(cursor, names, values)
        else:
            marks = ", ".join("?" for _name in COLUMNS)
            texts = [tuple(v.isoformat(" ") if hasattr(v, "isoformat") else v for v in row) for row in _days(values)]
            cursor.connection.executemany(f"INSERT INTO villages_hamlet ({names}) VALUES ({marks})", texts)
    seconds = time.perf_counter() - began
    forget()
    return seconds


def _days(values):
    return [tuple(v.isoformat() if type(v) is date else v for v in row) for row in values]


def _copy(cursor, names: str, values) -> None:
    text = StringIO()
    for row in values:
        text.write("\t".join("\\N" if value is None else str(value) for value in row) + "\n")
    text.seek(0)
    cursor.copy_expert(f"COPY villages_hamlet ({names}) FROM STDIN", text)


def as_it_comes(content_rows) -> float:
    """Seconds a row of django-import-export's own ModelResource."""
    from import_export.fields import Field
    from import_export.resources import modelresource_factory
    from import_export.widgets import ForeignKeyWidget
    from tablib import Dataset

    from villages.models import Hamlet, Village

    fields = ("village", "name", "households", "opened_on")
    village = Field(attribute="village", column_name="village", widget=ForeignKeyWidget(Village, "name"))
    resource = modelresource_factory(
        Hamlet,
        meta_options={"fields": fields, "import_id_fields": ("village", "name")},
        custom_fields={"village": village},
    )()
    data = Dataset(*[(v, n, h, d.isoformat()) for v, n, h, d in content_rows[:SLICE]], headers=fields)
    began = time.perf_counter()
    with transaction.atomic():
        resource.import_data(data, dry_run=True)
        result = resource.import_data(data, dry_run=False, raise_errors=True)
    seconds = (time.perf_counter() - began) / SLICE
    assert result.totals["new"] == SLICE
    forget()
    return seconds


def queries_of(user, rows) -> int:
    """Statements of the whole path; COPY counts for none, being outside of Django's log."""
    _seconds, queries = measured(user, workbook(rows), CaptureQueriesContext(connection))
    return queries


@benchmark
def sheet_import_against_bare_rows() -> Ratio:
    """20,000 rows read, checked, previewed, checked again and written with audit, against COPY or executemany."""
    user, villages, rows = build()
    content = workbook(rows)
    before = peak()
    product = min(through_the_portal(user, content) for _round in range(3))
    after = peak()
    limit = min(bare(villages, rows) for _round in range(5))
    few, many = queries_of(user, rows[:2000]), queries_of(user, rows)
    note = f"{few} queries for 2,000 rows, {many} for 20,000; {before} MB before, {after} MB at most"
    return Ratio(limit=limit, product=product, goal=0.12, note=note)


@benchmark
def sheet_import_against_import_export() -> Ratio:
    """The same against django-import-export as it comes: a dry run, then the rows."""
    user, _villages, rows = build()
    content = workbook(rows)
    product = min(through_the_portal(user, content) for _round in range(2))
    return Ratio(limit=as_it_comes(rows) * ROWS, product=product, goal=15)


def peak() -> int:
    """The most memory that the process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
