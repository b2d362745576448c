"""Sheets written as dicts, and what one person reads of them."""

from datetime import date

from cadres.places import place_of
from surveys.analysis import Reading
from surveys.choices import Source
from surveys.demo.compose import Writer
from surveys.models import Option, Survey
from villages.models import Village

DAY = date(2013, 11, 12)


def write(survey: Survey, village: Village, sheets: list[dict], **facts) -> None:
    """Sheets as {key: option key | list of them | number | {row: option} | "…text"}."""
    writer = Writer(survey)
    for sheet in sheets:
        response = writer.sheet(village, facts.get("day", DAY), **_came(facts.get("by")))
        for key, said in sheet.items():
            if isinstance(said, dict):
                for row, option in said.items():
                    writer.choose(response, key, option, line=row)
            elif isinstance(said, int):
                writer.figure(response, key, said)
            elif key == "wish":
                writer.write_text(response, key, said)
            else:
                writer.choose(response, key, *([said] if isinstance(said, str) else said))
    writer.save()


def _came(by: str | None) -> dict:
    return {"source": Source.STAFF, "entered_by": by} if by else {"source": Source.LINK}


def reading(cast, username: str, survey: Survey, code: str = "", only: Option | None = None) -> Reading:
    return Reading(cast[username], survey, place_of(cast[username], code), only)


def shown(found, *key: str):
    """The cells of a line, by label."""
    (line,) = [one for one in found if one.line.key == (*key, "")[:2]]
    return {cell.label: cell for cell in line.cells}
