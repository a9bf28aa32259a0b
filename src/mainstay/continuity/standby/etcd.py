"""The votes (etcd) over their JSON gateway: leases, claims, and what hosts tell each other. Nothing to install."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping
from typing import Any

SECONDS = 0.8


class Silent(Exception):
    """No vote answered in time: this host may be cut off."""


class Etcd:
    """A client that asks one member after the other, the one that answered last first."""

    def __init__(self, members: list[str], seconds: float = SECONDS) -> None:
        self.members = list(members)
        self.seconds = seconds

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
        """Write a key only where there is none; tells whether that worked."""
        absent = {"key": _b64(key), "target": "VERSION", "result": "EQUAL", "version": "0"}
        write = {"requestPut": {"key": _b64(key), "value": _b64(value), "lease": lease}}
        return bool(self._ask("/v3/kv/txn", {"compare": [absent], "success": [write]}).get("succeeded"))

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
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        found = self._ask("/v3/kv/range", {"key": _b64(prefix), "range_end": _b64(end)})
        rows = {_text(row["key"])[len(prefix) :]: row for row in found.get("kvs", [])}
        leases = {name: str(row["lease"]) for name, row in rows.items() if row.get("lease", "0") != "0"}
        return {name: _text(row.get("value", "")) for name, row in rows.items()}, leases

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
        connection = http.client.HTTPConnection(member, timeout=self.seconds)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise http.client.HTTPException(text[:200])
            found: dict[str, Any] = json.loads(text or b"{}")
            return found
        finally:
            connection.close()


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _text(value: str) -> str:
    return base64.b64decode(value).decode()
