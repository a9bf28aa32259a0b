"""Integer rounding. All modes act on the magnitude, so that giving a volume back mirrors charging it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Mode = Literal["half_up", "floor", "ceiling"]

# volume in litres × price in 1/10000 yuan per m³ = 1/100000 fen
LINE_SCALE = 100_000
HALF_LINE = LINE_SCALE // 2
FULL_BP = 10_000
# a fen in 1/10000 yuan
FEN_E4 = 100


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a tariff rounds: each charge line to a multiple of `line_unit_fen`, then perhaps the total of each part.

    `carry`: the amount of a tier is its rounded cumulative amount after minus the one before. Any cutting of a
    tariff year then sums exactly, also for parts of a m³ and prices finer than a fen.
    """

    carry: bool = False
    line_mode: Mode = "half_up"
    line_unit_fen: int = 1
    total_mode: Mode | None = None
    total_unit_fen: int = 1

    @property
    def is_plain(self) -> bool:
        """Lines half up to the fen and nothing more (the form that set-based SQL computes)."""
        return self.line_mode == "half_up" and self.line_unit_fen == 1 and self.total_mode is None


HALF_UP = Rounding()


def divide(numerator: int, denominator: int, mode: Mode = "half_up") -> int:
    """`numerator / denominator` as an integer; the sign is put back after rounding the magnitude."""
    size = abs(numerator)
    if mode == "floor":
        result = size // denominator
    elif mode == "ceiling":
        result = -(-size // denominator)
    else:
        result = (2 * size + denominator) // (2 * denominator)
    return -result if numerator < 0 else result


def to_unit(amount: Fraction, mode: Mode, unit_fen: int) -> int:
    """An exact amount in fen, rounded to a multiple of `unit_fen`."""
    return divide(amount.numerator, amount.denominator * unit_fen, mode) * unit_fen


def vat_inside(gross_fen: int, rate_bp: int) -> int:
    """VAT contained in a gross amount: gross × rate / (100 % + rate), half up to the fen."""
    whole = FULL_BP + rate_bp
    if gross_fen < 0:
        return -((-2 * gross_fen * rate_bp + whole) // (2 * whole))
    return (2 * gross_fen * rate_bp + whole) // (2 * whole)
