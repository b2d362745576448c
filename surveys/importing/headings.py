"""Which column is which question.

“1、您的性别[单选题]” is a question; “3、您希望改善什么(办公环境)” is one option of a question of several choices, told by 0
and 1; “5、您的评价(办理用时)”, “5、您的评价—办理用时” is a row of a table. A key in the place of the words does as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.sheets.ignored import is_ignored
from core.sheets.reading import ABOVE
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
#: Those of them that no two answers of one survey share.
TIMES = re.compile(r"(提交(答卷)?时间|开始(答题|填写)?时间|结束时间)")
#: The heading of the column by which the portal knows a row again, in either language.
MARK = ("核对码（请勿改动）", "Check mark (leave as it is)")
#: What stands for the village among the meanings of a heading.
VILLAGE = "@village"
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
    mark: int | None = None
    dropped: list[str] = field(default_factory=list)
    traces: list[int] = field(default_factory=list)  # the positions of what is dropped
    times: list[int] = field(default_factory=list)  # those of them that are times
    unknown: dict[int, str] = field(default_factory=dict)

    def free(self, questions: Sequence[Question]) -> list[tuple[str, str]]:
        """What an unknown heading may still mean: (its name, in words)."""
        taken = {name_of(column) for column in self.columns}
        there = [("", "")] if self.village is not None else [(VILLAGE, _("Village or community"))]
        found = [pair for question in questions for pair in meanings(question) if pair[0] not in taken]
        return [pair for pair in (*there, *found) if pair[0]]

    @property
    def keys(self) -> set[str]:
        """The keys of the questions that have a column."""
        return {column.question.key for column in self.columns}


def name_of(column: Column) -> str:
    """How a column is called by keys: “service(time)”; headings of that kind are read as well."""
    part = column.option or column.row
    return f"{column.question.key}({part.key})" if part else column.question.key


def meanings(question: Question) -> Iterator[tuple[str, str]]:
    """The columns that a question may have: (name, in words)."""
    if question.kind != Kind.MATRIX:
        yield question.key, question.text
    parts = {Kind.MULTIPLE: question.options, Kind.MATRIX: question.rows}.get(question.kind)
    for part in parts.all() if parts else ():
        yield f"{question.key}({part.key})", f"{question.text}（{part.label}）"


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


def find_headings(
    rows: Sequence[Sequence], questions: Sequence[Question], said: Mapping[str, str] | None = None
) -> Headings | None:
    """The line among the first ones that names the most questions; None where none names any.

    `said`: what a person said that unknown headings mean, by heading; "" for nothing.
    """
    finder, best = Finder(questions), None
    for line, cells in enumerate(rows[:ABOVE]):
        found = _read_line(finder, line, cells, said or {})
        if found.columns and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


def _read_line(finder: Finder, line: int, cells: Sequence, said: Mapping[str, str]) -> Headings:
    found, taken = Headings(line), set()
    for index, raw in enumerate(cells):
        heading = text_of(raw)
        if not compact(raw) or is_ignored(heading):
            continue
        meant = said.get(heading)
        column = finder.find(index, meant or heading)
        if column and (name := name_of(column)) not in taken:
            taken.add(name)
            column.heading = heading
            found.columns.append(column)
        else:
            _beside(found, index, heading, meant)
    return found


def _beside(found: Headings, index: int, heading: str, meant: str | None) -> None:
    """A heading that is no question's; `meant` is what a person said of it."""
    words = bare(heading)
    if found.village is None and (meant == VILLAGE or words in VILLAGES):
        found.village = index
    elif found.township is None and words in TOWNSHIPS:
        found.township = index
    elif compact(heading) in map(compact, MARK):
        found.mark = index
    elif DROPPED.fullmatch(words):
        found.dropped.append(heading)
        found.traces.append(index)
        found.times += [index] if TIMES.fullmatch(words) else []
    elif meant is None:
        found.unknown[index] = heading
