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
