"""Every YAML file of the product says each thing once: of a key written twice the first would be lost in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mainstay.kit.yamls import LOADER

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "mainstay"


def keys_twice(node: Any) -> list[str]:
    """Keys that a mapping has twice, with the line of the second."""
    found: list[str] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                found.append(f"line {key.start_mark.line + 1}: {key.value}")
            seen.add(key.value)
            found += keys_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += keys_twice(value)
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*.yaml")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_key_is_written_twice(path: Path) -> None:
    assert keys_twice(yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)) == []


def test_a_key_written_twice_is_found() -> None:
    assert keys_twice(yaml.compose("a: {b: 1, c: 2, b: 3}", Loader=LOADER)) == ["line 1: b"]
