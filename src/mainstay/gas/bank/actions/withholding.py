"""Withholding: agreements, a batch out, its return in; matched by batch and line number, never by name and amount."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.bank.models import Agreement, Bank, Withholding, WithholdingLine
from mainstay.gas.bank.rules.files import TAKEN, BadFile, WithholdingRow, read_withholding
from mainstay.gas.billing.models import Owed
from mainstay.gas.payments import posting
from mainstay.gas.payments.batch import Book, Desk
from mainstay.gas.payments.models import Advance, Payment
from mainstay.gas.payments.rules import NewPayment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

_POST_AT_ONCE = 200
LOCK = "bank.withholding"


@action("gas.bank.save_agreement", title=_("Save a withholding agreement"), unit=lambda account, **_: account.unit_id)
def save_agreement(
    *, bank: Bank, account: Account, agreement_no: str, payer: str, card_tail: str = "", from_on: dt.date, by: User
) -> Agreement:
    """Keep a customer's agreement with a bank; an account has one at a time."""
    running = Agreement.objects.filter(account=account, until_on=None).first()
    if running is not None:
        text = _("This account has agreement %(no)s; end it first.")
        raise Problem(text % {"no": running.agreement_no}, field="account_no", code="has_agreement")
    if Agreement.objects.filter(bank=bank, agreement_no=agreement_no).exists():
        raise Problem(_("This agreement number is in use at this bank."), field="agreement_no", code="number_taken")
    if "|" in agreement_no or (card_tail and not (card_tail.isdigit() and len(card_tail) == 4)):  # noqa: PLR2004
        raise Problem(_("The last four digits of the card are four digits."), field="card_tail", code="bad_tail")
    made = Agreement.objects.create(
        bank=bank, account=account, agreement_no=agreement_no, payer=payer, card_tail=card_tail, from_on=from_on
    )
    note_change(after={"agreement_no": agreement_no, "bank": bank.code})
    return made


@action(
    "gas.bank.end_agreement",
    title=_("End a withholding agreement"),
    unit=lambda agreement, **_: agreement.account.unit_id,
)
def end_agreement(*, agreement: Agreement, until_on: dt.date, by: User) -> Agreement:
    """End an agreement; batches made from now on leave it out."""
    if agreement.until_on is not None:
        raise Problem(_("This agreement has ended already."), code="ended")
    agreement.until_on = until_on
    agreement.save(update_fields=["until_on"])
    note_change(after={"until_on": str(until_on)})
    return agreement


@action("gas.bank.make_withholding", title=_("Make a withholding batch"), unit=lambda bank, **_: bank.unit_id)
def make_withholding(*, bank: Bank, by: User) -> Withholding:
    """List what is due now of every account with a running agreement, except what an earlier batch still asks for.

    Raises Problem when nothing is due.
    """
    lock(LOCK, bank.pk)
    today = local_today()
    due = _due(bank, today)
    if not due:
        raise Problem(_("Nothing is due of accounts with an agreement at this bank."), code="nothing_due")
    number = Withholding.objects.filter(bank=bank, business_on=today).count() + 1
    made = Withholding.objects.create(
        bank=bank, batch_no=f"{today:%Y%m%d}{number:03d}", business_on=today, rows=len(due),
        amount_fen=sum(fen for _one, fen in due), made_by=by, made_at=timezone.now(),
    )  # fmt: skip
    WithholdingLine.objects.bulk_create(
        (
            WithholdingLine(withholding=made, line_no=no, agreement=one, account_id=one.account_id, amount_fen=fen)
            for no, (one, fen) in enumerate(due, 1)
        ),
        batch_size=500,
    )
    note_change(after={"batch_no": made.batch_no, "rows": made.rows, "amount_fen": made.amount_fen})
    return made


def _due(bank: Bank, today: dt.date) -> list[tuple[Agreement, int]]:
    asked = WithholdingLine.objects.filter(withholding__bank=bank, withholding__state=Withholding.State.MADE)
    running = Agreement.objects.filter(Q(until_on=None) | Q(until_on__gt=today), bank=bank, from_on__lte=today)
    agreements = list(running.exclude(pk__in=asked.values("agreement")).order_by("account_id"))
    accounts = [one.account_id for one in agreements]
    due: dict[int, int] = dict.fromkeys(accounts, 0)
    for first in range(0, len(accounts), 500):
        part = accounts[first : first + 500]
        for account_id, fen in Owed.objects.filter(account__in=part).values_list("account_id", "open_fen"):
            due[account_id] += fen
        for account_id, fen in Advance.objects.filter(pk__in=part).values_list("pk", "balance_fen"):
            due[account_id] -= fen
    return [(one, due[one.account_id]) for one in agreements if due[one.account_id] > 0]


@action(
    "gas.bank.take_return",
    title=_("Take the return of a withholding batch"),
    unit=lambda withholding, **_: withholding.bank.unit_id,
    subject=lambda withholding, **_: f"bank.withholding:{withholding.pk}",
)
def take_return(*, withholding: Withholding, raw: bytes, by: User) -> Withholding:
    """Post what a bank took of a batch: all or nothing, and once only.

    The same file again changes nothing; another file for a returned batch is refused. Raises Problem naming the line
    that does not fit the batch.
    """
    lock(LOCK, withholding.bank_id)
    batch = Withholding.objects.select_related("bank").get(pk=withholding.pk)
    digest = sha256(raw).hexdigest()
    if batch.state == Withholding.State.RETURNED:
        if batch.returned_sha256 == digest:
            return batch
        text = _("Batch %(batch)s has come back already; a batch comes back once only. Nothing was booked.")
        raise Problem(text % {"batch": batch.batch_no}, field="file", code="returned")
    rows = _rows(batch, raw)
    lines = {line.line_no: line for line in batch.lines.select_related("agreement", "account")}
    _match(rows, lines)
    _post(batch, [lines[row.line_no] for row in rows if row.result == TAKEN], by)
    for row in rows:
        lines[row.line_no].result, lines[row.line_no].note = row.result[:4], row.note[:60]
    WithholdingLine.objects.bulk_update(lines.values(), ["result", "note", "payment_no"], batch_size=500)
    taken = [row.amount_fen for row in rows if row.result == TAKEN]
    batch.state, batch.taken, batch.taken_fen = Withholding.State.RETURNED, len(taken), sum(taken)
    batch.returned_sha256, batch.returned_on = digest, local_today()
    batch.save()
    note_change(after={"taken": batch.taken, "taken_fen": batch.taken_fen, "failed": batch.rows - batch.taken})
    return batch


def _rows(batch: Withholding, raw: bytes) -> list[WithholdingRow]:
    try:
        return read_withholding(raw, batch.bank.code, batch.batch_no)
    except BadFile as bad:
        text = gettext("Line %(line)s: %(text)s Nothing was booked.")
        raise Problem(text % {"line": bad.line_no, "text": bad.text}, field="file", code="bad_file") from None


def _match(rows: list[WithholdingRow], lines: dict[int, WithholdingLine]) -> None:
    """Every line of the batch comes back once, with the agreement and amount it went out with."""
    for place, row in enumerate(rows, 2):
        line = lines.get(row.line_no)
        if line is None or (line.agreement.agreement_no, line.amount_fen) != (row.agreement_no, row.amount_fen):
            text = _("Line %(line)s of the file is not what was sent as line %(no)s of the batch. Nothing was booked.")
            raise Problem(text % {"line": place, "no": row.line_no}, field="file", code="not_matched")
    if len({row.line_no for row in rows}) != len(rows) or len(rows) != len(lines):
        raise Problem(_("The file does not have every line of the batch once. Nothing was booked."), field="file",
                      code="not_matched")  # fmt: skip


def _post(batch: Withholding, lines: list[WithholdingLine], by: User) -> None:
    day, channel = local_today(), batch.bank.channel
    for first in range(0, len(lines), _POST_AT_ONCE):
        part = lines[first : first + _POST_AT_ONCE]
        book = Book(Desk(channel, day), by_id=by.pk, at=timezone.now())
        new = [
            NewPayment(
                one.account_id,
                one.amount_fen,
                int(Payment.Tender.BANK),
                channel,
                f"{batch.batch_no}-{one.line_no}",
                day,
            )
            for one in part
        ]
        for line, posted in zip(part, posting.post_payments(book, new), strict=True):
            line.payment_no = posted.payment_no
