"""The time limits of the mechanisms that ship with the portal, as rows; those of proposals wait for the district."""

import csv
from datetime import date
from pathlib import Path

from core.models import TimeLimit
from services.models import MatterYear

DATA = Path(__file__).parent / "data"


def load_time_limits() -> None:
    """Run again, it adds what is missing and changes nothing that was edited."""
    with (DATA / "time_limits.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            TimeLimit.objects.get_or_create(
                key=row["key"],
                in_force_from=date.fromisoformat(row["in_force_from"]),
                defaults={key: row[key] for key in ("name", "workdays", "remind_before", "source")},
            )


def load_matter_years() -> None:
    """The days of the yearly practical matters. Run again, it adds what is missing and changes nothing."""
    with (DATA / "matter_years.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            MatterYear.objects.get_or_create(year=int(row.pop("year")), defaults=row)
