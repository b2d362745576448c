"""Pinyin beside a Chinese name, so that `lc` and `liangcun` find 梁村."""

from django.db import models
from pypinyin import Style, lazy_pinyin


def pinyin_of(text: str) -> str:
    """Initials, then the whole, in small letters.

    >>> pinyin_of("梁村")
    'lc liangcun'
    """
    syllables = [part.strip().lower() for part in lazy_pinyin(text, style=Style.NORMAL)]
    letters = [part.strip().lower() for part in lazy_pinyin(text, style=Style.FIRST_LETTER)]
    return f"{''.join(letters)} {''.join(syllables)}".strip()


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
