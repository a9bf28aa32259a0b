"""Named locks that last until the end of the transaction, on both databases.

PostgreSQL: advisory locks. SQLite has one writer at a time and every atomic block starts with BEGIN IMMEDIATE,
so a block already holds the only lock there is; here it is only verified that the block exists.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.transaction import TransactionManagementError

# Race tests turn the locks off to prove that the race is real without them (this attribute within a process, the
# environment variable for processes they start). Nothing else may touch it.
LOCKS_ON: bool = os.environ.get("MAINSTAY_TEST_LOCKS_OFF") != "1"


def lock_number(namespace: str, key: int) -> int:
    """The signed 64-bit number of a lock: the same in every process, host and release."""
    digest = blake2b(f"{namespace}:{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def lock(namespace: str, key: int, using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait for the lock `namespace`/`key` and hold it until the transaction ends.

    Raises TransactionManagementError outside a transaction, where the lock would be lost at once.
    """
    lock_many(namespace, (key,), using)


def lock_many(namespace: str, keys: Iterable[int], using: str = DEFAULT_DB_ALIAS) -> None:
    """Take several locks of one namespace, always in the same order, so that two callers cannot wait in a ring.

    Meant for some dozens of keys: each lock takes a place in the server's shared lock table.
    """
    connection = _in_transaction(using)
    numbers = sorted({lock_number(namespace, key) for key in keys})
    if not (numbers and LOCKS_ON and connection.vendor == "postgresql"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers])


def lock_shared(namespace: str, key: int, using: str = DEFAULT_DB_ALIAS) -> None:
    """Wait until nobody holds the lock alone, and share it until the transaction ends; `lock` then waits for us."""
    connection = _in_transaction(using)
    if LOCKS_ON and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s::bigint)", [lock_number(namespace, key)])


def try_lock(namespace: str, key: int, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Take the lock if it is free, without waiting; False when somebody else holds it.

    Always True on SQLite, where whoever is inside a transaction is alone.
    """
    connection = _in_transaction(using)
    if not (LOCKS_ON and connection.vendor == "postgresql"):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s::bigint)", [lock_number(namespace, key)])
        return bool(cursor.fetchone()[0])


def _in_transaction(using: str) -> Any:
    connection: Any = connections[using]
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock lasts as long as its transaction: call it inside atomic().")
    if connection.vendor == "sqlite" and (connection.transaction_mode or "").upper() != "IMMEDIATE":
        raise TransactionManagementError("SQLite must begin its transactions IMMEDIATE (see settings.DATABASES).")
    return connection
