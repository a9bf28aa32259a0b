"""Warnings of the server that a commit may not have reached the standby, kept with the connection they came on."""

from __future__ import annotations

from typing import Any

from psycopg import OperationalError

WAIT = "SyncRepWaitForLSN"  # the server's function that says so; its words depend on the language
_KEY = "mainstay_doubt"


def watch(connection: Any) -> None:
    """Remember such warnings of a psycopg connection from now on."""

    def noticed(diagnosis: Any) -> None:
        if diagnosis.source_function == WAIT:
            connection.__dict__[_KEY] = str(diagnosis.message_primary)

    connection.add_notice_handler(noticed)


def raise_if_in_doubt(connection: Any) -> None:
    """Raise OperationalError when the server has warned since the last look; forgets the warning."""
    said = connection.__dict__.pop(_KEY, None)
    if said is not None:
        raise OperationalError(f"not acknowledged: {said}")
