"""One act for each kind of message that changes something. The journal row with the very bytes of the answer, the
payment and its postings are one commit, so an answer that a bank has got is always booked, and only once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, write_last
from mainstay.core.todos.actions import open_todo
from mainstay.gas.bank import library
from mainstay.gas.bank.batch.window import DAY_LOCK, PAY, Call, Found, Known, Window, open_window
from mainstay.gas.bank.models import Bank, Day, LineEvent
from mainstay.gas.bank.rules.messages import (
    ACCOUNT_WIDTH,
    CODE_WORDS,
    SERIAL_WIDTH,
    Code,
    Kind,
    Message,
    clip,
    digest,
    due_token,
    reply_to,
)
from mainstay.gas.payments import posting
from mainstay.gas.payments.batch import AccountState, Book, Desk
from mainstay.gas.payments.models import Allocation, Payment
from mainstay.gas.payments.rules import NewPayment
from mainstay.kit import masking
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

JOURNAL = "gas.bank.view_journal"
CONFLICT_TODO = "bank_conflict"
_TENDER = int(Payment.Tender.BANK)
_MOST_FEN = 10**12


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the line; `repeated` when these bytes had been stored before and nothing was done now."""

    body: bytes
    code: Code
    repeated: bool = False


def _subject(bank: Bank, **_facts: Any) -> str:
    return f"bank.bank:{bank.pk}"


@action("gas.bank.take_payments", title=_("Take payments of a bank"), unit=lambda bank, **_: bank.unit_id,
        subject=_subject)  # fmt: skip
def take_payments(*, bank: Bank, calls: Sequence[Call], by: User) -> list[Answer]:
    """Answer payment messages of one bank, in order: each is posted or refused for itself, all in one commit.

    The same (business date, serial) again gives the stored bytes; with other content it is refused and an alarm goes
    to those who watch the journal. Every refusal books nothing.
    """
    window = open_window(bank, [call for call in calls if well_formed(call.message)], timezone.now())
    book = Book(Desk(bank.channel, window.business_on), by_id=by.pk, at=window.at)
    if window.accounts:
        book.load([found.id for found in window.accounts.values()])
    answers = [_pay(window, book, call) for call in calls]
    write_last([*book.statements(), *window.statements()])
    booked = sum(one.code == Code.OK and not one.repeated for one in answers)
    note_change(after={"messages": len(calls), "booked": booked, "business_on": str(window.business_on)})
    return answers


def well_formed(message: Message) -> bool:
    """Whether a message that moves money has what it needs: a date, a serial, an account, an amount above zero."""
    texts = [(message.serial, SERIAL_WIDTH), (message.account_no, ACCOUNT_WIDTH)]
    if message.kind == Kind.REVERSAL:
        texts.append((message.original, SERIAL_WIDTH))
    return (
        message.business_on is not None
        and all(text.isascii() and text.isalnum() and len(text) <= width for text, width in texts)
        and 0 < (message.amount_fen or 0) <= _MOST_FEN
        and message.original != message.serial
    )


def _pay(window: Window, book: Book, call: Call) -> Answer:
    message, bank = call.message, window.bank
    if not well_formed(message):
        return answer(bank, message, Code.BAD_FORMAT)
    if (known := _known(window, call)) is not None:
        return known
    found = window.accounts.get(message.account_no)
    code = _refusal(window, message, found)
    if code == Code.WRONG_DAY:  # the day will open, and the same serial may come again then
        return answer(bank, message, code)
    due = 0
    if code is None and found is not None:
        account = posting.account_of(book, found.id)
        due = due_fen(account)
        code = _due_refusal(bank, message, book, account, due)
    if code is not None or found is None:
        return _kept(window, call, code or Code.NO_ACCOUNT, found, amount_fen=due if found and due > 0 else 0)
    new = NewPayment(found.id, message.amount_fen or 0, _TENDER, bank.channel, message.serial, window.business_on)
    posted = posting.post_loaded(book, new)
    if account.advance_fen or any(item.open_fen < 0 for item in account.items.values()):
        posting.settle(book, account)
    return _kept(window, call, Code.OK, found, payment_no=posted.payment_no, taken_fen=new.amount_fen)


def _known(window: Window, call: Call) -> Answer | None:
    """The stored answer of a serial seen before; a refusal when it stood for something else."""
    message = call.message
    known = window.known.get((message.business_on or window.business_on, message.serial))
    if known is None:
        return None
    if known.digest == digest(message):
        return Answer(bytes.fromhex(known.response), Code(known.code), repeated=True)
    _alarm(window.bank, call, known)
    return answer(window.bank, message, Code.CONFLICT)


def _alarm(bank: Bank, call: Call, known: Known) -> None:
    """Tell those who watch the journal that a bank used a serial twice."""
    serial, day = call.message.serial, call.message.business_on
    if call.line_id is not None:
        note = f"{day} {serial}: {known.amount_fen} / {call.message.amount_fen}"
        LineEvent.objects.create(line_id=call.line_id, at=timezone.now(), kind=LineEvent.Kind.CONFLICT, note=note[:200])
    open_todo(
        kind=CONFLICT_TODO,
        subject=f"bank.entry:{bank.pk}:{day}:{serial}",
        title_zh=f"{bank.name_zh}：流水号 {serial}（{day}）先后用于不同交易，第二笔已拒绝",
        title_en=f"{bank.name_en or bank.name_zh}: serial {serial} of {day} came with other content; it was refused",
        url=f"/bank/journal/?bank={bank.pk}&business_on={day}&q={serial}",
        right=JOURNAL,
        unit_id=bank.unit_id,
    )


def _refusal(window: Window, message: Message, found: Found | None) -> Code | None:
    """Why a payment cannot be, before its account is looked into."""
    bank, amount, day = window.bank, message.amount_fen or 0, message.business_on
    if not bank.active:
        return Code.NOT_ALLOWED
    if day is None or day != window.business_on:
        return Code.DAY_CUT if day and day < window.business_on else Code.WRONG_DAY
    if (day, message.serial) in window.reversed_before:
        return Code.REVERSED_BEFORE
    if found is None:
        return Code.NO_ACCOUNT
    if found.state == "closed":
        return Code.ACCOUNT_CLOSED
    taken = window.taken_of.get(message.account_no, 0)
    over = (
        (bank.limit_payment_fen and amount > bank.limit_payment_fen)
        or (bank.limit_account_fen and taken + amount > bank.limit_account_fen)
        or (bank.limit_day_fen and window.taken_fen + amount > bank.limit_day_fen)
    )
    return Code.OVER_LIMIT if over else None


def due_fen(account: AccountState) -> int:
    """What an account owes after its credits and its advance, in fen; below zero when it has more."""
    return sum(item.open_fen for item in account.items.values()) - account.advance_fen


def _due_refusal(bank: Bank, message: Message, book: Book, account: AccountState, due: int) -> Code | None:
    if account.unit_id in book.closed_units:
        return Code.DAY_CUT
    if message.token and message.token != token_of(message.account_no, account):
        return Code.AMOUNT_CHANGED
    if bank.amount_rule == Bank.AmountRule.ANY:
        return None
    if due <= 0:
        return Code.NOTHING_DUE
    return None if message.amount_fen == due else Code.AMOUNT_CHANGED


def token_of(account_no: str, account: AccountState) -> str:
    """What stands for all that is due of an account now."""
    items = [(item.period, item.seq, item.open_fen) for item in account.items.values()]
    return due_token(account_no, items, account.advance_fen)


def answer(bank: Bank, request: Message, code: Code, text: str = "", **fields: Any) -> Answer:
    """Write a reply in the bank's layout; a refusal says why, in Chinese, as the bank's clerk sees it."""
    adapter, mac = library.speech(bank.layout, bank.code, bank.mac_method)
    reply = reply_to(request, code, text=clip(text or _word(code)), **fields)
    return Answer(adapter.encode(reply, mac), code)


def _word(code: Code) -> str:
    if code == Code.OK:
        return ""
    with override("zh-hans"):
        return gettext(str(CODE_WORDS[code]))


def _kept(window: Window, call: Call, code: Code, found: Found | None, *, payment_no: int | None = None,
          taken_fen: int = 0, amount_fen: int = 0) -> Answer:  # fmt: skip
    """Answer, and keep the answer in the journal. A changed amount is told in the reply."""
    told = {"amount_fen": amount_fen} if code == Code.AMOUNT_CHANGED else {}
    text = masking.name(found.name) if code == Code.OK and found else ""
    made = answer(window.bank, call.message, code, text, **told)
    window.keep(call, code, made.body, account_id=found.id if found else None, payment_no=payment_no,
                taken_fen=taken_fen)  # fmt: skip
    return made


@action("gas.bank.reverse_payment", title=_("Reverse a payment for a bank"), unit=lambda bank, **_: bank.unit_id,
        subject=_subject)  # fmt: skip
def reverse_payment(*, bank: Bank, call: Call, by: User) -> Answer:
    """Answer a reversal message: its bills reopen, and the bank has its money back.

    A payment that is not known is remembered, and refused should it still come. Reversing again succeeds and changes
    nothing. After the day cut it is refused: that is settled in reconciliation.
    """
    message = call.message
    if not well_formed(message):
        return answer(bank, message, Code.BAD_FORMAT)
    window = open_window(bank, [call], timezone.now())
    if (known := _known(window, call)) is not None:
        return known
    code, found, payment_no = _reversed(window, message, by)
    if code == Code.WRONG_DAY:
        return answer(bank, message, code)
    taken = -(message.amount_fen or 0) if code == Code.OK and payment_no else 0
    made = _kept(window, call, code, found, payment_no=payment_no, taken_fen=taken)
    if code == Code.CONFLICT:
        _alarm(bank, call, window.known[message.business_on or window.business_on, message.serial])
    write_last(window.statements())
    note_change(after={"serial": message.serial, "original": message.original, "code": code.value})
    return made


def _reversed(window: Window, message: Message, by: User) -> tuple[Code, Found | None, int | None]:
    day = message.business_on or window.business_on
    if day != window.business_on:
        return (Code.DAY_CUT if day < window.business_on else Code.WRONG_DAY), None, None
    original = window.known.get((day, message.original))
    if original is None or original.kind != PAY or original.code != Code.OK.value or original.payment_no is None:
        return Code.UNKNOWN_ORIGINAL, None, None
    if (original.account_no, original.amount_fen) != (message.account_no, message.amount_fen):
        return Code.CONFLICT, None, None
    return _give_back(window, message, original, by)


def _give_back(window: Window, message: Message, original: Known, by: User) -> tuple[Code, Found | None, int | None]:
    found = window.accounts.get(message.account_no)
    if found is None or original.account_id is None or original.payment_no is None:
        return Code.NO_ACCOUNT, None, None
    book = Book(Desk(window.bank.channel, window.business_on), by_id=by.pk, at=window.at)
    book.load([original.account_id])
    if Payment.objects.filter(account_id=original.account_id, refers_no=original.payment_no).exists():
        return Code.OK, found, None
    if book.accounts[original.account_id].unit_id in book.closed_units:
        return Code.DAY_CUT, found, None
    payment = Payment.objects.get(account_id=original.account_id, payment_no=original.payment_no)
    parts = Allocation.objects.filter(account_id=payment.account_id, payment_no=payment.payment_no)
    reason = gettext("reversed by the bank, serial %(serial)s") % {"serial": message.serial}
    try:
        row = posting.reverse(book, payment, list(parts.values_list("period", "seq", "amount_fen")), reason)
    except ValueError:  # its advance was paid back at the counter since
        return Code.NOT_ALLOWED, found, None
    return Code.OK, found, row["payment_no"]


@action("gas.bank.cut_day", title=_("Cut the business day of a bank"), unit=lambda bank, **_: bank.unit_id,
        subject=_subject)  # fmt: skip
def cut_day(*, bank: Bank, business_on: dt.date, by: User) -> Bank:
    """Close a bank's business day and open the next one: the day after, or today when the cut was missed.

    Waits for the payments under way and keeps later ones waiting. Cutting the same day again changes nothing.
    Raises Problem for a day that is not the open one.
    """
    lock(DAY_LOCK, bank.pk)
    bank = Bank.objects.get(pk=bank.pk)
    if business_on != bank.business_on:
        if Day.objects.filter(bank=bank, business_on=business_on).exclude(cut_at=None).exists():
            return bank
        text = _("The open business date of this bank is %(day)s. Nothing was changed.")
        raise Problem(text % {"day": bank.business_on}, field="business_on", code="wrong_day")
    day, _made = Day.objects.get_or_create(bank=bank, business_on=business_on)
    day.cut_at, day.cut_by = timezone.now(), by
    day.save(update_fields=["cut_at", "cut_by"])
    bank.business_on = max(business_on + dt.timedelta(days=1), local_today())
    bank.save(update_fields=["business_on"])
    note_change(before={"business_on": str(business_on)}, after={"business_on": str(bank.business_on)})
    return bank


@action("gas.bank.note_totals", title=_("Note the totals a bank tells"), unit=lambda bank, **_: bank.unit_id,
        subject=_subject)  # fmt: skip
def note_totals(*, bank: Bank, business_on: dt.date, count: int, amount_fen: int, by: User) -> Day:
    """Keep what a bank says it collected on a business date; the latest word counts."""
    day, _made = Day.objects.get_or_create(bank=bank, business_on=business_on)
    day.told_count, day.told_fen, day.told_at = count, amount_fen, timezone.now()
    day.save(update_fields=["told_count", "told_fen", "told_at"])
    note_change(after={"business_on": str(business_on), "count": count, "amount_fen": amount_fen})
    return day
