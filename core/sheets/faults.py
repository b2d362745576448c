"""Cells that a spreadsheet could not work out: errors (#REF!) and formulas without a result. Readers call them empty.
Rows that it doesn't show. Both of an .xlsx.

An empty cell would be taken for nothing filled in, so each is found in the file itself and told as what it is.
"""

import re
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from core.sheets.errors import Fault
from core.sheets.limits import ADDRESS, CELL, column_number
from core.sheets.untold import Untold

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships "
ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
TEXT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
HIDDEN = re.compile(rb"<(?:\w+:)?row\b([^>]*\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*)>")
NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,7})[\"']")
MOST = 2_000  # cells told of a sheet; more say nothing new


def untold_of(content: bytes) -> dict[str, Untold]:
    """By the name of the sheet. `core.sheets.limits` has let the file pass."""
    with ZipFile(BytesIO(content)) as package:
        there = set(package.namelist())
        found = {}
        for name, path in _sheets(package):
            if path in there:
                part = package.read(path)
                found[name] = Untold(_cells(part), _hidden(part))
        return found


def _hidden(part: bytes) -> set[int]:
    rows = HIDDEN.findall(part) if b"hidden" in part else ()
    return {int(number[1]) - 1 for row in rows if (number := NUMBER.search(row))}


def _sheets(package: ZipFile) -> list[tuple[str, str]]:
    """(name, part) of each sheet."""
    targets: dict[str, str] = {}
    names: list[tuple[str, str]] = []

    def relation(tag: str, attrs: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == "Relationship":
            target = attrs.get("Target", "")
            targets[attrs.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(tag: str, attrs: dict[str, str]) -> None:
        if tag.rpartition(" ")[2] == "sheet":
            names.append((attrs.get("name", ""), attrs.get(f"{REL}id", "")))

    for path, start in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = start
        try:
            parser.Parse(package.read(path), True)
        except (expat.ExpatError, KeyError):  # the reader of cells has said already whether it can read it
            return []
    return [(name, targets.get(key, "")) for name, key in names]


def _cells(part: bytes) -> dict[tuple[int, int], Fault]:
    found: dict[tuple[int, int], Fault] = {}
    if not (ERROR.search(part) or HAS_FORMULA.search(part)):
        return found
    for attributes, inside in CELL.findall(part):
        if len(found) < MOST and (fault := _fault(attributes, inside)) and (at := ADDRESS.search(attributes)):
            found[int(at[2]) - 1, column_number(at[1].decode()) - 1] = fault
    return found


def _fault(attributes: bytes, inside: bytes) -> Fault | None:
    value = VALUE.search(inside)
    if ERROR.search(attributes):
        return Fault(value[1].decode("utf-8", "replace") if value else "#?")
    formula = FORMULA.search(inside)
    if formula and not value and not TEXT.search(attributes):
        return Fault(f"={(formula[1] or b'').decode('utf-8', 'replace')}")
    return None
