"""Sheets on their way in: checked, then committed as a whole, or discarded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse, rights
from mainstay.core.evidence.actions import open_file, store_file
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind, import_kind
from mainstay.kit.collector import collector_at_rest
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Row, Sheet, kept, read_sheet
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

PREVIEW_ROWS = 50
GOOD_ROWS = 20


@action("core.sheets.check_sheet", title=_("Check a sheet for import"), everyone=True)
def check_sheet(*, kind: str, file: BinaryIO, name: str, options: Mapping[str, Any], by: User) -> SheetImport:
    """Keep the file, read it, look at every row, and write nothing else.

    Raises Problem when the virus scanner does not clear the file, or when it is not such a sheet at all; faults of
    single rows are counted and shown.
    """
    spec = import_kind(kind)
    if not rights.allowed(by, spec.right):
        refuse(_("You have no right to import this kind of sheet."))
    # The scanner comes first: no reader of ours opens a workbook that it has not cleared.
    attachment = store_file(file=file, name=name, subject=f"sheets.kind:{kind}", by=by)
    with collector_at_rest():
        sheet = _read(spec, file)
        as_read = kept.fresh(sheet)
        checked = spec.check(sheet, options, by, False)
    kept.keep(attachment.file.digest, kind, as_read, checked if checked.basis is not None else None)
    bad = _bad_rows(sheet, checked)
    found = SheetImport.objects.create(
        kind=kind,
        source=attachment,
        options=dict(options),
        rows=len(sheet),
        bad_rows=len(bad),
        new_rows=checked.new,
        preview=_preview(sheet, checked, bad),
        unit_id=home_unit(by, spec.right),
        by=by,
        checked_at=timezone.now(),
    )
    note_change(subject=f"sheets.sheetimport:{found.pk}", after={"rows": found.rows, "bad": found.bad_rows})
    return found


@action(
    "core.sheets.commit_sheet",
    title=_("Import a checked sheet"),
    subject=lambda sheet_import, **_f: f"sheets.sheetimport:{sheet_import.pk}",
    everyone=True,
)
def commit_sheet(*, sheet_import: SheetImport, skip_bad: bool = False, by: User) -> SheetImport:
    """Import the whole sheet in one transaction; committing it again changes nothing.

    It is checked again, because the data may have changed since; its rows are those of the check while they are at
    hand, else they are read again from the kept file. Raises Problem when rows have errors, unless `skip_bad` says that
    those are to be left out.
    """
    lock("sheets.import", sheet_import.pk)
    sheet_import.refresh_from_db()
    if sheet_import.state == SheetImport.State.COMMITTED:
        return sheet_import
    if sheet_import.state != SheetImport.State.CHECKED:
        raise Problem(_("This sheet was discarded. Upload it again."), code="discarded")
    spec = import_kind(sheet_import.kind)
    if not rights.reaching(by, spec.right, unit_id=sheet_import.unit_id, owner_id=sheet_import.by_id):
        refuse(_("You have no right to import this kind of sheet."))
    with collector_at_rest():
        sheet, checked = read_again(sheet_import, by, final=True)
        bad = _bad_rows(sheet, checked)
        if bad and not skip_bad:
            text = _("%(count)s rows have errors. Correct them in the sheet and upload it again, or leave them out.")
            raise Problem(text % {"count": len(bad)}, code="bad_rows")
        new = spec.commit(sheet_import=sheet_import, sheet=sheet, checked=checked, by=by)
    sheet_import.state = SheetImport.State.COMMITTED
    sheet_import.new_rows, sheet_import.bad_rows = new, len(bad)
    sheet_import.committed_at = timezone.now()
    sheet_import.save(update_fields=["state", "new_rows", "bad_rows", "committed_at"])
    note_change(after={"new": new, "left_out": len(bad)})
    return sheet_import


@action(
    "core.sheets.discard_sheet",
    title=_("Discard a checked sheet"),
    subject=lambda sheet_import, **_f: f"sheets.sheetimport:{sheet_import.pk}",
    everyone=True,
)
def discard_sheet(*, sheet_import: SheetImport, by: User) -> SheetImport:
    """Put a checked sheet aside; the file stays as evidence."""
    spec = import_kind(sheet_import.kind)
    if not rights.reaching(by, spec.right, unit_id=sheet_import.unit_id, owner_id=sheet_import.by_id):
        refuse(_("You have no right to import this kind of sheet."))
    if sheet_import.state != SheetImport.State.CHECKED:
        raise Problem(_("Only a sheet that waits for import can be discarded."), code="wrong_state")
    sheet_import.state = SheetImport.State.DISCARDED
    sheet_import.save(update_fields=["state"])
    return sheet_import


def read_again(sheet_import: SheetImport, user: User, *, final: bool = False) -> tuple[Sheet, Checked]:
    """Check an import again, reading its kept file where need be; `final` inside the transaction that commits it."""
    spec, options = import_kind(sheet_import.kind), sheet_import.options
    file = sheet_import.source.file
    with open_file(file) as content:
        sheet, before = (kept.take(file.digest, spec.kind) if final else None) or (_read(spec, content), None)
    if before is not None and spec.basis is not None and spec.basis(sheet, options, user) == before.basis:
        return sheet, before
    return sheet, spec.check(sheet, options, user, final)


def home_unit(user: User, right: str) -> int | None:
    """The unit from which the user has a right; None when it reaches the whole company."""
    ways = rights.rights_of(user).get(right, ())
    if not ways or any(one.scope == "all" for one in ways):
        return None
    return ways[0].unit_id


def _read(spec: ImportKind, file: BinaryIO) -> Sheet:
    file.seek(0)
    return read_sheet(file, columns=spec.columns, limit_rows=spec.limit_rows, limit_bytes=settings.UPLOAD_LIMIT)


def _bad_rows(sheet: Sheet, checked: Checked) -> list[Row]:
    wrong = sheet.faults.keys() | checked.errors.keys()
    return sheet.some(place for place, number in enumerate(sheet.numbers) if number in wrong) if wrong else []


def _preview(sheet: Sheet, checked: Checked, bad: list[Row]) -> dict[str, Any]:
    """The first rows with errors and the first good ones, as shown on the page."""
    wrong = [row.number for row in bad[:PREVIEW_ROWS]]
    all_wrong = {row.number for row in bad}
    good = [number for number in sheet.numbers[: len(bad) + GOOD_ROWS] if number not in all_wrong][:GOOD_ROWS]
    remarked = [number for number in sorted(checked.remarks) if number not in all_wrong][:PREVIEW_ROWS]
    titles = {column.key: column.title for column in sheet.columns}
    lines = []
    for number in [*wrong, *sorted({*remarked, *good})]:
        cells = sheet.cells(number)
        found = [*sheet.faults.get(number, ()), *checked.errors.get(number, ())]
        lines.append(
            {
                "number": number,
                "cells": [_shown(cells, position) for position in sheet.positions.values()],
                "errors": [" ".join(filter(None, [str(titles.get(e.column, "")), str(e.message)])) for e in found],
                "remark": str(checked.remarks.get(number, "")),
            }
        )
    return {
        "titles": [str(titles[key]) for key in sheet.positions], "lines": lines, "already": checked.already,
        "skipped": checked.skipped,
    }  # fmt: skip


def _shown(cells: Any, position: int) -> str:
    cell = cells[position] if position < len(cells) else None
    if isinstance(cell, float) and cell == int(cell):
        cell = int(cell)
    return "" if cell is None else str(cell)[:60]
