"""Money: every fen is accounted for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit.errors import Problem
from mainstay.kit.money import LARGEST_FEN, capitals, half_up, parse_yuan, share, tax_part, yuan

FEN = st.integers(-LARGEST_FEN + 1, LARGEST_FEN - 1)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450), ("1,234.50", 123450), ("¥1,234.50", 123450), ("¥１，２３４．５０", 123450), ("12元", 1200),
        (" 0.05 ", 5), ("7.", 700), ("0", 0), ("-0.00", 0), ("￥3", 300), ("1234567.89", 123456789), ("000012", 1200),
    ],
)  # fmt: skip
def test_parses_what_people_write(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_money"), ("abc", "not_money"), (".5", "not_money"), ("1,23.4", "not_money"), ("1 234", "not_money"),
        ("1e3", "not_money"), ("--1", "not_money"), ("1.2.3", "not_money"), ("$5", "not_money"), ("٣", "not_money"),
        ("1.234", "too_precise"), ("1.000", "too_precise"), ("9" * 14, "too_large"), ("9" * 5000, "too_large"),
        ("-0.01", "below_zero"), ("NaN", "not_money"), ("壹佰", "not_money"),
    ],
)  # fmt: skip
def test_refuses_the_rest(text: str, code: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_yuan(text, field="amount")
    assert (caught.value.code, caught.value.field) == (code, "amount")


@given(FEN, st.booleans())
def test_text_and_fen_are_inverse(fen: int, thousands: bool) -> None:
    assert parse_yuan(yuan(fen, thousands=thousands), negative=True) == fen


def test_formats() -> None:
    assert [yuan(fen) for fen in (0, 5, 123450, -123450, 100)] == ["0.00", "0.05", "1,234.50", "-1,234.50", "1.00"]
    assert yuan(123456789, thousands=False) == "1234567.89"


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_rounding_is_half_up_away_from_zero(numerator: int, denominator: int) -> None:
    rounded, exact = half_up(numerator, denominator), Fraction(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
    assert half_up(-numerator, denominator) == -rounded


def test_tax_inside_a_gross_amount() -> None:
    assert [tax_part(gross, 900) for gross in (10900, 10000, 0, -10900, 6)] == [900, 826, 0, -900, 0]
    assert tax_part(10000, 0) == 0


@given(FEN, st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_shares_sum_to_the_total_and_are_fair(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(part - Fraction(total * weight, whole)) < 1 for part, weight in zip(parts, weights, strict=True))


def test_shares_give_the_rest_to_the_largest_remainder() -> None:
    assert share(100, [1, 1, 1]) == [34, 33, 33]
    assert share(-100, [1, 1, 1]) == [-34, -33, -33]
    assert share(10, [3, 5, 0]) == [4, 6, 0]
    assert share(7, [1, 6]) == [1, 6]
    for weights in ([0, 0], [], [-1, 2]):
        with pytest.raises(ValueError, match="weights"):
            share(1, weights)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        # The examples of the rule book
        (10700053, "壹拾万柒仟元零伍角叁分"), (168032, "壹仟陆佰捌拾元零叁角贰分"), (32504, "叁佰贰拾伍元零肆分"),
        (140950, "壹仟肆佰零玖元伍角"), (600714, "陆仟零柒元壹角肆分"), (1640902, "壹万陆仟肆佰零玖元零贰分"),
        # Ends and edges
        (0, "零元整"), (5, "伍分"), (50, "伍角"), (55, "伍角伍分"), (100, "壹元整"), (1000, "壹拾元整"),
        (101, "壹元零壹分"),
        (10000, "壹佰元整"), (10100, "壹佰零壹元整"), (1000000, "壹万元整"), (1000100, "壹万零壹元整"),
        (1001000, "壹万零壹拾元整"), (10050000, "壹拾万零伍佰元整"), (11000000, "壹拾壹万元整"),
        (2005000, "贰万零伍拾元整"),
        (10**10, "壹亿元整"), (10**10 + 100, "壹亿零壹元整"), (10**12, "壹佰亿元整"), (10**14, "壹万亿元整"),
        (10**10 + 10**6, "壹亿零壹万元整"), (10**10 + 10**9, "壹亿壹仟万元整"),
        (100000000110000, "壹万亿零壹仟壹佰元整"),
        (1000010, "壹万元零壹角"), (-32504, "负叁佰贰拾伍元零肆分"),
    ],
)  # fmt: skip
def test_capitals(fen: int, text: str) -> None:
    assert capitals(fen, prefix=False) == text
    assert capitals(fen) == "人民币" + text


def read_back(text: str) -> int:
    """Fen of an amount in capitals, by adding up places: written the other way round than `capitals`."""
    digits = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
    fen, section, upper, digit = 0, 0, 0, 0
    for character in text.removesuffix("整"):
        if character in digits:
            digit = digits[character]
            continue
        if character in "仟佰拾":
            section += digit * {"仟": 1000, "佰": 100, "拾": 10}[character]
        elif character == "万":
            upper, section = upper + (section + digit) * 10_000, 0
        elif character == "亿":
            upper, section = (upper + section + digit) * 10**8, 0
        elif character == "元":
            fen, section = (upper + section + digit) * 100, 0
        else:
            fen += digit * {"角": 10, "分": 1}[character]
        digit = 0
    return fen


@given(st.one_of(st.integers(0, LARGEST_FEN), st.integers(0, 10**7), st.integers(0, 10**11).map(lambda n: n * 100)))
def test_capitals_say_the_amount_with_single_zeros(fen: int) -> None:
    text = capitals(fen, prefix=False)
    assert read_back(text) == fen
    assert "零零" not in text
    assert text.endswith("整") == (fen % 100 == 0)
