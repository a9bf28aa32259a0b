"""Reads of billing: how far a run is, what a bill is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.gas.billing import rules
from mainstay.gas.billing.chain import BASE_KINDS
from mainstay.gas.billing.charges import CHARGES, net_of
from mainstay.gas.billing.models import (
    Bill,
    BillingRun,
    ChargeLine,
    OpenItem,
    Rebilling,
    RebillingRow,
    RunChunk,
    RunException,
)
from mainstay.gas.billing.rights import VIEW_BILL, VIEW_RUN
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Reading


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: accounts billed of those planned, books done of all."""

    done: int
    total: int
    books_done: int
    books: int


def run_progress(run: BillingRun) -> RunProgress:
    """Count a run's finished chunks (some thousand narrow rows, whatever the number of accounts)."""
    sums = RunChunk.objects.filter(run=run).aggregate(
        done=Sum("bills", default=0), total=Sum("planned", default=0),
        books=Count("id"), books_done=Count("id", filter=Q(done_at__isnull=False)),
    )  # fmt: skip
    finished = sums["books_done"] == sums["books"]
    return RunProgress(
        sums["done"], sums["done"] if finished else max(sums["total"], sums["done"]), sums["books_done"], sums["books"]
    )


def run_state(run: BillingRun) -> str:
    """The run's state now."""
    return str(BillingRun.objects.values_list("state", flat=True).get(pk=run.pk))


def runs_visible_to(user: User) -> QuerySet[BillingRun]:
    """Runs of units the user may see."""
    ids = rights.unit_ids(user, VIEW_RUN)
    rows = BillingRun.objects.select_related("unit", "by__person")
    return rows if ids is None else rows.filter(unit__in=ids)


def bills_visible_to(user: User) -> QuerySet[Bill]:
    """Bills of units the user may see."""
    ids = rights.unit_ids(user, VIEW_BILL)
    return Bill.objects.all() if ids is None else Bill.objects.filter(unit__in=ids)


def bills_for_list(user: User) -> QuerySet[Bill]:
    """Bills the user may see, in an order that an index gives whatever the number of his units."""
    ids = rights.unit_ids(user, VIEW_BILL)
    rows = Bill.objects.select_related("account__customer")
    if ids is None:
        return rows.order_by("-account_id", "-period", "-seq")
    return of_units(rows, list(ids))


def of_units(rows: QuerySet[Bill], ids: list[int]) -> QuerySet[Bill]:
    """Bills of some units, through the accounts: bills are found by account, and accounts by unit."""
    branch = [] if len(ids) == 1 else ["-account__unit"]
    rows = rows.filter(unit__in=ids, account__unit__in=ids)
    return rows.order_by(*branch, "-account__account_no", "-period", "-seq")


def has_run(user: User, period: int) -> bool:
    """Tell whether a run of a period may have billed accounts of the user's units."""
    runs = list(BillingRun.objects.filter(period=period).values_list("pk", flat=True))
    ids = rights.unit_ids(user, VIEW_BILL)
    if not runs or ids is None:
        return bool(runs)
    chunks = RunChunk.objects.filter(run__in=runs)
    return chunks.filter(book__unit__in=ids).exists() or not chunks.exists()


def reasons_of(run: BillingRun) -> list[tuple[str, str, int]]:
    """Why accounts are left out: (reason, its words, how many still), most first."""
    words = dict(RunException.Reason.choices)
    rows = RunException.objects.filter(run=run, solved_at=None).values("reason").annotate(count=Count("id"))
    return [(row["reason"], str(words[row["reason"]]), row["count"]) for row in rows.order_by("-count")]


@dataclass(frozen=True, slots=True)
class BillStory:
    """Everything that explains a bill; units as in the models."""

    bill: Bill
    lines: list[ChargeLine]
    readings: list[dict[str, Any]]
    bands: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    before: Bill | None
    change_percent: int | None
    open_fen: int
    others: list[Bill]


def story_of(bill: Bill) -> BillStory:
    """Read what a bill is made of, in a constant number of statements."""
    lines = list(
        ChargeLine.objects.filter(account=bill.account_id, period=bill.period, seq=bill.seq).order_by("line")
    )  # fmt: skip
    before = (
        Bill.objects.filter(account=bill.account_id, period__lt=bill.period, kind__in=BASE_KINDS)
        .order_by("-period", "-seq").first()
    )  # fmt: skip
    others = list(
        Bill.objects.filter(account=bill.account_id, period=bill.period).exclude(seq=bill.seq).order_by("seq")
    )  # fmt: skip
    item = OpenItem.objects.filter(account=bill.account_id, period=bill.period, seq=bill.seq).first()
    bands, facts = ([], []) if bill.kind in CHARGES else _tariff_of(bill)  # no gas in it, no tier
    compared = bill.kind in BASE_KINDS  # an adjustment or a reversal has nothing to be compared with
    return BillStory(
        bill, lines, _readings_of(bill), bands, facts, before,
        rules.share_of_change(bill.amount_fen, before.amount_fen) if before and compared else None,
        item.open_fen if item else 0, others,
    )  # fmt: skip


def _readings_of(bill: Bill) -> list[dict[str, Any]]:
    """The readings named by the bill, with meter, dates and source."""
    named = {(one[0], one[1]): one for one in bill.readings}
    rows = Reading.objects.filter(
        account=bill.account_id, period=bill.period, installation__in=[key[0] for key in named]
    ).select_related("installation__meter")  # fmt: skip
    return [
        {
            "meter_no": row.installation.meter.meter_no, "previous_on": row.previous_on, "taken_on": row.taken_on,
            "previous_index_l": named[key][2], "index_l": named[key][3], "volume_l": named[key][4],
            "source": row.get_source_display(), "estimate": row.source == Reading.Source.ESTIMATE,
        }
        for row in rows.order_by("previous_on", "installation_id")
        if (key := (row.installation_id, row.seq)) in named
    ]  # fmt: skip


def _tariff_of(bill: Bill) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The tiers that held for the bill with what it used of each, and the facts behind them."""
    from mainstay.gas.billing.batch import PlanBook
    from mainstay.gas.tariffs import rules as tariffs

    plans = PlanBook(bill.version.plan_id)
    plan = plans.plans.get(bill.version.plan_id)
    if plan is None:
        return [], []
    last = tariffs.last_day(bill.from_on, bill.to_on)
    try:
        made = tariffs.schedule(
            plan.version_on(last), on=last, persons=bill.persons, low_income=bill.low_income, heating=bill.heating,
            months_in_year=rules.months_of_use(bill.year_start_on, bill.account.used_since),
            period_months=tariffs.months_between(bill.from_on, bill.to_on), contract_price_e4=bill.contract_price_e4,
        )  # fmt: skip
    except tariffs.TariffError:
        return [], []
    if made is None:
        return [], []
    low, high = sorted((bill.year_before_l, bill.year_after_l))
    bands = [
        {
            "tier": band.tier, "lower_l": band.lower_l, "upper_l": band.upper_l, "price_e4": band.price_e4,
            "used_l": max(0, min(high, band.upper_l or high) - max(low, band.lower_l)),
            "left_l": None if band.upper_l is None else max(0, band.upper_l - max(bill.year_after_l, band.lower_l)),
        }
        for band in made.tiers
    ]  # fmt: skip
    return bands, [fact.as_dict() for fact in made.facts]


def bills_of_account(account: Account, limit: int = 36) -> list[Bill]:
    """The newest bills of an account."""
    return list(Bill.objects.filter(account=account).order_by("-period", "-seq")[:limit])


def runs_to_start(user: User) -> QuerySet[BillingRun]:
    """Runs that are planned and not started."""
    return runs_visible_to(user).filter(state=BillingRun.State.PLANNED)


def runs_to_release(user: User) -> QuerySet[BillingRun]:
    """Runs whose bills wait for release."""
    return runs_visible_to(user).filter(state=BillingRun.State.COMPUTED)


def rebillings_visible_to(user: User) -> QuerySet[Rebilling]:
    """Rebillings of branches the user may see."""
    ids = rights.unit_ids(user, VIEW_RUN)
    rows = Rebilling.objects.select_related("unit", "by__person", "run", "version__plan", "plan")
    return rows if ids is None else rows.filter(unit__in=ids)


def rebilling_states(one: Rebilling) -> dict[str, int]:
    """How many accounts of a rebilling are to do, done, without anything to do, failed."""
    rows = RebillingRow.objects.filter(rebilling=one).order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))


def rebilling_failures(one: Rebilling, limit: int = 5) -> list[tuple[str, int]]:
    """Why accounts of a rebilling cannot be billed: (words, accounts), most first."""
    rows = RebillingRow.objects.filter(rebilling=one, state=RebillingRow.State.FAILED).order_by()
    return list(rows.values_list("detail").annotate(count=Count("pk")).order_by("-count", "detail")[:limit])


def open_of(bill: Bill) -> int:
    """What is open of a bill, in fen."""
    item = OpenItem.objects.filter(account=bill.account_id, period=bill.period, seq=bill.seq).first()
    return item.open_fen if item else 0


def left_of(charge: Bill) -> int:
    """What is left of a late fee or a write-off after its waivers or recoveries, in fen with its sign."""
    return net_of(charge, Bill.objects.filter(account=charge.account_id, period=charge.period)).amount_fen
