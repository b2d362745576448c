"""Makes the workbooks under tests/core/sheets_real/: lists as townships send them. All names and numbers are invented.

Run `python -m tests.core.make_real_sheets`; members.xls and rooms.ods are saved by LibreOffice (soffice), which must be
there. The files are kept, so that the tests need neither.
"""

import subprocess
import tempfile
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from cadres.identity import check_character

HERE = Path(__file__).parent / "sheets_real"


def id_number(first: str) -> str:
    return first + check_character(first)


def title(sheet: Worksheet, text: str, width: int, under: str) -> None:
    """A title over the whole width, and a line below it."""
    sheet.append([text])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font, sheet["A1"].alignment = Font(size=18, bold=True), Alignment(horizontal="center")
    sheet.append([under])
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=width)


def cadres() -> Workbook:
    """Heading of two lines, villages merged over their people, every way of writing a date, one rounded ID number."""
    book = Workbook()
    sheet = book.active
    sheet.title = "花名册"
    title(sheet, "蒲庙镇村（社区）两委干部花名册", 11, "填报单位（盖章）：蒲庙镇党建办　　　　填报时间：2013年11月20日")
    sheet.append(["序号", "村（社区）", "基本情况", None, None, None, "身份证", None, "政治", "备注", None])
    sheet.append([None, None, "姓 名", "性别", "出生年月日", "文化程度", "号码", "联系电话", "面貌", None, None])
    for cells in ("A3:A4", "B3:B4", "C3:F3", "J3:K3"):
        sheet.merge_cells(cells)
    rows = [
        [1, "张村", "陆大明", "男", "1968.3.5", "高中", id_number("45010919680305101"), 13800006001, "党员", "书记"],
        [
            2,
            None,
            "韦 秀",
            "女",
            date(1975, 7, 19),
            "大学专科",
            id_number("45010919750719102"),
            "138 0000 6002",
            "党员",
            "",
        ],
        [3, None, "黄小军", "男", "1980年12月1日", "大专", id_number("45010919801201103"), "/", "群众", ""],
        [4, "李家坡", "李　四", "男", 27030, "初中毕业", id_number("45010919740101105"), "0771-4710031", "党员", ""],
        [5, None, "周五妹", "2", "84.6.1", "本科", id_number("45010919840601104"), "13800006005", "团员", ""],
        [6, "城东居委会", "农建国", "男", "1970/10/1", "中专", 450109197010011000, "13800006006", "党员", "号码待核"],
        [7, "张坡", "覃七", "男", datetime.fromisoformat("1969-09-09"), "高中", "", "", "中共党员", ""],
        ["合计", None, "7人", None, None, None, None, None, None, None],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B5:B7")
    sheet.merge_cells("B8:B9")
    sheet.append(["填表人：梁芳", None, None, "审核人：韦明"])
    sheet["E8"].number_format = "General"
    return book


def posts() -> Workbook:
    """王村 is there in two townships; the township stands in a column of its own, merged, once it is left out."""
    book = Workbook()
    sheet = book.active
    title(sheet, "邕宁区村干部任职情况一览表", 8, "（2013年第三季度）")
    sheet.append(["所在乡镇", "村名", "姓名", "现任职务", "任职时间", "产生方式", "应到", "到会"])
    rows = [
        ["蒲庙镇", "王村", "王一", "支书", "2011.8.15", "党员大会选举", "32人", "２８"],
        [None, "张村", "陆大明", "党支部书记", "2011年8月16日", "党员大会选举", 41, 40],
        ["那楼镇", "王村", "王一", "村委会主任", "2011-9-1", "村（居）民选举", "1,204", 1100],
        ["", "王村", "王二", "村委委员", "2011-9-1", "村（居）民选举", "1,204", 1100],
        ["那楼镇", "那楼镇王村", "王三", "副主人", "2011-9", "村（居）民选举", "很多", ""],
        ["良庆镇", "域外村", "外人", "委员", "2011-9-1", "任命", "", ""],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A4:A5")
    help_ = book.create_sheet("填表说明", 0)
    help_.append(["一、本表一式两份。"])
    help_.append(["二、任职时间填写到日。"])
    return book


def members() -> Workbook:
    """Party members, in the old format: serial days, a village for reading beside the branch."""
    book = Workbook()
    sheet = book.active
    sheet.title = "党员"
    sheet.append(["党员名册"])
    sheet.append(["序号", "所属村", "姓名", "所在党支部", "入党时间", "转正时间", "党员类别"])
    sheet.append([1, 2, 3, 4, 5, 6, 7])
    sheet.append([1, "张村", "陆大明", "第一党支部", 35000, date(1996, 10, 28), "正式党员"])
    sheet.append([2, "李家坡村", "陆大明", "第一党支部", "1999.7.1", "2000.7.1", "正式"])
    sheet.append([3, "张村", "韦秀", "第1党支部", "二〇一三年六月二十八日", "", "预备"])
    sheet.merge_cells("A1:G1")
    return book


def rooms() -> Workbook:
    """Rooms, in the open format: ticks, areas with their unit, villages merged downwards."""
    book = Workbook()
    sheet = book.active
    sheet.title = "阵地"
    sheet.append(["村级组织活动场所功能室情况表"])
    sheet.append(["村社区", "功能室名称", "已有（√）", "面积", "统一标识", "与谁共用", "检查日期"])
    sheet.append(["张村", "党员活动室", "√", "35平方米", "有", "", date(2013, 10, 8)])
    sheet.append([None, "会议室", "×", "", "无", "/", ""])
    sheet.append(["李家坡村", "党员活动室", "是", "４２.５", "√", "会议室", "2013/10/9"])
    sheet.append(["李家坡村", "会义室", "有", "三十", "有", "", "2013.10"])
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A3:A4")
    return book


HAMLETS = """邕宁区自然村（坡）统计表,,,
村委会,坡名,总户数,备注
张村村委会,上坡,"1,024",
张　村,下坡,25户,
450109100901,㙟坡,18,
李家坡,𠮷坡,十八,待核
4.50109E+11,新坡,7,
,,,
总计,,1074,
"""


def save_as(book: Workbook, kind: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.xlsx"
        book.save(path)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
        subprocess.run([*command, "--outdir", str(HERE), str(path)], check=True, capture_output=True, timeout=180)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    cadres().save(HERE / "cadres.xlsx")
    posts().save(HERE / "posts.xlsx")
    save_as(members(), "xls", "members")
    save_as(rooms(), "ods", "rooms")
    (HERE / "hamlets.csv").write_bytes(HAMLETS.replace("\n", "\r\n").encode("gb18030"))


if __name__ == "__main__":
    main()
