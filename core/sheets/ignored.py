"""What an import passes over without a word: headings and sheets that the portal itself has written beside the rows.

They carry their mark in either language, so that a sheet stays readable when it comes back another day.
"""

from django.utils.translation import gettext as _

from core.sheets.texts import compact

#: What ends the heading of a column that is only shown, and what heads the reasons of wrong rows.
READ_ONLY = ("（只读）", " (read only)")
REASONS = ("错误说明", "Errors found")
#: Sheets of a template that hold no rows.
SHEETS = ("填写说明", "选项", "How to fill it in", "Choices")


def read_only(heading: str) -> str:
    """The heading of a column that an export shows and an import doesn't read."""
    return _("%(heading)s (read only)") % {"heading": heading}


def reasons() -> str:
    """The heading of the column that says what is wrong with a row."""
    return _("Errors found")


def is_ignored(heading) -> bool:
    """However it was spaced.

    >>> is_ignored("年龄（只读）"), is_ignored("Errors found"), is_ignored("年龄"), is_ignored(None)
    (True, True, False, False)
    """
    text = compact(heading)
    return text.endswith(tuple(map(compact, READ_ONLY))) or text in map(compact, REASONS)


def is_own_sheet(name: str) -> bool:
    """Whether a template's own sheet of help or choices is called so."""
    return name in SHEETS
