"""What grants give today, as few texts: every request asks, and seven hundred rows cost more than all the rest of it.

A role's rights and the units below a grant's unit each come as one text. Whoever made something of the same texts
before needs not read them again (see `core.door.held`), and they are always those of this moment.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from mainstay.kit.sqlkit import vendor

Given = tuple[int, str, str, str]  # unit id, unit path, rights of the role, ids of the unit and those below it
FIELD, LINE = "\t", "\n"
_OF_USER = """SELECT a.role_id, a.unit_id, a.from_on, a.until_on FROM access_grant a WHERE a.user_id = %s
    UNION ALL
    SELECT a.role_id, a.unit_id, a.from_on, a.until_on FROM organisation_holding h
      JOIN access_grant a ON a.post_id = h.post_id
     WHERE h.person_id = %s AND h.from_on <= %s AND (h.until_on IS NULL OR h.until_on >= %s)"""
_GIVEN = """WITH held AS (SELECT g.role_id, g.unit_id, o.path
                FROM ({grants}) g JOIN organisation_unit o ON o.id = g.unit_id
               WHERE g.from_on <= %s AND (g.until_on IS NULL OR g.until_on >= %s)),
     told AS (SELECT r.role_id, {rights} AS rights FROM access_roleright r
               WHERE r.role_id IN (SELECT role_id FROM held) GROUP BY r.role_id),
     reached AS (SELECT h.path, {units} AS units FROM (SELECT DISTINCT path FROM held) h
                   JOIN organisation_unit u ON substr(u.path, 1, length(h.path)) = h.path GROUP BY h.path)
SELECT held.unit_id, held.path, told.rights, reached.units
  FROM held JOIN told ON told.role_id = held.role_id JOIN reached ON reached.path = held.path"""
_RIGHT = "r.scope || {tab} || coalesce(CAST(r.limit_fen AS text), '') || {tab} || r.\"right\""
_POSTGRESQL = {
    "rights": f"string_agg({_RIGHT.format(tab='chr(9)')}, chr(10))",
    "units": "string_agg(CAST(u.id AS text), ',')",
}
_SQLITE = {
    "rights": f"group_concat({_RIGHT.format(tab='char(9)')}, char(10))",
    "units": "group_concat(u.id, ',')",
}  # fmt: skip


def given_by(grants: str) -> str:
    """Return the statement that reads what some grants give: rows as `Given`.

    `grants` is a SELECT of role_id, unit_id, from_on, until_on; after its parameters come today's date, twice.
    """
    return _GIVEN.format(grants=grants, **(_POSTGRESQL if vendor() == "postgresql" else _SQLITE))


def given_to(user_id: int, person_id: int | None, today: date) -> tuple[Given, ...]:
    """Return what a user's own grants and those of the posts held today give."""
    with connection.cursor() as cursor:
        cursor.execute(given_by(_OF_USER), [user_id, person_id, today, today, today, today])
        return tuple(cursor.fetchall())
