"""Which column is which question.

“1、您的性别[单选题]” is a question; “3、您希望改善什么(办公环境)” is one option of a question of several choices, told by 0
and 1; “5、您的评价(办理用时)”, “5、您的评价—办理用时” is a row of a table. A key in the place of the words does as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.sheets.synonyms import same_heading
from core.sheets.texts import compact, text_of
from surveys.choices import Kind
from surveys.models import MatrixRow, Option, Question

#: Columns that tools add and that say who answered, when and from where: they are not read.
DROPPED = re.compile(
    r"(序号|编号|答卷编号|答题序号|提交(答卷)?时间|开始(答题|填写)?时间|结束时间|所用时间|答题时长|用时|来源(详情|渠道)?|"
    r"来?自?ip(地址)?|来源ip(地址)?|ip|总分|得分|昵称|微信.*|用户.*|openid|姓名|手机.*|电话.*|联系.*|省份?|城市|浏览器|设备|"
    r"身份证.*|证件.*|no\.?|id|地理位置|经度|纬度)"
)
#: “12、”, “Q3.”, “第4题：” before the words.
NUMBERED = re.compile(r"^(?:q|第)?(\d{1,3})(?:题)?[、.:)]+")
#: “[单选题]”, “(多选题)”, “*” behind them.
TAGGED = re.compile(r"([\[(【](单选|多选|必答|选答|矩阵|量表|填空|单项|多项|打分|评分)[^\])】]*[\])】]|\*|\?|。|:)+$")
VILLAGES = same_heading("村") | {
    compact(word) for word in ("所在村（社区）", "您所在的村（社区）", "您所在的村", "村（居）")
}
TOWNSHIPS = same_heading("乡镇") | {compact("您所在的乡镇")}


@dataclass
class Column:
    """One column: of a whole question, of one of its options, or of one of its rows."""

    index: int
    heading: str
    question: Question
    option: Option | None = None
    row: MatrixRow | None = None


@dataclass
class Headings:
    line: int  # the row of the headings, from 0
    columns: list[Column] = field(default_factory=list)
    village: int | None = None
    township: int | None = None
    dropped: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """The keys of the questions that have a column."""
        return {column.question.key for column in self.columns}


def bare(text: str) -> str:
    """The words of a heading alone, for comparing.

    >>> bare("1、您的性别[单选题]"), bare("Q12. 您的年龄 *")
    ('您的性别', '您的年龄')
    """
    return TAGGED.sub("", NUMBERED.sub("", compact(text)))


class Finder:
    """Looks headings up among the questions of a version."""

    def __init__(self, questions: Sequence[Question]):
        self.whole = {bare(question.text): question for question in questions}
        self.whole |= {question.key: question for question in questions}
        self.questions = questions

    def find(self, index: int, raw) -> Column | None:
        heading, words = text_of(raw), bare(raw)
        if question := self.whole.get(words):
            return Column(index, heading, question)
        for question in self.questions:
            if part := self._part(words, question):
                option = part if isinstance(part, Option) else None
                return Column(index, heading, question, option, None if option else part)
        return None

    def _part(self, words: str, question: Question) -> Option | MatrixRow | None:
        """The option or row that a heading names behind the question's words."""
        parts = {Kind.MULTIPLE: question.options, Kind.MATRIX: question.rows}.get(question.kind)
        if parts is None:
            return None
        by_label = {bare(part.label): part for part in parts.all()} | {part.key: part for part in parts.all()}
        for start in (bare(question.text), question.key):
            if words.startswith(start) and len(words) > len(start):
                rest = words[len(start) :].strip("()[]【】:—–-_/|?。")
                if found := by_label.get(rest):
                    return found
        return None


def find_headings(rows: Sequence[Sequence], questions: Sequence[Question], most: int = 12) -> Headings | None:
    """The line among the first ones that names the most questions; None where none names any."""
    finder, best = Finder(questions), None
    for line, cells in enumerate(rows[:most]):
        found = _read_line(finder, line, cells)
        if found.columns and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


def _read_line(finder: Finder, line: int, cells: Sequence) -> Headings:
    found, taken = Headings(line), set()
    for index, raw in enumerate(cells):
        if not compact(raw):
            continue
        column = finder.find(index, raw)
        if column and (mark := (column.question.key, column.option, column.row)) not in taken:
            taken.add(mark)
            found.columns.append(column)
        elif bare(raw) in VILLAGES and found.village is None:
            found.village = index
        elif bare(raw) in TOWNSHIPS and found.township is None:
            found.township = index
        elif DROPPED.fullmatch(bare(raw)):
            found.dropped.append(text_of(raw))
        else:
            found.unknown.append(text_of(raw))
    return found
