"""The pages of the power supply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mainstay.continuity.power import actions, queries
from mainstay.continuity.power.models import Discharge
from tests.core.make import make_user
from tests.pages.battery import Page, Rows, battery


def _test(_unit: Any) -> dict[str, Any]:
    now = timezone.now()
    facts = {"carried_s": 3600, "load": 80, "left_percent": 50, "passed": True, "by": make_user()}
    return {"pk": Discharge.objects.create(ups="room", began_at=now - timedelta(hours=1), ended_at=now, **facts).pk}


TestPower = battery(
    Page("power:state", queries.VIEW, make=Rows(_test), by_unit=False),
    Page("power:discharge_detail", queries.VIEW, make=_test, by_unit=False),
    Page("power:discharge_create", actions.RECORD, by_unit=False),
)
