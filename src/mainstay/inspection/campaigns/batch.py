"""Plans of many thousand targets, made by sets."""

from __future__ import annotations

from django.db import connection

from mainstay.inspection.campaigns.models import Campaign

# Stairs in order of their place get consecutive numbers; the number gives the day of the window and the group.
_PLAN = """
INSERT INTO campaigns_assignment (campaign_id, target_id, group_id, unit_id, klass, block, stair, due_on, state, late,
    revision, visits, exempt_reason)
SELECT %(campaign)s, t.id, g.id, t.unit_id, t.klass, t.block, t.stair, {due}, 'open', {false}, 0, 0, ''
FROM (
    SELECT t.*, DENSE_RANK() OVER (ORDER BY t.unit_id, t.block, t.stair) - 1 AS place
    FROM campaigns_target t
    JOIN organisation_unit u ON u.id = t.unit_id
    WHERE t.kind = %(kind)s AND t.closed_on IS NULL AND u.path LIKE %(path)s {classes}
      AND NOT EXISTS (SELECT 1 FROM campaigns_assignment a WHERE a.campaign_id = %(campaign)s AND a.target_id = t.id)
) t
CROSS JOIN (
    SELECT COUNT(DISTINCT (t.unit_id || ':' || t.block || ':' || t.stair)) AS stairs
    FROM campaigns_target t
    JOIN organisation_unit u ON u.id = t.unit_id
    WHERE t.kind = %(kind)s AND t.closed_on IS NULL AND u.path LIKE %(path)s {classes}
) c
JOIN (
    SELECT id, ROW_NUMBER() OVER (ORDER BY code) - 1 AS turn, COUNT(*) OVER () AS groups
    FROM campaigns_inspectiongroup WHERE campaign_id = %(campaign)s
) g ON g.turn = t.place * g.groups / CASE WHEN c.stairs = 0 THEN 1 ELSE c.stairs END
"""


def plan_assignments(campaign: Campaign, classes: list[str]) -> int:
    """Put all open targets of the campaign's kind below its unit on its list; returns how many are new.

    One statement. Stairs are walked in order of their place: the days of the window are spread over them evenly, and
    each group gets a run of neighbouring stairs.
    """
    names = [f"class{number}" for number in range(len(classes))]
    listed = ", ".join(f"%({name})s" for name in names)
    days = (campaign.until_on - campaign.from_on).days + 1
    offset = f"t.place * {days} / CASE WHEN c.stairs = 0 THEN 1 ELSE c.stairs END"
    postgresql = connection.vendor == "postgresql"
    due = (
        f"CAST(%(first)s AS date) + CAST({offset} AS integer)"
        if postgresql
        else f"DATE(%(first)s, ({offset}) || ' days')"
    )
    sql = _PLAN.format(
        due=due, false="FALSE" if postgresql else "0", classes=f"AND t.klass IN ({listed})" if classes else ""
    )
    values: dict[str, int | str] = {
        "campaign": campaign.pk, "kind": campaign.kind, "path": f"{campaign.unit.path}%",
        "first": campaign.from_on.isoformat(), **dict(zip(names, classes, strict=True)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
