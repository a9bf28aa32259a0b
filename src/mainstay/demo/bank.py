"""A fictitious bank of the demonstration: a line, a day of messages, a reconciliation with differences, a batch.

Yesterday's day is played through the same acts as over a line; running it again changes nothing.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from mainstay.commands.words import _
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.door import ApprovalFiled
from mainstay.core.organisation.models import Unit
from mainstay.core.workflow.actions import approve
from mainstay.gas.bank.actions import (
    cut_day,
    make_withholding,
    note_totals,
    reconcile,
    record_settlement,
    reverse_payment,
    save_agreement,
    save_bank,
    save_line,
    settle_difference,
    take_payments,
)
from mainstay.gas.bank.batch.window import Call
from mainstay.gas.bank.library import layouts, make_key, speech
from mainstay.gas.bank.models import Agreement, Bank, Difference, Line, LineEvent, Statement, Withholding
from mainstay.gas.bank.queries import day_sums, our_payments, what_is_due
from mainstay.gas.bank.rules.messages import Kind, Message
from mainstay.gas.bank.rules.statements import StatementRow, write_statement
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today

CODE, SECOND = "HTB", "YHB"
PAYERS, AGREEMENTS = 40, 25
BRANCH = "HT-CD"


def tell() -> str:
    """Make what is missing; returns what there is, in one line."""
    bank = Bank.objects.filter(code=CODE).first() or _banks()
    if not Statement.objects.filter(bank=bank).exists():
        with transaction.atomic():
            _day(bank)
    if not Withholding.objects.filter(bank=bank).exists():
        _withhold(bank)
    return _("{payments} payments over the line, {differences} differences, {agreements} withheld").format(
        payments=day_sums(bank, local_today() - dt.timedelta(days=1))["paid"],
        differences=Difference.objects.filter(bank=bank).count(),
        agreements=Agreement.objects.filter(bank=bank).count(),
    )


def _banks() -> Bank:
    """Two banks with their keys and lines; the first works in ISO 8583, the second in fixed-length GBK."""
    by, company = system_user(), Unit.objects.get(code="HT")
    made = save_bank(
        unit=company, code=CODE, name_zh="海棠商业银行", name_en="Haitang Commercial Bank", layout="iso8583",
        limit_payment_fen=5_000_000, limit_account_fen=10_000_000, fee_each_fen=30, fee_e4=10, by=by,
    )  # fmt: skip
    other = save_bank(
        unit=company, code=SECOND, name_zh="月湖农村合作银行", name_en="Moon Lake Cooperative Bank", layout="fixed-gbk",
        mac_method="x9.19", by=by,
    )  # fmt: skip
    for bank, name, port, header in (
        (made, "一号专线", 8583, "2b"),
        (made, "二号专线", 8584, "2b"),
        (other, "专线", 8585, "4a"),
    ):
        make_key(bank.code)
        save_line(bank=bank, name=name, port=port, header=header, by=by)
    # The demonstration begins a day before: yesterday is played, cut and reconciled.
    Bank.objects.filter(pk=made.pk).update(business_on=local_today() - dt.timedelta(days=1))
    made.refresh_from_db()
    return made


def _payers() -> list[Account]:
    """Customers of the East Branch who owe; the West Branch's day is closed by its voucher."""
    owing = OpenItem.objects.filter(account__unit__code=BRANCH, open_fen__gt=0).values("account")
    return list(Account.objects.filter(pk__in=owing, state="active").select_related("customer").order_by("pk")[:PAYERS])


def _call(bank: Bank, message: Message, line: Line) -> Call:
    adapter, mac = speech(bank.layout, bank.code, bank.mac_method)
    return Call(message, adapter.encode(message, mac), line.pk)


def _day(bank: Bank) -> None:
    """Payments, a repeat, a changed amount, a reversal; the cut; the file with three differences, one settled."""
    by, day, line = system_user(), bank.business_on, bank.lines.earliest("pk")
    events = [(LineEvent.Kind.CONNECTED, ""), (LineEvent.Kind.SIGNED_ON, "0001")]
    LineEvent.objects.bulk_create(
        LineEvent(line=line, at=timezone.now(), kind=kind, peer="10.8.0.12:40112", note=note) for kind, note in events
    )
    accounts = _payers()
    calls = []
    for number, account in enumerate(accounts, 1):
        _code, _name, due, token = what_is_due(account.account_no)
        wrong = 100 if number % 17 == 0 else 0
        message = Message(
            kind=Kind.PAY, trace=f"{number:06d}", serial=f"{day:%y%m%d}{number:06d}", business_on=day,
            institution="0001",
            at=f"{day:%m%d}{8 + number // 6:02d}{number % 60:02d}00", terminal=f"WD{number % 4 + 1:02d}",
            account_no=account.account_no, amount_fen=due + wrong, token="" if wrong else token,
        )  # fmt: skip
        calls.append(_call(bank, message, line))
    take_payments(bank=bank, calls=[*calls, calls[2]], by=by)
    first = calls[4].message
    back = Message(
        kind=Kind.REVERSAL, trace="900001", serial=f"{day:%y%m%d}900001", business_on=day, institution="0001",
        account_no=first.account_no, amount_fen=first.amount_fen, original=first.serial, at=first.at,
    )  # fmt: skip
    reverse_payment(bank=bank, call=_call(bank, back, line), by=by)
    sums = day_sums(bank, day)
    note_totals(bank=bank, business_on=day, count=sums["net"], amount_fen=sums["net_fen"], by=by)
    bank = cut_day(bank=bank, business_on=day, by=by)
    _reconcile(bank, day)


def _reconcile(bank: Bank, day: dt.date) -> None:
    clerk = User.objects.get(username="bank2")
    rows = our_payments(bank, day)
    unpaid = Account.objects.filter(unit__code=BRANCH, state="active").order_by("-pk")[0]
    told = [*rows[1:-1], StatementRow(rows[-1].serial, rows[-1].account_no, rows[-1].amount_fen + 1_000),
            StatementRow(f"{day:%y%m%d}000901", unpaid.account_no, 8_800)]  # fmt: skip
    raw = write_statement(layouts()[bank.layout]["statement"], day, told)
    reconcile(bank=bank, business_on=day, name=f"HTB{day:%Y%m%d}.txt", raw=raw, by=clerk)
    difference = Difference.objects.get(bank=bank, business_on=day, kind="ours_only")
    try:
        settle_difference(difference=difference, way="claim", reason="银行已找到凭条，明日补划",
                          by=clerk)  # fmt: skip
    except ApprovalFiled as filed:
        approve(approval=filed.approval, by=User.objects.get(username="finance2"))
    total = sum(row.amount_fen for row in told)
    record_settlement(
        bank=bank, collected_on=day, amount_fen=total, fee_fen=len(told) * 30 + total // 1000,
        reference=f"QS{day:%Y%m%d}01", by=clerk,
    )  # fmt: skip


def _withhold(bank: Bank) -> None:
    """Agreements of customers who owe, and a batch that is out."""
    clerk = User.objects.get(username="bank")
    owing = OpenItem.objects.filter(account__unit__code=BRANCH, open_fen__gt=0).values("account")
    accounts = Account.objects.filter(pk__in=owing, state="active").select_related("customer").order_by("-pk")
    for number, account in enumerate(accounts[:AGREEMENTS], 1):
        if not Agreement.objects.filter(account=account).exists():
            save_agreement(
                bank=bank, account=account, agreement_no=f"DK{number:08d}", payer=account.customer.name,
                card_tail=f"{number * 37 % 10_000:04d}", from_on=dt.date(2025, 1, 1), by=clerk,
            )  # fmt: skip
    make_withholding(bank=bank, by=clerk)
