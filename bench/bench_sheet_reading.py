"""Reading a workbook of the largest size that is taken: with all checks before it, against openpyxl's bare reading.

Both give the cells of the same file as Python values. Ours has weighed the package, looked for macros, links and
entities, measured the sheet and trimmed it before; openpyxl checks nothing.
"""

from datetime import date
from io import BytesIO

from django.conf import settings

from bench.frame import Ratio, benchmark, best_of

COLUMNS = 15
GOAL = 7  # times openpyxl's speed
ROUNDS = 3


def workbook(rows: int) -> bytes:
    """A list of people as a township keeps it: texts, dates, figures, empty cells."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([f"第{n}栏" for n in range(COLUMNS)])
    for n in range(rows):
        person = [f"第{n % 300}村", f"姓名{n}", "男", date(1970 + n % 40, 1 + n % 12, 1 + n % 28), f"4501091970{n:08d}"]
        sheet.append(
            [*person, "高中", n % 90, n * 1.5, "是", "否", "", "中共党员", f"1380000{n % 10000:04d}", n, "备注"]
        )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@benchmark
def sheet_reading() -> Ratio:
    """A workbook of IMPORT_MAX_ROWS rows and 15 columns, read with its checks; openpyxl alone."""
    from openpyxl import load_workbook

    from core.sheets.reading import read

    content = workbook(settings.IMPORT_MAX_ROWS)

    def limit() -> int:
        return sum(
            1 for row in load_workbook(BytesIO(content), data_only=True).active.iter_rows(values_only=True) if row
        )

    def product() -> int:
        return len(read("people.xlsx", content).sheets[0].rows)

    if limit() != product():
        raise AssertionError("both must give the same rows")
    return Ratio(best_of(ROUNDS, limit), best_of(ROUNDS, product), GOAL)
