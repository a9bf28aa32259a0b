"""The measurement of inspections, on a small plan: nothing lost, nothing doubled."""

from __future__ import annotations

import pytest

from mainstay.bench import inspection


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_phones_that_send_everything_twice_lose_and_double_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "ROUNDS", 1)  # that pages are timed is asked here, not how long they take
    found = inspection.measure(200, 12, 4)
    assert (found["sync"]["sent"], found["sync"]["arrived"]) == (12, 12)
    assert (found["sync"]["lost"], found["sync"]["doubled"], found["sync"]["faults"]) == (0, 0, [])
    assert {one["page"] for one in found["pages"]} and all(one["ratio"] > 0 for one in found["pages"])
