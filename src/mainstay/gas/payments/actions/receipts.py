"""Receipt books: handed out, used form by form, wasted, voided, handed back with every number accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.core.organisation.models import Unit
from mainstay.gas.payments import counter_rules
from mainstay.gas.payments.actions.subjects import subject_of
from mainstay.gas.payments.models import Payment, ReceiptBook, ReceiptSlip
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from collections.abc import Iterable

FAULTS: dict[str, tuple[str, Any]] = {
    "series": ("series", _("A series has up to 12 letters and digits, as printed before the number.")),
    "range": ("last_no", _("The last number must not be before the first, and numbers begin at 1.")),
    "digits": ("digits", _("The numbers do not fit into that many digits (at most 12).")),
    "size": ("last_no", _("A book has at most 100,000 forms: check the numbers.")),
}


@action("gas.payments.issue_receipt_book", title=_("Hand out receipt book"), unit=lambda unit, **_: unit.pk)
def issue_receipt_book(
    *, unit: Unit, holder: User, series: str, first_no: int, last_no: int, digits: int = 8, by: User
) -> ReceiptBook:
    """Hand a run of pre-printed forms to a clerk (票据领用). No number of a series is ever handed out twice.

    Raises Problem: the numbers make no book, or another book holds one of them.
    """
    series = series.strip().upper()
    fault = counter_rules.book_fault(series, first_no, last_no, digits)
    if fault:
        field, text = FAULTS[fault]
        raise Problem(text, field=field, code=f"book_{fault}")
    lock("payments.receipt_series", 0)
    other = ReceiptBook.objects.filter(series=series, first_no__lte=last_no, last_no__gte=first_no).first()
    if other is not None:
        text = _("Numbers of this run are in the book %(book)s already. Check the first and the last number.")
        raise Problem(text % {"book": other}, field="first_no", code="book_overlap")
    made = ReceiptBook.objects.create(
        series=series, first_no=first_no, last_no=last_no, next_no=first_no, digits=digits, unit=unit, holder=holder,
        issued_by=by, issued_at=timezone.now(),
    )  # fmt: skip
    note_change(after={"book": str(made), "holder": holder.username, "forms": last_no - first_no + 1})
    return made


@action(
    "gas.payments.print_on_form",
    title=_("Print receipt on a form"),
    unit=lambda payment, **_: payment.unit_id,
    subject=lambda payment, **_: subject_of(payment),
)
def print_on_form(*, payment: Payment, by: User) -> ReceiptSlip:
    """Use the next form of the clerk's book for a payment; the form it has already when there is one.

    Raises Problem: the clerk holds no book with forms left.
    """
    lock("account", payment.account_id)
    used = slips_of(payment).filter(state=ReceiptSlip.State.USED).first()
    if used is not None:
        return used
    copies = slips_of(payment).count()
    return _use(_book_in_hand(by), payment, copies, by)


@action(
    "gas.payments.reprint_on_form",
    title=_("Reprint receipt on a new form"),
    unit=lambda payment, **_: payment.unit_id,
    subject=lambda payment, **_: subject_of(payment),
)
def reprint_on_form(*, payment: Payment, reason: str, by: User) -> ReceiptSlip:
    """Void the form a receipt was printed on and print it on the next one, marked as a reprint (补打).

    Raises Problem (nothing changed): no reason, no book with forms left.
    """
    if not reason.strip():
        raise Problem(_("Say what happened to the form."), field="reason", code="no_reason")
    lock("account", payment.account_id)
    slips_of(payment).filter(state=ReceiptSlip.State.USED).update(
        state=ReceiptSlip.State.VOID, reason=reason.strip()[:200]
    )
    slip = _use(_book_in_hand(by), payment, slips_of(payment).count(), by)
    note_change(after={"form": str(slip), "copy": slip.copy}, reason=reason)
    return slip


@action(
    "gas.payments.void_form",
    title=_("Void receipt form"),
    unit=lambda slip, **_: slip.book.unit_id,
    owner=lambda slip, **_: slip.book.holder_id,
)
def void_form(*, slip: ReceiptSlip, reason: str, by: User) -> ReceiptSlip:
    """Void a used form (作废): all copies stay in the book. Problem without a reason or when it is not in use."""
    if not reason.strip():
        raise Problem(_("Say why the form is voided."), field="reason", code="no_reason")
    done = ReceiptSlip.objects.filter(pk=slip.pk, state=ReceiptSlip.State.USED).update(
        state=ReceiptSlip.State.VOID, reason=reason.strip()[:200]
    )
    if not done:
        raise Problem(_("Only a used form can be voided; nothing was changed."), code="not_used")
    slip.refresh_from_db()
    note_change(after={"form": str(slip), "state": "void"}, reason=reason)
    return slip


@action(
    "gas.payments.waste_forms",
    title=_("Record wasted forms"),
    unit=lambda book, **_: book.unit_id,
    owner=lambda book, **_: book.holder_id,
)
def waste_forms(*, book: ReceiptBook, last_no: int, reason: str, by: User) -> int:
    """Record the forms from the book's next number up to `last_no` as wasted (废票); returns how many.

    Raises Problem (nothing changed): no reason, numbers that are not the next ones of the book.
    """
    if not reason.strip():
        raise Problem(_("Say what happened to the forms."), field="reason", code="no_reason")
    book = locked_book(book)
    if book.state != ReceiptBook.State.OPEN or not book.next_no <= last_no <= book.last_no:
        text = _("The forms left in this book are %(first)s to %(last)s.")
        raise Problem(
            text % {"first": book.number(book.next_no), "last": book.number(book.last_no)}, field="last_no",
            code="not_next",
        )  # fmt: skip
    numbers = range(book.next_no, last_no + 1)
    _write(book, numbers, by, state=ReceiptSlip.State.WASTED, reason=reason.strip()[:200])
    note_change(after={"book": str(book), "wasted": len(numbers)}, reason=reason)
    return len(numbers)


@action("gas.payments.return_receipt_book", title=_("Take back receipt book"), unit=lambda book, **_: book.unit_id)
def return_receipt_book(*, book: ReceiptBook, counted: int, by: User) -> ReceiptBook:
    """Take back the rest of a book, its unused forms counted. Problem when the count is not what the numbers say."""
    book = locked_book(book)
    if book.state != ReceiptBook.State.OPEN:
        raise Problem(_("This book has no forms left to hand back."), code="not_open")
    left = book.last_no - book.next_no + 1
    if counted != left:
        text = _("%(left)s forms must be left (%(first)s to %(last)s). Record missing ones as wasted, with the reason.")
        facts = {"left": left, "first": book.number(book.next_no), "last": book.number(book.last_no)}
        raise Problem(text % facts, field="counted", code="count_differs")
    book.state, book.ended_at = ReceiptBook.State.RETURNED, timezone.now()
    book.save(update_fields=["state", "ended_at"])
    note_change(after={"book": str(book), "left": left})
    return book


def slips_of(payment: Payment) -> QuerySet[ReceiptSlip]:
    """Every form a payment's receipt was printed on."""
    rows = ReceiptSlip.objects.filter(account_id=payment.account_id, payment_no=payment.payment_no)
    return rows.select_related("book").order_by("pk")


def _book_in_hand(by: User) -> ReceiptBook:
    book = ReceiptBook.objects.filter(holder=by, state=ReceiptBook.State.OPEN).order_by("pk").first()
    if book is None:
        text = _("You hold no receipt book with forms left. Have one handed out, or print the receipt on plain paper.")
        raise Problem(text, code="no_book")
    return locked_book(book)


def _use(book: ReceiptBook, payment: Payment, copy: int, by: User) -> ReceiptSlip:
    _write(
        book, [book.next_no], by, state=ReceiptSlip.State.USED, account_id=payment.account_id,
        payment_no=payment.payment_no, copy=copy,
    )  # fmt: skip
    slip = ReceiptSlip.objects.select_related("book").get(book=book, number=book.next_no - 1)
    note_change(after={"form": str(slip), "copy": copy})
    return slip


def _write(book: ReceiptBook, numbers: Iterable[int], by: User, **facts: Any) -> None:
    """Write slips of the book's next numbers and move it on; the last form finishes it."""
    now = timezone.now()
    slips = [ReceiptSlip(book=book, number=number, by=by, at=now, **facts) for number in numbers]
    ReceiptSlip.objects.bulk_create(slips, batch_size=500)
    ReceiptBook.objects.filter(pk=book.pk).update(next_no=F("next_no") + len(slips))
    book.refresh_from_db()
    if book.next_no > book.last_no:
        book.state, book.ended_at = ReceiptBook.State.FINISHED, now
        book.save(update_fields=["state", "ended_at"])


def locked_book(book: ReceiptBook) -> ReceiptBook:
    """The book as it is now, kept from other users of its numbers until the transaction ends."""
    lock("payments.receipt_book", book.pk)
    return ReceiptBook.objects.get(pk=book.pk)
