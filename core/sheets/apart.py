"""Workbooks read by calamine; as a program, in a process of its own: bytes come in, sheets go out as JSON.

The reader lays out what a damaged .xls claims to hold, and may end the whole process for want of memory; in a damaged
.ods it may go round for ever. A process of its own has a limit, and is nobody's but the file's. It runs without Django;
dates go out as {"day": …} or {"moment": …}.
"""

import json
import sys
from datetime import date, datetime
from io import BytesIO

from python_calamine import SheetTypeEnum, SheetVisibleEnum, load_workbook

MEMORY = 1024**3  # bytes


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def told(value) -> object:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)


def sheets_of(content: bytes) -> list[dict]:
    """Name, rows of raw cells from A1 on, whether it is hidden, merged ranges; of each sheet of cells."""
    with load_workbook(BytesIO(content)) as book:
        found = []
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(meta.name)
                merged = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
                hidden = meta.visible != SheetVisibleEnum.Visible
                rows = sheet.to_python(skip_empty_area=False)
                found.append({"name": meta.name, "hidden": hidden, "merged": merged, "rows": rows})
        return found


if __name__ == "__main__":
    limit_memory()
    json.dump(sheets_of(sys.stdin.buffer.read()), sys.stdout, default=told, ensure_ascii=True)
