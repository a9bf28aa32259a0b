"""From the answers of the hosts to one verdict."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mainstay.continuity.standby.observe import judge
from tests.continuity.site.make import site

ROLES = {"holder": "appsrv", "ready/appsrv": "1", "ready/datasrv": "1"}


def _member(name: str, role: str, state: str = "running", **facts: Any) -> dict[str, Any]:
    return {"name": name, "role": role, "state": state, **facts}


WHOLE = {"members": [_member("datasrv", "leader"), _member("appsrv", "sync_standby", "streaming", lag=0)]}
ALONE = {"members": [_member("appsrv", "leader"), _member("datasrv", "replica", "stopped", lag="unknown")]}


def _asked(appsrv: Any, datasrv: Any, *silent: str) -> dict[str, Any]:
    views = {"appsrv": appsrv, "datasrv": datasrv, "witness": {}}
    vault = frozenset({"vault"})
    return {
        name: SimpleNamespace(votes=name not in silent, cluster=view, receivers=vault) for name, view in views.items()
    }


def test_a_quiet_day() -> None:
    found = judge(site(), _asked(WHOLE, WHOLE), ROLES)
    assert (found.mode, found.database_on, found.application_on) == ("pair", "datasrv", "appsrv")
    assert found.unprotected == () and found.synchronous
    assert [one.database for one in found.members] == ["sync", "leader"]
    assert [one.application for one in found.members] == ["holder", "ready"]


@pytest.mark.parametrize(
    ("asked", "roles", "mode", "missing"),
    [
        (_asked(ALONE, {}, "datasrv"), {"holder": "appsrv"}, "single", {"no-copy", "votes", "no-spare"}),
        (_asked({}, {}), {}, "down", {"no-database", "no-application"}),
        (_asked(WHOLE, WHOLE, "witness"), ROLES, "pair", {"votes"}),
        (_asked(WHOLE, WHOLE), {"holder": "appsrv", "ready/appsrv": "1"}, "pair", {"no-spare"}),
        (_asked(WHOLE, WHOLE), {"ready/appsrv": "1"}, "down", {"no-application"}),
    ],
)
def test_what_is_not_protected(asked: Any, roles: dict[str, str], mode: str, missing: set[str]) -> None:
    found = judge(site(), asked, roles)
    assert found.mode == mode and set(found.unprotected) == missing


def test_a_stale_view_of_a_healed_host_does_not_count() -> None:
    """A host that was cut off still remembers itself as the leader's copy; the leader's own view decides."""
    stale = {"members": [_member("datasrv", "leader"), _member("appsrv", "replica", "stopped")]}
    fresh = {"members": [_member("datasrv", "leader"), _member("appsrv", "sync_standby", "streaming", lag=12)]}
    found = judge(site(), _asked(stale, fresh), ROLES)
    assert found.mode == "pair" and found.members[0].lag_bytes == 12
