"""The morning after: the bank's file compared with ours, differences settled by two people, money paid over."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.gas.bank import library
from mainstay.gas.bank.batch.compare import compare, load_lines
from mainstay.gas.bank.models import Bank, Difference, Settlement, Statement, StatementLine
from mainstay.gas.bank.queries import SETTLE, subject_of
from mainstay.gas.bank.rules.files import BadFile
from mainstay.gas.bank.rules.sorting import (
    BANK_ONLY,
    CORRECT,
    DIFFERS,
    MATCHED,
    OURS_ONLY,
    POST,
    REVERSE,
    SUSPENSE,
    WAYS,
    Sorted,
)
from mainstay.gas.bank.rules.statements import StatementFile, read_statement
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import queries as ledger_queries
from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.actions import DAY_LOCK
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import posting
from mainstay.gas.payments.batch import Book, Desk
from mainstay.gas.payments.models import Allocation, Payment, Serial
from mainstay.gas.payments.rules import NewPayment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "bank_differences"
_DAYS_TO_SETTLE = 2


def _of_bank(bank: Bank, **_facts: Any) -> int:
    return bank.unit_id


@action("gas.bank.reconcile", title=_("Reconcile a bank's file"), unit=_of_bank)
def reconcile(*, bank: Bank, business_on: dt.date, name: str, raw: bytes, by: User) -> Statement:
    """Read a bank's file of a day that is cut, and sort every payment of it and of ours into one class.

    The same file again is compared anew and gives the same statement. A later file of the day takes the place of the
    earlier: open differences that it no longer has are gone. Raises Problem naming the line of a wrong file.
    """
    if business_on >= bank.business_on:
        text = _("%(day)s is not cut yet: the business date of this bank is %(open)s. Nothing was read.")
        raise Problem(text % {"day": business_on, "open": bank.business_on}, field="business_on", code="not_cut")
    lock("bank.reconcile", bank.pk)
    told = _read(bank, business_on, raw)
    statement = _statement(bank, told, name, sha256(raw).hexdigest(), by)
    sums, found = compare(statement, told)
    _keep_sums(statement, sums)
    _keep_differences(statement, found)
    note_change(after={"business_on": str(business_on), "rows": statement.rows, "amount_fen": statement.amount_fen,
                       **{kind: sums[kind][0] for kind in sums}})  # fmt: skip
    return statement


def _read(bank: Bank, business_on: dt.date, raw: bytes) -> StatementFile:
    try:
        return read_statement(library.layouts()[bank.layout]["statement"], raw, business_on)
    except BadFile as bad:
        text = gettext("Line %(line)s: %(text)s Nothing was read.")
        raise Problem(text % {"line": bad.line_no, "text": bad.text}, field="file", code="bad_file") from None


def _statement(bank: Bank, told: StatementFile, name: str, digest: str, by: User) -> Statement:
    known = Statement.objects.filter(bank=bank, business_on=told.business_on, sha256=digest).first()
    if known is not None:
        known.at = timezone.now()
        return known
    statement = Statement.objects.create(
        bank=bank, business_on=told.business_on, name=name[:120], sha256=digest, rows=len(told),
        amount_fen=told.amount_fen, by=by, at=timezone.now(),
    )  # fmt: skip
    load_lines(statement, told)
    return statement


def _keep_sums(statement: Statement, sums: dict[str, tuple[int, int, int]]) -> None:
    none = (0, 0, 0)
    statement.matched, statement.matched_fen, _same = sums.get(MATCHED, none)
    statement.bank_only, statement.bank_only_fen, _nothing = sums.get(BANK_ONLY, none)
    statement.ours_only, _nothing, statement.ours_only_fen = sums.get(OURS_ONLY, none)
    statement.differs, statement.differs_bank_fen, statement.differs_ours_fen = sums.get(DIFFERS, none)
    bank_fen = statement.matched_fen + statement.bank_only_fen + statement.differs_bank_fen
    if bank_fen != statement.amount_fen:
        raise AssertionError(f"classes sum to {bank_fen}, the file to {statement.amount_fen}")
    statement.save()


def _keep_differences(statement: Statement, found: list[Sorted]) -> None:
    """Open what is new, leave what is settled, and close what a later file no longer has."""
    bank, day = statement.bank, statement.business_on
    known = {one.serial: one for one in Difference.objects.filter(bank=bank, business_on=day)}
    fresh: list[Difference] = []
    changed: list[Difference] = []
    for one in found:
        item = known.pop(one.serial, None) or Difference(
            bank=bank, business_on=day, serial=one.serial, at=timezone.now(), state=Difference.State.OPEN
        )
        if item.state == Difference.State.SETTLED:
            continue
        item.statement, item.kind, item.account_no = statement, one.kind, one.account_no
        item.bank_fen, item.ours_fen, item.state = one.bank_fen, one.ours_fen, Difference.State.OPEN
        (changed if item.pk else fresh).append(item)
    for item in known.values():
        if item.state == Difference.State.OPEN:
            item.state = Difference.State.GONE
            changed.append(item)
    Difference.objects.bulk_create(fresh, batch_size=500)
    fields = ["statement", "kind", "account_no", "bank_fen", "ours_fen", "state"]
    Difference.objects.bulk_update(changed, fields, batch_size=500)
    _remind(bank, day)


def _remind(bank: Bank, day: dt.date) -> None:
    """One to-do for the open differences of a day; closed with the last of them."""
    subject = f"bank.day:{bank.pk}:{day}"
    count = Difference.objects.filter(bank=bank, business_on=day, state=Difference.State.OPEN).count()
    if not count:
        close_todos(kind=TODO_KIND, subject=subject)
        return
    open_todo(
        kind=TODO_KIND,
        subject=subject,
        title_zh=f"{bank.name_zh} {day} 对账有 {count} 笔差错待处理",
        title_en=f"{bank.name_en or bank.name_zh}: {count} differences of {day} wait",
        url=f"/bank/differences/?bank={bank.pk}&business_on={day}",
        right=SETTLE,
        unit_id=bank.unit_id,
        due_at=timezone.now() + dt.timedelta(days=_DAYS_TO_SETTLE),
    )


def _amount(difference: Difference, **_facts: Any) -> int:
    return max(difference.bank_fen or 0, difference.ours_fen or 0)


@action(
    SETTLE,
    title=_("Settle a bank difference"),
    unit=lambda difference, **_: difference.bank.unit_id,
    amount=_amount,
    subject=lambda difference, **_: subject_of(difference.pk),
    four_eyes="always",
)
def settle_difference(*, difference: Difference, way: str, reason: str, by: User) -> Difference:
    """Settle a difference in one of the ways of its kind, with the entry that belongs to it; two people always.

    post and correct take the payment the bank has; reverse takes ours back; suspense holds the bank's money until
    somebody knows whose it is; claim keeps ours and books nothing. Raises Problem (nothing booked) when it is settled
    already, or the way does not fit.
    """
    lock("bank.difference", difference.pk)
    item = Difference.objects.select_related("bank").get(pk=difference.pk)
    if item.state != Difference.State.OPEN:
        raise Problem(_("This difference is no longer open. Nothing was booked."), code="not_open")
    if way not in WAYS[item.kind]:
        raise Problem(_("This kind of difference is not settled that way."), field="way", code="wrong_way")
    if not reason.strip():
        raise Problem(_("Say what was found out."), field="reason", code="no_reason")
    if way in {REVERSE, CORRECT}:
        _take_back(item, reason, by)
    if way in {POST, CORRECT}:
        _post_theirs(item, by)
    if way == SUSPENSE:
        _post_company(item.bank, Posting.Document.BANK_DIFFERENCE, item.pk,
                      ledger.suspense_lines(item.bank_fen or 0), local_today())  # fmt: skip
    item.state, item.way, item.reason = Difference.State.SETTLED, way, reason.strip()[:200]
    item.settled_on, item.by = local_today(), by
    item.save(update_fields=["state", "way", "reason", "settled_on", "by"])
    _remind(item.bank, item.business_on)
    note_change(before={"state": "open"}, after={"state": "settled", "way": way},
                reason=reason)  # fmt: skip
    return item


def _take_back(item: Difference, reason: str, by: User) -> None:
    known = Serial.objects.filter(channel=item.bank.channel, business_on=item.business_on, serial=item.serial).first()
    rows = Payment.objects.filter(account_id=known.account_id, payment_no=known.payment_no) if known else None
    payment = rows.first() if rows is not None else None
    if payment is None:
        raise Problem(_("The payment of this difference is not there. Nothing was booked."), code="no_payment")
    if Payment.objects.filter(account_id=payment.account_id, refers_no=payment.payment_no).exists():
        return
    book = Book(Desk(item.bank.channel, local_today()), by_id=by.pk, at=timezone.now())
    book.load([payment.account_id])
    parts = Allocation.objects.filter(account_id=payment.account_id, payment_no=payment.payment_no)
    try:
        posting.reverse(book, payment, list(parts.values_list("period", "seq", "amount_fen")), reason[:200])
    except ValueError:
        text = _("The advance of this payment was paid back since. Nothing was booked; get that money back first.")
        raise Problem(text, field="way", code="advance_gone") from None


def _post_theirs(item: Difference, by: User) -> None:
    account_no = item.account_no
    if item.kind == DIFFERS:
        line = StatementLine.objects.filter(statement=item.statement, serial=item.serial).first()
        account_no = line.account_no if line else account_no
    account = Account.objects.filter(account_no=account_no).first()
    if account is None:
        text = _("There is no account %(account)s; hold the money until it is clear whose it is.")
        raise Problem(text % {"account": account_no}, field="way", code="no_account")
    today = local_today()
    book = Book(Desk(item.bank.channel, today), by_id=by.pk, at=timezone.now())
    serial, tender = f"diff-{item.pk}", int(Payment.Tender.BANK)
    new = NewPayment(account.pk, item.bank_fen or 0, tender, item.bank.channel, serial, today)
    posting.post_payments(book, [new])


def _post_company(bank: Bank, document: int, document_no: int, lines: list[ledger.Line], day: dt.date) -> None:
    """Post an amount of the company itself, at the bank's branch. Raises Problem for a day that is closed."""
    lock(DAY_LOCK, day.toordinal())
    if ledger_queries.is_closed(bank.unit_id, day):
        text = _("The business day %(day)s is closed for this branch. Nothing was booked; use the next day.")
        raise Problem(text % {"day": day}, code="day_closed")
    Posting.objects.bulk_create(
        Posting(
            account_id=0, document=document, document_no=document_no, line=line.line, business_on=day,
            unit_id=bank.unit_id, debit_id=line.debit, credit_id=line.credit, amount_fen=line.amount_fen,
        )
        for line in lines
    )  # fmt: skip


@action("gas.bank.record_settlement", title=_("Record money a bank paid over"), unit=_of_bank,
        amount=lambda amount_fen, **_: amount_fen)  # fmt: skip
def record_settlement(
    *, bank: Bank, collected_on: dt.date, amount_fen: int, fee_fen: int, reference: str, by: User
) -> Settlement:
    """Book what a bank paid over for a day: cash at bank and its fee against what it held for us.

    The same reference again gives the settlement there is; Problem when it stands for other amounts.
    """
    if not 0 <= fee_fen <= amount_fen or amount_fen <= 0:
        raise Problem(_("The amount must be above zero, and the fee no more than it."), field="amount", code="amount")
    lock("bank.settlement", bank.pk)
    known = Settlement.objects.filter(bank=bank, reference=reference).first()
    if known is not None:
        if (known.amount_fen, known.fee_fen, known.collected_on) == (amount_fen, fee_fen, collected_on):
            return known
        text = _("Reference %(reference)s stands for another settlement. Nothing was booked.")
        raise Problem(text % {"reference": reference}, field="reference", code="reference_used")
    made = Settlement.objects.create(
        bank=bank, collected_on=collected_on, business_on=local_today(), amount_fen=amount_fen, fee_fen=fee_fen,
        reference=reference, by=by, at=timezone.now(),
    )  # fmt: skip
    lines = ledger.bank_settlement_lines(amount_fen, fee_fen)
    _post_company(bank, Posting.Document.BANK_SETTLEMENT, made.pk, lines, made.business_on)
    note_change(after={"amount_fen": amount_fen, "fee_fen": fee_fen, "reference": reference})
    return made
