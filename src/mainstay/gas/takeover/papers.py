"""The protocol of a take-over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mainstay.core.documents.actions import issue_document
from mainstay.core.home import menu
from mainstay.gas.takeover.queries import reasons_of

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.documents.models import Document
    from mainstay.gas.takeover.models import Takeover


def protocol(takeover: Takeover, *, by: User) -> Document:
    """What was taken over, to be signed by both sides; issued when it is asked for the first time."""
    return issue_document(
        kind="takeover_protocol", number=f"T{takeover.pk:04d}", subject=f"takeover.takeover:{takeover.pk}",
        template="takeover_protocol", data=protocol_data(takeover, by), unit_id=takeover.unit_id, by=by,
    )  # fmt: skip


def protocol_data(takeover: Takeover, user: Any) -> dict[str, Any]:
    """Values of the paper; amounts in fen."""
    return {
        "company": str(menu.fact("company_name", user, "") or ""), "name": takeover.name, "unit": takeover.unit.name_zh,
        "on": f"{takeover.on}", "accounts": takeover.accounts, "meters": takeover.meters, "debts": takeover.debts,
        "debt_fen": takeover.debt_fen, "advance_fen": takeover.advance_fen, "deposit_fen": takeover.deposit_fen,
        "bills": takeover.bills, "differing": takeover.differing, "difference_fen": takeover.difference_fen,
        "reasons": [[reason, n, fen] for reason, _words, n, fen in reasons_of(takeover)],
    }  # fmt: skip
