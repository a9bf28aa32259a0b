"""Plans of many thousand targets, made by sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from mainstay.inspection.campaigns.models import Assignment, Campaign, Target

_TAKEN = """
FROM campaigns_target t
JOIN organisation_unit u ON u.id = t.unit_id
WHERE t.kind = %(kind)s AND t.closed_on IS NULL AND u.path LIKE %(path)s {classes}
  AND t.id NOT IN (SELECT a.target_id FROM campaigns_assignment a WHERE a.campaign_id = %(campaign)s)
"""
# Stairs in order of their place get consecutive numbers; the number gives the day of the window and the group. How many
# stairs there are is counted before: a planner without statistics of fresh tables never has to guess at a join.
_STAIRS = "SELECT COUNT(*) FROM (SELECT DISTINCT t.unit_id, t.block, t.stair" + _TAKEN + ") s"  # noqa: S608 - constants
_PLAN = """
INSERT INTO campaigns_assignment (campaign_id, target_id, group_id, unit_id, klass, block, stair, due_on, state, late,
    revision, visits, exempt_reason)
SELECT %(campaign)s, p.id, CASE p.turn {groups} END, p.unit_id, p.klass, p.block, p.stair, {due}, 'open',
    {false}, 0, 0, ''
FROM (
    SELECT r.*, r.place * %(days)s / %(stairs)s AS day, r.place * %(groups)s / %(stairs)s AS turn
    FROM (
        SELECT t.id, t.unit_id, t.klass, t.block, t.stair,
            DENSE_RANK() OVER (ORDER BY t.unit_id, t.block, t.stair) - 1 AS place
        TAKEN
    ) r
) p
""".replace("TAKEN", _TAKEN)


def plan_assignments(campaign: Campaign, classes: list[str]) -> int:
    """Put all open targets of the campaign's kind below its unit on its list; returns how many are new.

    Two statements. Stairs are walked in order of their place: the days of the window are spread over them evenly, and
    each group gets a run of neighbouring stairs.
    """
    names = [f"class{number}" for number in range(len(classes))]
    listed = ", ".join(f"%({name})s" for name in names)
    narrowed = f"AND t.klass IN ({listed})" if classes else ""
    groups = list(campaign.groups.order_by("code").values_list("pk", flat=True))
    values: dict[str, int | str] = {
        "campaign": campaign.pk, "kind": campaign.kind, "path": f"{campaign.unit.path}%",
        "first": campaign.from_on.isoformat(), "days": (campaign.until_on - campaign.from_on).days + 1,
        "groups": len(groups), **dict(zip(names, classes, strict=True)),
    }  # fmt: skip
    postgresql = connection.vendor == "postgresql"
    due = "CAST(%(first)s AS date) + CAST(p.day AS integer)" if postgresql else "DATE(%(first)s, p.day || ' days')"
    turns = " ".join(f"WHEN {turn} THEN {key}" for turn, key in enumerate(groups))
    with connection.cursor() as cursor:
        cursor.execute(_STAIRS.format(classes=narrowed), values)
        values["stairs"] = cursor.fetchone()[0]
        if not values["stairs"]:
            return 0
        false = "FALSE" if postgresql else "0"
        cursor.execute(_PLAN.format(classes=narrowed, groups=turns, due=due, false=false), values)
        return int(cursor.rowcount)


FACTS = ("name", "unit", "klass", "address", "block", "stair", "room", "account_no", "contact", "phone")


def write_targets(rows: Sequence[dict[str, Any]], kind: str) -> int:
    """Register the targets of a sheet or change them; sets `row["target"]` of each row. Returns how many are new."""
    known = [row for row in rows if row["target"] is not None]
    for row in known:
        for name in FACTS:
            setattr(row["target"], name, row[name])
    Target.objects.bulk_update([row["target"] for row in known], FACTS, batch_size=500)
    fresh = [row for row in rows if row["target"] is None]
    made = Target.objects.bulk_create(
        (Target(kind=kind, code=row["code"], **{name: row[name] for name in FACTS}) for row in fresh), batch_size=500
    )
    for row, target in zip(fresh, made, strict=True):
        row["target"] = target
    return len(made)


def list_targets(campaign: Campaign, rows: Sequence[dict[str, Any]]) -> None:
    """Put the targets of a sheet on the list of a draft, with group and day."""
    Assignment.objects.bulk_create(
        (
            Assignment(
                campaign=campaign, target=row["target"], group=row["group"], unit=row["unit"], klass=row["klass"],
                block=row["block"], stair=row["stair"], due_on=row["due_on"],
            )
            for row in rows
        ),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["campaign", "target"],
        update_fields=["group", "unit", "klass", "block", "stair", "due_on"],
    )  # fmt: skip
