"""A COMMIT counts only when the other server has it.

With a synchronous standby PostgreSQL waits in COMMIT until the standby has written. Who cancels that wait (an
administrator, a time-out, a shutdown) gets *success* with a warning: committed here, perhaps nowhere else. If this
server dies then, the change is gone although somebody was told "done". So such a COMMIT raises OperationalError; the
caller asks again with the same idempotency key and gets a true answer.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg.pq import TransactionStatus

from mainstay.kit.postgresql.doubt import raise_if_in_doubt, watch
from mainstay.kit.postgresql.hosts import answering


class Operations(DatabaseOperations):
    """Django's, with our compiler of SELECT statements."""

    compiler_module = "mainstay.kit.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL that does not take a cancelled wait for an acknowledgement."""

    ops_class = Operations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, of several servers to one that answers, and listen to the server's warnings."""
        if "," in str(conn_params.get("host", "")):
            hosts, ports = answering(conn_params["host"], str(conn_params.get("port", "")))
            conn_params = {**conn_params, "host": hosts, "port": ports}
        connection = super().get_new_connection(conn_params)
        watch(connection)
        return connection

    def _commit(self) -> None:
        """Commit; OperationalError when the server says that the standby may not have it."""
        raw: Any = self.connection
        if raw is not None and raw.pgconn.transaction_status == TransactionStatus.IDLE:
            return  # it travelled with the last statements (`round_trip`), and was looked at there
        super()._commit()  # type: ignore[misc]
        if self.connection is not None:
            with self.wrap_database_errors:
                raise_if_in_doubt(self.connection)
