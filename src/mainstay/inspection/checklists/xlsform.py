"""XLSForm workbooks: writing one, and reading one without trusting it."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from mainstay.inspection.checklists.rules import ChecklistDef
from mainstay.inspection.checklists.rules_xlsform import COLUMNS, Sheets, from_sheets, to_sheets
from mainstay.kit.errors import Problem
from mainstay.kit.sheets.files import tables_of

LIMIT_ROWS, LIMIT_BYTES = 5_000, 4_000_000
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(checklist: ChecklistDef, version: str) -> bytes:
    """A checklist as an .xlsx that form programs read."""
    import xlsxwriter

    target = BytesIO()
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for name, rows in to_sheets(checklist, version).items():
            sheet = book.add_worksheet(name)
            for column, title in enumerate(COLUMNS[name]):
                sheet.write_string(0, column, title, bold)
                sheet.set_column(column, column, 28)
                for line, row in enumerate(rows, 1):
                    if value := row.get(title, ""):
                        sheet.write_string(line, column, value)
            sheet.freeze_panes(1, 0)
    return target.getvalue()


def read_workbook(file: BinaryIO) -> ChecklistDef:
    """Read an XLSForm. Raises Problem for what is none."""
    sheets: Sheets = {}
    for table in tables_of(file, limit_rows=LIMIT_ROWS, limit_bytes=LIMIT_BYTES):
        rows = [[_text(cell) for cell in row] for row in table]
        if not rows:
            continue
        heads = rows[0]
        name = _sheet_of(heads)
        sheets.setdefault(name, []).extend(
            {head: cell for head, cell in zip(heads, row, strict=False) if head} for row in rows[1:] if any(row)
        )
    if not sheets.get("survey"):
        text = _("This is no XLSForm: a sheet “survey” with the columns “type” and “name” is missing.")
        raise Problem(text, field="file", code="no_xlsform")
    try:
        return from_sheets(sheets)
    except (ValueError, TypeError) as error:
        text = _("The form holds something that cannot be read: %(what)s")
        raise Problem(text % {"what": str(error)[:120]}, field="file", code="bad_form") from None


def _sheet_of(heads: list[str]) -> str:
    """Tell a sheet by its columns: names of sheets do not reach us."""
    if "type" in heads and "name" in heads:
        return "survey"
    if "list_name" in heads or "list name" in heads:
        return "choices"
    return "settings" if "form_id" in heads or "form_title" in heads else "other"


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() if cell is not None else ""
