"""Late fees through the door: charged as the counter takes money, posted by runs, waived by whoever may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import Client
from django.urls import reverse

from mainstay.core.door import ApprovalFiled, Refused, record
from mainstay.core.jobs.models import Job
from mainstay.gas.billing import actions as billing
from mainstay.gas.billing.models import Accrual, Bill, OpenItem
from mainstay.gas.billing.queries import story_of
from mainstay.gas.latefees import actions, batch_runs, tasks
from mainstay.gas.latefees.models import LateFeeRun
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.queries import balance
from mainstay.gas.payments import batch
from mainstay.gas.payments.actions import reverse_payment
from mainstay.gas.payments.models import Allocation
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit.trips import Statement, round_trip
from tests.gas.latefees.make import broken, make_late, make_rule
from tests.gas.make import make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db
Kind = Bill.Kind


class Quiet:
    """Progress that nobody watches."""

    def update(self, done: int, total: int, note: str = "") -> None:
        self.told = (done, total)

    def stopping(self) -> bool:
        return False


def fees(account: object) -> list[int]:
    return list(Bill.objects.filter(account=account, kind=Kind.LATE_FEE).values_list("amount_fen", flat=True))


def test_the_counter_takes_the_fee_with_the_bill() -> None:
    make_rule()
    account = make_late(10)
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(account.unit))
    payment = pay(account, 10_300, clerk, shift, serial="one", chosen=[(202601, 0)])
    assert (payment.advance_fen, open_fen(account), fees(account)) == (0, {}, [300])
    again = pay(account, 10_300, clerk, shift, serial="one", chosen=[(202601, 0)])
    assert (again.payment_no, fees(account)) == (payment.payment_no, [300])
    assert -balance(account.pk, chart.LATE_FEES) == 300
    assert not broken()


def test_what_is_paid_without_the_fee_leaves_the_fee_open() -> None:
    """The fee stands beside its bill: bill first, then its fee, then the next bill."""
    make_rule()
    account = make_late(10)
    make_bill(account, 202602, 8_000, due_on=local_today() + timedelta(days=9))
    clerk = make_clerk()
    pay(account, 10_100, clerk, make_shift(clerk, make_till(account.unit)))
    assert open_fen(account) == {(202601, 1): 200, (202602, 0): 8_000}


def test_a_reversed_payment_reopens_the_fee_too() -> None:
    make_rule()
    account = make_late(10)
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(account.unit))
    payment = pay(account, 10_300, clerk, shift)
    reverse_payment(payment=payment, reason="收错", shift=shift, by=clerk)
    assert open_fen(account) == {(202601, 0): 10_000, (202601, 1): 300}
    assert not broken()


def test_waiving_needs_a_reason_stays_within_the_fee_and_is_not_charged_again() -> None:
    make_rule()
    account = make_late(10)
    boss = make_user("gas.billing.waive_late_fee", "gas.latefees.charge_account")
    actions.charge_account(account=account, by=boss)
    fee = Bill.objects.get(account=account, kind=Kind.LATE_FEE)
    for amount, reason in ((300, " "), (301, "困难"), (0, "困难")):
        with pytest.raises(Problem):
            billing.waive_late_fee(bill=fee, amount_fen=amount, reason=reason, by=boss)
    waiver = billing.waive_late_fee(bill=fee, amount_fen=300, reason="困难户", by=boss)
    assert (waiver.amount_fen, waiver.refers_seq, open_fen(account)) == (-300, 1, {(202601, 0): 10_000})
    assert actions.charge_account(account=account, by=boss) == []
    with pytest.raises(Problem):
        billing.waive_late_fee(bill=fee, amount_fen=1, reason="困难户", by=boss)
    assert balance(account.pk, chart.LATE_FEES) == 0
    assert not broken()


def test_the_forms_say_what_is_open_and_left(client: Client) -> None:
    make_rule()
    account = make_late(10)
    by = make_user(*(f"gas.billing.{act}" for act in (
        "reduce_bill", "write_off", "recover_write_off", "waive_late_fee", "view_bill")), "gas.latefees.charge_account",
    )  # fmt: skip
    client.force_login(by)

    def told(form: str, bill: Bill) -> str:
        return client.get(
            reverse(f"billing:{form}", args=[bill.account_id, bill.period, bill.seq]), headers={"accept-language": "en"}
        ).content.decode()

    bill = Bill.objects.get(account=account)
    actions.charge_account(account=account, by=by)
    fee = Bill.objects.get(account=account, kind=Kind.LATE_FEE)
    billing.reduce_bill(bill=bill, amount_fen=2_500, reason="困难户", by=by)
    charge = Bill.objects.get(kind=Kind.REDUCTION)
    assert story_of(charge).bands == [] and "<h2>Readings" not in told("bill_detail", charge)
    assert "open of the bill: 75.00 yuan" in told("bill_reduce", bill)
    assert "Still open: 75.00 yuan" in told("bill_write_off", bill)
    billing.waive_late_fee(bill=fee, amount_fen=100, reason="困难户", by=by)
    page = told("bill_waive", fee)
    assert "waived: 2.00 yuan" in page and 'value="2.00"' in page
    billing.waive_late_fee(bill=fee, amount_fen=200, reason="困难户", by=by)
    assert "/waive/" not in told("bill_detail", fee)
    written_off = billing.write_off(bill=bill, reason="失联", by=by)
    assert "recovered: 75.00 yuan" in told("bill_recover", written_off)
    assert "/recover/" in told("bill_detail", written_off)
    billing.recover_write_off(bill=written_off, reason="已缴", by=by)
    assert "/recover/" not in told("bill_detail", written_off)


def test_waiving_above_the_limit_needs_a_second_person() -> None:
    make_rule()
    account = make_late(10)
    actions.charge_account(account=account, by=make_user("gas.latefees.charge_account"))
    fee = Bill.objects.get(account=account, kind=Kind.LATE_FEE)
    with pytest.raises(ApprovalFiled):
        billing.waive_late_fee(
            bill=fee, amount_fen=300, reason="困难户", by=make_user("gas.billing.waive_late_fee", limit_fen=299)
        )
    with pytest.raises(Refused):
        billing.waive_late_fee(bill=fee, amount_fen=1, reason="困难户", by=make_user("gas.billing.view_bill"))


def test_a_cancelled_bill_takes_its_fee_along() -> None:
    make_rule()
    account = make_late(10)
    by = make_user("gas.billing.cancel_bill", "gas.latefees.charge_account")
    actions.charge_account(account=account, by=by)
    billing.cancel_bill(bill=Bill.objects.get(account=account, seq=0), reason="抄错", by=by)
    assert open_fen(account) == {}
    assert sum(Bill.objects.filter(account=account).values_list("amount_fen", flat=True)) == 0
    assert actions.charge_account(account=account, by=by) == []
    assert not broken()


def test_a_run_proposes_then_posts_and_can_be_started_again() -> None:
    make_rule()
    account = make_late(10)
    by = make_user("gas.latefees.propose_run", "gas.latefees.post_run")
    run = actions.propose_run(unit=account.unit, through_on=local_today(), by=by)
    with pytest.raises(Problem):
        actions.propose_run(unit=account.unit, through_on=local_today(), by=by)
    tasks.count_fees(Job.objects.get(kind=actions.COUNT_JOB), Quiet())
    run.refresh_from_db()
    assert (run.state, run.proposed, run.top) == (
        "proposed", [["residential", 1, 300]], [[account.pk, 202601, 10, 300]],
    )  # fmt: skip
    assert fees(account) == []
    actions.post_run(run=run, by=by)
    job = Job.objects.get(kind=actions.POST_JOB)
    tasks.post_fees(job, Quiet())
    LateFeeRun.objects.filter(pk=run.pk).update(state="posting", done_account=0)  # killed before it could say so
    tasks.post_fees(job, Quiet())
    run.refresh_from_db()
    assert (run.state, run.fees, run.amount_fen) == ("posted", 1, 300)
    assert list(Accrual.objects.values_list("account", "amount_fen")) == [(account.pk, 300)]
    with pytest.raises(Problem):
        actions.post_run(run=run, by=by)


def test_charging_an_account_makes_documents_of_what_a_run_accrued() -> None:
    make_rule()
    account = make_late(10)
    by = make_user("gas.latefees.propose_run", "gas.latefees.post_run", "gas.latefees.charge_account")
    run = actions.propose_run(unit=account.unit, through_on=local_today(), by=by)
    batch_runs.count_run(run, lambda _done, _total: None)
    actions.post_run(run=LateFeeRun.objects.get(), by=by)
    batch_runs.post_run(run, by.pk, lambda _done, _total: None)
    assert actions.charge_account(account=account, by=by) == []
    assert (fees(account), Accrual.objects.count()) == ([300], 0)
    assert balance(account.pk, chart.RECEIVABLE) == 10_300
    assert -balance(0, chart.LATE_FEES) == 300
    assert not broken()


def test_terms_keep_the_law_and_their_dates() -> None:
    by = make_user("gas.latefees.save_rule")
    today = local_today()
    terms = {"from_on": today, "notice": "合同", "by": by}
    with pytest.raises(Problem) as found:
        actions.save_rule(category="residential", daily_ppm=3_001, **terms)
    assert found.value.field == "daily_ppm"
    actions.save_rule(category="residential", daily_ppm=3_000, **terms)
    actions.save_rule(category="commercial", daily_ppm=10_000, **terms)
    with pytest.raises(Problem):
        actions.save_rule(category="residential", daily_ppm=1_000, **terms)


def test_bad_debt_is_written_off_and_recovered() -> None:
    account = make_late(10)
    by = make_user("gas.billing.write_off", "gas.billing.recover_write_off")
    bill = Bill.objects.get(account=account)
    off = billing.write_off(bill=bill, reason="户主失联", by=by)
    assert (open_fen(account), balance(account.pk, chart.WRITE_OFF)) == ({}, 10_000)
    with pytest.raises(Problem):
        billing.write_off(bill=bill, reason="户主失联", by=by)
    billing.recover_write_off(bill=off, reason="又来缴费", by=by)
    assert (sum(open_fen(account).values()), balance(account.pk, chart.WRITE_OFF)) == (10_000, 0)
    with pytest.raises(Problem):
        billing.recover_write_off(bill=off, reason="又来缴费", by=by)
    assert not broken()


def test_adjustments_and_reductions_keep_the_vat_and_net_against_their_bill() -> None:
    account = make_late(10)
    make_bill(account, 202512, 5_000, due_on=local_today() - timedelta(days=99))
    by = make_user("gas.billing.adjust_bill", "gas.billing.reduce_bill")
    bill = Bill.objects.get(account=account, period=202601)
    more = billing.adjust_bill(bill=bill, amount_fen=900, reason="表计故障追补", by=by)
    assert (more.amount_fen, more.year_after_l, open_fen(account)[202601, 1]) == (900, 20_000, 900)
    billing.reduce_bill(bill=bill, amount_fen=4_000, reason="特困减免", by=by)
    assert open_fen(account) == {(202512, 0): 5_000, (202601, 0): 6_000, (202601, 1): 900}
    with pytest.raises(Problem):
        billing.adjust_bill(bill=bill, amount_fen=-10_000, reason="退减", by=by)
    with pytest.raises(Problem):
        billing.adjust_bill(bill=more, amount_fen=1, reason="追补", by=by)
    assert not broken()


def test_no_charge_on_a_branch_beyond_ones_own() -> None:
    account = make_late(10)
    mine = make_unit("城西")
    by = make_user("gas.billing.reduce_bill", unit=mine, scope="subtree")
    with pytest.raises(Refused):
        billing.reduce_bill(bill=Bill.objects.get(account=account), amount_fen=1, reason="减免", by=by)
    with pytest.raises(ObjectDoesNotExist):
        OpenItem.objects.get(account=account, seq=1)
    assert not Allocation.objects.filter(account=account).exists()


@pytest.mark.parametrize("late", [False, True])
def test_the_look_at_late_fees_costs_a_payment_no_journey(monkeypatch: pytest.MonkeyPatch, *, late: bool) -> None:
    """It travels with what the payment reads itself; only where it finds something more is asked."""
    make_rule()
    account = make_late(10 if late else -10)
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(account.unit))
    journeys: list[int] = []

    def counted(statements: Sequence[Statement], **more: Any) -> Any:
        journeys.append(len(statements))
        return round_trip(statements, **more)

    for module in (batch, record):
        monkeypatch.setattr(module, "round_trip", counted)
    pay(account, 10_000, clerk, shift, serial="one", chosen=[(202601, 0)])
    assert (len(journeys) == 2, fees(account)) == ((False, [300]) if late else (True, []))
