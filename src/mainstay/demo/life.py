"""The life of accounts at the East Branch: a flat sold, a home closed with its refund, two approvals, a firm's deposit.

Also what is late there: a late fee. Every step looks first whether it was done, so running the
demonstration again changes nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.core.door import ApprovalFiled
from mainstay.core.evidence.actions import store_file
from mainstay.core.organisation.models import Unit
from mainstay.core.workflow.actions import approve
from mainstay.demo import history
from mainstay.gas.accounts.actions import begin_leaving, finish_closing, finish_transfer, grant_relief
from mainstay.gas.accounts.batch import remind_of_expiry
from mainstay.gas.accounts.models import Case, Contract, Relief
from mainstay.gas.billing.models import Accrual, Bill, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees.actions import post_run, save_rule
from mainstay.gas.latefees.actions import propose_run as count_fees
from mainstay.gas.latefees.models import LateFeeRule, LateFeeRun
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.models import ClosedDay, ClosedMonth
from mainstay.gas.ledger.month_actions import close_month
from mainstay.gas.ledger.queries import days_with_postings
from mainstay.gas.payments.actions import refund_advance, take_deposit, take_payment
from mainstay.gas.payments.models import DepositMove, Payment
from mainstay.gas.payments.queries import advance_fen
from mainstay.gas.readings.models import Reading
from mainstay.gas.tariffs.actions import add_versions, create_plan, set_terms
from mainstay.gas.tariffs.models import Plan
from mainstay.kit.dates import last_day, local_today, month_text

PLAN, NOTICE = "Haitang/relief", "海发改价〔2025〕7号"
# The demonstration's general tariff, Beijing's, knows no approvals: this one has its prices, and both of them.
RELIEF = {
    "effective": "2025-01-01", "notice": NOTICE, "bounds": ["350", "500"], "prices": ["2.61", "2.83", "4.23"],
    "household": {"over_persons": 4, "raise_bounds_by": ["60", "80"], "per": "person"},
    "low_income": {"free_volume_per_month": "4"}, "price_change_method": "by_reading",
}  # fmt: skip
LAST_LITRES = 6_000
TRANSFER = int(Payment.Tender.TRANSFER)


def tell() -> str:
    """Do what is not done yet; returns it in a line."""
    unit = Unit.objects.get(code="HT-CD")
    clerk, chief = User.objects.get(username="clerk"), User.objects.get(username="east")
    homes = _homes(unit)
    if not Case.objects.filter(unit=unit, kind__in=["transfer", "closing"]).exists() and len(homes) > 12:  # noqa: PLR2004
        _sold(homes[3], clerk)
        _closed(homes[5], clerk, chief)
    if not Relief.objects.exists() and len(homes) > 12:  # noqa: PLR2004
        _approved(homes[8], "low_income", None, clerk, chief)
        _approved(homes[9], "household", 6, clerk, chief)
    contract = Contract.objects.filter(account__unit=unit).first()
    if contract is not None and not DepositMove.objects.exists():
        take_deposit(
            account=contract.account, amount_fen=contract.deposit_fen, tender=TRANSFER, serial="demo-deposit", by=chief
        )  # fmt: skip
    remind_of_expiry(local_today())
    _late(unit)
    kinds = ("transfer", "closing")
    fees = Bill.objects.filter(kind=Bill.Kind.LATE_FEE).count() + Accrual.objects.count()
    told = _("{left} accounts left, {reliefs} approvals, {deposits} deposit, {fees} late fees")
    return told.format(
        left=Case.objects.filter(kind__in=kinds).count(), reliefs=Relief.objects.count(),
        deposits=DepositMove.objects.count(), fees=fees,
    )  # fmt: skip


def _homes(unit: Unit) -> list[Account]:
    """Homes whose reading of the month is billed, in order."""
    rows = Account.objects.filter(unit=unit, category="residential", state="active", customer__kind="person")
    return list(rows.order_by("account_no")[:20])


def _leave(home: Account, kind: str, reason: str, by: User) -> Case:
    """Take the last readings a little above those before, and make the final bill."""
    indexes = {}
    for hung in home.installations.filter(until_on=None):
        read = Reading.objects.filter(account=home, installation=hung, state=Reading.State.ACCEPTED)
        last = read.order_by("-taken_on", "-period").values_list("index_l", flat=True).first()
        indexes[hung.pk] = (last if last is not None else hung.first_index_l) + LAST_LITRES
    return begin_leaving(
        account=home, kind=kind, on=local_today(), indexes=indexes, reason=reason, doubts_known=True, by=by
    )


def _pay(home: Account, more_fen: int, by: User) -> None:
    owed = sum(OpenItem.objects.filter(account=home).values_list("open_fen", flat=True))
    if owed + more_fen > 0:
        take_payment(
            account=home, amount_fen=owed + more_fen, tender=TRANSFER, serial=f"demo-left-{home.pk}", channel="office",
            by=by,
        )  # fmt: skip


def _sold(home: Account, clerk: User) -> None:
    """The flat is sold: the seller's advance goes to the buyer, as both want it."""
    case = _leave(home, "transfer", "房屋买卖", clerk)
    _pay(home, 2_000, clerk)
    buyer = {"name": "喻书琴", "kind": "person", "phone": "13800000912", "id_no": ""}
    finish_transfer(case=case, customer=buyer, persons=2, balance="move", by=clerk)


def _closed(home: Account, clerk: User, chief: User) -> None:
    """The house is torn down: what was paid in advance goes back, then the account ends."""
    case = _leave(home, "closing", "房屋拆迁", clerk)
    _pay(home, 5_000, clerk)
    left = advance_fen(home.pk)
    if left > 0:
        refund_advance(
            account=home, amount_fen=left, tender=TRANSFER, serial=f"demo-refund-{home.pk}", reason="账户销户",
            by=chief,
        )  # fmt: skip
    finish_closing(case=case, by=clerk)


def _approved(home: Account, kind: str, persons: int | None, clerk: User, chief: User) -> None:
    """Easier terms with proof, asked for by the clerk, approved by the head of the branch."""
    today = local_today()
    set_terms(account=home, from_on=today, plan=_plan(), by=chief)
    proof = store_file(file=BytesIO(b"%PDF-1.4\n%%EOF\n"), name="证明.pdf", subject="demo", by=clerk)
    days = 20 if kind == "low_income" else 340
    try:
        grant_relief(
            account=home, kind=kind, from_on=today, until_on=today + timedelta(days=days), persons=persons, proof=proof,
            certificate_no=f"{'DB' if kind == 'low_income' else 'HK'}-{today.year}-0618", by=clerk,
        )  # fmt: skip
    except ApprovalFiled as filed:
        approve(approval=filed.approval, by=chief)


def _plan() -> Plan:
    """The tariff with approvals, made when it is wanted first."""
    by = User.objects.get(username="billing2")
    plan = Plan.objects.filter(code=PLAN).first()
    if plan is None:
        names = {"name_zh": "海棠居民（含减免）", "name_en": "Haitang residential with approvals"}
        plan = create_plan(code=PLAN, **names, category="residential", by=by)
        add_versions(plan=plan, versions=[RELIEF], by=by)
    return plan


def _late(unit: Unit) -> None:
    """Who pays late: the company's terms, fees up to today."""
    today, head = local_today(), User.objects.get(username="billing2")
    if not LateFeeRule.objects.exists():
        for category, ppm in (("commercial", 3_000),):
            save_rule(category=category, from_on=date(2024, 1, 1), notice=NOTICE, daily_ppm=ppm, grace_days=5, by=head)
    if not LateFeeRun.objects.exists():
        run = count_fees(unit=unit, through_on=today, by=head)
        history.do_waiting_jobs()
        run.refresh_from_db()
        if run.state == LateFeeRun.State.PROPOSED and run.proposed_fen:
            post_run(run=run, by=head)
            history.do_waiting_jobs()


def close_first_month(period: int) -> str:
    """The finance section closes the first month of the West Branch: a voucher for each day, then the month."""
    unit, by = Unit.objects.get(code="HT-CX"), User.objects.get(username="finance")
    if not ClosedMonth.objects.filter(unit=unit).exists():
        closed = set(ClosedDay.objects.filter(unit=unit).values_list("business_on", flat=True))
        for day in sorted(set(days_with_postings(unit.pk, last_day(period))) - closed):
            make_voucher(unit=unit, business_on=day, by=by)
        close_month(unit=unit, period=period, by=by)
    return _("{month} of the West Branch is closed").format(month=month_text(period))
