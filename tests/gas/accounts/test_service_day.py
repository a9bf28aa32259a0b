"""A day at the service centre: one flat from its opening to its closing, told as the clerks live it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from mainstay.core.checks import registered, run
from mainstay.core.door import ApprovalFiled
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.gas.accounts.actions import (
    begin_leaving,
    file_application,
    finish_closing,
    finish_transfer,
    open_from_application,
)
from mainstay.gas.accounts.models import Case
from mainstay.gas.accounts.papers import paper_of
from mainstay.gas.billing.actions import bill_account
from mainstay.gas.billing.models import Bill, OpenItem
from mainstay.gas.customers.actions import close_account, restore_account, suspend_account
from mainstay.gas.customers.states import CLOSE
from mainstay.gas.ledger.queries import advance_fen, receivable_fen
from mainstay.gas.payments.actions import (
    open_shift,
    refund_advance,
    refund_deposit,
    reverse_payment,
    take_deposit,
    take_payment,
    use_deposit,
)
from mainstay.gas.payments.papers import receipt_data
from mainstay.gas.payments.queries import cash_expected, deposit_fen, deposit_moves
from mainstay.gas.readings.actions import record_reading
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.gas.make import BEIJING_RESIDENTIAL, make_area, make_book, make_plan, make_unit, make_user
from tests.gas.payments.make import make_till

pytestmark = pytest.mark.django_db
CASH = 1


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel("2026-11-28 10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def clerk() -> Any:
    rights = (
        "gas.customers.view_account", "gas.customers.open_account", "gas.customers.suspend_account",
        "gas.customers.restore_account", "gas.accounts.file_application", "gas.accounts.open_from_application",
        "gas.accounts.begin_leaving", "gas.accounts.finish_closing", "gas.accounts.finish_transfer",
        "gas.billing.bill_account", "gas.readings.record_reading", "gas.payments.take_payment",
        "gas.payments.reverse_payment", "gas.payments.refund_advance", "gas.payments.open_shift",
        "gas.payments.take_deposit", "gas.payments.use_deposit", "gas.payments.refund_deposit",
        "core.documents.issue_document",
    )  # fmt: skip
    return make_user(*rights, unit=make_unit("海棠燃气"))


def opened(clerk: Any, *, plan: Any = None, name: str = "周明") -> Any:
    """An account opened from an application on 1 March 2026, its meter beginning at 0."""
    unit = make_unit("城西营业所")
    case = file_application(
        unit=unit, name=name, kind="person", phone="13800138000", id_no="", address="海棠花园3栋501",
        category="residential", wished_on=date(2026, 3, 1), by=clerk,
    )  # fmt: skip
    parts = {
        "terms": {
            "plan": plan or make_plan(), "persons": 3, "low_income": False, "low_income_until": None, "heating": False,
            "contract_price_e4": None,
        },
        "meter": {
            "meter": None, "meter_no": f"20260{unit.pk:07d}", "kind": "diaphragm", "maker": "", "digits": 5,
            "verified_until": date(2036, 3, 1), "first_index_l": 0, "seal_no": "F0001",
        },
        "book": {"book": make_book(unit), "sequence": 10},
    }  # fmt: skip
    return open_from_application(
        case=case, customer={"name": name, "kind": "person", "phone": "13800138000", "id_no": ""},
        premise={"area": make_area("海棠花园"), "building": "3", "room": f"50{unit.pk}"}, unit=unit,
        category="residential", opened_on=date(2026, 3, 1), parts=parts, by=clerk,
    )  # fmt: skip


def test_from_opening_to_closing(clerk: Any) -> None:
    account = opened(clerk)
    hung = account.installations.get()
    assert hung.seal_no == "F0001"
    assert Case.objects.get(account=account).state == Case.State.DONE

    # October: read, billed, paid at the counter; it was the wrong customer's money: reversed, and taken again.
    record_reading(installation=hung, index_l=100_000, taken_on=date(2026, 10, 25), by=clerk)
    bill = bill_account(account=account, period=202610, by=clerk)
    assert bill.amount_fen == 26_100
    shift = open_shift(till=make_till(account.unit), float_fen=10_000, by=clerk)
    paid = take_payment(account=account, amount_fen=26_100, tender=CASH, serial="a1", shift=shift, by=clerk)
    assert receivable_fen(account.pk) == 0
    reverse_payment(payment=paid, reason="收错户", shift=shift, by=clerk)
    assert receivable_fen(account.pk) == 26_100
    take_payment(account=account, amount_fen=30_000, tender=CASH, serial="a2", shift=shift, by=clerk)
    assert advance_fen(account.pk) == 3_900

    # The flat is sold: last reading, final bill from the advance, the rest paid, the buyer takes over.
    case = begin_leaving(
        account=account, kind="transfer", on=date(2026, 11, 28), indexes={hung.pk: 130_000}, reason="房屋买卖", by=clerk
    )
    final = Bill.objects.get(account=account, kind=Bill.Kind.FINAL)
    assert (final.volume_l, final.amount_fen) == (30_000, 7_830)
    assert receivable_fen(account.pk) == 7_830 - 3_900
    buyer = {"name": "吴芳", "kind": "person", "phone": "13900139000", "id_no": ""}
    with pytest.raises(Problem, match=r"39\.30"):
        finish_transfer(case=case, customer=buyer, persons=2, by=clerk)
    take_payment(account=account, amount_fen=5_000, tender=CASH, serial="a3", shift=shift, by=clerk)
    new = finish_transfer(case=case, customer=buyer, persons=2, balance="move", by=clerk)
    account.refresh_from_db()
    assert (account.state, account.closed_on) == ("closed", date(2026, 11, 28))
    assert (new.customer.name, new.state) == ("吴芳", "active")
    assert new.installations.get().first_index_l == 130_000
    assert new.installations.get().meter == hung.meter
    assert (advance_fen(account.pk), advance_fen(new.pk)) == (0, 1_070)
    assert not hasattr(type(account).objects.get(pk=account.pk), "book_entry")

    # The buyer goes abroad and closes: the advance pays the final bill, the rest is paid back, then the account ends.
    with time_machine.travel("2026-12-20 10:00:00+08:00", tick=False):
        suspended = suspend_account(account=new, reason="出国", until_on=date(2027, 6, 1), by=clerk)
        restore_account(account=suspended, reason="提前回国", by=clerk)
        closing = begin_leaving(
            account=new, kind="closing", on=date(2026, 12, 20), indexes={new.installations.get().pk: 132_000},
            reason="拆迁", by=clerk,
        )  # fmt: skip
        assert advance_fen(new.pk) == 1_070 - 522
        with pytest.raises(Problem, match=r"5\.48"):
            finish_closing(case=closing, by=clerk)
        refund_advance(account=new, amount_fen=548, tender=4, serial="r1", reason="销户退款", by=clerk)
        finish_closing(case=closing, by=clerk)
    new.refresh_from_db()
    assert new.state == "closed"
    kinds = list(Case.objects.filter(account=new).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["suspension", "restoration", "closing"]
    assert not OpenItem.objects.exists()
    assert found_nothing()


def test_every_case_has_its_paper_in_both_languages(clerk: Any) -> None:
    account = opened(clerk)
    hung = account.installations.get()
    case = begin_leaving(
        account=account, kind="closing", on=date(2026, 11, 28), indexes={hung.pk: 0}, reason="拆迁", by=clerk
    )
    with pytest.raises(Problem, match=r"done|办结"):
        paper_of(case, by=clerk)
    finish_closing(case=case, by=clerk)
    for one in Case.objects.filter(account=account):
        paper = paper_of(one, by=clerk)
        assert paper.number == one.number
        assert paper_of(one, by=clerk).pk == paper.pk
        data = {**paper.data, "number": paper.number, "reprint": False, "void": False}
        assert all(render_pdf(paper.template, data, language=language)[:4] == b"%PDF" for language in ("zh", "en"))


def test_whoever_closes_with_debts_needs_a_second_person(clerk: Any) -> None:
    account = opened(clerk)
    hung = account.installations.get()
    case = begin_leaving(
        account=account, kind="closing", on=date(2026, 11, 28), indexes={hung.pk: 50_000}, reason="拆迁", by=clerk
    )
    with pytest.raises(ApprovalFiled):
        finish_closing(case=case, despite=["debt"], by=clerk)
    account.refresh_from_db()
    assert account.state == "active"
    chief = make_user("gas.accounts.finish_closing", "core.workflow.decide", unit=make_unit())
    approve(approval=Approval.objects.get(), by=chief)
    account.refresh_from_db()
    assert account.state == "closed"
    assert receivable_fen(account.pk) == 13_050


def test_nothing_closes_without_its_last_reading(clerk: Any) -> None:
    account = opened(clerk)
    with pytest.raises(Problem, match=account.installations.get().meter.meter_no):
        close_account(account=account, closed_on=date(2026, 11, 28), reason="x", by=make_user(CLOSE))
    with pytest.raises(Problem, match=account.installations.get().meter.meter_no):
        begin_leaving(account=account, kind="closing", on=date(2026, 11, 28), indexes={}, reason="x", by=clerk)
    assert not Case.objects.filter(state="begun").exists()


def test_an_unlikely_last_index_is_asked_about_once(clerk: Any) -> None:
    account = opened(clerk)
    hung = account.installations.get()
    for month, index in ((8, 60_000), (9, 70_000), (10, 80_000)):
        record_reading(installation=hung, index_l=index, taken_on=date(2026, month, 25), by=clerk)
        bill_account(account=account, period=202600 + month, by=clerk)
    facts = {"account": account, "kind": "closing", "on": date(2026, 11, 28), "reason": "x"}
    with pytest.raises(Problem) as told:
        begin_leaving(**facts, indexes={hung.pk: 900_000}, by=clerk)
    assert told.value.code == "doubtful"
    hung.refresh_from_db()
    assert hung.until_on is None
    case = begin_leaving(**facts, indexes={hung.pk: 900_000}, doubts_known=True, by=clerk)
    assert case.facts["bills"][0][3] == 820_000


def test_the_tariff_says_whether_the_year_is_counted_on(clerk: Any) -> None:
    for rule, expected in (("carry", 400_000), ("fresh", 0)):
        account = opened(clerk, plan=make_plan(data={**BEIJING_RESIDENTIAL, "transfer": rule, "partial_year": "none"}))
        hung = account.installations.get()
        case = begin_leaving(
            account=account, kind="transfer", on=date(2026, 11, 1), indexes={hung.pk: 400_000}, reason="x",
            doubts_known=True, by=clerk,
        )  # fmt: skip
        owed = receivable_fen(account.pk)
        take_payment(account=account, amount_fen=owed, tender=4, serial=f"c{rule}", channel="office", by=clerk)
        buyer = {"name": "吴芳", "kind": "person", "phone": "", "id_no": ""}
        new = finish_transfer(case=case, customer=buyer, persons=3, by=clerk)
        record_reading(installation=new.installations.get(), index_l=420_000, taken_on=date(2026, 11, 28), by=clerk)
        bill = bill_account(account=new, period=202611, by=clerk)
        assert bill.year_before_l == expected
        assert bill.amount_fen == (20 * 283 if rule == "carry" else 20 * 261)
    assert found_nothing()


def test_a_deposit_is_taken_used_and_paid_back(clerk: Any) -> None:
    account = opened(clerk)
    shift = open_shift(till=make_till(account.unit), float_fen=10_000, by=clerk)
    facts = {"account": account, "amount_fen": 100_000, "tender": CASH, "serial": "d1", "shift": shift}
    taken = take_deposit(**facts, by=clerk)
    assert take_deposit(**facts, by=clerk).payment_no == taken.payment_no
    assert (deposit_fen(account.pk), advance_fen(account.pk), cash_expected(shift)) == (100_000, 0, 110_000)
    with pytest.raises(Problem, match=r"deposit|押金|保证金"):
        reverse_payment(payment=taken, reason="x", shift=shift, by=clerk)
    hung = account.installations.get()
    record_reading(installation=hung, index_l=100_000, taken_on=date(2026, 10, 25), by=clerk)
    bill_account(account=account, period=202610, by=clerk)
    with pytest.raises(Problem, match="261"):
        refund_deposit(account=account, amount_fen=100_000, tender=CASH, serial="d2", reason="x", by=clerk)
    assert use_deposit(account=account, amount_fen=26_100, reason="抵欠费", by=clerk) == 73_900
    assert receivable_fen(account.pk) == 0
    back = {"account": account, "amount_fen": 73_900, "tender": CASH, "serial": "d3", "reason": "合同终止", "by": clerk}
    paid = refund_deposit(**back)
    assert refund_deposit(**back).payment_no == paid.payment_no
    assert (deposit_fen(account.pk), cash_expected(shift)) == (0, 36_100)
    assert [(one.kind, one.amount_fen) for one in deposit_moves(account.pk)] == [
        ("refunded", -73_900), ("used", -26_100), ("taken", 100_000),
    ]  # fmt: skip
    assert found_nothing()
    # Each of both is on paper, says what it is, and in capitals how much.
    for payment, kind, words in ((taken, "taken", "壹仟元整"), (paid, "refunded", "柒佰叁拾玖元整")):
        data = receipt_data(payment, clerk)
        assert data["deposit"] == kind and words in data["capitals"]
        paper = {**data, "number": payment.receipt_no, "reprint": False, "void": False}
        assert all(render_pdf("receipt", paper, language=language)[:4] == b"%PDF" for language in ("zh", "en"))


@pytest.mark.parametrize("kind", ["closing", "transfer"])
def test_who_comes_and_goes_on_one_day_is_settled_with_no_gas(clerk: Any, kind: str) -> None:
    """A contract is signed and given up within the day: the meter comes down as it was hung, the deposit goes back."""
    plan = make_plan(data={**BEIJING_RESIDENTIAL, "base_fee": {"amount": "5.00", "per": "month"}})
    with time_machine.travel("2026-03-01 15:00:00+08:00", tick=False):
        account = opened(clerk, plan=plan)
        shift = open_shift(till=make_till(account.unit), float_fen=0, by=clerk)
        take_deposit(account=account, amount_fen=100_000, tender=CASH, serial="d1", shift=shift, by=clerk)
        hung = account.installations.get()
        case = begin_leaving(
            account=account, kind=kind, on=date(2026, 3, 1), indexes={hung.pk: 0}, reason="合同取消", by=clerk
        )
        final = Bill.objects.get(account=account)
        assert (final.kind, final.volume_l, final.amount_fen, final.from_on) == (Bill.Kind.FINAL, 0, 0, final.to_on)
        refund_deposit(account=account, amount_fen=100_000, tender=CASH, serial="d2", reason="合同取消", by=clerk)
        if kind == "closing":
            finish_closing(case=case, by=clerk)
        else:
            buyer = {"name": "吴芳", "kind": "person", "phone": "13900139000", "id_no": ""}
            new = finish_transfer(case=case, customer=buyer, persons=2, balance="refund", by=clerk)
            assert (new.state, new.opened_on, new.installations.get().meter) == ("active", case.on, hung.meter)
        account.refresh_from_db()
        assert (account.state, account.closed_on) == ("closed", date(2026, 3, 1))
        assert (receivable_fen(account.pk), deposit_fen(account.pk), cash_expected(shift)) == (0, 0, 0)
        assert paper_of(Case.objects.get(pk=case.pk), by=clerk).number == case.number
        assert found_nothing()


def test_gas_used_on_the_day_of_opening_is_billed_when_it_is_closed(clerk: Any) -> None:
    with time_machine.travel("2026-03-01 15:00:00+08:00", tick=False):
        account = opened(clerk)
        hung = account.installations.get()
        leave = {"account": account, "kind": "closing", "on": date(2026, 3, 1), "indexes": {hung.pk: 2_000}}
        with pytest.raises(Problem) as asked:
            begin_leaving(**leave, reason="合同取消", by=clerk)
        assert asked.value.code == "doubtful"
        begin_leaving(**leave, reason="合同取消", doubts_known=True, by=clerk)
        assert Bill.objects.get(account=account).amount_fen == 522


def found_nothing() -> bool:
    known = registered()
    return not [finding for one in run([known["ledger"], known["bills"]]) for finding in one.findings]
