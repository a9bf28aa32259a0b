"""The register of terminals."""

from __future__ import annotations

import itertools
from typing import Any

from mainstay.continuity.network import actions, queries
from mainstay.continuity.network.models import Terminal
from tests.pages.battery import Page, Rows, battery

_numbers = itertools.count(1)


def _terminal(_unit: Any) -> dict[str, Any]:
    number = next(_numbers)
    mac = f"02:00:00:00:{number // 256:02x}:{number % 256:02x}"
    return {"pk": Terminal.objects.create(name=f"t{number}", mac=mac, zone="core", place="机房").pk}


TestNetwork = battery(
    Page("network:terminal_list", queries.VIEW, make=Rows(_terminal), by_unit=False),
    Page("network:terminal_detail", queries.VIEW, make=_terminal, by_unit=False),
    Page("network:terminal_create", actions.SAVE, by_unit=False),
    Page("network:terminal_change", actions.SAVE, make=_terminal, by_unit=False),
    Page("network:terminal_retire", actions.RETIRE, make=_terminal, by_unit=False),
)
