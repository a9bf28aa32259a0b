"""The paper of gas bought on a card, or bought back: values only, the layout is in typst/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.actions import issue_document
from mainstay.core.home import menu
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.payments.models import Payment
from mainstay.kit import masking
from mainstay.kit.errors import Problem
from mainstay.kit.money import capitals

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.documents.models import Document

KINDS = {CardOrder.State.VOID: "void", CardOrder.State.RETURNED: "returned"}


def order_paper(order: CardOrder, *, by: User) -> Document:
    """The paper of an order that was paid, bought back or paid and voided; issued when it is asked for the first time.

    Raises Problem while the order is a draft, and for a draft that was voided: there is nothing to prove.
    """
    if order.paid_at is None:
        raise Problem(_("This order was never paid: it has no paper."), code="not_paid")
    kind = KINDS.get(CardOrder.State(order.state), "bought")
    return issue_document(
        kind=f"card_{kind}", number=order.number, subject=f"cards.cardorder:{order.pk}", template="card_order",
        data=order_data(order, kind, by), unit_id=order.unit_id, by=by,
    )  # fmt: skip


def order_data(order: CardOrder, kind: str, user: Any) -> dict[str, Any]:
    """Values of the paper: amounts in fen, volumes in litres, prices in 1/10000 yuan."""
    account = order.account
    paid = Payment.objects.filter(account=account, payment_no=order.payment_no).first() if order.payment_no else None
    return {
        "company": str(menu.fact("company_name", user, "") or ""),
        "kind": kind,
        "account_no": account.account_no,
        "name": account.customer.shown_name,
        "address": masking.address(account.premise.address),
        "meter_no": order.installation.meter.meter_no if order.installation else "",
        "card_no": order.card_no,
        "purchase": order.purchases_before + 1,
        "volume_l": order.volume_l,
        "lines": order.lines,
        "amount_fen": order.amount_fen,
        "vat_fen": order.vat_fen,
        "capitals": capitals(order.amount_fen),
        "tender": int(paid.tender) if paid else 0,
        "year_after_l": order.year_after_l,
        "at": timezone.localtime(order.paid_at).strftime("%Y-%m-%d %H:%M"),
        "clerk": str(order.by),
        "reason": order.reason,
    }
