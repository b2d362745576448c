"""Words that people's sheets use for the same thing. Small and declared; what is missing here is asked about once."""

import re

from core.sheets.numbers import BEHIND as UNITS
from core.sheets.texts import compact

#: A word with a bracket in it: 坡(屯), 村(居)民小组.
INSIDE = re.compile(r"^(.*?)\(([^()]{1,6})\)(.*)$")

#: Headings that mean the same: a column that is called one of a line is found by any other of it.
HEADINGS = (
    "村（社区） 村 村名 村名称 村社区 村(居) 村居 所在村 所属村 行政村 社区 村别 单位名称 村或社区 村委会 村（居）委会 村民委员会 village",
    "乡镇 镇 所属乡镇 所在乡镇 乡镇名称 乡（镇） 镇（乡） 乡镇（街道） township",
    "证件号码 身份证号 身份证号码 身份证 公民身份号码 居民身份证号码 证件号 idnumber",
    "姓名 名字 人员姓名 干部姓名 党员姓名 值班人 name",
    "出生日期 出生年月 出生年月日 出生时间 生日 出生",
    "电话 联系电话 手机 手机号 手机号码 电话号码 联系方式 phone",
    "学历 文化程度 最高学历 文化",
    "民族 族别",
    "政治面貌 面貌",
    "毕业院校、专业 毕业院校及专业 毕业学校 毕业院校",
    "职务 现任职务 担任职务 村内职务",
    "任职起 任职时间 任职日期 任现职时间",
    "离任日期 离任时间 免职时间 卸任时间",
    "入党日期 入党时间 入党年月",
    "转正日期 转正时间",
    "备注 说明 备考",
    "户数 总户数 农户数 户",
    "户籍人口 人口 总人口 人口数",
    "面积（㎡） 面积 使用面积 建筑面积 面积（平方米）",
    "现有数量 数量 件数 台数",
    "功能室 房间名称 功能室名称 室名",
    "设备 设备名称 名称及型号",
    "文号 文件号 文件字号",
    "应到人数 应到",
    "到会人数 实到人数 到会 实到",
    "赞成人数 赞成 赞成票 同意票数",
    "记录号 record 记录编号",
)

#: Columns of people's sheets that say nothing of a record: nobody is asked about them.
NOTHING = frozenset({"序号", "序", "顺序号", "编号", "次序", "行号", "no", "no."})

#: Values that mean the same as the label at the head of the line.
VALUES = (
    "男 男性 m male",
    "女 女性 f female",
    "研究生 硕士 博士 硕士研究生 博士研究生 研究生及以上",
    "本科 大学本科 大学 全日制本科 在职本科 本科及以上",
    "大专 大学专科 专科 大学专科和专科学校",
    "中专 中等专科 中技 技校 中等职业教育 职高",
    "高中 普通高中 普通高级中学教育 高中毕业",
    "初中 初级中学 初中毕业",
    "小学 小学教育 小学毕业",
    "中共党员 党员 正式党员",
    "中共预备党员 预备党员",
    "正式党员 正式 党员",
    "预备党员 预备",
    "共青团员 团员",
    "非中共党员 群众 无党派 普通公民",
    "书记 党支部书记 支部书记 支书 党总支书记 村党支部书记",
    "副书记 党支部副书记 支部副书记 副支书",
    "主任 村委会主任 村主任 居委会主任",
    "副主任 村委会副主任 村副主任 居委会副主任",
    "村（居）委会委员 村委会委员 居委会委员 村委委员 委员",
    "支部委员 党支部委员 支委",
    "行政村 村",
    "乡镇便民服务站 乡镇级 镇级 乡镇",
    "“农事村办”服务站 村级 村 农事村办",
    "坡(屯)服务点 屯级 坡级 屯 坡 自然屯",
    "支部委员会 支委会 支部委员会议",
    "党员大会 支部党员大会 支部大会",
    "来访 上门",
    "来电 电话",
    "上级任命 任命 组织任命",
    "完好 好 良好",
)


def readings(text: str) -> list[str]:
    """The ways in which a heading with a bracket or an “or” is written.

    >>> readings("坡(屯)"), readings("村(居)民小组"), readings("主持人或主讲人")
    (['坡(屯)', '坡', '坡屯', '屯'], ['村(居)民小组', '村民小组', '村居民小组', '居民小组'], ['主持人或主讲人', '主持人', '主讲人'])
    """
    found = [text]
    if cut := INSIDE.match(text):
        head, inside, tail = cut.groups()
        if inside not in UNITS:
            whole = f"{head}{inside}{tail}"
            other = f"{head[: -len(inside)]}{inside}{tail}" if len(inside) <= len(head) else ""
            found += [f"{head}{tail}", whole, other]
    elif "或" in text:
        found += text.split("或")
    return [text for text in dict.fromkeys(found) if text]


def _groups(lines: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Each word, compact, → all words that mean the same."""
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        words = frozenset(compact(word) for word in line.split(" "))
        for word in words:
            found[word] = found.get(word, frozenset()) | words
    return found


HEADING_WORDS = _groups(HEADINGS)
#: Only the head of a line is a label; the others stand for it.
VALUE_WORDS = {compact(line.split(" ")[0]): [compact(word) for word in line.split(" ")[1:]] for line in VALUES}


def same_heading(text: str) -> frozenset[str]:
    """All headings that mean what this one means, itself among them; compact."""
    return HEADING_WORDS.get(compact(text), frozenset()) | {compact(text)}
