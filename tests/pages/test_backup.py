"""The pages of backups and restore drills."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mainstay.continuity.backup.actions import BACK_UP, DRILL, record_proof
from mainstay.continuity.backup.queries import VIEW
from mainstay.continuity.backup.rules import Finding, Kind, Outcome
from mainstay.core.access.batch import system_user
from mainstay.core.organisation.models import Unit
from tests.pages.battery import Page, battery

AT = dt.datetime(2026, 11, 20, 1, 30, tzinfo=dt.UTC)


def _proofs(_unit: Unit) -> dict[str, Any]:
    """One good copy and one drill that failed."""
    facts = (("backup", ()), ("drill", (Finding("rows", "ledger_posting"),)))
    for word, findings in facts:
        record_proof(outcome=Outcome(Kind(word), "vault", True, AT, 2.5, "x", AT, 1024, findings), by=system_user())
    return {}


TestBackup = battery(
    Page("backup:state", VIEW, by_unit=False, make=_proofs),
    Page("backup:history", VIEW, by_unit=False, make=_proofs),
    Page("backup:back_up", BACK_UP, by_unit=False),
    Page("backup:drill", DRILL, by_unit=False),
)
