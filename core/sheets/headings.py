"""Which column a heading means: exactly, by another word for it, or nearly."""

import re
from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.text import capfirst

from core.sheets.columns import RECORD, Column
from core.sheets.ignored import is_ignored
from core.sheets.synonyms import NOTHING, same_heading
from core.sheets.texts import compact, nearest

#: What people add to a heading: stars, numbers before it, remarks in brackets behind it.
ADDED = re.compile(
    r"^[*※★]+|^\(?[0-9一二三四五六七八九十]{1,2}[.、)]|[*※★:]+$"
    r"|\((必填|选填|必须填写|可不填|下拉选择|如.*|例.*|格式.*|填.*)\)$"
)
#: What stands before a heading and narrows nothing: 所在党支部.
BEFORE = re.compile(r"^(所在|所属|现任|现)(?=..)")
BRACKETS = re.compile(r"\([^()]*\)$")
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


class Matcher:
    """The headings of one register's columns. `remembered` maps headings to names of columns, "" for none."""

    def __init__(self, columns: Sequence[Column], remembered: Mapping[str, str] | None = None):
        self.columns = {column.name: column for column in columns}
        known = {bare(heading): name for heading, name in (remembered or {}).items()}
        self.remembered = {heading: name for heading, name in known.items() if not name or name in self.columns}
        self.exact: dict[str, str] = {}
        self.other: dict[str, str] = {}
        for column in columns:
            for text in _own_headings(column):
                self.exact.setdefault(text, column.name)
        for text, name in self.exact.items():
            for word in sorted(same_heading(text)):
                self.other.setdefault(bare(word), name)

    def match(self, texts: Sequence[str]) -> dict[int, str]:
        """{position: name of the column}; a column is found once, the surest way first."""
        found: dict[int, str] = {}
        taken: set[str] = set()
        bares = [bare(text) if len(text) <= LONGEST and not is_ignored(text) else "" for text in texts]
        for way in (self.remembered.get, self.exact.get, self._by_word, self._nearly):
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
        return text in self.remembered or text in self.exact or self._by_word(text) is not None

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

    def _nearly(self, text: str) -> str | None:
        if len(text) < 3:
            return None
        return self.exact.get(nearest(text, self.exact, LIKE_ENOUGH))


def _own_headings(column: Column) -> list[str]:
    """As the portal writes it, in both languages, with and without its brackets; and the field's name."""
    texts = [column.heading]
    if column.field is not None and column.name != RECORD:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                texts.append(capfirst(str(column.field.verbose_name)))
    texts += [*column.words, column.name]
    found = [bare(text) for text in texts]
    return list(dict.fromkeys([*found, *(BRACKETS.sub("", text) for text in found)]))
