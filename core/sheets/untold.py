"""What a reader of cells doesn't tell of a sheet."""

from dataclasses import dataclass, field

from core.sheets.errors import Fault


@dataclass
class Untold:
    """`faults`: cells that could not be worked out, by (row, column) from 0; `hidden`: rows that are not shown; `merged`:
    ranges of an .ods.
    """

    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
