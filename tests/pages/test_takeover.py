"""The pages of a take-over from an old system."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.gas.takeover.models import OldBill, Takeover
from mainstay.gas.takeover.queries import VIEW
from tests.gas.bank.make import system
from tests.pages.battery import Page, Rows, battery

ACTS = ("gas.takeover.load_sheet", "gas.takeover.start_trial", "gas.takeover.make_real", "gas.takeover.abandon")


def takeover(unit: Unit) -> dict[str, Any]:
    Takeover.objects.filter(unit=unit, state="collecting").update(state="abandoned")
    made = Takeover.objects.create(
        name="旧收费系统", unit=unit, on=date(2026, 11, 1), by=system(), at=timezone.now(), accounts=1, bills=1,
        tried_at=timezone.now(), differing=1, difference_fen=-500,
    )  # fmt: skip
    OldBill.objects.create(
        takeover=made, row=2, account_no="80000001", period=202610, from_on=date(2026, 9, 25), to_on=date(2026, 10, 25),
        volume_l=30_000, year_before_l=0, amount_fen=8_330, ours_fen=7_830, difference_fen=-500, size_fen=500,
        reason="unknown",
    )  # fmt: skip
    return {"pk": made.pk}


TestTakeover = battery(
    Page("takeover:takeover_list", VIEW, Rows(takeover)),
    Page("takeover:takeover_detail", VIEW, takeover, extra=ACTS),
    Page("takeover:takeover_begin", "gas.takeover.begin", by_unit=False),
    Page("takeover:bill_list", VIEW, takeover),
    Page("takeover:make_real", "gas.takeover.make_real", takeover),
    Page("takeover:abandon", "gas.takeover.abandon", takeover),
)
