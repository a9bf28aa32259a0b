"""The papers of dunning as data for their printed form."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from mainstay.core.documents.actions import issue_document
from mainstay.core.home import menu
from mainstay.gas.arrears.models import DunningAct, DunningStep, Kind, Promise
from mainstay.gas.billing.models import Bill
from mainstay.gas.meters.models import Installation
from mainstay.gas.payments.queries import due_items
from mainstay.kit.money import capitals

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.documents.models import Document

DAYS_TO_PAY = 7  # where no further step of the ladder says how long it waits
PAPERS = (Kind.PAPER.value, Kind.NOTICE.value, Kind.STOP.value)


def dunning_data(act: DunningAct) -> dict[str, Any]:
    """What the template dunning.typ prints; amounts in fen. The bills are those open on the day it is printed.

    `owed_fen` is what was owed when the step was taken, `open_fen` what the bills come to now.
    """
    account = act.account
    bills = [one for one in due_items(account) if one.due_on < act.on]
    open_fen = sum(one.open_fen for one in bills)
    return {
        "company": str(menu.fact("company_name", None, "") or ""),
        "kind": act.kind,
        "number": act.order_no,
        "customer": account.customer.name,
        "account_no": account.account_no,
        "address": account.premise.address,
        "branch": {"zh": account.unit.name_zh, "en": account.unit.name_en or account.unit.name_zh},
        "on": act.on,
        "pay_by": act.on + dt.timedelta(days=_days_to_pay(act)),
        "owed_fen": act.owed_fen,
        "open_fen": open_fen,
        "capitals": capitals(open_fen),
        "bills": [
            {
                "period": one.period,
                "late": one.kind == Bill.Kind.LATE_FEE,
                "due_on": one.due_on,
                "open_fen": one.open_fen,
            }
            for one in bills
        ],
        "meters": _meters(act) if act.kind == Kind.STOP else [],
    }


def _days_to_pay(act: DunningAct) -> int:
    """Days until the next step of the ladder may be taken."""
    steps = DunningStep.objects.filter(category=act.account.category, place__gt=act.place)
    return steps.values_list("wait_days", flat=True).first() or DAYS_TO_PAY


def _meters(act: DunningAct) -> list[str]:
    hung = Installation.objects.filter(account=act.account_id, until_on=None)
    return list(hung.order_by("pk").values_list("meter__meter_no", flat=True))


def promise_paper(promise: Promise, *, by: User) -> Document:
    """What was promised, to be signed by both sides; issued when it is asked for the first time. Amounts in fen."""
    account, parts = promise.account, list(promise.parts.all())
    total_fen = sum(part.fen for part in parts)
    data = {
        "company": str(menu.fact("company_name", by, "") or ""), "on": f"{promise.on}", "note": promise.note,
        "account_no": account.account_no, "customer": account.customer.name, "address": account.premise.address,
        "parts": [{"due_on": f"{part.due_on}", "fen": part.fen} for part in parts], "total_fen": total_fen,
        "capitals": capitals(total_fen),
    }  # fmt: skip
    return issue_document(
        kind="promise", number=f"P{promise.pk:07d}", subject=f"arrears.promise:{promise.pk}", template="promise",
        data=data, unit_id=account.unit_id, by=by,
    )  # fmt: skip
