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
    cost next to nothing and go on checking.
    """
    if vendor() != "postgresql":
        yield
        return
    cursor.execute(f"SET LOCAL {CHECKED_BY_WRITER} = 'on'")
    yield
    cursor.execute(f"SET LOCAL {CHECKED_BY_WRITER} = 'off'")
