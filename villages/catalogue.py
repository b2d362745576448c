"""The catalogue of required regulations and the rules of law that ship with the portal, as rows.

The regulations are those that the district's plan names; the majorities are those of the two committee laws. A figure
that nobody has read in the text of the law is marked "to be confirmed by the district".
"""

import csv
from datetime import date
from pathlib import Path

from core.fields import parse_fraction
from villages.models import LegalRule, Regulation

DATA = Path(__file__).parent / "data"


def load_catalogue() -> None:
    """Load regulations and rules of law. Run again, it adds what is missing and changes nothing that was edited."""
    for row in _rows("regulations.csv"):
        Regulation.objects.get_or_create(
            key=row["key"],
            defaults={
                "name": row["name"],
                "name_en": row["name_en"],
                "field": row["field"],
                "applies_to": row["applies_to"],
                "needs_vote": row["needs_vote"] == "1",
                "position": int(row["position"]),
                "required_from": date.fromisoformat(row["required_from"]),
                "source": row["source"],
            },
        )
    for row in _rows("legal_rules.csv"):
        LegalRule.objects.get_or_create(
            key=row["key"],
            applies_to=row["applies_to"],
            in_force_from=date.fromisoformat(row["in_force_from"]),
            place=row["place"],
            defaults={
                "value": parse_fraction(row["value"]),
                "inclusive": row["inclusive"] == "1",
                "in_force_until": date.fromisoformat(row["in_force_until"]) if row["in_force_until"] else None,
                "source": row["source"],
                "confidence": row["confidence"],
            },
        )


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
