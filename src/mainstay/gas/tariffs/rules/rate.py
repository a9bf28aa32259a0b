"""`rate`: the charge lines of one reading period of one account, exact to the fen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from .changes import Part, Period, parts
from .errors import TariffError
from .plan import ChangeMethod, Plan, Version
from .rating import ChargeLine, Counters, LineKind, Rating
from .rounding import FULL_BP, divide, to_unit, vat_inside
from .schedule import Fact, Schedule, Situation, expressible, ladder_schedule, situation_key
from .usage import Share, band_base_fee, exact_amount, quantity_m, usage_lines, with_volumes

NOTHING_COUNTED = Counters()
USUAL = Situation()


def rate(
    plan: Plan,
    period: Period,
    volume_l: int,
    counters: Counters = NOTHING_COUNTED,
    situation: Situation = USUAL,
    *,
    readings_at_change: Mapping[date, int] | None = None,
    method: ChangeMethod | None = None,
) -> Rating:
    """Rate a volume (litres) of a reading period, `counters` being those before it.

    A negative volume gives volume back from the top tier down, at exactly what charging it would have cost; fixed
    charges are due per period whatever the sign. `readings_at_change`: litres used from the start until a date.
    Raises TariffError (prices missing or not in force, contract above maximum, more given back than was counted, …).
    """
    if period.to_on < period.from_on or period.length < 0 or period.months < 0:
        raise TariffError(
            "case.period", field="to",
            en=f"The period ends ({period.to_on}) before it begins ({period.from_on}): correct the dates",
            zh=f"账期止日（{period.to_on}）早于起日（{period.from_on}）：请更正日期",
        )  # fmt: skip
    pieces = parts(plan, period, abs(volume_l), readings_at_change, method)
    if len(pieces) == 1 and expressible(pieces[0].version):
        return _rate_simply(pieces[0], period, volume_l, counters, situation)
    return _rate_in_full(pieces, period, volume_l, counters, situation)


def _schedule(version: Version, season: int, period: Period, situation: Situation) -> Schedule:
    key = situation_key(
        version,
        persons=situation.persons,
        low_income=situation.low_income,
        heating=situation.heating,
        months_in_year=situation.months_in_year,
        period_months=period.months,
        contract_price_e4=situation.contract_price_e4,
    )
    return ladder_schedule(version, season, key)


def _start(counters: Counters, charged: int, volume_l: int) -> int:
    """Lower end of the stretch of the year counter that is charged or given back."""
    if volume_l >= 0:
        return counters.year_l
    if charged > counters.year_l:
        raise TariffError(
            "case.give_back", field="year_volume_m3",
            en="More volume is given back than this tariff year has counted: cancel and rebill earlier bills instead",
            zh="退回的气量超过本气价年度已计的气量：请冲正并重开此前的账单",
        )  # fmt: skip
    return counters.year_l - charged


def _rate_simply(part: Part, period: Period, volume_l: int, counters: Counters, situation: Situation) -> Rating:
    """One part, nothing but a schedule: the case that the set-based engine computes too."""
    schedule = _schedule(part.version, part.season, period, situation)
    size = part.volume_l
    free = min(schedule.allowance_l, size)
    charged = size - free
    sign = 1 if volume_l >= 0 else -1
    lines = usage_lines(part, schedule, _start(counters, charged, volume_l), charged, Share(1, 1, period.months, sign))
    if free:
        lines.insert(0, _free_line(part, free * sign))
    if schedule.base_fee_fen:
        lines.append(_fixed_line("base_fee", part, schedule.base_fee_fen))
    if schedule.minimum_fen and volume_l >= 0:
        _add_minimum(lines, part, schedule.minimum_fen)
    return _rating(lines, counters.year_l + sign * charged, schedule.facts)


def _rate_in_full(
    pieces: tuple[Part, ...], period: Period, volume_l: int, counters: Counters, situation: Situation
) -> Rating:
    sign = 1 if volume_l >= 0 else -1
    schedules = [_schedule_of(part, period, situation) for part in pieces]
    shares = _shares(pieces, period, sign)
    frees = _free_volumes(pieces, schedules, shares)
    quantities = [
        quantity_m(part.version, part.volume_l - free, situation) for part, free in zip(pieces, frees, strict=True)
    ]
    low = position = _start(counters, sum(quantities), volume_l)
    drafts: list[list[ChargeLine]] = []
    for part, schedule, share, free, quantity in zip(pieces, schedules, shares, frees, quantities, strict=True):
        lines = usage_lines(part, schedule, low if part.normalised else position, quantity, share)
        if part.version.energy is not None:
            lines = with_volumes(lines, (part.volume_l - free) * sign)
        if free:
            lines.insert(0, _free_line(part, free * sign))
        fee = _base_fee(part, quantity if sign > 0 else 0, share)
        if fee:
            lines.append(_fixed_line("base_fee", part, fee))
        drafts.append(lines)
        position += quantity
    last = pieces[-1].version.minimum
    if last is not None and volume_l >= 0:
        known = sum(line.amount_fen for lines in drafts for line in lines)
        _add_minimum(drafts[-1], pieces[-1], last.for_period(period.months, period.length), known)
    for part, lines in zip(pieces, drafts, strict=True):
        _finish(part, lines)
    facts = [fact for schedule in schedules if schedule for fact in schedule.facts]
    return _rating(
        [line for lines in drafts for line in lines],
        counters.year_l + sign * sum(quantities),
        (*dict.fromkeys(facts), *_full_facts(pieces, quantities, sign)),
    )


def _schedule_of(part: Part, period: Period, situation: Situation) -> Schedule | None:
    if part.version.ladder is not None:
        return _schedule(part.version, part.season, period, situation)
    if situation.contract_price_e4 is not None:
        raise TariffError(
            "case.contract_price", field="contract_price",
            en="This plan has no maximum price to agree below: leave the contract price out",
            zh="此价目没有可供约定的最高限价：请去掉合同价",
        )  # fmt: skip
    return None


def _shares(pieces: tuple[Part, ...], period: Period, sign: int) -> list[Share]:
    if len(pieces) == 1:
        return [Share(period.length, period.length, period.months, sign)]
    total = (period.to_on - period.from_on).days
    return [Share((part.to_on - part.from_on).days, total, period.months, sign) for part in pieces]


def _free_volumes(pieces: tuple[Part, ...], schedules: list[Schedule | None], shares: list[Share]) -> list[int]:
    """Free volume of each part: its share by days, what one part leaves goes to the next."""
    frees, pool, days = [], 0, 0
    for part, schedule, share in zip(pieces, schedules, shares, strict=True):
        allowance = schedule.allowance_l if schedule else 0
        if len(pieces) == 1:
            pool = allowance
        else:
            pool += allowance * (days + share.days) // share.of_days - allowance * days // share.of_days
        days += share.days
        free = min(pool, part.volume_l)
        pool -= free
        frees.append(free)
    return frees


def _base_fee(part: Part, quantity: int, share: Share) -> int:
    version, fee = part.version, part.version.base_fee
    shared = band_base_fee(part, quantity, share) if version.bands else 0
    if fee is None:
        return share.of(shared)
    if fee.per == "day":
        # What a day costs is not shared out: each part has days of its own.
        return share.of(shared) + fee.for_period(0, share.days)
    return share.of(shared + fee.for_period(share.months, share.of_days))


def _free_line(part: Part, volume_l: int) -> ChargeLine:
    return ChargeLine(
        "free", None, None, None, volume_l, 0, 0, 0,
        part.version.effective_on, part.version.season_name(part.season), part.from_on, part.to_on,
    )  # fmt: skip


def _fixed_line(kind: LineKind, part: Part, amount_fen: int, vat_fen: int | None = None) -> ChargeLine:
    tax = part.version.tax
    if vat_fen is None:
        vat_fen = 0 if tax.added else vat_inside(amount_fen, tax.rate_bp)
    return ChargeLine(
        kind, None, None, None, 0, None, amount_fen, vat_fen,
        part.version.effective_on, part.version.season_name(part.season), part.from_on, part.to_on,
    )  # fmt: skip


def _add_minimum(lines: list[ChargeLine], part: Part, minimum_fen: int, known_fen: int | None = None) -> None:
    charged = sum(line.amount_fen for line in lines) if known_fen is None else known_fen
    if charged < minimum_fen:
        lines.append(_fixed_line("minimum", part, minimum_fen - charged))


def _finish(part: Part, lines: list[ChargeLine]) -> None:
    """Add the tax that comes after, and round the part's total as the tariff says."""
    rounding, tax = part.version.rounding, part.version.tax
    if rounding.total_mode is None:
        if tax.added:
            added = divide(sum(line.amount_fen for line in lines) * tax.rate_bp, FULL_BP)
            if added:
                lines.append(_fixed_line("tax", part, added, added))
        return
    exact = sum((exact_amount(part.version, line) for line in lines), Fraction(0))
    if tax.added:
        added = divide(exact.numerator * tax.rate_bp, exact.denominator * FULL_BP)
        lines.append(_fixed_line("tax", part, added, added))
        exact += exact * tax.rate_bp / FULL_BP
    total = to_unit(exact, rounding.total_mode, rounding.total_unit_fen)
    rest = total - sum(line.amount_fen for line in lines)
    if rest:
        lines.append(_fixed_line("rounding", part, rest))


def _full_facts(pieces: tuple[Part, ...], quantities: list[int], sign: int) -> list[Fact]:
    facts: list[Fact] = []
    for part, quantity in zip(pieces, quantities, strict=True):
        if len(pieces) > 1:
            facts.append(
                Fact("part", (
                    ("from", part.from_on.isoformat()), ("to", part.to_on.isoformat()),
                    ("version", part.version.effective_on.isoformat()),
                    ("season", part.version.season_name(part.season)),
                    ("volume_l", part.volume_l * sign), ("normalised", int(part.normalised)),
                ))
            )  # fmt: skip
        if part.version.energy is not None:
            facts.append(
                Fact("energy", (
                    ("volume_l", part.volume_l * sign), ("energy_m", quantity * sign),
                    ("unit", part.version.energy.unit),
                ))
            )  # fmt: skip
    return facts


def _rating(lines: list[ChargeLine], counter: int, facts: tuple[Fact, ...]) -> Rating:
    amount = vat = 0
    for line in lines:
        amount += line.amount_fen
        vat += line.vat_fen
    return Rating(tuple(lines), amount, vat, Counters(counter), facts)
