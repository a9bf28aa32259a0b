"""Which accounts meters with a number hang at: what the search for accounts asks."""

from __future__ import annotations

from typing import Any

from django.db import connection

from mainstay.core.events.providers import provide
from mainstay.kit.sqlkit import beginning, bytewise


@provide("accounts_of_meter_no")
def accounts_of_meter_no(*, number: str, exact: bool, unit_ids: list[int] | None, limit: int) -> list[int]:
    """Keys of accounts at which a meter hangs whose number is, or begins with, `number`; `unit_ids` None: of all units.

    One range of the index of meter numbers, left as soon as `limit` accounts are found.
    """
    if unit_ids == []:
        return []
    condition = "m.meter_no = %s" if exact else beginning("m.meter_no")
    parameters: list[Any] = [number] if exact else [number, number + chr(0x10FFFF)]
    if unit_ids is not None:
        condition += f" AND a.unit_id IN ({', '.join(['%s'] * len(unit_ids))})"
    sql = (
        "SELECT a.id FROM meters_meter m JOIN meters_installation i ON i.meter_id = m.id AND i.until_on IS NULL "  # noqa: S608
        f"JOIN customers_account a ON a.id = i.account_id WHERE {condition} ORDER BY {bytewise('m.meter_no')} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *(unit_ids or ()), limit])
        return [row[0] for row in cursor.fetchall()]
