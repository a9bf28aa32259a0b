"""The measurement of inspections, on a small plan: nothing lost, nothing doubled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mainstay.bench import inspection


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_phones_that_send_everything_twice_lose_and_double_nothing(capsys: Any) -> None:
    inspection.main(["--tasks", "200", "--records", "24", "--phones", "4", "--json"])
    printed = capsys.readouterr().out
    found = json.loads(printed[printed.index("{") :])
    assert (found["sync"]["sent"], found["sync"]["arrived"]) == (24, 24)
    assert (found["sync"]["lost"], found["sync"]["doubled"], found["sync"]["faults"]) == (0, 0, [])
    assert {one["page"] for one in found["pages"]} and all(one["ratio"] > 0 for one in found["pages"])
