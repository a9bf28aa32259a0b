"""Writers that check references by themselves.

A guard looks each row's parent up. A writer of millions of rows that were made from the parents in the same
transaction can prove the same by counting, at a fraction of the cost (docs/adr/0006-references-by-sets.md). It says so
for its own transaction, does its check before the commit, and every other writer meets the guards as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mainstay.kit.sqlkit.small import vendor

CHECKED_BY_WRITER = "mainstay.references_checked"


@contextmanager
def checked_by_writer(cursor: Any) -> Iterator[None]:
    """Inside, PostgreSQL's guards of references let rows pass; the caller checks them itself before it leaves.

    Needs an open transaction: the setting ends with it in any case, also when the block fails. SQLite's foreign keys
    go on checking, unless the whole transaction is one `of_a_checking_writer`.
    """
    if vendor() != "postgresql":
        yield
        return
    cursor.execute(f"SET LOCAL {CHECKED_BY_WRITER} = 'on'")
    yield
    cursor.execute(f"SET LOCAL {CHECKED_BY_WRITER} = 'off'")


@contextmanager
def of_a_checking_writer(cursor: Any) -> Iterator[None]:
    """Around transactions: SQLite's foreign keys let their rows pass; all they write is checked by the writer itself.

    SQLite changes this between transactions only, so inside of one nothing happens and its keys go on checking.
    PostgreSQL has `checked_by_writer` within the transaction.
    """
    if vendor() != "sqlite":
        yield
        return
    before = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    cursor.execute("PRAGMA foreign_keys = 0")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA foreign_keys = {int(before)}")
