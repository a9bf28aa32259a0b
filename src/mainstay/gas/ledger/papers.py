"""The daily voucher on paper: values only, the layout is in typst/."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mainstay.core.home import menu
from mainstay.gas.ledger.models import Voucher
from mainstay.kit.money import capitals


def voucher_data(voucher: Voucher, user: Any) -> dict[str, Any]:
    """What the template voucher.typ prints; amounts in fen."""
    lines = list(voucher.lines.select_related("ledger_account"))
    return {
        "company": str(menu.fact("company_name", user, "") or ""),
        "number": voucher.number,
        "on": voucher.business_on,
        "branch": {"zh": voucher.unit.name_zh, "en": voucher.unit.name_en or voucher.unit.name_zh},
        "postings": voucher.postings,
        "at": timezone.localtime(voucher.made_at).strftime("%Y-%m-%d %H:%M"),
        "maker": str(voucher.made_by),
        "amount_fen": voucher.amount_fen,
        "capitals": capitals(voucher.amount_fen),
        "lines": [
            {
                "summary": line.summary, "code": line.ledger_account.finance_code or str(line.ledger_account.code),
                "zh": line.ledger_account.name_zh, "en": line.ledger_account.name_en or line.ledger_account.name_zh,
                "debit_fen": line.debit_fen, "credit_fen": line.credit_fen,
            }
            for line in lines
        ],
    }  # fmt: skip
