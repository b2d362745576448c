"""Giving rows out as a sheet. No cell is ever a formula."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

#: What a spreadsheet program takes for the beginning of a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value) -> str:
    """The text with one leading ' where a program would calculate it, or where one stands already: one is taken off.

    >>> safe_cell("=1+1"), safe_cell("—"), safe_cell(7), safe_cell("'7")
    ("'=1+1", '—', '7', "''7")
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith((*DANGEROUS, "'")) else text


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence]) -> HttpResponse:
    """A download for Excel and WPS: UTF-8 with its mark, every cell safe."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.csv")
    writer = csv.writer(response)
    writer.writerow([safe_cell(cell) for cell in head])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response
