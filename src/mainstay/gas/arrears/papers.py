"""The papers of dunning as data for their printed form."""

from __future__ import annotations

from typing import Any

from mainstay.core.home import menu
from mainstay.gas.arrears.models import DunningAct, Kind
from mainstay.gas.payments.queries import due_items
from mainstay.kit.money import capitals

PAPERS = (Kind.PAPER.value, Kind.NOTICE.value, Kind.STOP.value)


def dunning_data(act: DunningAct) -> dict[str, Any]:
    """What the template dunning.typ prints; amounts in fen. The bills are those open on the day it is printed."""
    account = act.account
    return {
        "company": str(menu.fact("company_name", None, "") or ""),
        "kind": act.kind,
        "number": f"{account.account_no}-{act.pk}",
        "customer": account.customer.name,
        "account_no": account.account_no,
        "address": account.premise.address,
        "branch": {"zh": account.unit.name_zh, "en": account.unit.name_en or account.unit.name_zh},
        "on": act.on,
        "owed_fen": act.owed_fen,
        "capitals": capitals(act.owed_fen),
        "bills": [
            {"period": one.period, "due_on": one.due_on, "open_fen": one.open_fen}
            for one in due_items(account)
            if one.due_on < act.on
        ],
    }
