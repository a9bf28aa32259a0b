"""Acts on single bills: bill one account, cancel, rebill. Posted bills never change; others are appended."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.gas.billing.batch import PlanBook, write_bills
from mainstay.gas.billing.batch_accruals import take_up
from mainstay.gas.billing.chain import BASE_KINDS, Chain
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.gas.billing.remake import Made, Remaking, source_of
from mainstay.gas.customers.models import Account
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

Kind = Bill.Kind


def _subject(*, bill: Bill, **_facts: Any) -> str:
    return f"billing.bill:{bill.account_id}-{bill.period}-{bill.seq}"


def _unit(*, bill: Bill, **_facts: Any) -> int:
    return bill.unit_id


def _amount(*, bill: Bill, **_facts: Any) -> int:
    return bill.amount_fen


@action("gas.billing.bill_account", title=_("Bill one account"), unit=lambda *, account, **_facts: account.unit_id)
def bill_account(
    *, account: Account, period: int, by: User, final: bool = False, business_on: date | None = None, reason: str = ""
) -> Bill:
    """Bill one account's accepted readings of a period at once (counter, final bill, after a cancellation).

    Later bills of the tariff year are corrected when the counter before them changes. Raises Problem.
    """
    with_chain = _Writer(account, period, business_on, reason)
    bill = with_chain.bill(Kind.FINAL if final else Kind.REGULAR)
    note_change(subject=_subject(bill=bill), after=_told(bill))
    return bill


@action(
    "gas.billing.cancel_bill", title=_("Cancel a bill"), unit=_unit, subject=_subject, amount=_amount,
    four_eyes="above_limit",
)  # fmt: skip
def cancel_bill(*, bill: Bill, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Append a bill that reverses this one and its corrections; later bills of the tariff year are corrected.

    What was paid becomes a credit of the account. Raises Problem when the bill does not hold (any more).
    """
    _need_reason(reason)
    writer = _Writer(bill.account, bill.period, business_on, reason)
    reversal = writer.cancel(bill)
    note_change(before=_told(bill), after=_told(reversal), reason=reason)
    return reversal


@action(
    "gas.billing.rebill", title=_("Cancel and rebill"), unit=_unit, subject=_subject, amount=_amount,
    four_eyes="above_limit",
)  # fmt: skip
def rebill(*, bill: Bill, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Cancel a bill and bill the period again with the readings and terms as they are now; returns the new bill.

    With unchanged inputs the two new bills net to zero and no later bill is corrected.
    """
    _need_reason(reason)
    writer = _Writer(bill.account, bill.period, business_on, reason)
    made = writer.rebill(bill)
    note_change(before=_told(bill), after=_told(made), reason=reason)
    return made


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Problem(_("Give the reason; it stays with the bill."), field="reason")


def _told(bill: Bill) -> dict[str, Any]:
    return {
        "period": bill.period, "seq": bill.seq, "volume_l": bill.volume_l, "amount_fen": bill.amount_fen,
        "year_after_l": bill.year_after_l,
    }  # fmt: skip


class _Writer:
    """One act on the chain of one account, which it holds locked."""

    def __init__(self, account: Account, period: int, business_on: date | None, reason: str) -> None:
        on = business_on or timezone.localdate()
        refuse_closed_day({account.unit_id}, on)
        lock("account", account.pk)
        take_up([account.pk], on)
        self.period, self.plans = period, PlanBook()
        self.chain = Chain(account, period, self.plans)
        self.remaking = Remaking(self.chain, source_of(account, {period}), on, reason.strip()[:200])

    def bill(self, kind: int) -> Bill:
        """Bill the period from its readings."""
        if self.chain.live(self.period) is not None:
            raise Problem(_("This period is billed already. Cancel that bill first, or rebill it."), code="billed")
        return self._write(self.remaking.walk({self.period}, again=True, kind=kind), 0)

    def cancel(self, bill: Bill) -> Bill:
        """Reverse the live bill of the period."""
        self._check(bill)
        return self._write(self.remaking.walk({self.period}, again=False), 0)

    def rebill(self, bill: Bill) -> Bill:
        """Reverse the live bill and bill the period again."""
        self._check(bill)
        return self._write(self.remaking.walk({self.period}, again=True), 1)

    def _check(self, bill: Bill) -> None:
        live = self.chain.live(self.period)
        if bill.kind not in BASE_KINDS:
            raise Problem(_("Only the bill itself can be cancelled, not a reversal or correction."), code="not_base")
        if live is None or live.base.seq != bill.seq:
            raise Problem(_("This bill was cancelled already."), code="cancelled_already")

    def _write(self, made: Made, wanted: int) -> Bill:
        write_bills(made.drafts, self.plans)
        draft = made.drafts[wanted]
        return Bill.objects.get(pk=(draft.account_id, draft.period, draft.seq))
