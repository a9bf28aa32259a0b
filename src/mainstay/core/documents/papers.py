"""The names of kinds of papers: each app registers those it issues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KINDS: dict[str, Any] = {}


def register_kinds(names: Mapping[str, Any]) -> None:
    """Name kinds of papers (lazy texts), by the kind that `issue_document` is called with."""
    _KINDS.update(names)


def kind_name(kind: str) -> str:
    """The name of a kind in the reader's language; the kind itself where no app named it."""
    return str(_KINDS.get(kind, kind))
