"""The description of the API: a snapshot in the repository, in both languages, and true of every answer.

After a change on purpose: `PIN_OPENAPI=1 pytest tests/api/test_openapi.py`, and look at the difference.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client

from mainstay import __version__

SNAPSHOT = Path(__file__).with_name("openapi.json")
HAN = range(0x4E00, 0xA000)


@cache
def _asked(language: str) -> bytes:
    response = Client().get("/api/v1/openapi.json", headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content


def _described(language: str = "en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_asked(language))
    return found


def test_the_description_is_the_snapshot() -> None:
    found = _described()
    assert found["info"].pop("version") == __version__
    if os.environ.get("PIN_OPENAPI") == "1":
        SNAPSHOT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(SNAPSHOT.read_text(encoding="utf-8")), "PIN_OPENAPI=1 if this was meant"


def test_every_operation_is_named_in_chinese() -> None:
    for path, operations in _described("zh-CN")["paths"].items():
        for method, operation in operations.items():
            assert any(ord(letter) in HAN for letter in operation["summary"]), f"{method} {path}"


def test_every_operation_needs_a_token() -> None:
    for path, operations in _described()["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"Bearer": []}], f"{method} {path}"
            assert {"401", "403", "422"} <= set(operation["responses"]), f"{method} {path}"


def test_names_are_not_those_of_a_module() -> None:
    names = [operation["operationId"] for one in _described()["paths"].values() for operation in one.values()]
    assert len(names) == len(set(names)) and not any("mainstay" in name for name in names)
