"""Selling gas in advance where a serious hazard is open: only with somebody's named consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import SaleOverride
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def stops_of_sale(account: Account) -> list[str]:
    """Why no gas may be sold in advance to an account, as the safety side says; empty when it may."""
    return [str(one) for found in answers("stops_of_sale", account=account) for one in found]


def consent_of(account: Account) -> SaleOverride | None:
    """Today's named consent to sell to an account in spite of its hazards."""
    return SaleOverride.objects.filter(account=account, on=local_today()).select_related("by__person").first()


def refuse_on_hazard(account: Account) -> None:
    """Refuse to sell gas in advance while a serious hazard is open and nobody has consented today.

    What is owed can always be paid: this stands before advances and card sales only.
    """
    stops = stops_of_sale(account)
    if stops and consent_of(account) is None:
        text = _("%(hazard)s Gas in advance needs the consent of a supervisor, by name. Nothing was booked.")
        raise Problem(text % {"hazard": stops[0]}, code="hazard")


@action(
    "gas.payments.allow_sale",
    title=_("Allow sale in spite of a hazard"),
    unit=lambda account, **_: account.unit_id,
    subject=lambda account, **_: f"customers.account:{account.pk}",
    four_eyes="always",
)
def allow_sale(*, account: Account, reason: str, by: User) -> SaleOverride:
    """Consent to sell gas to an account today in spite of its open serious hazards; asked by one, agreed by another.

    Doing it again the same day returns the consent there is. Raises Problem: no reason, no hazard stands in the way.
    """
    if not reason.strip():
        raise Problem(_("Say why gas is sold in spite of the hazard."), field="reason", code="no_reason")
    stops = stops_of_sale(account)
    if not stops:
        raise Problem(_("No serious hazard is open here: the sale needs no consent."), code="no_hazard")
    made, new = SaleOverride.objects.get_or_create(
        account=account, on=local_today(),
        defaults={"hazards": " ".join(stops)[:400], "reason": reason.strip()[:200], "by": by, "at": timezone.now()},
    )  # fmt: skip
    if new:
        note_change(after={"account": account.account_no, "hazards": len(stops)}, reason=reason)
    return made
