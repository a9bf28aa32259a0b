"""Gas lines of one part of a period: progressive tiers, whole-volume bands, daily blocks, and the energy step."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from .changes import Part
from .errors import TariffError
from .plan import Energy, Version, WholeBand
from .rating import ChargeLine
from .rounding import HALF_LINE, LINE_SCALE, divide, to_unit, vat_inside
from .schedule import Band, Schedule, Situation


class Share(NamedTuple):
    """What a part is of its period: `days` of `of_days`, and `sign` −1 when the volume is given back."""

    days: int
    of_days: int
    months: int
    sign: int = 1

    def of(self, amount: int) -> int:
        """The part's share of a fixed amount by days, half up."""
        return amount if self.days == self.of_days else divide(amount * self.days, self.of_days)


def quantity_m(version: Version, volume_l: int, situation: Situation) -> int:
    """What the prices are for: the volume in litres, or the energy in 1/1000 units (m³ × coefficient × CV ÷ divisor).

    Raises TariffError when the calorific value is neither in the tariff nor in the case.
    """
    energy = version.energy
    if energy is None:
        return volume_l
    exact = Fraction(volume_l) * Fraction(energy.coefficient) * calorific_value(energy, situation)
    step = 10 ** (3 - energy.decimals)
    return to_unit(exact / Fraction(energy.divisor), energy.mode, step)


def calorific_value(energy: Energy, situation: Situation) -> Fraction:
    """The calorific value of the period: the case's, else the tariff's."""
    if situation.calorific_value_e4 is not None:
        return Fraction(situation.calorific_value_e4, 10_000)
    if energy.calorific_value is None:
        raise TariffError(
            "case.calorific_value", field="calorific_value",
            en="This plan bills energy: give the calorific value of the period",
            zh="此价目按热量计价：请填写本期的热值",
        )  # fmt: skip
    return Fraction(energy.calorific_value)


def ladder_lines(part: Part, tiers: tuple[Band, ...], before: int, quantity: int, sign: int) -> list[ChargeLine]:
    """Lines of the year counter from `before` to `before + quantity`, through the tiers; mirrored when `sign` is −1."""
    if quantity == 0:
        return []
    version = part.version
    plain, carry, included = _line_form(version)
    energy = version.energy is not None
    rate_bp = version.tax.rate_bp
    after = before + quantity
    lines: list[ChargeLine] = []
    for band in tiers:
        lower, upper, price, _ = band
        if upper is not None and upper <= before:
            continue
        if lower >= after:
            break
        start = before if before > lower else lower
        end = after if upper is None or after < upper else upper
        if carry:
            amount = line_amount(version, end - lower, price) - line_amount(version, start - lower, price)
        elif plain:
            amount = ((end - start) * price + HALF_LINE) // LINE_SCALE
        else:
            amount = line_amount(version, end - start, price)
        vat = vat_inside(amount, rate_bp) if included else 0
        if sign > 0:
            lines.append(_line(part, band, (start, end), (amount, vat), energy))
        else:
            lines.append(_line(part, band, (end, start), (-amount, -vat), energy))
    return lines if sign > 0 else lines[::-1]


def _line_form(version: Version) -> tuple[bool, bool, bool]:
    rounding = version.rounding
    plain = rounding.line_mode == "half_up" and rounding.line_unit_fen == 1 and version.energy is None
    return plain, rounding.carry, not version.tax.added


def line_amount(version: Version, quantity: int, price_e4: int) -> int:
    """quantity × price in fen, rounded by the tariff's rule for lines."""
    per = version.energy.price_per if version.energy else 1
    unit = version.rounding.line_unit_fen
    return divide(quantity * price_e4, LINE_SCALE * per * unit, version.rounding.line_mode) * unit


def exact_amount(version: Version, line: ChargeLine) -> Fraction:
    """The line's amount in fen before rounding."""
    if line.kind != "gas" or line.price_e4 is None:
        return Fraction(line.amount_fen)
    quantity = line.volume_l if line.quantity_m is None else line.quantity_m
    per = version.energy.price_per if version.energy else 1
    return Fraction(quantity * line.price_e4, LINE_SCALE * per)


def _line(part: Part, band: Band, span: tuple[int, int], money: tuple[int, int], energy: bool) -> ChargeLine:
    start, end = span
    version = part.version
    return ChargeLine(
        "gas", band.tier, start, end, 0 if energy else end - start, band.price_e4, *money,
        version.effective_on, version.season_name(part.season), part.from_on, part.to_on,
        end - start if energy else None,
    )  # fmt: skip


def with_volumes(lines: list[ChargeLine], volume_l: int) -> list[ChargeLine]:
    """Energy lines get their share of the metered volume: cumulative shares, so that they sum to it."""
    total = sum(abs(line.quantity_m or 0) for line in lines)
    result, done, given = [], 0, 0
    for line in lines:
        done += abs(line.quantity_m or 0)
        until = divide(volume_l * done, total) if total else 0
        result.append(line._replace(volume_l=until - given))
        given = until
    return result


def normalised_lines(part: Part, tiers: tuple[Band, ...], before: int, quantity: int, share: Share) -> list[ChargeLine]:
    """Method (c): tiers are found on the volume scaled to the whole period, each tier's volume is scaled back."""
    whole = divide(quantity * share.of_days, share.days)
    if whole == 0:
        return []
    found = ladder_lines(part, tiers, before, whole, 1)
    lines, until, given = [], 0, 0
    for line in found:
        until += (line.to_l or 0) - (line.from_l or 0)
        upto = divide(until * quantity, whole)
        size, given = upto - given, upto
        price = line.price_e4 or 0
        amount = line_amount(part.version, size, price) * share.sign
        vat = 0 if part.version.tax.added else vat_inside(amount, part.version.tax.rate_bp)
        scaled = line._replace(volume_l=size * share.sign, amount_fen=amount, vat_fen=vat)
        if line.quantity_m is not None:
            scaled = scaled._replace(quantity_m=size * share.sign)
        lines.append(scaled)
    return [line for line in lines if line.volume_l]


def band_of(part: Part, quantity: int, share: Share) -> tuple[int, WholeBand]:
    """The whole-volume band of a part, and its number from 1.

    The band is found on the volume scaled to the whole period (method c), and to a normal month when the period is
    shorter or longer than the tariff calls normal.
    """
    version = part.version
    basis = divide(quantity * share.of_days, share.days) if part.normalised else quantity
    normal = version.normal_days
    if normal is not None and not normal.least <= share.of_days <= normal.most and share.of_days > 0:
        basis = divide(basis * normal.month, share.of_days)
    for number, band in enumerate(version.bands, start=1):
        if band.upto_l is None or basis <= band.upto_l:
            return number, band
    raise AssertionError("the last band of a plan has no bound")


def band_lines(part: Part, quantity: int, share: Share) -> list[ChargeLine]:
    """Whole-volume band: one price for all units of the part."""
    if quantity == 0:
        return []
    number, band = band_of(part, quantity, share)
    return ladder_lines(part, (Band(0, None, band.price_e4, number),), 0, quantity, share.sign)


def band_base_fee(part: Part, quantity: int, share: Share) -> int:
    """Base fee in fen of the part's band for the whole period: per month, or by days when the period is not normal."""
    _, band = band_of(part, quantity, share)
    normal = part.version.normal_days
    if normal is not None and not normal.least <= share.of_days <= normal.most:
        return divide(band.base_fee_fen * share.of_days, normal.month, "floor")
    return band.base_fee_fen * share.months


def block_lines(part: Part, quantity: int, share: Share) -> list[ChargeLine]:
    """Daily blocks: the limits are per day, times the days of the part; the blocks start anew in every period."""
    tiers: list[Band] = []
    lower = 0
    for number, block in enumerate(part.version.blocks, start=1):
        upper = None if block.upto_per_day_l is None else block.upto_per_day_l * share.days
        tiers.append(Band(lower, upper, block.price_e4, number))
        lower = upper or 0
    return ladder_lines(part, tuple(tiers), 0, quantity, share.sign)


def usage_lines(part: Part, schedule: Schedule | None, before: int, quantity: int, share: Share) -> list[ChargeLine]:
    """Gas lines of a part, by the kind of its tariff. `before`: year counter at its start (unsigned direction)."""
    if schedule is None:
        lines = band_lines(part, quantity, share) if part.version.bands else block_lines(part, quantity, share)
    elif part.normalised:
        lines = normalised_lines(part, schedule.tiers, before, quantity, share)
    else:
        lines = ladder_lines(part, schedule.tiers, before, quantity, share.sign)
    return lines
