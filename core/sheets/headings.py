"""Which column a heading means: exactly, by another word for it, or nearly."""

import re
from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.sheets.columns import RECORD, Column
from core.sheets.ignored import is_ignored
from core.sheets.synonyms import NOTHING, readings, same_heading
from core.sheets.texts import compact, nearest

#: What people add to a heading: stars, numbers before it, remarks in brackets behind it.
ADDED = re.compile(
    r"^[*※★]+|^\(?[0-9一二三四五六七八九十]{1,2}[.、)]|[*※★:]+$"
    r"|\((必填|选填|必须填写|可不填|下拉选择|如.*|例.*|格式.*|填.*)\)$"
)
#: What stands before a heading and narrows nothing: 所在党支部, 是否共用.
BEFORE = re.compile(r"^(所在|所属|现任|现|本人|是否|有无|有没有|是不是)(?=.)")
BRACKETS = re.compile(r"\([^()]*\)$")
#: Endings that people change at will: 成立时间 is 成立日期, 会议类型 is 会议类别, 网格名称 is 网格.
ENDINGS = (
    (re.compile(r"(日期|时间|年月日|年月|时候)$"), "日期"),
    (re.compile(r"(类型|类别|种类|分类|性质)$"), "类别"),
    (re.compile(r"(地点|地址|位置|场所)$"), "地点"),
    (re.compile(r"(?<=.)(名称|姓名|名字|全称|(?<!姓)名|内容|情况|人数|数量|总数|数)$"), ""),
)
#: What counts things is not the column of their names: 屯数 isn't 屯名.
COUNT = re.compile(r"(数|数量|总数)$")
#: From here on a heading is taken for the column that it is most like; below, the person is asked.
LIKE_ENOUGH = 0.8
PROPOSED = 0.5
LONGEST = 60  # characters of a heading


def bare(text) -> str:
    """A heading without what people add to it; compact.

    >>> bare("*3、姓 名（必填）"), bare("出生年月：")
    ('姓名', '出生年月')
    """
    found, before = compact(text), None
    while found != before:
        before, found = found, ADDED.sub("", found) or found
    return found


def plain(text: str) -> str:
    """A bare heading with what people change at will made the same.

    >>> plain("成立时间"), plain("是否有公示牌"), plain("网格名称"), plain("时间"), plain("姓名")
    ('成立日期', '公示牌', '网格', '日期', '姓名')
    """
    text = BEFORE.sub("", BRACKETS.sub("", text) or text)
    text = text.removeprefix("有") if len(text) > 2 else text
    for ending, instead in ENDINGS:
        if ending.search(text):
            return ending.sub(instead, text)
    return text


class Matcher:
    """The headings of one register's columns. `remembered` maps headings to names of columns, "" for none."""

    def __init__(self, columns: Sequence[Column], remembered: Mapping[str, str] | None = None):
        self.columns = {column.name: column for column in columns}
        known = {bare(heading): name for heading, name in (remembered or {}).items()}
        self.remembered = {heading: name for heading, name in known.items() if not name or name in self.columns}
        self.exact: dict[str, str] = {}
        self.other: dict[str, str] = {}
        for texts in (_own_headings, _other_headings):  # no column's own heading is another's other word
            for column in columns:
                for text in texts(column):
                    self.exact.setdefault(text, column.name)
        for text, name in self.exact.items():
            for word in sorted(same_heading(text)):
                self.other.setdefault(bare(word), name)
        self.plain: dict[str, str] = {}
        doubted: set[str] = set()
        for text, name in [*self.exact.items(), *self.other.items()]:
            if self.plain.setdefault(plain(text), name) != name:
                doubted.add(plain(text))
        for text in doubted:
            del self.plain[text]

    def match(self, texts: Sequence[str]) -> dict[int, str]:
        """{position: name of the column}; a column is found once, the surest way first."""
        found: dict[int, str] = {}
        taken: set[str] = set()
        bares = [bare(text) if len(text) <= LONGEST and not is_ignored(text) else "" for text in texts]
        for way in (self.remembered.get, self.exact.get, self._by_word, self._plainly, self._nearly):
            for position, text in enumerate(bares):
                if not text or position in found or text in self.remembered and way != self.remembered.get:
                    continue
                name = way(text)
                if name and name not in taken:
                    found[position] = name
                    taken.add(name)
        return found

    def knows(self, text: str) -> bool:
        """Whether the heading is sure to be one of the register's, or was answered for."""
        text = bare(text)
        return text in self.remembered or any(way(text) for way in (self.exact.get, self._by_word, self._plainly))

    def is_ignored(self, text: str) -> bool:
        """The portal wrote it for reading, somebody has said that it is none of the register's, or it is a mere number."""
        word = bare(text)
        return is_ignored(text) or self.remembered.get(word) == "" or (word in NOTHING and word not in self.remembered)

    def propose(self, text: str, taken: set[str]) -> str:
        """The name of the column that an unknown heading might be; "" for none."""
        free = [column for name, column in self.columns.items() if name not in taken and name != RECORD]
        heading = nearest(bare(text), [column.heading for column in free], PROPOSED)
        return next((column.name for column in free if column.heading == heading), "")

    def _by_word(self, text: str) -> str | None:
        for word in (text, BRACKETS.sub("", text), BEFORE.sub("", text)):
            if name := self.other.get(word) or self.exact.get(word):
                return name
        return None

    def _plainly(self, text: str) -> str | None:
        for word in readings(text):
            name = self.plain.get(plain(word))
            if name and not (COUNT.search(word) and self.columns[name].kind not in ("whole", "decimal")):
                return name
        return None

    def _nearly(self, text: str) -> str | None:
        if len(text) < 3:
            return None
        return self.exact.get(nearest(text, self.exact, LIKE_ENOUGH))


def _own_headings(column: Column) -> list[str]:
    """As the portal writes it, in both languages."""
    return list(dict.fromkeys(map(bare, _labels(column))))


def _other_headings(column: Column) -> list[str]:
    """By what the thing itself is called (网格 above the names of grids), by the register's words, in all readings."""
    texts = [*_called(column), *column.words, column.name]
    found = [bare(text) for text in [*texts, *_labels(column)]]
    without = [BRACKETS.sub("", text) for text in found]
    return list(dict.fromkeys([*found, *without, *(way for text in found for way in readings(text))]))


def _labels(column: Column) -> list[str]:
    texts = [column.heading]
    for language in ("zh-hans", "en") if column.field is not None else ():
        with translation.override(language):
            called = _("Record no.") if column.name == RECORD else capfirst(str(column.field.verbose_name))
            texts.append(called)
    return texts


def _called(column: Column) -> list[str]:
    if column.kind == "relation":
        model = column.field.related_model
    elif column.name == "name":
        model = column.field.model
    else:
        return []
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(str(model._meta.verbose_name))
    return found
