"""Every write about card orders: price, pay once (or from the advance), report the write, re-read, void."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.gas.cards import posting, queries, rules
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.queries_prices import CUBIC_METRE_L, MOST_L, Prices
from mainstay.gas.cards.rules import CardState
from mainstay.gas.cards.states import ORDER
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.actions import open_shift_of
from mainstay.gas.payments.actions.money import book_reversal
from mainstay.gas.payments.actions.sales import refuse_on_hazard
from mainstay.gas.payments.batch import Desk
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.posting import check_amount
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

CAME_BETWEEN = _("Another purchase came between. Nothing was booked; read the card and price it again.")


@action(
    "gas.cards.draft_order",
    title=_("Price a card purchase"),
    unit=lambda account, **_: account.unit_id,
    subject=lambda account, **_: f"customers.account:{account.pk}",
)
def draft_order(*, account: Account, card: CardState, volume_l: int, by: User) -> CardOrder:
    """Price a purchase of gas (litres) for a card as it was read, by the account's tariff and its year's purchases.

    Raises Problem (nothing drafted): no such volume, no card, no tariff, an order of the account is paid and waits to
    be written, a serious hazard without consent.
    """
    order = _new_order(account, card, volume_l, by)
    note_change(after={"number": order.number, "volume_l": volume_l, "amount_fen": order.amount_fen})
    return order


def _new_order(account: Account, card: CardState, volume_l: int, by: User) -> CardOrder:
    if not 0 < volume_l <= MOST_L or volume_l % CUBIC_METRE_L:
        raise Problem(_("Enter whole cubic metres, at most 5,000."), field="volume", code="bad_volume")
    if not card.card_no or len(card.card_no) > rules.CARD_NO_MOST:
        raise Problem(_("Put the card into the reader and read it first."), code="no_card")
    lock("account", account.pk)
    waiting = queries.unfinished(account)
    if waiting:
        text = _("Order %(number)s is paid and not finished. Finish it first; it is not charged again.")
        raise Problem(text % {"number": waiting[0].number}, code="unfinished")
    refuse_on_hazard(account)
    rated = Prices(account).of(volume_l)
    if rated.amount_fen <= 0:
        raise Problem(_("This volume costs nothing by the tariff: there is nothing to sell."), code="no_amount")
    year = local_today().year
    return CardOrder.objects.create(
        number=f"IC{year}{next_number('card-order', year):07d}", account=account, unit_id=account.unit_id,
        installation=queries.card_meter(account), card_no=card.card_no, purchases_before=card.purchases,
        volume_l=volume_l, amount_fen=rated.amount_fen, vat_fen=sum(line.vat_fen for line in rated.lines),
        version_id=rated.version_id,
        lines=[[line.tier, line.volume_l, line.price_e4, line.amount_fen] for line in rated.lines],
        year_start_on=rated.year_start_on, year_before_l=rated.year_before_l, year_after_l=rated.year_after_l, by=by,
        at=timezone.now(),
    )  # fmt: skip


@action(
    "gas.cards.buy_from_advance",
    title=_("Buy gas on a card from the advance"),
    unit=lambda account, **_: account.unit_id,
    subject=lambda account, **_: f"customers.account:{account.pk}",
)
def buy_from_advance(*, account: Account, card: CardState, volume_l: int, by: User) -> CardOrder:
    """Sell gas (litres) on a card for money that stands in the account's advance: priced and paid in one step.

    What was left on a meter that came down comes onto the new card this way. No money changes hands; the order waits to
    be written as any paid one. Raises Problem (nothing booked) as `draft_order` does, and where the advance less what
    the account owes is not enough, or the card's place was taken.
    """
    order = _new_order(account, card, volume_l, by)
    _refuse_taken(order)
    shift = open_shift_of(by)
    posting.sell_from_advance(order, by_id=by.pk, day=shift.business_on if shift else local_today(), shift=shift)
    order.state, order.paid_at = CardOrder.State.PAID, timezone.now()
    order.save(update_fields=["state", "paid_at"])
    note_change(after={"number": order.number, "volume_l": volume_l, "amount_fen": order.amount_fen})
    return order


def _refuse_taken(order: CardOrder) -> None:
    """Raise Problem when another order was paid for this place on the card."""
    taken = CardOrder.objects.filter(card_no=order.card_no, purchases_before=order.purchases_before)
    if taken.filter(state__in=["paid", "written", "confirmed"]).exists():
        raise Problem(CAME_BETWEEN, code="came_between")


def _amount(order: CardOrder, **_facts: Any) -> int:
    return order.amount_fen


@action(
    "gas.cards.pay_order",
    title=_("Take payment of a card order"),
    unit=lambda order, **_: order.unit_id,
    amount=_amount,
)
def pay_order(*, order: CardOrder, tender: int, received_fen: int | None = None, by: User) -> CardOrder:
    """Take the money of a drafted order through the clerk's shift. Paying it again changes nothing and charges nothing.

    Raises Problem (nothing booked): no shift, too little handed over, void, another order took the card's place or the
    account's counter moved since it was priced.
    """
    lock("account", order.account_id)
    order.refresh_from_db()
    if order.state in {CardOrder.State.PAID, CardOrder.State.WRITTEN, CardOrder.State.CONFIRMED}:
        return order
    ORDER.require(order.state, CardOrder.State.PAID)
    check_amount(order.amount_fen, tender, order.number)
    shift = open_shift_of(by)
    if shift is None:
        raise Problem(_("Your shift is not open. Nothing was booked; open a shift first."), code="no_shift")
    if received_fen is not None and received_fen < order.amount_fen:
        text = _("Less was handed over than is to be paid. Nothing was booked.")
        raise Problem(text, field="received", code="too_little")
    refuse_on_hazard(order.account)
    last = queries.last_order(order.account)
    moved = last is not None and (last.year_start_on, last.year_after_l) != (order.year_start_on, order.year_before_l)
    _refuse_taken(order)
    if moved and last.paid_at > order.at:  # type: ignore[union-attr,operator]
        raise Problem(CAME_BETWEEN, code="came_between")
    order.payment_no = posting.sell(
        order, tender=tender, shift=shift, received_fen=received_fen, by_id=by.pk, day=shift.business_on
    )
    order.state, order.paid_at = CardOrder.State.PAID, timezone.now()
    order.save(update_fields=["payment_no", "state", "paid_at"])
    note_change(after={"number": order.number, "amount_fen": order.amount_fen, "payment_no": order.payment_no})
    return order


@action("gas.cards.report_write", title=_("Report a card write"), unit=lambda order, **_: order.unit_id)
def report_write(*, order: CardOrder, card: CardState, by: User) -> CardOrder:
    """Record what the reader said after writing. Reporting it again changes nothing.

    Raises Problem (the order stays paid): the card does not carry the order.
    """
    lock("account", order.account_id)
    order.refresh_from_db()
    if order.state in {CardOrder.State.WRITTEN, CardOrder.State.CONFIRMED}:
        return order
    ORDER.require(order.state, CardOrder.State.WRITTEN)
    found = rules.what_happened(order.number, order.card_no, order.purchases_before, card)
    if found != "written":
        raise Problem(_words(found), code=found)
    order.state, order.written_at = CardOrder.State.WRITTEN, timezone.now()
    order.save(update_fields=["state", "written_at"])
    note_change(after={"number": order.number, "purchases": card.purchases})
    return order


@action("gas.cards.report_read", title=_("Report a card re-read"), unit=lambda order, **_: order.unit_id)
def report_read(*, order: CardOrder, card: CardState, by: User) -> CardOrder:
    """Tell from a card read again what became of a paid order; one that carries it is confirmed.

    An order the card does not carry stays paid, ready to be written. Raises Problem for another card, and for a count
    that fits neither before nor after the write.
    """
    lock("account", order.account_id)
    order.refresh_from_db()
    if order.state == CardOrder.State.CONFIRMED:
        return order
    found = rules.what_happened(order.number, order.card_no, order.purchases_before, card)
    if found in {"other_card", "differs"} or (found == "not_written" and order.state != CardOrder.State.PAID):
        raise Problem(_words(found), code=found)
    if found == "written":
        ORDER.require(order.state, CardOrder.State.CONFIRMED)
        order.state, order.confirmed_at = CardOrder.State.CONFIRMED, timezone.now()
        order.written_at = order.written_at or order.confirmed_at
        order.save(update_fields=["state", "confirmed_at", "written_at"])
    note_change(after={"number": order.number, "written": found == "written", "purchases": card.purchases})
    return order


def _words(found: str) -> Any:
    """What the clerk does when a card does not tell what was hoped for."""
    return {
        "other_card": _("This is another card. Put in the customer's own card."),
        "not_written": _("The card does not carry this purchase. Write it again; nothing is charged again."),
        "differs": _("The card's count of purchases fits no step of this order. Call your supervisor; do not write."),
    }[found]


@action(
    "gas.cards.void_order",
    title=_("Void card order"),
    unit=lambda order, **_: order.unit_id,
    amount=_amount,
    four_eyes=lambda order, **_: "never" if order.state == "drafted" else "above_limit",
)
def void_order(*, order: CardOrder, reason: str, card: Sequence[Any] | None = None, by: User) -> CardOrder:
    """Void an order: a drafted one at once, a paid one only when its card, read just now, does not carry it.

    `card`: number, purchases and last order as read, since an act that may wait for a second person takes plain values.

    The money of a paid one goes back as it came, or into the advance it came from. Doing it again changes nothing.
    Raises Problem (nothing changed): no reason, the card carries it or was not read, cash without an open shift.
    """
    if not reason.strip():
        raise Problem(_("Say why the order is voided."), field="reason", code="no_reason")
    lock("account", order.account_id)
    order.refresh_from_db()
    if order.state == CardOrder.State.VOID:
        return order
    ORDER.require(order.state, CardOrder.State.VOID)
    if order.state == CardOrder.State.PAID:
        _give_back(order, CardState(*card) if card else None, reason.strip()[:200], by)
    order.state, order.reason = CardOrder.State.VOID, reason.strip()[:200]
    order.save(update_fields=["state", "reason"])
    note_change(after={"number": order.number, "state": "void"}, reason=reason)
    return order


def _give_back(order: CardOrder, card: CardState | None, reason: str, by: User) -> None:
    if card is None:
        raise Problem(
            _("Read the card first: only a card that does not carry the purchase is paid back."), code="no_card"
        )
    found = rules.what_happened(order.number, order.card_no, order.purchases_before, card)
    if found != "not_written":
        text = _("The card carries this purchase: nothing is paid back.") if found == "written" else _words(found)
        raise Problem(text, code=found)
    shift = open_shift_of(by)
    if order.payment_no is None:  # it was bought from the advance, and goes back there
        posting.take_back(order, by_id=by.pk, day=shift.business_on if shift else local_today(), shift=shift)
        return
    payments = Payment.objects.select_related("account")
    payment = payments.get(account_id=order.account_id, payment_no=order.payment_no)
    if payment.tender == Payment.Tender.CASH and shift is None:
        raise Problem(_("Cash is paid back from a drawer: open a shift first. Nothing was booked."), code="no_shift")
    day = shift.business_on if shift else local_today()
    posting.take_back(order, by_id=by.pk, day=day, shift=shift)
    book_reversal(payment, Desk(posting.CHANNEL, day, shift.pk if shift else None), reason, by)
