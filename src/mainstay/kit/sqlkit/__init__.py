"""What the two databases do differently, in one place: locks, bulk rows, guards of tables, small SQL pieces.

Migrations import the guards from `mainstay.kit.sqlkit.operations`; everything else is re-exported here.
"""

from __future__ import annotations

from mainstay.kit.sqlkit.locks import lock, lock_many, lock_shared, try_lock
from mainstay.kit.sqlkit.rows import copy_rows, ids_table, values_table
from mainstay.kit.sqlkit.small import (
    among,
    beginning,
    bytewise,
    estimated_rows,
    greatest,
    least,
    now_sql,
    quoted,
    refresh_statistics,
    vendor,
)
from mainstay.kit.sqlkit.trips import round_trip
from mainstay.kit.sqlkit.trust import checked_by_writer, of_a_checking_writer

__all__ = [
    "among",
    "beginning",
    "bytewise",
    "checked_by_writer",
    "copy_rows",
    "estimated_rows",
    "greatest",
    "ids_table",
    "least",
    "lock",
    "lock_many",
    "lock_shared",
    "now_sql",
    "of_a_checking_writer",
    "quoted",
    "refresh_statistics",
    "round_trip",
    "try_lock",
    "values_table",
    "vendor",
]
