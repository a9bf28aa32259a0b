"""How `bench payments` counts: slices of several processes, percentiles, processor time."""

from __future__ import annotations

import pytest

from mainstay.bench.payments import Result, figures, rate


def test_the_rate_counts_each_slice_from_the_first_start_to_the_last_end() -> None:
    one = Result(seconds=[0.5, 0.5, 1.0], slices=[(10.0, 11.0), (20.0, 21.0)])
    other = Result(seconds=[1.0], slices=[(10.5, 12.0), (20.0, 20.5)])
    assert rate([one, other]) == pytest.approx(4 / 3)


def test_figures_are_of_all_payments_of_all_processes() -> None:
    results = [
        Result(seconds=[0.001] * 99, slices=[(0.0, 1.0)], client_s=0.05, server_s=0.1),
        Result(seconds=[0.003] * 98 + [0.02, 0.03, 0.04], slices=[(0.0, 1.0)], client_s=0.05, server_s=0.1, failed=2),
    ]
    assert figures(results) == {
        "payments": 200,
        "payments_per_s": 200,
        "p50_ms": 3.0,
        "p99_ms": 20.0,
        "client_cpu_ms": 0.5,
        "server_cpu_ms": 1.0,
        "failed": 2,
    }


def test_nothing_done_is_a_rate_of_nothing() -> None:
    assert figures([Result(slices=[(0.0, 0.0)])])["payments_per_s"] == 0
