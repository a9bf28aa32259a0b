"""Bills made again: what is appended to a chain so that it says what it would have said, had it been right at first.

Chosen periods are reversed and, where wanted, billed again with the readings and terms as they are now; the live bills
of the periods in between and after that are given corrections where their tiers move. One account's act makes its bills
here. So does a rebilling of many thousands (batch_rebilling) for the few that sets cannot say; what sets make
(batch.again) is compared with this, row by row, in the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.core.events.providers import answers
from mainstay.gas.billing import charges, rules
from mainstay.gas.billing.batch import BillDraft, Rated, Usage, rate_usage
from mainstay.gas.billing.chain import Chain, Counter, Live, hidden_run
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries_billed import billable_readings_of
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Reading
from mainstay.gas.tariffs.models import Terms
from mainstay.gas.tariffs.rules import TariffError, last_day
from mainstay.kit.errors import Problem

DUE_DAYS = 15
Kind = Bill.Kind


@dataclass(frozen=True, slots=True)
class Source:
    """What an account's bills are made of as things are now: its accepted readings by period, and its terms."""

    readings: dict[int, list[Reading]]
    terms: Sequence[Terms]

    def terms_of(self, from_on: date, to_on: date) -> Terms | None:
        """The terms of a bill from one reading to another: those that hold on its last day of use."""
        last = last_day(from_on, to_on)
        fits = (one for one in self.terms if one.from_on <= last and (one.until_on is None or one.until_on > last))
        return next(fits, None)


def source_of(account: Account, periods: Collection[int]) -> Source:
    """What some periods of one account are billed from; two statements."""
    return sources({account.pk}, min(periods), max(periods))[account.pk]


def sources(account_ids: Collection[int], first: int, last: int) -> dict[int, Source]:
    """What accounts are billed from in the periods from one to another; two statements."""
    found: dict[int, dict[int, list[Reading]]] = {account_id: {} for account_id in account_ids}
    readings = billable_readings_of(account_ids).filter(period__gte=first, period__lte=last)
    for reading in readings.order_by("account_id", "previous_on", "installation_id"):
        found[reading.account_id].setdefault(reading.period, []).append(reading)
    terms: dict[int, list[Terms]] = {account_id: [] for account_id in account_ids}
    for one in Terms.objects.filter(account__in=account_ids).order_by("account_id", "from_on"):
        terms[one.account_id].append(one)
    return {account_id: Source(found[account_id], terms[account_id]) for account_id in account_ids}


@dataclass(slots=True)
class Made:
    """What is to be appended, and what it comes to in fen.

    `old_fen`: the chosen bills with their corrections; `new_fen`: the bills made again; `other_fen`: corrections of
    other periods and charges taken back; `undone`: keys (period, seq) of the elements that hold no longer.
    """

    drafts: list[BillDraft] = field(default_factory=list)
    bills: int = 0
    old_fen: int = 0
    new_fen: int = 0
    other_fen: int = 0
    undone: list[tuple[int, int]] = field(default_factory=list)

    def add(self, drafts: Sequence[BillDraft]) -> None:
        """Further elements that are neither a reversal nor a bill made again."""
        self.drafts += drafts
        self.other_fen += sum(rules.totals(one.lines)[0] for one in drafts)


class Remaking:
    """One account's chain and what it is made again from."""

    def __init__(self, chain: Chain, source: Source, on: date, reason: str) -> None:
        self.chain, self.source, self.on, self.reason = chain, source, on, reason
        self.account = chain.account

    def walk(self, chosen: Collection[int], *, again: bool, kind: int = Kind.REBILL) -> Made:
        """Reverse the live bills of the chosen periods, bill those periods `again`, correct the others.

        `kind` is that of a bill of a period that never had one. Raises Problem (no reading, no terms, no price).
        """
        made, first, last = Made(), min(chosen), max(chosen)
        counter = self.chain.counter_before(first)
        for period in sorted({*self.chain.periods(first), *chosen}):
            if period in chosen:
                counter = self._chosen(made, period, counter, kind if again else None)
            elif (moved := self._moved(period, counter)) is not None:
                made.add([moved])
                counter = (moved.year_start_on, moved.year_after_l)
            elif period > last:
                break  # nothing changes from here on
            else:
                left = self.chain.last(period)
                counter = (left.year_start_on, left.year_after_l)
        return made

    def _chosen(self, made: Made, period: int, counter: Counter, kind: int | None) -> Counter:
        """Reverse a period and bill it again (`kind`); returns the counter after it."""
        live = self.chain.live(period)
        seq = self.chain.next_seq(period)
        moved = self._moved(period, counter) if seq and live is None and kind else None
        if (added := self.chain.taken_over_in(period)) and (last := self.chain.last(period)):
            counter = (last.year_start_on, _in_year(counter, last.year_start_on) + added)
        if live is not None:
            reversal = self._reversal(live, _in_year(counter, live.last.year_start_on))
            made.drafts.append(reversal)
            made.old_fen += live.amount_fen
            made.bills += 1
            made.undone += [(period, one) for one in live.seqs]
            counter, seq = (counter if kind else (reversal.year_start_on, reversal.year_after_l)), seq + 1
        elif moved is not None:
            made.add([moved])  # each element begins where the one before it ended
            seq += 1
        if kind is None:
            if live is not None:
                made.add(self._taken_back(live, made.drafts[-1]))
            return counter
        rated, readings, book_id = self._rated(period, counter)
        refers_seq = live.base.seq if live else (seq - 1 if seq else None)
        new = self._draft(rated, Kind.REBILL if seq else kind, (period, seq), (book_id, readings), refers_seq)
        made.drafts.append(new)
        made.new_fen += rated.amount_fen
        if live is None:
            made.bills += 1
        else:
            made.add(self._taken_back(live, new))
        return rated.year_start_on, rated.year_after_l

    def _taken_back(self, live: Live, last: BillDraft) -> list[BillDraft]:
        """What was charged or credited on the bill goes with it."""
        of_period = [one for one in self.chain.bills if one.period == last.period]
        return charges.taken_back(live.base, of_period, last)

    def _moved(self, period: int, counter: Counter) -> BillDraft | None:
        """The bill that re-tiers a period after another counter; None where it stays as it is."""
        last, live = self.chain.last(period), self.chain.live(period)
        before, added = _in_year(counter, last.year_start_on), self.chain.taken_over_in(period)
        if (live.last.year_before_l if live else last.year_after_l - added) == before:
            return None
        if live is None:  # a cancelled period, or what was taken over in one, still has to hand the right counter on
            return self._like(
                last, kind=Kind.CORRECTION, seq=last.seq + 1, refers_seq=last.refers_seq, volume_l=0,
                year_before_l=before, year_after_l=before + added, lines=(),
            )  # fmt: skip
        try:
            rated = self.chain.again(live, counter)
        except TariffError as error:
            raise as_problem(error) from error
        # Its own volume is nothing: it moves volume between tiers. Before and after are the period's new counters.
        return self._like(
            live.base, kind=Kind.CORRECTION, seq=self.chain.next_seq(period), refers_seq=live.base.seq,
            volume_l=0, year_before_l=rated.year_before_l, year_after_l=rated.year_after_l + added,
            lines=tuple(rules.difference(live.lines, rated.lines)),
        )  # fmt: skip

    def _reversal(self, live: Live, handed_on_l: int) -> BillDraft:
        return self._like(
            live.base, kind=Kind.REVERSAL, seq=self.chain.next_seq(live.base.period), refers_seq=live.base.seq,
            volume_l=-live.base.volume_l, year_before_l=live.last.year_after_l, year_after_l=handed_on_l,
            lines=tuple(rules.reversed_lines(live.lines)),
        )  # fmt: skip

    def _rated(self, period: int, counter: Counter) -> tuple[Rated, list[list[int]], int]:
        readings = self.source.readings.get(period, [])
        if not readings:
            self._refuse_prepaid(period)
            text = _("There is no accepted reading for this period. Record or accept one first.")
            raise Problem(text, field="period", code="no_reading")
        from_on, to_on = min(one.previous_on for one in readings), max(one.taken_on for one in readings)
        terms = self.source.terms_of(from_on, to_on)
        if terms is None:
            text = _("The account has no tariff plan on the reading date. Set its terms first.")
            raise Problem(text, code="no_terms")
        book_id = readings[-1].book_id
        if self.account.difference == Account.Difference.REPORTED:
            raise Problem(_("The difference of this master meter is reported only: it is not billed."), code="master")
        usage = Usage(
            terms.plan_id, from_on, to_on, self._used(readings), terms.persons, terms.low_income,
            terms.heating, terms.contract_price_e4, self.account.used_since, self.account.closed_on, counter,
            self.chain.groups[book_id],
        )  # fmt: skip
        shown = [[o.installation_id, o.seq, o.previous_index_l, o.index_l, o.volume_l] for o in readings]
        try:
            return rate_usage(self.chain.plans, usage), shown, book_id
        except TariffError as error:
            raise as_problem(error) from error

    def _refuse_prepaid(self, period: int) -> None:
        """Say so when there are readings, but of card meters only."""
        if Reading.objects.filter(account=self.account, period=period, state=Reading.State.ACCEPTED).exists():
            text = _("The gas of a card meter is paid when it is bought: there is nothing to bill for this period.")
            raise Problem(text, field="period", code="prepaid")

    def _used(self, readings: list[Reading]) -> int:
        """What is billed of the readings: all of it, for a master meter only what the sub meters do not measure."""
        used = sum(one.volume_l for one in readings)
        if self.account.difference is None:
            return used
        below = answers("volume_below", account=self.account, readings=readings)
        return used - sum(map(int, below))

    def _like(self, bill: Bill, **changed: Any) -> BillDraft:
        return BillDraft(
            account_id=bill.account_id, period=bill.period, book_id=bill.book_id, unit_id=bill.unit_id,
            plan_id=bill.version.plan_id, version_id=bill.version_id, from_on=bill.from_on, to_on=bill.to_on,
            persons=bill.persons, low_income=bill.low_income, heating=bill.heating,
            contract_price_e4=bill.contract_price_e4, year_start_on=bill.year_start_on, issued_on=self.on,
            due_on=self.on + timedelta(days=DUE_DAYS), business_on=self.on, readings=bill.readings,
            reason=self.reason, run_id=hidden_run(bill), **changed,
        )  # fmt: skip

    def _draft(
        self, rated: Rated, kind: int, key: tuple[int, int], source: tuple[int, list[list[int]]],
        refers_seq: int | None,
    ) -> BillDraft:  # fmt: skip
        (period, seq), (book_id, readings), usage = key, source, rated.usage
        return BillDraft(
            account_id=self.account.pk, period=period, seq=seq, kind=kind, book_id=book_id,
            unit_id=self.account.unit_id, plan_id=usage.plan_id, version_id=rated.version_id, from_on=usage.from_on,
            to_on=usage.to_on, volume_l=usage.volume_l, persons=usage.persons, low_income=usage.low_income,
            heating=usage.heating, contract_price_e4=usage.contract_price_e4, year_start_on=rated.year_start_on,
            year_before_l=rated.year_before_l, year_after_l=rated.year_after_l, issued_on=self.on,
            due_on=self.on + timedelta(days=DUE_DAYS), business_on=self.on, refers_seq=refers_seq,
            readings=readings, reason=self.reason, lines=rated.lines,
            run_id=hidden_run(self.chain.last(period)) if seq else None,
        )  # fmt: skip


def _in_year(counter: Counter, year_start_on: date) -> int:
    """What a counter says of a tariff year; nothing was used in a year it is not of."""
    return counter[1] if counter and counter[0] == year_start_on else 0


def as_problem(error: TariffError) -> Problem:
    """A tariff's refusal in the language of the person."""
    return Problem(error.zh if (get_language() or "zh").startswith("zh") else error.en, code=error.code)
