"""The operation log: what acts note has a name in the reader's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mainstay.core.audit.rules_words import WORDS
from tests.contracts import tree


def _noted(path: Path) -> Iterator[str]:
    """Yield the keys of the dictionaries written out in calls of `note_change`."""
    for call in tree.nodes(path, "note_change"):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "note_change":
            for given in call.keywords:
                yield from (
                    key.value
                    for found in ast.walk(given.value)
                    if given.arg in {"before", "after"} and isinstance(found, ast.Dict)
                    for key in found.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                )


def test_what_acts_note_has_a_word() -> None:
    noted = {key for path in tree.own(".py", under=tree.PACKAGE) for key in _noted(path)}
    assert len(noted) > 200
    assert sorted(noted - WORDS.keys()) == []
