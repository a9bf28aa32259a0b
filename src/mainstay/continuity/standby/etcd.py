"""The votes (etcd) over their JSON gateway: leases, claims, and what hosts tell each other. Nothing to install."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Mapping
from typing import Any

SECONDS = 0.8


class Silent(Exception):
    """No vote answered in time: this host may be cut off."""


class Etcd:
    """A client that asks one member after the other, the one that answered last first.

    Who asks several times a second keeps (`lasting`) a connection to each member, in each of its threads.
    """

    def __init__(self, members: list[str], seconds: float = SECONDS, *, lasting: bool = False) -> None:
        self.members = list(members)
        self.seconds = seconds
        self.lasting = lasting
        self.kept = threading.local()

    def grant(self, seconds: int) -> str:
        """A new lease of so many seconds; returns its id."""
        return str(self._ask("/v3/lease/grant", {"TTL": str(seconds)})["ID"])

    def renew(self, lease: str) -> bool:
        """Renew a lease; False when it has ended."""
        found = self._ask("/v3/lease/keepalive", {"ID": lease}).get("result", {})
        return int(found.get("TTL", 0)) > 0

    def revoke(self, lease: str) -> None:
        """End a lease with everything that hangs on it."""
        self._ask("/v3/lease/revoke", {"ID": lease})

    def claim(self, key: str, value: str, lease: str) -> bool:
        """Write a key only where there is none; tells whether it is there now by this lease.

        The votes may have written it although their answer was lost: asked again, they say so.
        """
        absent = {"key": _b64(key), "target": "VERSION", "result": "EQUAL", "version": "0"}
        write = {"requestPut": {"key": _b64(key), "value": _b64(value), "lease": lease}}
        read = {"requestRange": {"key": _b64(key)}}
        found = self._ask("/v3/kv/txn", {"compare": [absent], "success": [write], "failure": [read]})
        if found.get("succeeded"):
            return True
        rows = found["responses"][0]["response_range"].get("kvs", [])
        return [(_text(row["value"]), str(row.get("lease", "0"))) for row in rows] == [(value, lease)]

    def release(self, key: str, value: str) -> bool:
        """Remove a key only while it holds this value."""
        same = {"key": _b64(key), "target": "VALUE", "result": "EQUAL", "value": _b64(value)}
        remove = {"requestDeleteRange": {"key": _b64(key)}}
        return bool(self._ask("/v3/kv/txn", {"compare": [same], "success": [remove]}).get("succeeded"))

    def put(self, key: str, value: str, lease: str = "0") -> None:
        """Write a key."""
        self._ask("/v3/kv/put", {"key": _b64(key), "value": _b64(value), "lease": lease})

    def delete(self, key: str) -> None:
        """Remove a key."""
        self._ask("/v3/kv/deleterange", {"key": _b64(key)})

    def below(self, prefix: str) -> dict[str, str]:
        """Everything below a prefix, by what follows it. Agreed by the majority, not one member's memory."""
        return self.below_with_leases(prefix)[0]

    def below_with_leases(self, prefix: str) -> tuple[dict[str, str], dict[str, str]]:
        """The same, and the lease each key hangs on, where it hangs on one."""
        return _rows(prefix, self._ask("/v3/kv/range", _below(prefix)))

    def tell(self, key: str, value: str, lease: str, prefix: str) -> tuple[dict[str, str], dict[str, str]]:
        """Write a key and read everything below a prefix, in one step of the votes."""
        write = {"requestPut": {"key": _b64(key), "value": _b64(value), "lease": lease}}
        found = self._ask("/v3/kv/txn", {"success": [write, {"requestRange": _below(prefix)}]})
        return _rows(prefix, found["responses"][1]["response_range"])

    def standing(self, member: str) -> tuple[str, str]:
        """The number of one member and that of the leader it knows, "" for none. Raises Silent."""
        try:
            found = self._ask_one(member, "/v3/maintenance/status", {})
        except (OSError, http.client.HTTPException, ValueError):
            raise Silent from None
        return str(found.get("header", {}).get("member_id", "")), str(found.get("leader", "") or "")

    def hand_lead(self, member: str, to: str) -> None:
        """Let the leader `member` give the lead to the member with the number `to`. Raises Silent."""
        try:
            self._ask_one(member, "/v3/maintenance/transfer-leadership", {"targetID": to})
        except (OSError, http.client.HTTPException, ValueError):
            raise Silent from None

    def close(self) -> None:
        """End the connections this thread keeps."""
        for connection in vars(self.kept).values():
            connection.close()
        vars(self.kept).clear()

    def _ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        for member in list(self.members):
            try:
                found = self._ask_one(member, path, body)
            except (OSError, http.client.HTTPException, ValueError):
                continue
            self.members.remove(member)
            self.members.insert(0, member)
            return found
        raise Silent

    def _ask_one(self, member: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if not self.lasting:
            connection = http.client.HTTPConnection(member, timeout=self.seconds)
            try:
                return _answer(connection, path, body)
            finally:
                connection.close()
        connection, before = vars(self.kept).pop(member, None), True
        if connection is None:
            connection, before = http.client.HTTPConnection(member, timeout=self.seconds), False
        try:
            found = _answer(connection, path, body)
        except BaseException as error:
            connection.close()
            if before and isinstance(error, ConnectionError):  # it ended since; the member itself may be well
                return self._ask_one(member, path, body)
            raise
        vars(self.kept)[member] = connection
        return found


def _answer(connection: http.client.HTTPConnection, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise http.client.HTTPException(text[:200])
    found: dict[str, Any] = json.loads(text or b"{}")
    return found


def _below(prefix: str) -> dict[str, str]:
    """The keys that begin with a prefix, in etcd's words."""
    return {"key": _b64(prefix), "range_end": _b64(prefix[:-1] + chr(ord(prefix[-1]) + 1))}


def _rows(prefix: str, found: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Values and leases by what follows the prefix."""
    rows = {_text(row["key"])[len(prefix) :]: row for row in found.get("kvs", [])}
    leases = {name: str(row["lease"]) for name, row in rows.items() if row.get("lease", "0") != "0"}
    return {name: _text(row.get("value", "")) for name, row in rows.items()}, leases


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _text(value: str) -> str:
    return base64.b64decode(value).decode()
