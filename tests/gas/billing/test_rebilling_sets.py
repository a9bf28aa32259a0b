"""Bills made again by sets are those that `remake` makes account by account, on random accounts in mixed states."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from mainstay.core.checks import registered, run
from mainstay.drill.engine import PERIODS, build_random
from mainstay.gas.billing import actions, batch_rebilling
from mainstay.gas.billing.batch import again_post
from mainstay.gas.billing.models import Bill, BillingRun, ChargeLine, OpenItem, Rebilling, RebillingRow, RunChunk
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch_runs
from mainstay.gas.latefees.models import LateFeeRun
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import hooks
from mainstay.gas.payments.models import Advance, Allocation
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.tariffs.models import Plan, Terms
from mainstay.kit.errors import Problem
from tests.gas.billing.make import compute, make_run
from tests.gas.latefees.make import make_rule
from tests.gas.make import make_user
from tests.gas.payments.make import pay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATE = date(2026, 12, 20)


def silent(_done: int, _total: int) -> None:
    """No progress to tell."""


def company(dice: random.Random, seed: int, accounts: int) -> list[Account]:
    """Random accounts of every tariff, billed for two periods; the second run is not always released."""
    build_random(accounts, seed)
    books = list(Book.objects.all())
    for period in PERIODS:
        state = dice.choice(["released", "released", "computed"]) if period == PERIODS[-1] else "released"
        compute(make_run(books[0].unit, period, books), state)
    return list(Account.objects.order_by("pk"))


def happen(dice: random.Random, accounts: Sequence[Account]) -> None:
    """What happens to bills: paid in part, in full or too much, taken back, late, adjusted, let off, made again."""
    clerk = make_user("gas.payments.take_payment", "gas.payments.reverse_payment")
    office = make_user(*(f"gas.billing.{act}" for act in (
        "adjust_bill", "reduce_bill", "write_off", "cancel_bill", "rebill", "waive_late_fee",
    )))  # fmt: skip
    for account in accounts:
        for bill in Bill.objects.filter(account=account, kind=1).select_related("run"):
            if bill.run.state == BillingRun.State.RELEASED and dice.random() < 0.5:
                _paid(dice, account, bill, clerk)
            if dice.random() < 0.15:
                _charged(dice, bill, office)
    make_rule()
    late = LateFeeRun.objects.create(
        unit=accounts[0].unit, through_on=LATE, business_on=LATE, by=office, at=timezone.now()
    )
    batch_runs.count_run(late, silent)
    LateFeeRun.objects.filter(pk=late.pk).update(state=LateFeeRun.State.POSTING)
    late.refresh_from_db()
    batch_runs.post_run(late, office.pk, silent)
    for fee in Bill.objects.filter(kind=Bill.Kind.LATE_FEE)[:5]:
        actions.waive_late_fee(bill=fee, amount_fen=1, reason="r", by=office, business_on=LATE)


def _paid(dice: random.Random, account: Account, bill: Bill, clerk: Any) -> None:
    amount = dice.choice([bill.amount_fen, bill.amount_fen, bill.amount_fen // 2, bill.amount_fen + 3_000])
    if amount <= 0:
        return
    payment = pay(account, amount, clerk, None, tender=4, business_on=date(2026, 12, 1))
    if dice.random() < 0.1:
        from mainstay.gas.payments.actions import reverse_payment

        reverse_payment(payment=payment, reason="r", by=clerk)


def _charged(dice: random.Random, bill: Bill, office: Any) -> None:
    acts = {
        "adjust": lambda: actions.adjust_bill(bill=bill, amount_fen=dice.choice([500, -1]), **facts),
        "reduce": lambda: actions.reduce_bill(bill=bill, amount_fen=1, **facts),
        "write_off": lambda: actions.write_off(bill=bill, **facts),
        "cancel": lambda: actions.cancel_bill(bill=bill, **facts),
        "rebill": lambda: actions.rebill(bill=bill, **facts),
    }
    facts = {"reason": "r", "by": office, "business_on": date(2026, 12, 2)}
    try:
        with transaction.atomic():
            acts[dice.choice(list(acts))]()
    except Problem:
        return  # nothing open to let off, or the like


def spoil(dice: random.Random, accounts: Sequence[Account]) -> None:
    """What was wrong and is right now, or wrong now: other volumes, no reading, no terms, other terms, a master."""
    for account in accounts:
        reading = Reading.objects.filter(account=account, period=dice.choice(PERIODS), state=3).first()
        lot = dice.random()
        if reading is None:
            continue
        if lot < 0.5:
            _read_again(dice, reading)
        elif lot < 0.55:
            Reading.objects.filter(pk=reading.pk).update(state=Reading.State.QUESTIONED)
        elif lot < 0.58:
            Terms.objects.filter(account=account).delete()
        elif lot < 0.63:
            last = Terms.objects.get(account=account)
            Terms.objects.filter(account=account).update(until_on=date(2026, 10, 5))
            Terms.objects.create(
                account=account, from_on=date(2026, 10, 5), plan=last.plan, persons=9, low_income=not last.low_income
            )
        elif lot < 0.66:
            Account.objects.filter(pk=account.pk).update(difference="reported")


def _read_again(dice: random.Random, old: Reading) -> None:
    volume = dice.choice([0, 1_000, 35_000, dice.randrange(0, 200_000)])
    Reading.objects.filter(pk=old.pk).update(state=Reading.State.SET_ASIDE)
    Reading.objects.create(
        account_id=old.account_id, installation_id=old.installation_id, period=old.period, seq=old.seq + 1,
        book_id=old.book_id, taken_on=old.taken_on, previous_on=old.previous_on,
        previous_index_l=old.previous_index_l, index_l=old.previous_index_l + volume, volume_l=volume, source=1,
        state=3, recorded_at=old.recorded_at,
    )  # fmt: skip


def standing() -> dict[str, list[Any]]:
    """Everything a rebilling writes. Where a bill's lines stand among each other says nothing."""
    bills = Bill.objects.values_list(*(field.attname for field in Bill._meta.concrete_fields))
    lines = ChargeLine.objects.values_list(
        "account_id",
        "period",
        "seq",
        "kind",
        "tier",
        "volume_l",
        "price_e4",
        "amount_fen",
        "vat_fen",
        "version",
        "note",
    )
    rows = RebillingRow.objects.values_list(
        "account_id", "state", "bills", "old_fen", "new_fen", "other_fen", "paid_fen", "size_fen", "detail"
    )
    postings = Posting.objects.filter(document__in=[1, 4]).values_list(
        "account_id", "document", "document_no", "line", "business_on", "unit_id", "debit", "credit", "amount_fen"
    )
    items = OpenItem.objects.values_list("account_id", "period", "seq", "due_on", "open_fen", "run_id")
    return {
        "bills": sorted(map(str, bills)), "lines": sorted(lines), "rows": sorted(rows), "postings": sorted(postings),
        "items": sorted(map(str, items)),
        "allocations": sorted(Allocation.objects.values_list("account_id", "period", "seq", "no", "amount_fen")),
        "advances": sorted(Advance.objects.filter(balance_fen__gt=0).values_list("account_id", "balance_fen")),
        "terms": sorted(map(str, Terms.objects.values_list("account_id", "from_on", "until_on", "plan", "persons"))),
        "chunks": sorted(RunChunk.objects.values_list("pk", "bills", "amount_fen", "volume_l")),
        "runs": sorted(BillingRun.objects.values_list("pk", "bills", "amount_fen", "volume_l")),
    }  # fmt: skip


def made(one: Rebilling, monkeypatch: pytest.MonkeyPatch, *, alone: bool) -> tuple[list[Any], dict[str, list[Any]]]:
    """Count and work off a rebilling, by sets or account by account; the rows as counted, and what stands after it."""
    with monkeypatch.context() as patch:
        if alone:
            patch.setattr(batch_rebilling, "count_part", lambda _again, ids, _after: ids)
            patch.setattr(batch_rebilling, "post", lambda _again, ids, _after: ids)
            patch.setattr(hooks, "MANY", 10**9)
        one.refresh_from_db()
        batch_rebilling.count(one, silent)
        counted = standing()["rows"]
        Rebilling.objects.filter(pk=one.pk).update(state="working")
        batch_rebilling.work(one, silent)
        assert batch_rebilling.finish(one)
        return counted, standing()


def watched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The accounts that sets leave to `remake`, as they come."""
    left: list[int] = []

    def post(again: Any, ids: Sequence[int], after: str, post: Any = again_post.post) -> tuple[int, ...]:
        found: tuple[int, ...] = post(again, ids, after)
        left.extend(found)
        return found

    monkeypatch.setattr(batch_rebilling, "post", post)
    return left


def wanted(dice: random.Random, unit: Any, by: Any, mode: str) -> Rebilling:
    """A rebilling of random periods by books, by run, by tariff version or onto another plan."""
    first = dice.choice(PERIODS)
    last = max(first, dice.choice(PERIODS))
    version = dice.choice([None, None, Plan.objects.get(code__endswith="/plain").versions.first()])
    plan = None if mode == "cancel" else dice.choice([None, Plan.objects.get(code__endswith="/family")])
    one = Rebilling.objects.create(
        unit=unit, mode=mode, from_period=first, to_period=last, reason="wrong book", by=by, at=timezone.now(),
        business_on=LATE + timedelta(days=3), version=version, plan=plan,
    )  # fmt: skip
    one.books.set(dice.choice([[], list(Book.objects.all()[:2])]))
    assert batch_rebilling.choose(one)
    return one


@pytest.mark.parametrize(("seed", "modes"), [(1, ["again"]), (4, ["again", "again"]), (8, ["again", "cancel", "bill"])])
def test_sets_make_what_remake_makes(seed: int, modes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    accounts = company(dice, seed, 150)
    happen(dice, accounts)
    spoil(dice, accounts)
    by = make_user()
    for mode in modes:
        one = wanted(dice, accounts[0].unit, by, mode)
        with transaction.atomic():
            alone = made(one, monkeypatch, alone=True)
            transaction.set_rollback(True)
        left = watched(monkeypatch)
        by_sets = made(one, monkeypatch, alone=False)
        assert by_sets[0] == alone[0]
        for name, rows in alone[1].items():
            assert by_sets[1][name] == rows, name
        done = RebillingRow.objects.filter(rebilling=one, state="done")
        assert done.filter(account__in=left).count() < done.count() * 0.5  # the rest have tariffs that need `remake`
        found = run([registered()["bills"], registered()["ledger"]])
        assert not [finding for outcome in found for finding in outcome.findings]
