"""Sheets: read what people fill in (xlsx, csv), write what they take away, hand errors back in the same sheet."""

from __future__ import annotations

from mainstay.kit.sheets.columns import Column, Kind
from mainstay.kit.sheets.reading import Row, RowError, Sheet, read_sheet
from mainstay.kit.sheets.writing import OutColumn, csv_lines, write_csv, write_errors, write_template, write_xlsx

__all__ = [
    "Column",
    "Kind",
    "OutColumn",
    "Row",
    "RowError",
    "Sheet",
    "csv_lines",
    "read_sheet",
    "write_csv",
    "write_errors",
    "write_template",
    "write_xlsx",
]
