"""Workbooks of answers as 问卷星 exports them, sent and written."""

from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core import jobs
from core.models import Job
from surveys.actions import imports
from surveys.models import Batch

DAY = date(2013, 11, 24)
#: As 问卷星 exports by text.
HEADINGS = [
    "序号",
    "提交答卷时间",
    "所用时间",
    "来源",
    "来源详情",
    "来自IP",
    "所在村（社区）",
    "1、您的性别[单选题]",
    "2、您家有几口人",
    "3、您知道谁值班吗",
    "4、不知道的原因(没看到公示)",
    "4、不知道的原因(离得远)",
    "4、不知道的原因(其他)",
    "4、不知道的原因(以上都没有)",
    "5、总体满意程度",
    "6、您对办事的评价(办理用时)",
    "6、您对办事的评价—办理态度",
    "7、您的希望",
]
KNOWS = [1, "2013/11/20 9:12:33", "85秒", "微信", "N/A", "110.72.1.9(广西-南宁)", "梁村", "女", 4, "知道"]
KNOWS += ["(跳过)", "(跳过)", "(跳过)", "(跳过)", 5, "满意", "不满意", "修路灯"]
KNOWS_NOT = [2, "2013/11/20 9:20:01", "61秒", "链接", "N/A", "110.72.1.8", "广良", "男", "(空)", "不知道"]
KNOWS_NOT += [1, 0, 0, 0, 3, "满意", "满意", "(空)"]


def workbook(rows: list[list], headings=HEADINGS, above=()) -> bytes:
    book = Workbook()
    for row in (*above, headings, *rows):
        book.active.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def changed(row: list, **cells) -> list:
    """`c8="…"`: another value in the eighth column."""
    row = list(row)
    for name, value in cells.items():
        row[int(name[1:]) - 1] = value
    return row


def upload(client, survey, content: bytes, name="答卷.xlsx", **data):
    file = SimpleUploadedFile(name, content)
    return client.post(f"/surveys/work/{survey.pk}/import/", {"file": file, "day": "2013-11-20"} | data)


def send(cast, survey, rows, who="clerk", name="答卷.xlsx", **kwargs) -> Batch:
    return imports.send(cast[who], survey, None, name, workbook(rows, **kwargs), DAY)


def numbered(rows: list[list]) -> list[list]:
    """The rows, each sent at a time of its own, as a tool writes them."""
    return [changed(row, c1=n, c2=f"2013/11/20 9:{n // 60:02}:{n % 60:02}") for n, row in enumerate(rows)]


def run(cast, batch, who="clerk", **options) -> Job:
    return jobs.run_inline(imports.start_import(cast[who], batch, wake=False, only_good=False, **options))
