"""Writing a workbook: 20,000 typed rows by the portal's writer against openpyxl's write-only mode, in one run."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook

from bench.frame import Ratio, benchmark, best_of

ROWS, TIMES = 20_000, 3
HEADS = ("记录号", "乡镇", "村（社区）", "名称", "户数", "设立日期", "面积", "备注")


def rows() -> list[tuple]:
    return [
        (
            str(n),
            "蒲庙镇",
            f"第{n % 74}村",
            f"坡{n}",
            n % 300,
            date(2013, 1 + n % 12, 1),
            Decimal(n) / 100,
            "备注" * (n % 9),
        )
        for n in range(ROWS)
    ]


def openpyxl_writes(values: Sequence[tuple]) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("坡")
    page.append(HEADS)
    for row in values:
        page.append(row)
    book.save(BytesIO())


@benchmark
def workbook_of_20000_rows() -> Ratio:
    """20,000 rows of eight columns into an xlsx, against openpyxl's write-only mode."""
    from core.sheets.writing import Sheet, write_xlsx

    values = rows()
    limit = best_of(TIMES, lambda: openpyxl_writes(values))
    product = best_of(TIMES, lambda: write_xlsx(BytesIO(), [Sheet("坡", HEADS, values)]))
    return Ratio(limit=limit, product=product, goal=1.4)
