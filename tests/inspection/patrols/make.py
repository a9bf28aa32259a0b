"""The setting of patrol tests: two rooms with labels, somebody in charge, somebody who walks."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.inspection.campaigns.models import Assignment, Target
from mainstay.inspection.patrols import actions
from mainstay.inspection.patrols.models import Patrol
from mainstay.kit.dates import local_today
from tests.core.make import make_unit
from tests.inspection.make import INSPECTOR, body_for, person_in, published

TODAY = date(2026, 3, 31)


def patrol(unit: Unit | None = None, **changes: Any) -> tuple[Patrol, User, User]:
    """A patrol by two rooms with its leader and a second walker, without rounds yet unless `from_on` says so."""
    unit = unit or make_unit("信息中心")
    rights: dict[str, Any] = dict.fromkeys(INSPECTOR, ("all", None))
    leader, walker = person_in(unit, "机房主管", rights), person_in(unit, "值班员", rights)
    mark = uuid.uuid4().hex[:6]
    rooms = Target.objects.bulk_create(
        Target(kind="room", klass="room", code=f"R{mark}-{number}", name=f"机房{number}", unit=unit)
        for number in (1, 2)
    )
    facts = {
        "unit": unit, "code": f"P{mark}", "name_zh": "机房日巡", "rhythm": "daily", "targets": rooms,
        "checklists": [published().checklist], "leader": leader.person, "walkers": [walker.person],
        "from_on": local_today() + timedelta(days=30),
    } | changes  # fmt: skip
    return actions.save_patrol(**facts, by=system_user()), leader, walker


def walked(assignment: Assignment, by: User, **more: Any) -> Any:
    """Record one point as a phone sends it."""
    from mainstay.inspection.campaigns.actions import record_inspection

    return record_inspection(assignment=assignment, body=body_for(assignment, **more), by=by)
