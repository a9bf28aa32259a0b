"""Declarations for tests: the example with changes."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

from mainstay.continuity.site.library import example
from mainstay.continuity.site.rules import Site, site_from_data

_EXAMPLE = tomllib.loads(example())


def tables() -> dict[str, Any]:
    """The example as tables, to be changed."""
    return copy.deepcopy(_EXAMPLE)


def site() -> Site:
    """The example."""
    return site_from_data(tables())


def tables6() -> dict[str, Any]:
    """The example with IPv6 in both zones: on both servers and the gate, not on the witness; and a flow of its own."""
    data = tables()
    for zone, network in zip(data["zones"], ("fd77::/64", "fd88::/64"), strict=True):
        zone["network6"] = network
    for number, address in ((0, "fd77::1"), (1, "fd77::2"), (4, "fd88::5")):
        data["hosts"][number]["interfaces"][0]["address6"] = address
    data["terminals"][0]["address6"] = "fd77::101"
    data["flows"].append({"from": "appsrv", "to": "datasrv", "tcp": [9000], "why": "reports"})
    return data


def site6() -> Site:
    """The same, read."""
    return site_from_data(tables6())
