"""What hazards tells other parts: open hazards and refusals at the home of a gas customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from mainstay.core.events.providers import provide
from mainstay.inspection.campaigns.models import Assignment
from mainstay.inspection.hazards.models import Hazard, HazardStep
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@provide("hazards_of_account")
def hazards_of_account(*, account_no: str) -> dict[str, Any]:
    """Open hazards at a customer's home: numbers, whether entry was refused last, whether supply shall be stopped."""
    rows = list(Hazard.objects.unfinished().filter(target__account_no=account_no).order_by("deadline_on"))
    last = (
        Assignment.objects.filter(target__account_no=account_no)
        .exclude(visits=0)
        .order_by("-campaign__from_on")
        .first()
    )
    keys = [one.pk for one in rows]
    decided = HazardStep.objects.filter(hazard__in=keys, what__in=("stopped", "kept")).order_by("-pk").first()
    today = local_today()
    return {
        "open": len(rows), "major": sum(one.level == "major" for one in rows),
        "overdue": sum(one.days_over > 0 for one in rows), "findings": [one.finding for one in rows[:5]],
        "refused": bool(last and last.state == Assignment.State.REFUSED), "as_of": today.isoformat(),
        "stop_supply": bool(decided and decided.what == HazardStep.What.STOPPED),
    }  # fmt: skip


@provide("stops_of_sale")
def stops_of_sale(*, account: Any) -> list[str]:
    """Why no gas shall be sold in advance to a customer: supply to be stopped, serious hazards open. One query."""
    rows = Hazard.objects.unfinished().filter(target__account_no=account.account_no)
    major = [one.finding for one in rows if one.level == "major"]
    if not major:
        return []
    return [_("%(n)s serious gas hazards at home are open: %(first)s.") % {"n": len(major), "first": major[0][:60]}]


@provide("warnings_of_account")
def warnings_of_account(*, account: Any, user: User) -> list[tuple[str, str]]:
    """What the counter shows of a customer: (hue, text), serious ones in red."""
    found = hazards_of_account(account_no=account.account_no)
    lines = []
    if found["stop_supply"]:
        lines.append(
            ("red", _("Supply shall be stopped because of a serious hazard: send the customer to the safety office."))
        )
    if found["major"]:
        lines.append(("red", _("%(n)s serious gas hazards at home are open.") % {"n": found["major"]}))
    if found["open"] > found["major"]:
        lines.append(("amber", _("%(n)s gas hazards at home are open.") % {"n": found["open"] - found["major"]}))
    if found["refused"]:
        lines.append(("amber", _("The last safety check was refused: offer an appointment.")))
    return lines
