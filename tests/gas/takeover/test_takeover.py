"""Taking over from an old system: staged, compared, made real; nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine

from mainstay.core.checks import registered, run
from mainstay.core.door import ApprovalFiled
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.gas.billing.actions import bill_account
from mainstay.gas.billing.models import Bill, OpenItem
from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.ledger.queries import advance_fen, receivable_fen
from mainstay.gas.meters.models import Meter
from mainstay.gas.payments.queries import deposit_fen
from mainstay.gas.readings.actions import record_reading
from mainstay.gas.takeover import hooks
from mainstay.gas.takeover.actions import abandon, begin, make_real, try_billing
from mainstay.gas.takeover.batch.columns import ACCOUNTS, BILLS, DEBTS
from mainstay.gas.takeover.models import OldAccount, OldBill, Takeover
from mainstay.gas.takeover.papers import protocol
from mainstay.gas.tariffs.models import Terms, Version
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from mainstay.kit.sheets import OutColumn, kept, write_xlsx
from tests.gas.make import BEIJING_RESIDENTIAL, make_account, make_area, make_book, make_plan, make_unit, make_user

pytestmark = pytest.mark.django_db
RIGHTS = (
    "gas.takeover.begin", "gas.takeover.load_sheet", "gas.takeover.try_billing", "gas.takeover.make_real",
    "gas.takeover.view_takeover", "gas.takeover.abandon",
)  # fmt: skip
SHEETS = {"accounts": ACCOUNTS, "debts": DEBTS, "bills": BILLS}


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel("2026-11-02 10:00:00+08:00", tick=False):
        yield


class Office:
    """The people and things of a take-over."""

    def __init__(self) -> None:
        self.unit = make_unit("城北营业所")
        self.by, self.chief = make_user(*RIGHTS, unit=self.unit), make_user(*RIGHTS, unit=self.unit)
        self.book = make_book(self.unit)
        self.plan = make_plan("Beijing/residential")
        make_area("阳光花园")
        self.takeover = begin(name="旧收费系统", unit=self.unit, on=date(2026, 11, 1), by=self.by)

    def row(self, number: int, **more: Any) -> dict[str, Any]:
        """A row of the sheet of accounts."""
        return {
            "account_no": f"8{number:07d}", "name": "周明", "community": "阳光花园", "building": "1",
            "room": str(number), "opened_on": date(2019, 5, 1), "plan": self.plan.code, "book": self.book.code,
            "meter_no": f"OLD{number:06d}", "index": "1283", "read_on": date(2026, 10, 25), **more,
        }  # fmt: skip

    def load(self, what: str, rows: list[dict[str, Any]], *, skip_bad: bool = False) -> Any:
        """Bring a sheet in as the page does."""
        checked = self.check(what, rows)
        return commit_sheet(sheet_import=checked, skip_bad=skip_bad, by=self.by)

    def check(self, what: str, rows: list[dict[str, Any]]) -> Any:
        """The preview of a sheet."""
        file = BytesIO()
        columns = SHEETS[what]
        write_xlsx(file, what, [OutColumn(one.zh) for one in columns], [[r.get(c.key) for c in columns] for r in rows])
        file.seek(0)
        options = {"takeover": str(self.takeover.pk)}
        return check_sheet(kind=f"gas.takeover.{what}", file=file, name=f"{what}.xlsx", options=options, by=self.by)

    def real(self) -> Takeover:
        """Made real by two people."""
        with pytest.raises(ApprovalFiled):
            make_real(takeover=self.takeover, by=self.by)
        approve(approval=Approval.objects.get(state="waiting"), by=self.chief)
        self.takeover.refresh_from_db()
        return self.takeover


def bill(number: int, volume: str, before: str, amount: str) -> dict[str, Any]:
    days = {"from_on": date(2026, 9, 25), "to_on": date(2026, 10, 25)}
    facts = {"volume": volume, "year_before": before, "amount": amount}
    return {"account_no": f"8{number:07d}", "period": "2026-10", **days, **facts}


def test_a_branch_comes_over_with_money_and_counters() -> None:
    office = Office()
    rows = [
        office.row(1, year_volume="340", advance="12.50", low_income_until=date(2026, 12, 31), persons="4"),
        office.row(2, customer_no="K7", state="报停", deposit="500"),
        office.row(3, customer_no="K7"),
        office.row(3, meter_no="OLD000033", index="20", room="3"),
    ]
    office.load("accounts", rows)
    debts = (("2026-08", "20.00"), ("2026-09", "30.00"))
    office.load("debts", [
        {"account_no": "80000002", "period": period, "amount": yuan, "due_on": date(2026, 10, 15)}
        for period, yuan in debts
    ] + [{"account_no": "80000001", "period": "2026-10", "amount": "5.00", "due_on": date(2026, 11, 15)}])  # fmt: skip
    office.load("bills", [bill(1, "30", "310", "78.30")])
    assert not Account.objects.exists()
    try_billing(takeover=office.takeover, by=office.by)
    done = office.real()
    assert (done.state, done.accounts, done.meters, done.debts) == ("done", 3, 4, 3)
    first, second, third = Account.objects.order_by("account_no")
    assert Customer.objects.count() == 2
    assert second.customer_id == third.customer_id
    assert (second.state, second.unit, third.installations.count()) == ("suspended", office.unit, 2)
    assert [t.low_income for t in Terms.objects.filter(account=first).order_by("from_on")] == [True, False]
    assert (advance_fen(first.pk), receivable_fen(first.pk)) == (750, 0)  # the debt was paid from the advance at once
    assert (receivable_fen(second.pk), deposit_fen(second.pk)) == (5_000, 50_000)
    assert OpenItem.objects.filter(account=second, due_on=date(2026, 10, 15)).count() == 2
    assert nothing_wrong()
    # The first bill here goes on from the volume of the year: 10 m³ are left in the first tier.
    hung = first.installations.get()
    assert (hung.first_index_l, hung.from_on) == (1_283_000, date(2026, 10, 25))
    with time_machine.travel("2026-11-26 10:00:00+08:00", tick=False):
        record_reading(installation=hung, index_l=1_303_000, taken_on=date(2026, 11, 25), by=_system())
        made = bill_account(account=first, period=202611, by=_system())
    assert (made.year_before_l, made.amount_fen) == (340_000, 10 * 261 + 10 * 283)
    assert nothing_wrong()


def test_faults_stand_in_their_row_and_nothing_is_half_imported() -> None:
    office = Office()
    there = make_account(unit=office.unit, book=office.book)
    Meter.objects.create(meter_no="HERE0001")
    wrong = [
        office.row(1),
        office.row(2, plan="nowhere"),
        office.row(3, book="nowhere"),
        office.row(4, community="无此小区"),
        office.row(5, index="123456"),
        office.row(6, opened_on=date(2026, 10, 30)),
        office.row(7, meter_no="OLD000001"),
        office.row(8, account_no=there.account_no),
        office.row(9, room="1"),
        office.row(10, meter_no="HERE0001"),
        office.row(11, read_on=date(2026, 11, 2)),
        office.row(12, persons="120"),
    ]
    checked = office.check("accounts", wrong)
    assert (checked.rows, checked.bad_rows, checked.new_rows) == (12, 11, 1)
    with pytest.raises(Problem) as told:
        commit_sheet(sheet_import=checked, by=office.by)
    assert told.value.code == "bad_rows"
    assert not OldAccount.objects.exists()
    office.load("accounts", wrong, skip_bad=True)
    assert OldAccount.objects.get().account_no == "80000001"
    debts = [{"account_no": "1", "period": "2026-09", "amount": "1", "due_on": date(2026, 10, 1)},
             {"account_no": "80000001", "period": "2026-11", "amount": "1", "due_on": date(2026, 10, 1)},
             {"account_no": "80000001", "period": "2026-09", "amount": "0", "due_on": date(2026, 10, 1)}]  # fmt: skip
    assert office.check("debts", debts).bad_rows == 3


def test_every_difference_of_the_trial_has_its_reason() -> None:
    office = Office()
    office.load("accounts", [office.row(n) for n in range(1, 6)])
    office.load("bills", [
        bill(1, "30", "0", "78.30"),  # equal
        bill(2, "100", "300", "261.00"),  # the old system forgot the 300 before: or billed all at the first tier
        bill(3, "100", "300", "272.01"),  # a fen of rounding
        bill(4, "100", "300", "999.00"),  # nobody knows
        bill(5, "10", "400", "42.30"),  # third tier: unknown, small
    ])  # fmt: skip
    tried = try_billing(takeover=office.takeover, by=office.by)
    rows = OldBill.objects.filter(takeover=tried).order_by("account_no")
    assert list(rows.values_list("reason", flat=True)) == ["equal", "counter", "rounding", "unknown", "unknown"]
    assert (tried.bills, tried.differing) == (5, 4)
    assert OldBill.objects.order_by("-size_fen").first().account_no == "80000004"
    office.load("bills", [bill(1, "30", "0", "78.30")])  # a new sheet: the trial of the old one does not count
    with pytest.raises(ApprovalFiled):
        make_real(takeover=office.takeover, by=office.by)
    with pytest.raises(Problem) as told:
        approve(approval=Approval.objects.get(), by=office.chief)
    assert told.value.code == "not_tried"


def test_numbers_given_meanwhile_stop_it_before_anything_is_real() -> None:
    office = Office()
    office.load("accounts", [office.row(1), office.row(2)])
    office.load("bills", [bill(1, "30", "0", "78.30")])
    try_billing(takeover=office.takeover, by=office.by)
    Meter.objects.create(meter_no="OLD000002")
    with pytest.raises(ApprovalFiled):
        make_real(takeover=office.takeover, by=office.by)
    with pytest.raises(Problem, match="OLD000002"):
        approve(approval=Approval.objects.get(), by=office.chief)
    assert not Account.objects.exists()
    assert not Bill.objects.exists()


def test_abandoning_drops_what_was_staged_and_the_protocol_is_in_both_languages() -> None:
    office = Office()
    office.load("accounts", [office.row(1)])
    office.load("bills", [bill(1, "30", "0", "78.30")])
    try_billing(takeover=office.takeover, by=office.by)
    office.takeover.refresh_from_db()
    paper = protocol(office.takeover, by=_system())
    data = {**paper.data, "number": paper.number, "reprint": False, "void": False}
    assert all(render_pdf(paper.template, data, language=language)[:4] == b"%PDF" for language in ("zh", "en"))
    abandon(takeover=office.takeover, reason="另定日期", by=office.by)
    assert not OldAccount.objects.exists()
    with pytest.raises(Problem):
        make_real.spec.run(takeover=office.takeover, by=office.by)


def _system() -> Any:
    from tests.gas.bank.make import system

    return system()


def nothing_wrong() -> bool:
    known = registered()
    return not [finding for one in run([known["ledger"], known["bills"]]) for finding in one.findings]


def test_what_was_found_is_taken_over_only_while_everything_it_rests_on_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing changed: the rows of the check are staged. A number given meanwhile: the rows are looked at again."""
    monkeypatch.setattr(kept, "LEAST_ROWS", 1)
    looked: list[int] = []
    check = hooks.check_accounts
    monkeypatch.setattr(hooks, "check_accounts", lambda *args: looked.append(1) or check(*args))
    office = Office()
    rows = [office.row(1), office.row(2)]
    commit_sheet(sheet_import=office.check("accounts", rows), by=office.by)
    assert (len(looked), OldAccount.objects.count()) == (1, 2)

    looked.clear()
    checked = office.check("accounts", rows)
    Meter.objects.create(meter_no=rows[0]["meter_no"])
    with pytest.raises(Problem) as refused:
        commit_sheet(sheet_import=checked, by=office.by)
    assert (refused.value.code, len(looked)) == ("bad_rows", 2)
    commit_sheet(sheet_import=checked, skip_bad=True, by=office.by)
    assert list(OldAccount.objects.values_list("account_no", flat=True)) == [rows[1]["account_no"]]

    looked.clear()
    checked = office.check("accounts", rows[1:])
    Version.objects.create(
        plan=office.plan,
        effective_on=date(2026, 10, 1),
        notice="n",
        data={**BEIJING_RESIDENTIAL, "effective": "2026-10-01"},
    )
    commit_sheet(sheet_import=checked, by=office.by)
    assert (len(looked), OldAccount.objects.get().version_id) == (2, Version.objects.latest("pk").pk)
