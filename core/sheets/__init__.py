"""Registers as workbooks: rows given out as a sheet, and a filled sheet read back into rows."""

from core.sheets.cells import DANGEROUS, csv_response, safe_cell

__all__ = ["DANGEROUS", "csv_response", "safe_cell"]
