"""Answers from a workbook, one row a respondent, as survey tools such as 问卷星 export them.

`grid.py` keeps the sheet without what names or traces a person (time, address, nickname); `headings.py` says which column
is which question; `cells.py` reads a cell as an answer; `sheets.py` reads a whole sheet into rows that can be shown and
written; `template.py` makes an empty workbook of a survey.
"""
