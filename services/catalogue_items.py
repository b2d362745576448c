"""The catalogue of service items and the days of the yearly commitments that ship with the portal, as rows.

All are proposals that wait for the district.
"""

import csv
from datetime import date

from services.catalogue import DATA, load_time_limits
from services.models import CommitmentYear, ServiceItem


def load_items() -> None:
    """Run again, it adds what is missing and changes nothing that was edited."""
    load_time_limits()
    for row in _rows("service_items.csv"):
        since = date.fromisoformat(row.pop("in_force_from"))
        ServiceItem.objects.get_or_create(key=row.pop("key"), in_force_from=since, defaults=row)


def load_commitment_years() -> None:
    """As `load_items`."""
    for row in _rows("commitment_years.csv"):
        CommitmentYear.objects.get_or_create(year=row.pop("year"), defaults=row)


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
