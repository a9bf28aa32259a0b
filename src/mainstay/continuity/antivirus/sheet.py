"""The sheet of clients: what the scanner's own console exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.continuity.antivirus import actions
from mainstay.continuity.antivirus.models import Client
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.kit.sheets import Column, RowError, Sheet

if TYPE_CHECKING:
    from mainstay.core.access.models import User

COLUMNS = (
    Column("name", "终端名称", "Terminal", aliases=("主机名", "计算机名"), example="gui-01"),
    Column("signatures_on", "病毒库日期", "Signatures of", aliases=("病毒库版本日期",), kind="date", blank=True,
           example="2026-11-20"),
    Column("engine", "防病毒软件", "Scanner", aliases=("引擎",), required=False, example="ClamAV 1.4.6"),
)  # fmt: skip
LONGEST = {"name": 40, "engine": 60}


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Each terminal once."""
    known, seen = set(Client.objects.values_list("name", flat=True)), set[str]()
    checked = Checked(payload=[])
    for row in sheet.rows:
        if row.errors:
            continue
        facts = {name: str(row.values.get(name) or "") for name in LONGEST}
        if facts["name"] in seen:
            checked.errors[row.number] = [RowError("name", _("This device stands in the sheet twice."))]
        elif long := [name for name, most in LONGEST.items() if len(facts[name]) > most]:
            checked.errors[row.number] = [RowError(long[0], _("At most %(n)s characters.") % {"n": LONGEST[long[0]]})]
        else:
            seen.add(facts["name"])
            checked.new += facts["name"] not in known
            checked.already += facts["name"] in known
            checked.payload.append({**facts, "signatures_on": row.values.get("signatures_on") or None})
    return checked


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Take the reports."""
    return actions.import_clients(rows=checked.payload, by=by)


KIND = ImportKind(
    "antivirus.clients", gettext_lazy("Reports of antivirus clients"), actions.REPORT, COLUMNS, check, commit
)
