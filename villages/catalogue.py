"""The catalogue of required regulations and the rules of law that ship with the portal, as rows.

The regulations are those that the district's plan names; the majorities are those of the two committee laws. A figure
that nobody has read in the text of the law is marked "to be confirmed by the district".
"""

import csv
from datetime import date
from pathlib import Path

from chinese_calendar import constants as calendar

from core.fields import parse_fraction
from core.models import Holiday, TimeLimit
from villages.models import LegalRule, Regulation

DATA = Path(__file__).parent / "data"


def load_catalogue() -> None:
    """Load regulations and rules of law. Run again, it adds what is missing and changes nothing that was edited."""
    _add(Regulation, _regulations(), ("key",))
    _add(LegalRule, _rules(), ("key", "applies_to", "in_force_from", "place"))
    _add(TimeLimit, _limits(), ("key", "in_force_from"))
    load_holidays()


def _regulations() -> list[Regulation]:
    return [
        Regulation(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"],
            field=row["field"],
            applies_to=row["applies_to"],
            needs_vote=row["needs_vote"] == "1",
            position=int(row["position"]),
            required_from=date.fromisoformat(row["required_from"]),
            source=row["source"],
        )
        for row in _rows("regulations.csv")
    ]


def _rules() -> list[LegalRule]:
    return [
        LegalRule(
            key=row["key"],
            applies_to=row["applies_to"],
            in_force_from=date.fromisoformat(row["in_force_from"]),
            in_force_until=date.fromisoformat(row["in_force_until"]) if row["in_force_until"] else None,
            place=row["place"],
            value=parse_fraction(row["value"]),
            inclusive=row["inclusive"] == "1",
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in _rows("legal_rules.csv")
    ]


def _limits() -> list[TimeLimit]:
    return [
        TimeLimit(
            in_force_from=date.fromisoformat(row["in_force_from"]),
            **{key: row[key] for key in ("key", "name", "workdays", "remind_before", "source")},
        )
        for row in _rows("time_limits.csv")
    ]


def _add(model, rows: list, told_by: tuple[str, ...]) -> None:
    """Those whose name, `told_by` these fields, is not there yet."""
    there = set(model.objects.values_list(*told_by))
    model.objects.bulk_create(row for row in rows if tuple(getattr(row, name) for name in told_by) not in there)


def load_holidays() -> int:
    """Fill the holiday table with the State Council's days that `chinesecalendar` knows and the table doesn't.

    Returns how many were added. Days that the district entered or changed stay as they are.
    """
    known = set(Holiday.objects.values_list("day", flat=True))
    days = [Holiday(day=day, name=f"{name}调休上班", is_workday=True) for day, name in _named(calendar.workdays)]
    # Weekends inside a holiday are no exception to the five-day week, but a reader looks for them here.
    days += [Holiday(day=day, name=name, is_workday=False) for day, name in _named(calendar.holidays)]
    return len(Holiday.objects.bulk_create([day for day in days if day.day not in known]))


def _named(days: dict) -> list[tuple[date, str]]:
    return [(day, calendar.Holiday(name).chinese) for day, name in days.items()]


def _rows(name: str) -> list[dict]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
