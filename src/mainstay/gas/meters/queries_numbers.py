"""Which accounts meters with a number hang at: what the search for accounts asks."""

from __future__ import annotations

from typing import Any

from django.db import connection

from mainstay.core.events.providers import provide
from mainstay.gas.customers.rules import next_number
from mainstay.kit.sqlkit import beginning, bytewise


@provide("accounts_of_meter_no")
def accounts_of_meter_no(*, number: str, exact: bool, unit_ids: list[int] | None, limit: int) -> list[int]:
    """Keys of accounts at which a meter hangs whose number is, or begins with, `number`; `unit_ids` None: of all units.

    One range of the index of meter numbers, left as soon as `limit` accounts are found.
    """
    if unit_ids == []:
        return []
    parameters: list[Any]
    if exact:
        condition, parameters, order = "m.meter_no = %s", [number], "m.id"
    elif unit_ids is None:
        condition, parameters = beginning("m.meter_no"), [number, number + chr(0x10FFFF)]
        order = bytewise("m.meter_no")
    else:  # the range of each unit's own meters: the whole company's would be far too long
        condition, parameters = "m.meter_no >= %s AND m.meter_no < %s", [number, next_number(number)]
        order = "m.unit_id, m.meter_no"
    if unit_ids is not None:
        condition += f" AND m.unit_id IN ({', '.join(['%s'] * len(unit_ids))})"
    sql = (
        "SELECT i.account_id FROM meters_meter m "  # noqa: S608  # our own words
        "JOIN meters_installation i ON i.meter_id = m.id AND i.until_on IS NULL "
        f"WHERE {condition} ORDER BY {order} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *(unit_ids or ()), limit])
        return [row[0] for row in cursor.fetchall()]
