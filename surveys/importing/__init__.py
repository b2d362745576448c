"""Answers from a workbook, one row a respondent, as survey tools such as 问卷星 export them.

`headings.py` says which column is which question; `cells.py` reads a cell as an answer; `sheets.py` reads a whole file
into rows that can be shown, kept and written. What names or traces a person (time, address, nickname) is never read.
"""

from surveys.importing.sheets import Reading, read_answers

__all__ = ["Reading", "read_answers"]
