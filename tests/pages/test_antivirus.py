"""The pages of the antivirus centre."""

from __future__ import annotations

import itertools
from typing import Any

from django.utils import timezone

from mainstay.continuity.antivirus import actions, queries
from mainstay.continuity.antivirus.models import Client, Medium
from tests.pages.battery import Page, Rows, battery

_numbers = itertools.count(1)


def _carrier(_unit: Any) -> dict[str, Any]:
    number = next(_numbers)
    Client.objects.create(name=f"t{number}", reported_at=timezone.now())
    return {"pk": Medium.objects.create(label=f"U{number}", keeper="何若兰").pk}


TestAntivirus = battery(
    Page("antivirus:centre", queries.VIEW, make=Rows(_carrier), by_unit=False),
    Page("antivirus:take", actions.TAKE, by_unit=False),
    Page("antivirus:medium_create", actions.REGISTER, by_unit=False),
    Page("antivirus:medium_retire", actions.RETIRE, make=_carrier, by_unit=False),
)
