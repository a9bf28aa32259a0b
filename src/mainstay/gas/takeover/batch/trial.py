"""The trial run: last bills of the old system rated by our tariff, and why they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Max

from mainstay.gas.billing import rules as billing
from mainstay.gas.billing.batch import PlanBook
from mainstay.gas.readings.models import Book
from mainstay.gas.takeover.batch.staging import stage
from mainstay.gas.takeover.models import OldAccount, OldBill, Takeover
from mainstay.gas.takeover.rules import reason_of
from mainstay.gas.tariffs import rules as tariffs

_SPARSE = 500
_A_YEAR, _LONG_AGO = timedelta(days=800), date(1900, 1, 1)
STANDARD_PERSONS = 3
_LITRE_E4 = 100_000  # litres × 1/10000 yuan per m³ → fen


class Facts(NamedTuple):
    """What rating needs of an account; the day of opening is the last one."""

    plan_id: int
    cycle: str
    persons: int
    low_income_until: date | None
    heating: bool
    opened_on: date


class _Case(NamedTuple):
    """One old bill with the facts it was billed on."""

    facts: Facts
    from_on: date
    to_on: date
    volume_l: int
    before_l: int


Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial run found: rows of staging, bills that differ, net fen; `token` names the bills it is about."""

    rows: list[tuple[Any, ...]]
    differing: int
    difference_fen: int
    token: int


def token_of(takeover: Takeover) -> int:
    """Something that changes whenever other bills are staged."""
    return int(OldBill.objects.filter(takeover=takeover).aggregate(last=Max("pk"))["last"] or 0)


def rate_bills(takeover: Takeover, report: Report | None = None) -> Tried:
    """Rate every old bill anew and find the reasons of differences; writes nothing, needs no transaction."""
    token = token_of(takeover)
    rater, facts = Rater(), _facts(takeover)
    rows, differing, net = [], 0, 0
    total = OldBill.objects.filter(takeover=takeover).count()
    for done, bill in enumerate(_old_bills(takeover), 1):
        _row, account_no, _period, from_on, to_on, volume_l, before_l, amount = bill
        ours, reason = rater.compare(_Case(facts[account_no], from_on, to_on, volume_l, before_l), amount)
        difference = 0 if ours is None else ours - amount
        differing += reason != "equal"
        net += difference
        rows.append((takeover.pk, *bill, difference, abs(difference), reason, ours))
        if report and done % _SPARSE == 0:
            report(done, total)
    return Tried(rows, differing, net, token)


def keep_trial(takeover: Takeover, tried: Tried) -> None:
    """Write all rows again: one COPY is quicker than so many updates."""
    stage(OldBill, takeover, tried.rows)


def _facts(takeover: Takeover) -> dict[str, Facts]:
    cycles = dict(Book.objects.values_list("pk", "cycle"))
    rows = OldAccount.objects.filter(takeover=takeover).order_by("-row").values_list(
        "account_no", "plan_id", "book_id", "persons", "low_income_until", "heating", "opened_on"
    )  # fmt: skip
    return {
        number: Facts(plan, cycles[book], persons, low_until, heating, opened_on)
        for number, plan, book, persons, low_until, heating, opened_on in rows
    }


def _old_bills(takeover: Takeover) -> Iterator[tuple[Any, ...]]:
    rows = OldBill.objects.filter(takeover=takeover).order_by("row")
    return rows.values_list(
        "row", "account_no", "period", "from_on", "to_on", "volume_l", "year_before_l", "amount_fen"
    ).iterator()  # fmt: skip


class Rater:
    """Rates old bills; plans are read once."""

    def __init__(self) -> None:
        self.plans = PlanBook().plans
        # Plans to which it is all one since when gas is used, once that is long ago.
        self.ageless = {
            key
            for key, plan in self.plans.items()
            if all(version.year_start.kind != "account" for version in plan.versions)
        }
        self.known: dict[tuple[Any, ...], tuple[int | None, str]] = {}

    def compare(self, case: _Case, old_fen: int) -> tuple[int | None, str]:
        """(our amount or None, reason) for an old amount, all in fen.

        Homes of one book share their days and often their volume: each case is rated once, however many have it.
        """
        facts, *others = case
        alike = (*facts[:-1], self._matters(case), *others, old_fen)
        found = self.known.get(alike)
        if found is None:
            found = self.known[alike] = self._compare(case, old_fen)
        return found

    def _matters(self, case: _Case) -> date:
        """The day since when gas is used, as far as a tariff looks at it: not where it lies long before the bill."""
        since = case.facts.opened_on
        return _LONG_AGO if case.facts.plan_id in self.ageless and since <= case.to_on - _A_YEAR else since

    def _compare(self, case: _Case, old_fen: int) -> tuple[int | None, str]:
        plan = self.plans.get(case.facts.plan_id)
        ours = self._fen(plan, case)
        if ours is None or plan is None:
            return None, reason_of(old_fen, None, {})
        if ours == old_fen:
            return ours, "equal"
        return ours, reason_of(old_fen, ours, self._otherwise(plan, case))

    def _fen(self, plan: Any, case: _Case, **situation: Any) -> int | None:
        """What the tariff says, None when it says nothing."""
        try:
            return int(self._rated(plan, case, **situation).amount_fen)
        except (tariffs.TariffError, AttributeError):
            return None

    def _rated(self, plan: Any, case: _Case, **other: Any) -> Any:
        facts = case.facts
        last = tariffs.last_day(case.from_on, case.to_on)
        version = plan.version_on(last)
        anchor = tariffs.MonthDay(facts.opened_on.month, facts.opened_on.day)
        own = anchor if version.year_start.kind == "account" else None
        start, _end = tariffs.tariff_year(version, last, group=facts.cycle, anchor=own)
        low = facts.low_income_until is not None and last <= facts.low_income_until
        wanted = {"persons": facts.persons, "low_income": low, "heating": facts.heating, "contract_price_e4": None}
        situation = tariffs.Situation(
            **{**wanted, **other}, months_in_year=billing.months_of_use(start, facts.opened_on)
        )  # fmt: skip
        period = tariffs.Period(case.from_on, case.to_on, tariffs.months_between(case.from_on, case.to_on))
        return tariffs.rate(plan, period, case.volume_l, tariffs.Counters(case.before_l), situation)

    def _otherwise(self, plan: Any, case: _Case) -> dict[str, int]:
        """Our amount under each single assumption that applies."""
        facts = case.facts
        anew = case._replace(before_l=0)
        found: dict[str, int | None] = {"no_tiers": self._first_tier(plan, anew)}
        if case.before_l:
            found["counter"] = self._fen(plan, anew)
        if facts.persons != STANDARD_PERSONS:
            found["persons"] = self._fen(plan, case, persons=STANDARD_PERSONS)
        low = facts.low_income_until is not None and case.to_on <= facts.low_income_until
        found["low_income"] = self._fen(plan, case, low_income=not low)
        earlier = [one for one in plan.versions if one.effective_on < plan.version_on(case.to_on).effective_on]
        if earlier:
            found["old_price"] = self._fen(replace(plan, versions=tuple(earlier)), case)
        return {name: fen for name, fen in found.items() if fen is not None}

    def _first_tier(self, plan: Any, case: _Case) -> int | None:
        try:
            lines = self._rated(plan, case._replace(volume_l=1000)).lines
        except tariffs.TariffError:
            return None
        price = next((line.price_e4 for line in lines if line.kind == "gas" and line.price_e4), None)
        return None if price is None else (case.volume_l * price + _LITRE_E4 // 2) // _LITRE_E4
