"""Volumes: litres in, cubic metres out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit.errors import Problem
from mainstay.kit.volume import LARGEST_L, m3, parse_m3


@pytest.mark.parametrize(
    ("text", "litres"),
    [("1283", 1283000), ("1,283", 1283000), ("12.345", 12345), ("8m³", 8000), ("８．５", 8500), ("0", 0), ("3 ", 3000)],
)
def test_parses(text: str, litres: int) -> None:
    assert parse_m3(text) == litres


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_volume"), ("12,34", "not_volume"), ("x", "not_volume"), ("1.2345", "too_precise"),
        ("-1", "below_zero"), ("9" * 11, "too_large"), ("9" * 9999, "too_large"),
    ],
)  # fmt: skip
def test_refuses(text: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_m3(text)
    assert caught.value.code == code


@given(st.integers(-LARGEST_L + 1, LARGEST_L - 1), st.sampled_from([None, 0, 1, 2, 3]), st.booleans())
def test_text_and_litres_are_inverse(litres: int, decimals: int | None, thousands: bool) -> None:
    text = m3(litres, decimals=decimals, thousands=thousands)
    assert parse_m3(text, negative=True) == litres
    assert len(text.partition(".")[2]) >= (decimals or 0)


def test_formats() -> None:
    assert [m3(1283000), m3(12345), m3(-500), m3(0)] == ["1,283", "12.345", "-0.5", "0"]
    assert [m3(1283000, decimals=3), m3(12345000, thousands=False), m3(12340, decimals=1)] == [
        "1,283.000",
        "12345",
        "12.34",
    ]
