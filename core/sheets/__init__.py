"""Registers as workbooks: rows given out as a sheet, and a filled sheet read back into rows.

What is common, in the order in which a file goes through it:

    errors.py    Unreadable(sentence): the file; CellError(sentence, proposal, column, address, value): a cell
    columns.py   columns_of(register) -> [Column]; Column.name/heading/note/kind/required/writable, .choices(user),
                 .render(row), .read(raw, lookups); keys_of(register); related_of(register) for select_related;
                 resource_for(register): the same as a ModelResource of django-import-export
    widgets.py   one import_export Widget a kind of column; plain.py, dates.py, numbers.py, texts.py, synonyms.py below them
    lookups.py   Lookups(user, day): places.py and relations.py, read once for a whole sheet
    limits.py    check(name, content) before anything is parsed; binary.py looks into an .xls, apart.py reads .xls and .ods
                 in a process that may fail alone
    untold.py    Untold: what readers don't tell of a sheet, its errors, hidden rows, merged cells; spans.py: of an .ods,
                 faults.py: of an .xlsx, binary.py: of an .xls
    reading.py   read(name, content) -> Book; Book.sheets[i].name, .rows (raw cells), .address(row, column), .mend(cells)
    headings.py  Matcher(columns, remembered): which column a heading means, and what an unknown one may mean
    table.py     find_table(sheet, columns, remembered={heading: column name}) -> Table: .columns {name: index},
                 .unknown headings to ask about, .missing required columns, .body [(row index, cells)], .skipped
    choosing.py  best_table(book, columns, answers): the same of the sheet that fits best, .more: of all sheets of its kind
    pages.py     Pages: the sheets that are read as one; .own(number), .said(number), .key(number, address)
    titles.py    with_place(table, register, lookups): the village that a sheet's title or name says, where no column does
    parsing.py   parse(register, user, table, day) -> [Line]: .number (sheet row), .record (pk or None), .current (the
                 stored row), .row (the instance with its new values), .values {column: value}, .errors [CellError]
                 building.py makes new rows from what lines say
    matching.py  lines_of(register, user, table, day): the same of all sheets, and which record a row without a number
                 is about
    plan.py      plan(register, user, table, lines) -> Plan: each row new, changed, the same, wrong or another's
    checks.py    the database's checks judged in Python; unique.py: what may be there only once; trial.py: what the
                 register's own actions say, and write_rows(register, user, planned)
    models.py    SheetImport, its SheetRow and SheetPart, SheetHeadings (answers that are remembered)
    answers.py   what a judgement has read of the database; held.py: the plan and the table that a process worked at last
    parts.py     the rows as they stood in the file, a few hundred in a piece; ties.py: which rows bear on each other;
                 remending.py: judge_some(sheet, user, cells), the rows that mended cells bear on
    imports.py   the steps of an import: send, answer, mend, write, call_off, undo, drop; jobs.py: the long ones as jobs
    mending.py   typed_in(posted, wrong cells) -> {address: text}
    undo.py      obstacles(sheet, register, user), undo(user, sheet, register); along.py: what actions wrote along
    views.py     the pages of an import; urls.py: their addresses and those of exports

And out again:

    cells.py     safe_cell, csv_response: what a csv must not hold
    writing.py   Sheet(name, heads, rows, notes), write_xlsx(target, sheets), write_csv(target, sheet): typed, no formula
    long.py      texts that don't fit a cell: fitting(text), stands_for(raw, stored)
    ignored.py   headings that an import passes over: read_only(heading), reasons(); is_ignored(heading)
    export.py    list_rows(register, user, query), sheet_of(register, rows), download(name, kind, content)
    kept.py      exports too large to wait for: a job, a file for a day; export_views.py: its pages
    books.py     book_of(user, code): every register of a place, a sheet each
    template.py  write_template(target, register, user); write_form(target, title, places, lines) for any columns
    marked.py    marked(name, content, sheet, heading_row, errors, mended): the person's own workbook, wrong cells marked,
                 with a column of reasons

Every register declares what differs: `Register.sheet`, `sheet_key`, `sheet_months`, `sheet_words`, `sheet_choose`.
"""

from core.sheets.cells import DANGEROUS, csv_response, safe_cell

__all__ = ["DANGEROUS", "csv_response", "safe_cell"]
