"""What rating a period gives: charge lines, totals, counters and the facts behind them."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from .schedule import Fact

LineKind = Literal["gas", "free", "base_fee", "minimum", "tax", "rounding"]


class Counters(NamedTuple):
    """Tier counters of an account: litres (or 1/1000 energy units) charged so far in the tariff year."""

    year_l: int = 0


class ChargeLine(NamedTuple):
    """One line of a bill; all amounts of a rating's lines sum to its total, VAT likewise.

    `from_l`/`to_l` are positions on the year counter (in the period itself for bands and daily blocks). `quantity_m` is
    1/1000 energy units where the tariff has an energy step. Amounts in fen include VAT, unless tax is added after.
    """

    kind: LineKind
    tier: int | None
    from_l: int | None
    to_l: int | None
    volume_l: int
    price_e4: int | None
    amount_fen: int
    vat_fen: int
    version_on: date
    season: str | None
    from_on: date
    to_on: date
    quantity_m: int | None = None


class Rating(NamedTuple):
    """The result of `rate`. `net_fen` = total without VAT."""

    lines: tuple[ChargeLine, ...]
    amount_fen: int
    vat_fen: int
    counters: Counters
    facts: tuple[Fact, ...]

    @property
    def net_fen(self) -> int:
        """Total without VAT."""
        return self.amount_fen - self.vat_fen
