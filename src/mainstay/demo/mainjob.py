"""The main job of one month, done by the people whose work it is: a sheet, a run, the counter, the voucher.

It happens at the West Branch, whose day the voucher closes; the East Branch stays open for whoever tries the product.
Every step first looks whether it was done, so running the demonstration again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO

from django.db.models import Sum

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.core.sheets.models import SheetImport
from mainstay.demo import desk, history, rounds
from mainstay.gas.billing.actions.runs import complete_run, plan_run, release_run, start_run
from mainstay.gas.billing.batch import dry_run, work_run
from mainstay.gas.billing.models import BillingRun, OpenItem, RunChunk
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.models import Voucher
from mainstay.gas.meters.models import Installation
from mainstay.gas.payments.actions import accept_shift, close_shift, open_shift, reverse_payment, take_payment
from mainstay.gas.payments.models import Payment, Shift, Till
from mainstay.gas.payments.queries import cash_expected
from mainstay.gas.readings.actions import accept_reading
from mainstay.gas.readings.models import Reading
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan
from mainstay.kit.progress import progress
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.kit.volume import m3

KIND = "gas.readings"
CUSTOMERS_AT_THE_COUNTER = 40
FLOAT_FEN = 20_000
JUMPING_ROWS = (17, 217, 617)  # rows of the sheet that read ten times too much, for the worklist


def steps(period: int) -> list[tuple[str, Callable[[], str]]]:
    """The steps with their titles, in order."""
    return [
        (_("Reading sheet: check, import, settle doubts"), partial(import_sheet, period)),
        (_("Reading crew: plan, visits in vain, what is left"), partial(rounds.tell, period)),
        (_("Billing run: plan and dry run"), partial(plan, period)),
        (_("Billing run: compute"), partial(compute, period)),
        (_("Billing run: release"), partial(release, period)),
        (_("Counter: a shift of payments, a reversal, the count"), counter),
        (_("Ledger: the day's voucher"), voucher),
    ]


def _who(username: str) -> User:
    return User.objects.get(username=username)


def import_sheet(period: int) -> str:
    """Make the month's sheet as a hand-held device exports it, and import it."""
    options = {"period": str(period)}
    done = SheetImport.objects.filter(kind=KIND, options=options, state=SheetImport.State.COMMITTED).first()
    if done is None:
        by = _who("crew")
        file = BytesIO()
        write_xlsx(file, _("Readings"), _columns(), _rows(period))
        file.seek(0)
        checked = check_sheet(kind=KIND, file=file, name=f"readings-{period}.xlsx", options=options, by=by)
        done = commit_sheet(sheet_import=checked, by=by)
        for reading in Reading.objects.filter(period=period, state=Reading.State.QUESTIONED):
            accept_reading(reading=reading, reason="已现场核实", by=by)
    return _("{rows:,} rows, {new:,} new readings").format(rows=done.rows, new=done.new_rows)


def _columns() -> list[OutColumn]:
    return [OutColumn("户号"), OutColumn("表号"), OutColumn("止码", "volume_l"), OutColumn("抄表日期", "date")]


def _rows(period: int) -> list[tuple[object, ...]]:
    numbers = {
        pk: (account_no, meter_no)
        for pk, account_no, meter_no in Installation.objects.filter(until_on=None).values_list(
            "pk", "account__account_no", "meter__meter_no"
        )
    }
    today = local_today()
    on_the_way = rounds.left_over(period)
    found: list[tuple[object, ...]] = []
    for place, reading in enumerate(history.usual_readings(period, today)):
        if reading.installation_id in on_the_way:
            continue
        index_l = reading.index_l + (400_000 if place in JUMPING_ROWS else 0)
        found.append((*numbers[reading.installation_id], index_l, today))
    return found


def _run_of(period: int) -> BillingRun | None:
    return BillingRun.objects.filter(period=period).exclude(state=BillingRun.State.ABANDONED).first()


def plan(period: int) -> str:
    """Plan the run and rehearse it."""
    run = _run_of(period)
    if run is None:
        today = local_today()
        run = plan_run(
            period=period, unit=Unit.objects.get(code="HT"), issued_on=today, due_on=today + timedelta(days=20),
            business_on=today, by=_who("billing2"),
        )  # fmt: skip
        dry_run(run)
    rehearsed = RunChunk.objects.filter(run=run).aggregate(fen=Sum("dry_amount_fen", default=0))["fen"]
    return _("{accounts:,} accounts, {excluded} left out, {yuan} yuan rehearsed").format(
        accounts=run.planned_accounts, excluded=run.excluded_accounts, yuan=yuan(rehearsed)
    )


def compute(period: int) -> str:
    """Run it, with a bar that counts bills."""
    run = BillingRun.objects.get(period=period)
    if run.state == BillingRun.State.PLANNED:
        start_run(run=run, workers=1, by=_who("billing2"))
        run.refresh_from_db()
    if run.state == BillingRun.State.RUNNING:
        with progress(_("Bills")) as bar:
            done = 0

            def report(bills: int) -> None:
                nonlocal done
                done += bills
                bar.update(done, run.planned_accounts)

            work_run(run, report)
        run = complete_run(run=run, by=_who("billing2"))
    return _("{bills:,} bills, {yuan} yuan, {m3} m³").format(
        bills=run.bills, yuan=yuan(run.amount_fen), m3=m3(run.volume_l)
    )


def release(period: int) -> str:
    """Let the bills be collected."""
    run = BillingRun.objects.get(period=period)
    if run.state == BillingRun.State.COMPUTED:
        run = release_run(run=run, by=_who("finance2"))
        history.do_waiting_jobs()
    return _("released; bills can be paid")


def counter() -> str:
    """A clerk's shift: cash from a queue of customers, one reversal, the drawer counted and accepted."""
    clerk, till = _who("clerk2"), Till.objects.get(code="W01")
    shift = Shift.objects.filter(till=till, business_on=local_today()).first()
    if shift is None:
        shift = open_shift(till=till, float_fen=FLOAT_FEN, by=clerk)
        payments = [_pay(account_id, shift, clerk) for account_id in _queue(till.unit_id)]
        for payment in payments[:1]:
            reverse_payment(payment=payment, reason="收错户", shift=shift, by=clerk)
        desk.papers(shift, payments, clerk=clerk, head=_who("west"))
        shift = close_shift(shift=shift, counted_fen=cash_expected(shift), by=clerk)
        shift = accept_shift(shift=shift, by=_who("west"))
    taken = list(shift.payments.filter(tender=Payment.Tender.CASH).values_list("amount_fen", flat=True))
    return _("{count} receipts, {yuan} yuan in cash, the count agrees").format(count=len(taken), yuan=yuan(sum(taken)))


def _queue(unit_id: int) -> list[int]:
    owing = OpenItem.objects.filter(account__unit=unit_id, open_fen__gt=0).values_list("account_id", flat=True)
    return list(owing.order_by("account_id").distinct()[:CUSTOMERS_AT_THE_COUNTER])


def _pay(account_id: int, shift: Shift, clerk: User) -> Payment:
    owed = sum(OpenItem.objects.filter(account=account_id).values_list("open_fen", flat=True))
    return take_payment(
        account=Account.objects.get(pk=account_id), amount_fen=owed, tender=int(Payment.Tender.CASH),
        serial=f"demo-{shift.pk}-{account_id}", shift=shift, received_fen=-(-owed // 10_000) * 10_000, by=clerk,
    )  # fmt: skip


def voucher() -> str:
    """Close the branch's day."""
    unit = Unit.objects.get(code="HT-CX")
    made = Voucher.objects.filter(unit=unit, business_on=local_today()).first()
    if made is None:
        made = make_voucher(unit=unit, business_on=local_today(), by=_who("finance"))
    return _("voucher {number}: {count:,} postings, {yuan} yuan on each side").format(
        number=made.number, count=made.postings, yuan=yuan(made.amount_fen)
    )
