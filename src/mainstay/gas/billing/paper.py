"""The bill as data for its printed form."""

from __future__ import annotations

from typing import Any

from mainstay.core.home import menu
from mainstay.gas.billing.queries import BillStory
from mainstay.gas.billing.rules_words import why
from mainstay.kit.money import capitals


def bill_data(story: BillStory) -> dict[str, Any]:
    """What the template bill.typ prints; amounts in fen, volumes in litres, prices in 1/10000 yuan."""
    bill, account = story.bill, story.bill.account
    return {
        "company": str(menu.fact("company_name", None, "")),
        "number": bill.bill_no,
        "kind": str(bill.get_kind_display()),
        "account_no": account.account_no,
        "customer": account.customer.name,
        "address": account.premise.address,
        "period": bill.period,
        "from_on": bill.from_on,
        "to_on": bill.to_on,
        "days": bill.days,
        "due_on": bill.due_on,
        "issued_on": bill.issued_on,
        "persons": bill.persons,
        "low_income": bill.low_income,
        "plan": str(bill.version.plan),
        "notice": bill.version.notice,
        "version_on": bill.version.effective_on,
        "volume_l": bill.volume_l,
        "year_start_on": bill.year_start_on,
        "year_before_l": bill.year_before_l,
        "year_after_l": bill.year_after_l,
        "amount_fen": bill.amount_fen,
        "vat_fen": bill.vat_fen,
        "capitals": capitals(bill.amount_fen),
        "reason": bill.reason,
        "readings": [{key: value for key, value in one.items() if key != "estimate"} for one in story.readings],
        "bands": story.bands,
        "why": why(story),
        "lines": [
            {
                "kind": str(line.get_kind_display()), "tier": line.tier, "volume_l": line.volume_l,
                "price_e4": line.price_e4, "amount_fen": line.amount_fen, "vat_fen": line.vat_fen, "note": line.note,
            }
            for line in story.lines
        ],
        "before": None
        if story.before is None
        else {
            "period": story.before.period, "volume_l": story.before.volume_l, "amount_fen": story.before.amount_fen,
            "percent": story.change_percent,
        },
    }  # fmt: skip
