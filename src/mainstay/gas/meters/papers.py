"""The paper of a meter that came down, with the one in its place: values only, the layout is in typst/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from mainstay.core.documents.actions import issue_document
from mainstay.core.home import menu
from mainstay.gas.meters.models import PREPAID_KINDS, Installation
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.documents.models import Document


def change_paper(old: Installation, *, by: User) -> Document:
    """The paper of an exchange, or of a removal; issued when it is asked for the first time. Indexes in litres.

    Raises Problem while the meter hangs.
    """
    if old.until_on is None:
        raise Problem(_("This meter hangs: the paper is made when it is taken down."), code="hangs")
    account = old.account
    places = Installation.objects.select_related("meter").filter(account=account, from_on=old.until_on)
    new = places.exclude(pk=old.pk).filter(pk__gt=old.pk).order_by("pk").first()
    data = {
        "company": str(menu.fact("company_name", by, "") or ""), "on": f"{old.until_on}",
        "customer": account.customer.name, "account_no": account.account_no, "address": account.premise.address,
        "old": _meter(old), "new": _meter(new) if new else None, "card": old.meter.kind in PREPAID_KINDS,
    }  # fmt: skip
    return issue_document(
        kind="meter_change", number=f"M{old.pk:07d}", subject=f"meters.installation:{old.pk}", template="meter_change",
        data=data, unit_id=account.unit_id, by=by,
    )  # fmt: skip


def _meter(place: Installation) -> dict[str, Any]:
    meter = place.meter
    return {
        "meter_no": meter.meter_no, "kind": meter.kind, "maker": meter.maker,
        "verified_until": f"{meter.verified_until or ''}", "first_index_l": place.first_index_l,
        "last_index_l": place.last_index_l, "seal_no": place.seal_no or "",
    }  # fmt: skip
