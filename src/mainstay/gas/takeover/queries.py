"""Reads of take-overs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.gas.takeover.models import OldBill, Takeover

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("gas.takeover.view_takeover", _("View take-overs"))
_TAKEN = """
    SELECT o.account_no FROM takeover_oldaccount o JOIN customers_account a ON a.account_no = o.account_no
    WHERE o.takeover_id = %s
    UNION SELECT o.meter_no FROM takeover_oldaccount o JOIN meters_meter m ON m.meter_no = o.meter_no
    WHERE o.takeover_id = %s LIMIT 5"""


def takeovers_visible_to(user: User, right: str = VIEW) -> QuerySet[Takeover]:
    """Take-overs of the units the user may see with a right."""
    ids = rights.unit_ids(user, right)
    rows = Takeover.objects.select_related("unit", "by__person")
    return rows if ids is None else rows.filter(unit__in=ids)


def bills_of(takeover: Takeover) -> QuerySet[OldBill]:
    """Compared bills, the greatest difference first."""
    return OldBill.objects.filter(takeover=takeover).order_by("-size_fen", "row")


def reasons_of(takeover: Takeover) -> list[tuple[str, str, int, int]]:
    """(reason, its words, bills, net fen), most bills first."""
    words = dict(OldBill.Reason.choices)
    rows = OldBill.objects.filter(takeover=takeover).values("reason").annotate(n=Count("pk"), fen=Sum("difference_fen"))
    return [(row["reason"], str(words[row["reason"]]), row["n"], row["fen"]) for row in rows.order_by("-n")]


def numbers_in_use(takeover: Takeover) -> list[str]:
    """Account or meter numbers of the staging that exist here by now, five at most."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [takeover.pk, takeover.pk])
        return [str(row[0]) for row in cursor.fetchall()]
