"""The six style drives that ship with the portal, as rows."""

import csv
from pathlib import Path

from cadres.models import Drive

DATA = Path(__file__).parent / "data"


def load_drives() -> None:
    """Run again, it adds what is missing and changes nothing that was edited."""
    with (DATA / "drives.csv").open(encoding="utf-8") as file:
        for position, row in enumerate(csv.DictReader(file), start=1):
            Drive.objects.get_or_create(key=row.pop("key"), defaults=row | {"position": position * 10})
