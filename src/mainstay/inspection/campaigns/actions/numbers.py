"""Numbers of papers lent to phones, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.models import Document
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change, refuse
from mainstay.inspection.campaigns.models import NumberBlock
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

NOTICE = "rectification_notice"
MOST, VALID_DAYS = 20, 14


@action("inspection.campaigns.lend_numbers", title=_("Lend numbers of notices to a phone"))
def lend_numbers(*, device: str, count: int = 5, by: User) -> NumberBlock:
    """Give a phone a run of the next numbers of rectification notices for two weeks.

    A phone that still holds a usable block of this year gets that block again, so asking twice takes nothing.
    Raises Problem for more than 20 numbers or a phone without a name.
    """
    if not device.strip() or not 1 <= count <= MOST:
        raise Problem(_("A phone borrows 1 to 20 numbers under its own name."), field="count", code="bad_count")
    lock(f"number_block:{device}", 0)
    now, year = timezone.now(), local_today().year
    held = NumberBlock.objects.usable(now).filter(kind=NOTICE, device=device, user=by, year=year).last()
    if held is not None and _left(held):
        return held
    first = next_number(NOTICE, year)
    last = first
    for _each in range(count - 1):  # the series' row is ours until the end of the transaction: the run has no hole
        last = next_number(NOTICE, year)
    block = NumberBlock.objects.create(
        kind=NOTICE, year=year, first=first, last=last, device=device.strip()[:40], user=by, leased_at=now,
        expires_at=now + timedelta(days=VALID_DAYS),
    )  # fmt: skip
    note_change(after={"kind": NOTICE, "first": first, "last": last, "device": device})
    return block


@action("inspection.campaigns.take_back_numbers", title=_("Take back numbers from a phone"))
def take_back_numbers(*, block: NumberBlock, reason: str, by: User) -> list[str]:
    """End a loan: numbers that no paper carries are noted as not used; returns them. Raises Problem when it is over."""
    lock(f"number_block:{block.device}", 0)
    block.refresh_from_db()
    if block.closed_at is not None:
        raise Problem(_("These numbers were taken back already."), code="closed")
    block.unused = _left(block)
    block.closed_at = timezone.now()
    block.save(update_fields=["unused", "closed_at"])
    note_change(after={"unused": block.unused}, reason=reason)
    return list(block.unused)


def require_lent(number: str, device: str, by: User) -> None:
    """Refuse a number that was not lent to this phone of this person."""
    year, _dash, digits = number.partition("-")
    if not (year.isdecimal() and digits.isdecimal()):
        raise Problem(
            _("%(number)s is no number of a notice.") % {"number": number}, field="notices", code="bad_number"
        )
    place = int(digits)
    blocks = NumberBlock.objects.filter(kind=NOTICE, year=int(year), first__lte=place, last__gte=place, user=by)
    if not blocks.filter(device=device).exists():
        refuse(_("The number %(number)s was not lent to this phone.") % {"number": number})


def _left(block: NumberBlock) -> list[str]:
    used = set(_used(block.numbers))
    return [number for number in block.numbers if number not in used]


def _used(numbers: Sequence[str]) -> list[str]:
    return list(Document.objects.filter(kind=NOTICE, number__in=numbers).values_list("number", flat=True))
