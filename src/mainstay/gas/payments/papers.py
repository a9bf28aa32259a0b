"""What receipts, shift reports and statements say: values only, the layout is in typst/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.core.documents.actions import issue_document
from mainstay.core.documents.models import Document
from mainstay.core.home import menu
from mainstay.gas.customers.models import Account
from mainstay.gas.payments import queries
from mainstay.gas.payments.actions.subjects import subject_of
from mainstay.gas.payments.models import Cheque, Payment, Shift
from mainstay.kit import masking
from mainstay.kit.money import capitals, yuan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mainstay.core.access.models import User

RECEIPT = "receipt"


def receipt_of(payment: Payment, *, by: User) -> Document:
    """The receipt of a payment, issued when it is asked for the first time. Its number is the payment's own."""
    return issue_document(
        kind=RECEIPT,
        number=payment.receipt_no or str(payment),
        subject=subject_of(payment),
        template="receipt",
        data=receipt_data(payment, by),
        unit_id=payment.unit_id,
        by=by,
    )


def receipt_data(payment: Payment, user: Any) -> dict[str, Any]:
    """Values of a receipt, in both languages where words differ."""
    tender = Payment.Tender(payment.tender)
    move = queries.deposit_move_of(payment) if payment.advance_fen else None
    return {
        "company": company(user),
        "kind": payment.kind,
        "account_no": payment.account.account_no,
        "name": payment.account.customer.shown_name,
        "address": masking.address(payment.account.premise.address),
        "bills": [{"period": row.period, "amount_fen": row.amount_fen} for row in queries.allocations_of(payment)],
        "advance_fen": payment.advance_fen,
        "deposit": move.kind if move else "",
        "cheque": _cheque(payment) if tender == Payment.Tender.CHEQUE else None,
        "amount_fen": payment.amount_fen,
        "received_fen": payment.received_fen,
        "capitals": capitals(payment.amount_fen),
        "tender": int(tender),
        "clerk": str(payment.by),
        "at": timezone.localtime(payment.at).strftime("%Y-%m-%d %H:%M"),
        "reason": payment.reason,
    }


def _cheque(payment: Payment) -> dict[str, str] | None:
    """The cheque that paid, or that was handed back."""
    no = payment.refers_no or payment.payment_no
    found = Cheque.objects.filter(account=payment.account_id, payment_no=no).first()
    return {"bank": found.bank, "number": found.number, "drawer": found.drawer} if found else None


def shift_data(shift: Shift, user: Any) -> dict[str, Any]:
    """Values of a cashier's report."""
    return {
        "company": company(user),
        "till": shift.till.code,
        "unit": str(shift.till.unit),
        "clerk": str(shift.clerk),
        "business_on": shift.business_on.isoformat(),
        "opened": timezone.localtime(shift.opened_at).strftime("%H:%M"),
        "closed": timezone.localtime(shift.closed_at).strftime("%H:%M") if shift.closed_at else "",
        "float_fen": shift.float_fen,
        "expected_fen": shift.expected_fen,
        "counted_fen": shift.counted_fen,
        "receipts": shift.last_receipt,
        "accepted_by": str(shift.accepted_by) if shift.accepted_by else "",
        "cheques": [[one.bank, one.number, one.drawer, one.amount_fen] for one in queries.cheques_of_shift(shift)],
        "forms": queries.forms_of_shift(shift),
        "sums": [
            {
                "tender": one.tender,
                "taken": one.taken,
                "taken_fen": one.taken_fen,
                "back": one.back,
                "back_fen": one.back_fen,
                "total_fen": one.total_fen,
            }
            for one in queries.shift_sums(shift)
        ],
    }


def statement_data(
    accounts: Sequence[Account], rows: Sequence[Any], span: tuple[Any, Any], closing_fen: int, user: Any
) -> dict[str, Any]:
    """Values of a statement of accounts of one customer, for the template of lists. `rows`: (account, row)."""
    several = len(accounts) > 1
    numbers = ", ".join(one.account_no for one in accounts)
    days = f"{span[0] or ''} – {span[1]}" if span[0] else str(span[1])
    heads = [_("date"), _("document"), _("billed"), _("paid"), _("balance")]
    lines = [([account.account_no] if several else []) + _statement_row(row) for account, row in rows]
    shift = 1 if several else 0
    return {
        "title": _("Statement of account"),
        "company": company(user),
        "facts": [
            [_("account number"), numbers, several],
            [_("customer"), accounts[0].customer.shown_name],
            [pgettext("statement", "days"), days],
            [_("balance on the last day"), yuan(closing_fen)],
        ],
        "heads": ([_("account number")] if several else []) + heads,
        "rows": lines,
        "right": [2 + shift, 3 + shift, 4 + shift],
        "widths": ([0] if several else []) + [0, 1, 0, 0, 0],
        "carry": not several,
    }


def _statement_row(row: Any) -> list[str]:
    amounts = (_filled(row.billed_fen), _filled(row.paid_fen), yuan(row.balance_fen))
    return [row.business_on.isoformat(), str(row.label), *amounts]


def _filled(fen: int) -> str:
    return yuan(fen) if fen else ""


def company(user: Any) -> str:
    """The company's name, as the page header shows it."""
    return str(menu.fact("company_name", user, "") or "")
