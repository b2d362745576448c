"""Pinyin beside a Chinese name, so that `lc` and `liangcun` find 梁村."""

import os

from django.db import models

#: How names are read where a dictionary of words begins with another reading. 覃 is Guangxi's surname.
IN_NAMES = {
    "长": "chang",
    "重": "chong",
    "都": "du",
    "朝": "chao",
    "厦": "xia",
    "曾": "zeng",
    "单": "shan",
    "覃": "qin",
}


class _Table(dict):
    """Code point → its reading, for `str.translate`; asked of pypinyin once a character."""

    def __init__(self, letters: int | None):
        self.letters = letters

    def __missing__(self, point: int) -> str:
        self[point] = reading = _reading(chr(point))[: self.letters]
        return reading


def _reading(character: str) -> str:
    if character in IN_NAMES:
        return IN_NAMES[character]
    # Its dictionary of phrases takes 50 MB of every process, for phrases that names of places and people hardly hold.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    return lazy_pinyin(character)[0].strip().lower()


_INITIALS, _SYLLABLES = _Table(1), _Table(None)


def pinyin_of(text: str) -> str:
    """Initials, then the whole, in small letters. About a microsecond: a country's villages pass through here.

    >>> pinyin_of("梁村")
    'lc liangcun'
    """
    return f"{text.translate(_INITIALS)} {text.translate(_SYLLABLES)}".strip()


class PinyinField(models.CharField):
    """The pinyin of the field `source`, kept by itself at every save, in bulk too (`core.actions`)."""

    def __init__(self, *args, source: str = "name", **kwargs):
        self.source = source
        super().__init__(*args, **({"max_length": 300, "editable": False, "blank": True, "default": ""} | kwargs))

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source}

    def value_from_object(self, row):
        return self.pre_save(row, False)

    def pre_save(self, row, add):
        value = pinyin_of(getattr(row, self.source) or "")[: self.max_length]
        setattr(row, self.attname, value)
        return value
