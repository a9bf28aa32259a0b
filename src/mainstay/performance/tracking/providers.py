"""What tracking tells the app on its left: the results on the page of a contract."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.kit.dates import local_today
from mainstay.performance.plans.models import Contract
from mainstay.performance.plans.queries_parts import Measured
from mainstay.performance.tracking.queries import REPORT, points_of, results_by_contract, values_reached
from mainstay.web.pages import Section


@provide("contract_sections")
def contract_sections(*, contract: Contract, user: User) -> list[Section]:
    """What the targets of a signed contract have reached, with the points and the sentence for each."""
    if contract.is_open:
        return []
    results = results_by_contract([contract], today=local_today()).get(contract.pk, [])
    report = contract.is_in_force and rights.allowed(user, REPORT)
    context = {"results": results, "report": report, "points": points_of(results)}
    return [Section(_("Results"), template="tracking/results.html", context=context)]


@provide("target_values")
def target_values(*, targets: Sequence[Measured]) -> dict[int, tuple[int | None, int | None]]:
    """What targets have reached: value in 1/10000 of the unit, share in bp."""
    return values_reached(targets)
