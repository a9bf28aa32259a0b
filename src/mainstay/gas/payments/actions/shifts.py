"""Every change of tills and shifts: open with a float, close with a count, accept by a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.payments import queries
from mainstay.gas.payments.batch import SHIFT_LOCK
from mainstay.gas.payments.models import Shift, Till
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

MOST_FEN = 10_000_000_00


@action("gas.payments.save_till", title=_("Create or change a till"), unit=lambda unit, **_: unit.pk)
def save_till(
    *,
    unit: Unit,
    code: str,
    name_zh: str,
    name_en: str = "",
    layout: str = "",
    right_mm10: int = 0,
    down_mm10: int = 0,
    till: Till | None = None,
    by: User,
) -> Till:
    """Create a till of a branch, or rename one; `layout` and the shifts (0.1 mm) are those of its needle printer.

    Problem when the code is taken or does not fit a receipt number.
    """
    code = code.strip().upper()
    if not code.isascii() or not code.isalnum() or len(code) > 12:  # noqa: PLR2004  # width of the column
        text = _("A till's code has up to 12 letters and digits, such as W01: receipt numbers begin with it.")
        raise Problem(text, field="code", code="bad_code")
    taken = Till.objects.filter(code=code).first()
    if taken is not None and taken != till:
        raise Problem(_("There is a till %(code)s already.") % {"code": code}, field="code", code="taken")
    if till is not None and till.code != code and till.shifts.exists():
        raise Problem(_("Receipts carry this code already; it stays."), field="code", code="in_use")
    before = {"code": till.code, "name_zh": till.name_zh} if till else None
    till = till or Till(unit=unit)
    till.unit, till.code, till.name_zh, till.name_en = unit, code, name_zh.strip(), name_en.strip()
    till.layout, till.right_mm10, till.down_mm10 = layout, right_mm10, down_mm10
    till.save()
    note_change(before=before, after={"code": till.code, "name_zh": till.name_zh})
    return till


@action("gas.payments.open_shift", title=_("Open shift"), unit=lambda till, **_: till.unit_id)
def open_shift(*, till: Till, float_fen: int, by: User) -> Shift:
    """Open a shift at a till with the cash in its drawer. Problem when either has one open or the day is closed.

    Receipt numbers go on where the till's last shift of the day ended.
    """
    if not 0 <= float_fen <= MOST_FEN:
        raise Problem(_("The float is an amount of cash, zero or more."), field="float", code="bad_float")
    lock("till", till.pk)
    day = local_today()
    if ClosedDay.objects.filter(unit=till.unit_id, business_on=day).exists():
        raise Problem(_("Today is closed for this branch already; open a shift tomorrow."), code="day_closed")
    taken = Shift.objects.select_related("clerk__person").filter(till=till, state=Shift.State.OPEN).first()
    if taken is not None:
        text = _("%(clerk)s has an open shift at this till; it must be closed first.")
        raise Problem(text % {"clerk": taken.clerk}, field="till", code="till_taken")
    last = Shift.objects.filter(till=till, business_on=day).aggregate(last=Max("last_receipt"))["last"]
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                till=till, clerk=by, business_on=day, float_fen=float_fen, last_receipt=last or 0,
                opened_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Problem(_("You have an open shift at another till; close it first."), code="shift_open") from None
    note_change(after={"till": till.code, "float_fen": float_fen})
    return shift


@action(
    "gas.payments.close_shift",
    title=_("Close shift"),
    unit=lambda shift, **_: shift.till.unit_id,
    owner=lambda shift, **_: shift.clerk_id,
)
def close_shift(*, shift: Shift, counted_fen: int, by: User) -> Shift:
    """Close a shift with the cash counted (fen). A difference to what was expected is posted, never hidden."""
    if not 0 <= counted_fen <= MOST_FEN:
        raise Problem(_("Count the drawer: zero or more."), field="counted", code="bad_count")
    shift = _locked(shift)
    if shift.state != Shift.State.OPEN:
        raise Problem(_("This shift is closed already; nothing was changed."), code="not_open")
    shift.expected_fen = queries.cash_expected(shift)
    shift.counted_fen = counted_fen
    shift.state = Shift.State.CLOSED
    shift.closed_at = timezone.now()
    shift.save()
    difference = counted_fen - shift.expected_fen
    Posting.objects.bulk_create(
        Posting(
            account_id=0,
            document=Posting.Document.SHIFT,
            document_no=shift.pk,
            line=line.line,
            business_on=shift.business_on,
            unit_id=shift.till.unit_id,
            till_id=shift.till_id,
            debit_id=line.debit,
            credit_id=line.credit,
            amount_fen=line.amount_fen,
        )
        for line in ledger.shift_lines(difference)
    )
    note_change(
        after={"expected_fen": shift.expected_fen, "counted_fen": counted_fen, "difference_fen": difference},
        reason=yuan(difference) if difference else "",
    )
    return shift


@action("gas.payments.accept_shift", title=_("Accept shift"), unit=lambda shift, **_: shift.till.unit_id)
def accept_shift(*, shift: Shift, by: User) -> Shift:
    """Accept a closed shift's count as its supervisor, who cannot be its clerk."""
    shift = _locked(shift)
    if shift.clerk_id == by.pk:
        raise Problem(_("Somebody else must accept your shift."), code="own_shift")
    if shift.state != Shift.State.CLOSED:
        raise Problem(_("Only a closed shift that waits can be accepted; nothing was changed."), code="not_closed")
    shift.state = Shift.State.ACCEPTED
    shift.accepted_by, shift.accepted_at = by, timezone.now()
    shift.save(update_fields=["state", "accepted_by", "accepted_at"])
    note_change(after={"counted_fen": shift.counted_fen})
    return shift


def _locked(shift: Shift) -> Shift:
    """The shift as it is now, kept from payments and other closings until the transaction ends."""
    lock(SHIFT_LOCK, shift.pk)
    return Shift.objects.select_related("till").get(pk=shift.pk)
