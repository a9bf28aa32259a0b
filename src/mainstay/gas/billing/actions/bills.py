"""Acts on single bills: bill one account, cancel, rebill. Posted bills never change; others are appended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.billing import charges, rules
from mainstay.gas.billing.batch import BillDraft, PlanBook, Rated, Usage, rate_usage, write_bills
from mainstay.gas.billing.chain import BASE_KINDS, Chain, Live, group_of
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries_billed import billable_readings
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Reading
from mainstay.gas.tariffs.models import Terms
from mainstay.gas.tariffs.rules import TariffError
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

DUE_DAYS = 15
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
        self.account, self.period, self.reason = account, period, reason.strip()[:200]
        self.on = business_on or timezone.localdate()
        refuse_closed_day({account.unit_id}, self.on)
        lock("account", account.pk)
        self.plans = PlanBook()
        self.chain = Chain(account, period, self.plans)

    def bill(self, kind: int) -> Bill:
        """Bill the period from its readings."""
        if self.chain.live(self.period) is not None:
            raise Problem(_("This period is billed already. Cancel that bill first, or rebill it."), code="billed")
        seq = self.chain.next_seq(self.period)
        rated, readings, book_id = self._rated()
        refers_seq = seq - 1 if seq else None
        draft = self._draft(rated, Kind.REBILL if seq else kind, seq, (book_id, readings), refers_seq)
        return self._write([draft, *self._corrections(self._counter(rated))], draft)

    def cancel(self, bill: Bill) -> Bill:
        """Reverse the live bill of the period."""
        live = self._live(bill)
        reversal = self._reversal(live)
        counter = (live.last.year_start_on, live.last.year_before_l)
        return self._write([reversal, *self._taken_back(live, reversal), *self._corrections(counter)], reversal)

    def rebill(self, bill: Bill) -> Bill:
        """Reverse the live bill and bill the period again."""
        live = self._live(bill)
        reversal = self._reversal(live)
        rated, readings, book_id = self._rated()
        new = self._draft(rated, Kind.REBILL, reversal.seq + 1, (book_id, readings), live.base.seq)
        back = self._taken_back(live, new)
        return self._write([reversal, new, *back, *self._corrections(self._counter(rated))], new)

    def _taken_back(self, live: Live, last: BillDraft) -> list[BillDraft]:
        """What was charged or credited on the bill goes with it."""
        of_period = [one for one in self.chain.bills if one.period == self.period]
        return charges.taken_back(live.base, of_period, last)

    def _live(self, bill: Bill) -> Live:
        live = self.chain.live(self.period)
        if bill.kind not in BASE_KINDS:
            raise Problem(_("Only the bill itself can be cancelled, not a reversal or correction."), code="not_base")
        if live is None or live.base.seq != bill.seq:
            raise Problem(_("This bill was cancelled already."), code="cancelled_already")
        return live

    def _rated(self) -> tuple[Rated, list[list[int]], int]:
        readings = list(
            billable_readings(self.account).filter(period=self.period).order_by("previous_on", "installation_id")
        )  # fmt: skip
        if not readings:
            self._refuse_prepaid()
            raise Problem(
                _("There is no accepted reading for this period. Record or accept one first."), field="period"
            )
        from_on, to_on = min(one.previous_on for one in readings), max(one.taken_on for one in readings)
        terms = Terms.objects.filter(
            Q(until_on=None) | Q(until_on__gte=to_on), account=self.account, from_on__lt=to_on
        ).first()
        if terms is None:
            raise Problem(
                _("The account has no tariff plan on the reading date. Set its terms first."), code="no_terms"
            )
        book_id = readings[-1].book_id
        if self.account.difference == Account.Difference.REPORTED:
            raise Problem(_("The difference of this master meter is reported only: it is not billed."), code="master")
        usage = Usage(
            terms.plan_id, from_on, to_on, self._used(readings), terms.persons, terms.low_income,
            terms.heating, terms.contract_price_e4, self.account.used_since, self.account.closed_on,
            self.chain.counter_before(self.period), group_of(book_id),
        )  # fmt: skip
        shown = [[o.installation_id, o.seq, o.previous_index_l, o.index_l, o.volume_l] for o in readings]
        return _rate(self.plans, usage), shown, book_id

    def _refuse_prepaid(self) -> None:
        """Say so when there are readings, but of card meters only."""
        read = Reading.objects.filter(account=self.account, period=self.period, state=Reading.State.ACCEPTED)
        if read.exists():
            text = _("The gas of a card meter is paid when it is bought: there is nothing to bill for this period.")
            raise Problem(text, field="period", code="prepaid")

    def _used(self, readings: list[Reading]) -> int:
        """What is billed of the readings: all of it, for a master meter only what the sub meters do not measure."""
        used = sum(one.volume_l for one in readings)
        if self.account.difference is None:
            return used
        below = answers("volume_below", account=self.account, readings=readings)
        return used - sum(map(int, below))

    @staticmethod
    def _counter(rated: Rated) -> tuple[date, int]:
        return rated.year_start_on, rated.year_after_l

    def _corrections(self, counter: tuple[date, int]) -> list[BillDraft]:
        """Bills that re-tier the later live bills of the tariff year, given the counter now before them."""
        drafts: list[BillDraft] = []
        for period in self.chain.periods_after(self.period):
            last, live = self.chain.last(period), self.chain.live(period)
            before = counter[1] if counter[0] == last.year_start_on else 0
            added = self.chain.taken_over_in(period)
            if (live.last.year_before_l if live else last.year_after_l - added) == before:
                break  # nothing changes from here on
            if live is None:
                drafts.append(self._carried(last, before, added))
                counter = (last.year_start_on, before + added)
                continue
            try:
                rated = self.chain.again(live, counter)
            except TariffError as error:
                raise _as_problem(error) from error
            drafts.append(self._correction(live, rated))
            counter = self._counter(rated)
        return drafts

    def _carried(self, last: Bill, counter_l: int, added_l: int) -> BillDraft:
        """A cancelled period, or what was taken over in one, still has to hand the right counter on."""
        return self._like(
            last, kind=Kind.CORRECTION, seq=last.seq + 1, refers_seq=last.refers_seq, volume_l=0,
            year_before_l=counter_l, year_after_l=counter_l + added_l, lines=(),
        )  # fmt: skip

    def _reversal(self, live: Live) -> BillDraft:
        last = live.last
        return self._like(
            live.base, kind=Kind.REVERSAL, seq=self.chain.next_seq(self.period), refers_seq=live.base.seq,
            volume_l=-live.base.volume_l, year_before_l=last.year_after_l, year_after_l=last.year_before_l,
            lines=tuple(rules.reversed_lines(live.lines)),
        )  # fmt: skip

    def _correction(self, live: Live, rated: Rated) -> BillDraft:
        # Its own volume is nothing: it moves volume between tiers. Before and after are the period's new counters.
        return self._like(
            live.base, kind=Kind.CORRECTION, seq=self.chain.next_seq(live.base.period), refers_seq=live.base.seq,
            volume_l=0, year_before_l=rated.year_before_l, year_after_l=rated.year_after_l,
            lines=tuple(rules.difference(live.lines, rated.lines)),
        )  # fmt: skip

    def _like(self, bill: Bill, **changed: Any) -> BillDraft:
        return BillDraft(
            account_id=bill.account_id, period=bill.period, book_id=bill.book_id, unit_id=bill.unit_id,
            plan_id=bill.version.plan_id, version_id=bill.version_id, from_on=bill.from_on, to_on=bill.to_on,
            persons=bill.persons, low_income=bill.low_income, heating=bill.heating,
            contract_price_e4=bill.contract_price_e4, year_start_on=bill.year_start_on, issued_on=self.on,
            due_on=self.on + timedelta(days=DUE_DAYS), business_on=self.on, readings=bill.readings,
            reason=self.reason, **changed,
        )  # fmt: skip

    def _draft(
        self, rated: Rated, kind: int, seq: int, source: tuple[int, list[list[int]]], refers_seq: int | None
    ) -> BillDraft:
        book_id, readings = source
        usage = rated.usage
        return BillDraft(
            account_id=self.account.pk, period=self.period, seq=seq, kind=kind, book_id=book_id,
            unit_id=self.account.unit_id, plan_id=usage.plan_id, version_id=rated.version_id, from_on=usage.from_on,
            to_on=usage.to_on, volume_l=usage.volume_l, persons=usage.persons, low_income=usage.low_income,
            heating=usage.heating, contract_price_e4=usage.contract_price_e4, year_start_on=rated.year_start_on,
            year_before_l=rated.year_before_l, year_after_l=rated.year_after_l, issued_on=self.on,
            due_on=self.on + timedelta(days=DUE_DAYS), business_on=self.on, refers_seq=refers_seq,
            readings=readings, reason=self.reason, lines=rated.lines,
        )  # fmt: skip

    def _write(self, drafts: list[BillDraft], wanted: BillDraft) -> Bill:
        write_bills(drafts, self.plans)
        return Bill.objects.get(pk=(wanted.account_id, wanted.period, wanted.seq))


def _rate(plans: PlanBook, usage: Usage) -> Rated:
    try:
        return rate_usage(plans, usage)
    except TariffError as error:
        raise _as_problem(error) from error


def _as_problem(error: TariffError) -> Problem:
    return Problem(error.zh if (get_language() or "zh").startswith("zh") else error.en, code=error.code)
