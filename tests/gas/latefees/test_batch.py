"""The set-based reckoning gives the rules' fen for every bill, posts each once, and keeps the books."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.actions import cancel_bill
from mainstay.gas.billing.batch_accruals import take_up
from mainstay.gas.billing.models import Accrual, Bill, OpenItem, Owed
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch, rules
from mainstay.gas.latefees.actions import charge_account
from mainstay.gas.latefees.models import LateFeeRule, LateFeeRun
from mainstay.gas.latefees.queries import fees_of
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.ledger.queries import account_statement
from mainstay.gas.payments.models import Allocation
from mainstay.gas.payments.queries import advance_fen, due_items
from mainstay.kit.dates import local_today
from tests.gas.latefees.make import broken, make_late, make_rule
from tests.gas.make import make_account, make_plan, make_unit, make_user
from tests.gas.payments.make import make_bill, pay

pytestmark = pytest.mark.django_db


def everything(days: int = 0, path: str = "") -> batch.Scope:
    on = local_today() + timedelta(days=days)
    return batch.Scope(on, on, 0, 10**12, path, since=on - timedelta(days=999))


def accrue(days: int = 0, path: str = "") -> tuple[int, int]:
    """Post the late fees of all by a day, as a run of their own."""
    by, on = make_user(), local_today()
    run = LateFeeRun.objects.create(
        unit=Unit.objects.all()[0], through_on=on, business_on=on, by=by, at=timezone.now(), state="posted"
    )
    return batch.post_part(everything(days, path), run.pk)


def owed(account: Account) -> list[tuple[int, ...]]:
    """What is owed: (period, seq, run that accrued it, fen)."""
    rows = Owed.objects.filter(account=account).order_by("period", "seq", "accrued_by")
    return list(rows.values_list("period", "seq", "accrued_by", "open_fen"))


def by_rules(account: Account, on: date) -> dict[tuple[int, int], int]:
    """Fee by bill after the rules alone."""
    found = {}
    for bill in Bill.objects.filter(account=account, kind=Bill.Kind.REGULAR):
        rule = LateFeeRule.objects.filter(category=account.category, from_on__lte=bill.due_on).latest("from_on")
        paid = Allocation.objects.filter(account=account, period=bill.period, seq=bill.seq)
        parts = tuple(paid.values_list("business_on", "amount_fen"))
        owed = rules.Owed(bill.amount_fen, bill.due_on, parts, bill.volume_l)
        late = rules.late_fee(rule.terms, owed, on)
        if rules.to_post(rule.terms, late.fee_fen, 0):
            found[bill.period, bill.seq] = late.fee_fen
    return found


def test_sets_and_rules_agree_to_the_fen() -> None:
    """Bills of all ages and classes, paid in parts on many days, under terms that changed."""
    chance, today = random.Random(7), local_today()
    make_rule(ppm=3_000, grace_days=5, min_fee_fen=40)
    make_rule(from_on=today - timedelta(days=60), ppm=1_777, grace_days=3, counts_from="grace", cap_bp=500)
    make_rule("commercial", ppm=10_000, min_volume_l=20_001)
    make_rule("industrial", ppm=9_999)
    unit, plan = make_unit(), make_plan()
    accounts = [
        make_account(unit=unit, plan=plan, category=chance.choice(["residential", "commercial", "industrial"]))
        for _number in range(14)
    ]
    for account in accounts:
        for month in range(1, 5):
            due_on = today - timedelta(days=chance.randint(-20, 150))
            amount = chance.randint(1, 90_000)
            bill = make_bill(account, 202600 + month, amount, due_on=due_on)
            left = amount
            for number in range(chance.randint(0, 3)):
                part = chance.randint(0, left)
                Allocation.objects.create(
                    account=account, period=bill.period, seq=0, no=number + 1, amount_fen=part,
                    business_on=due_on + timedelta(days=chance.randint(-9, 120)),
                )  # fmt: skip
                left -= part
            OpenItem.objects.filter(account=account, period=bill.period).update(open_fen=max(left, 1))
    wanted = {account.pk: by_rules(account, today) for account in accounts}
    assert sum(map(len, wanted.values())) > 10
    for account in accounts:
        assert {(one.period, one.seq): one.new_fen for one in fees_of(account, today) if one.new_fen} == wanted[
            account.pk
        ]
    accrue()
    rows = Accrual.objects.all()
    posted = {account.pk: {(one.period, one.seq): one.amount_fen for one in rows.filter(account=account)}
              for account in accounts}  # fmt: skip
    # A bill paid in full is a candidate only when money came for it through a payment; here all are left open.
    assert posted == wanted
    with transaction.atomic():
        assert take_up([account.pk for account in accounts], today) == sum(map(len, wanted.values()))
    fees = Bill.objects.filter(kind=Bill.Kind.LATE_FEE)
    assert wanted == {
        account.pk: {(one.period, one.refers_seq): one.amount_fen for one in fees.filter(account=account)}
        for account in accounts
    }
    assert not Accrual.objects.exists()


def documents(account: Account) -> None:
    """Make what was accrued documents, as whatever touches the account does."""
    with transaction.atomic():
        take_up([account.pk], local_today())


def test_a_run_posts_once_only_grows_by_the_days_and_balances() -> None:
    make_rule()
    account = make_late(10)
    assert accrue() == (1, 300)
    assert accrue() == (0, 0)
    assert not broken()
    assert accrue(5) == (1, 150)
    assert not broken()
    assert [(row[0], row[1], row[3]) for row in owed(account)] == [
        (202601, 0, 10_000), (202601, 0, 300), (202601, 0, 150),
    ]  # fmt: skip
    documents(account)
    fees = list(Bill.objects.filter(account=account, kind=Bill.Kind.LATE_FEE).order_by("seq"))
    assert [(one.seq, one.refers_seq, one.amount_fen, one.days) for one in fees] == [(1, 0, 300, 10), (2, 0, 150, 5)]
    assert [one.year_after_l for one in fees] == [20_000, 20_000]
    assert not broken()
    assert accrue(5) == (0, 0)


def test_accrued_and_charged_by_turns_comes_to_the_same_fen() -> None:
    """A run, half of the bill paid, charged by hand, a run again: in all what the rule says."""
    make_rule()
    account, today = make_late(10), local_today()
    clerk = make_user("gas.payments.take_payment", "gas.latefees.charge_account")
    accrue(-4)
    pay(account, 5_000, clerk, None, chosen=[(202601, 0)])
    charge_account(account=account, by=clerk)
    accrue(20)
    documents(account)
    fees = Bill.objects.filter(account=account, kind=Bill.Kind.LATE_FEE).order_by("seq")
    assert [one.amount_fen for one in fees] == [180, 120, 300]
    bill = rules.Owed(10_000, today - timedelta(days=10), ((today, 5_000),))
    assert rules.late_fee(LateFeeRule.objects.get().terms, bill, today + timedelta(days=20)).fee_fen == 600
    assert not broken()


def test_a_bill_paid_late_over_another_channel_owes_its_fee_at_the_month_end() -> None:
    make_rule()
    account = make_late(10)
    pay(account, 10_000, make_user("gas.payments.take_payment"), None)
    assert not OpenItem.objects.filter(account=account).exists()
    assert accrue(20) == (1, 300)
    assert [row[3] for row in owed(account)] == [300]


def test_an_advance_pays_the_fee_at_once() -> None:
    make_rule()
    account, by = make_late(10), make_user("gas.payments.take_payment")
    pay(account, 10_500, by, None)
    accrue()
    batch.settle_run(LateFeeRun.objects.get().pk, local_today(), by.pk)
    assert owed(account) == []
    assert advance_fen(account.pk) == 200
    assert not broken()


def test_whatever_takes_money_pays_the_fees_accrued_too() -> None:
    """A bank's payment charges nothing by itself, but what a run charged before is owed and can be chosen."""
    make_rule()
    account = make_late(10)
    accrue()
    assert [(one.key, one.open_fen, one.kind) for one in due_items(account)] == [
        ("202601-0", 10_000, 1), ("202601-1", 300, 11),
    ]  # fmt: skip
    payment = pay(account, 10_300, make_user("gas.payments.take_payment"), None, chosen=[(202601, 1), (202601, 0)])
    assert (payment.advance_fen, owed(account)) == (0, [])
    assert not broken()


def test_on_a_closed_day_a_document_is_posted_today() -> None:
    make_rule()
    account, today = make_late(10), local_today()
    accrue()
    yesterday = today - timedelta(days=1)
    ClosedDay.objects.create(unit=account.unit, business_on=yesterday, closed_by=make_user(), closed_at=timezone.now())
    with transaction.atomic():
        take_up([account.pk], yesterday)
    assert Bill.objects.get(account=account, kind=Bill.Kind.LATE_FEE).business_on == today
    assert not broken()


def test_a_bill_cancelled_takes_the_fees_accrued_along() -> None:
    make_rule()
    account, by = make_late(10), make_user("gas.billing.cancel_bill")
    accrue()
    cancel_bill(bill=Bill.objects.get(account=account), reason="抄错", by=by)
    assert owed(account) == []
    assert not broken()
    assert accrue(3) == (0, 0)


def test_the_statement_shows_fees_accrued_until_they_are_documents() -> None:
    make_rule()
    account, today = make_late(10), local_today()
    accrue()
    billed = [(10_000, 10_000), (300, 10_300)]
    assert [(row.billed_fen, row.balance_fen) for row in account_statement(account.pk)] == billed
    assert account_statement(account.pk, until_on=today - timedelta(days=1)) == []
    documents(account)
    assert [(row.billed_fen, row.balance_fen) for row in account_statement(account.pk)] == billed


def test_the_check_finds_a_fee_accrued_that_is_gone() -> None:
    make_rule()
    account = make_late(10)
    accrue()
    Accrual.objects.filter(account=account).delete()
    assert len(broken()) == 1


def test_a_branch_posts_only_its_own() -> None:
    make_rule()
    mine, other = make_unit("城东"), make_unit("城西")
    make_late(account=make_account(unit=mine))
    make_late(account=make_account(unit=other))
    accrue(path=mine.path)
    assert set(Accrual.objects.values_list("account__unit", flat=True)) == {mine.pk}
    assert set(Posting.objects.filter(account_id=0).values_list("unit_id", "amount_fen")) == {(mine.pk, 300)}
    assert [len(list(batch.parts(path))) for path in (mine.path, "", f"{mine.path}999.")] == [1, 1, 0]


def test_late_fees_never_change_a_bill() -> None:
    make_rule()
    account = make_late()
    before = list(Bill.objects.filter(account=account).values())
    with connection.execute_wrapper(_no_update_of_bills):
        accrue()
        documents(account)
    assert list(Bill.objects.filter(account=account, kind=1).values()) == before


def _no_update_of_bills(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    assert "UPDATE" not in sql.upper() or "billing_bill" not in sql
    return execute(sql, params, many, context)
