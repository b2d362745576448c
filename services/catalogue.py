"""What the mechanisms ship with, as rows: time limits, days of the years, service items.

All are proposals that wait for the district. Run again, it adds what is missing and changes nothing that was edited.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from core.models import TimeLimit
from services.models import CommitmentYear, MatterYear, ServiceItem

DATA = Path(__file__).parent / "data"


def load_catalogue() -> None:
    load_time_limits()
    load_matter_years()
    load_commitment_years()
    load_items()


def load_time_limits() -> None:
    for row in _rows("time_limits.csv"):
        since = date.fromisoformat(row.pop("in_force_from"))
        TimeLimit.objects.get_or_create(key=row.pop("key"), in_force_from=since, defaults=row)


def load_matter_years() -> None:
    for row in _rows("matter_years.csv"):
        MatterYear.objects.get_or_create(year=row.pop("year"), defaults=row)


def load_commitment_years() -> None:
    for row in _rows("commitment_years.csv"):
        CommitmentYear.objects.get_or_create(year=row.pop("year"), defaults=row)


def load_items() -> None:
    for row in _rows("service_items.csv"):
        since = date.fromisoformat(row.pop("in_force_from"))
        ServiceItem.objects.get_or_create(key=row.pop("key"), in_force_from=since, defaults=row)


def _rows(name: str) -> Iterator[dict]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
