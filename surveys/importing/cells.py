"""A cell as an answer. Options by their words, their key or their number; what a tool writes for “skipped” is nothing."""

import re

from django.utils.translation import gettext as _

from core.sheets.errors import CellError
from core.sheets.texts import compact, is_blank, nearest, text_of
from surveys.choices import Kind
from surveys.forms import number_of
from surveys.given import Given
from surveys.importing.headings import Column
from surveys.models import Option, Question

#: What stands for no answer beside an empty cell.
SKIPPED = {"(跳过)", "(空)", "跳过", "-2", "-3", "未答", "未填"}
#: How several choices are put into one cell.
BETWEEN = re.compile(r"[┋|;；\n]+|(?<=[^\d])[,，、](?=[^\d])")
#: “其他〖路灯〗”, “其他:路灯”: the text beside an option.
WITH_TEXT = re.compile(r"^(.+?)\s*(?:〖(.*)〗|\[(.*)\]|[:：](.*))$", re.DOTALL)
YES = {"1", "是", "√", "✓", "✔", "有", "对", "选中", "true", "yes", "y", "v"}
NO = {"0", "否", "×", "x", "无", "未选中", "false", "no", "n", ""}


def is_skipped(raw) -> bool:
    return is_blank(raw) or compact(raw) in SKIPPED


def read_question(question: Question, cells: list[tuple[Column, object]]) -> Given:
    """The answer that one row gives in the columns of one question. Raises CellError, its `column` the heading."""
    found, text, rows = [], "", []
    for column, raw in cells:
        try:
            if column.option is not None:
                found += [column.option.key] if _is_ticked(raw, column.option) else []
            elif column.row is not None:
                rows += [(column.row.key, _option(question, raw).key)] if not is_skipped(raw) else []
            else:
                given = _whole(question, raw)
                if question.kind not in (Kind.SINGLE, Kind.MULTIPLE):
                    return given
                found, text = found + list(given.options), text or given.text
        except CellError as error:
            error.column = error.column or str(column.index)
            raise
    return Given(options=tuple(dict.fromkeys(found)), text=text, rows=tuple(rows))


def _whole(question: Question, raw) -> Given:
    if is_skipped(raw):
        return Given()
    if question.kind == Kind.SINGLE:
        option, text = _option_and_text(question, raw)
        return Given(options=(option.key,), text=text)
    if question.kind == Kind.MULTIPLE:
        parts = [_option_and_text(question, part) for part in _divided(question, text_of(raw))]
        texts = [text for _o, text in parts if text]
        return Given(options=tuple(dict.fromkeys(o.key for o, _t in parts)), text=texts[0] if texts else "")
    if question.kind == Kind.TEXT:
        return Given(text=text_of(raw))
    if question.kind == Kind.MATRIX:
        raise CellError(_("A table has a column for each row: write the row's name into the heading, in brackets."))
    number = number_of(text_of(raw))
    if number is None:
        raise CellError(_("“%(what)s” is no number: write a figure, as 12.") % {"what": text_of(raw)[:40]})
    return Given(number=number)


def _divided(question: Question, text: str) -> list[str]:
    """The parts of a cell of several choices; a label that has a comma in it stays whole."""
    labels = {compact(option.label) for option in question.options.all()}
    if compact(text) in labels:
        return [text]
    first = [part for part in re.split(r"[┋|;；\n]+", text) if part.strip()]
    return [
        part
        for piece in first
        for part in ([piece] if compact(piece) in labels else BETWEEN.split(piece))
        if part.strip()
    ]


def _option_and_text(question: Question, raw) -> tuple[Option, str]:
    """Raises CellError for what is on no offer."""
    if found := _known(question, text_of(raw)):
        return found, ""
    if match := WITH_TEXT.match(text_of(raw)):
        label, text = match[1], next(part for part in match.groups()[1:] if part is not None)
        found = _known(question, label)
        if found and found.other:
            return found, text.strip()
    return _option(question, raw), ""


def _option(question: Question, raw) -> Option:
    if found := _known(question, text_of(raw)):
        return found
    labels = [option.label for option in question.options.all()]
    proposal = nearest(text_of(raw), labels)
    facts = {"what": text_of(raw)[:40], "labels": "、".join(labels[:8]), "proposal": proposal}
    if proposal:
        raise CellError(_("“%(what)s” is not on offer: is “%(proposal)s” meant?") % facts, proposal)
    raise CellError(_("“%(what)s” is not on offer: write one of %(labels)s.") % facts)


def _known(question: Question, text: str) -> Option | None:
    """By words or key; a bare number counts through the options, unless it is the words of one."""
    options = list(question.options.all())
    named = {o.key: o for o in options} | {compact(o.label): o for o in options}
    word = compact(text)
    if word in named:
        return named[word]
    if word.isascii() and word.isdecimal() and len(word) < 3 and 1 <= int(word) <= len(options):
        return options[int(word) - 1]
    return None


def _is_ticked(raw, option: Option) -> bool:
    word = compact(raw)
    if word in YES or word == compact(option.label):
        return True
    if word in NO or is_skipped(raw):
        return False
    raise CellError(_("“%(what)s” is neither 1 nor 0: write 1 where it was chosen.") % {"what": text_of(raw)[:40]})
