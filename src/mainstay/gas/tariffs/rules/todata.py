"""`Version` and `Plan` → tariff data: JSON-able, amounts as text, defaults left out. `data.py` reads it back equal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .plan import DEFAULT_VAT_BP, M3, Energy, Fee, Ladder, LowIncome, Plan, Season, Tax, Version, YearStart
from .rounding import HALF_UP, Rounding


def plan_to_data(plan: Plan) -> dict[str, Any]:
    """A plan with all its versions as JSON-able data."""
    data: dict[str, Any] = {"city": {"zh": plan.city_zh, "en": plan.city_en}, "code": plan.code}
    if plan.name_en:
        data["name"] = {"zh": plan.name_zh, "en": plan.name_en}
    if plan.currency != "CNY":
        data["currency"] = plan.currency
    data["versions"] = [version_to_data(version) for version in plan.versions]
    return data


def version_to_data(version: Version) -> dict[str, Any]:
    """One version as JSON-able data, in the keys of the tariff file."""
    data: dict[str, Any] = {"effective": version.effective_on.isoformat()}
    data |= {key: value for key, value in (("notice", version.notice), ("source", version.source)) if value}
    if version.ladder is not None:
        data |= _ladder(version.ladder, version.seasons)
    if version.heating is not None:
        data["heating"] = _ladder(version.heating, version.seasons)
    data |= _shapes(version)
    data |= _reliefs(version)
    data |= _charges(version)
    if version.volume_step_l != M3:
        data["volume_step"] = _text(version.volume_step_l, 3)
    if not version.partial_year_by_month:
        data["partial_year"] = "none"
    if version.counted_on_at_transfer:
        data["transfer"] = "carry"
    if version.year_start != YearStart():
        data["year_starts"] = _year_start(version.year_start)
    data["price_change_method"] = version.change_method
    return data


def _text(number: int, decimals: int) -> str:
    """An integer count of 10^-decimals as plain decimal text without trailing zeros."""
    value = Decimal(number).scaleb(-decimals)
    return f"{value.normalize():f}"


def _ladder(ladder: Ladder, seasons: tuple[Season, ...]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if ladder.bounds_l:
        data["bounds"] = [_text(bound, 3) for bound in ladder.bounds_l]
    rows = [[_text(price, 4) for price in row] for row in ladder.prices_e4]
    if len(rows) == 1:
        data["prices"] = rows[0]
    if seasons:
        shown = rows if len(rows) == len(seasons) and len(rows) > 1 else None
        data["seasons"] = [
            {"name": season.name, "from": str(season.start), "to": str(season.end)}
            | ({"prices": shown[i]} if shown else {})
            for i, season in enumerate(seasons)
        ]
    if ladder.ratio_e4:
        data["ratio"] = [_text(share, 4) for share in ladder.ratio_e4]
    return data


def _shapes(version: Version) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if version.bands:
        data["bands"] = [
            _present(
                upto=None if band.upto_l is None else _text(band.upto_l, 3),
                price=_text(band.price_e4, 4),
                base_fee=_text(band.base_fee_fen, 2) if band.base_fee_fen else None,
            )
            for band in version.bands
        ]
    if version.blocks:
        data["blocks"] = [
            _present(
                upto_per_day=None if block.upto_per_day_l is None else _text(block.upto_per_day_l, 3),
                price=_text(block.price_e4, 4),
            )
            for block in version.blocks
        ]
    return data


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _reliefs(version: Version) -> dict[str, Any]:
    data: dict[str, Any] = {}
    rule = version.household
    if rule is not None:
        data["household"] = _present(
            over_persons=rule.over_persons,
            raise_bounds_by=[_text(more, 3) for more in rule.raise_l],
            per="person" if rule.per_person else "household",
            max_persons=rule.max_persons,
        )
    if version.low_income is not None:
        data["low_income"] = _low_income(version.low_income)
    if version.maximum:
        data["maximum"] = True
    return data


def _low_income(relief: LowIncome) -> dict[str, Any]:
    return _present(
        free_volume_per_month=_text(relief.free_month_l, 3) if relief.free_month_l else None,
        free_volume_per_year=_text(relief.free_year_l, 3) if relief.free_year_l else None,
        flat_price=None if relief.flat_price_e4 is None else _text(relief.flat_price_e4, 4),
        flat_tier=relief.flat_tier,
    )


def _charges(version: Version) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, fee in (("base_fee", version.base_fee), ("minimum", version.minimum)):
        if fee is not None:
            data[key] = _fee(fee)
    if version.energy is not None:
        data["energy"] = _energy(version.energy)
    if version.rounding != HALF_UP:
        data["rounding"] = _rounding(version.rounding)
    if version.tax != Tax(DEFAULT_VAT_BP):
        data["vat"] = {"rate": _text(version.tax.rate_bp, 2), "added": version.tax.added}
    normal = version.normal_days
    if normal is not None:
        data["normal_days"] = {"from": normal.least, "to": normal.most, "month": normal.month}
    return data


def _fee(fee: Fee) -> dict[str, Any]:
    return {"amount": _text(fee.amount_e4, 4), "per": fee.per}


def _energy(energy: Energy) -> dict[str, Any]:
    return _present(
        unit=energy.unit,
        coefficient=str(energy.coefficient),
        calorific_value=None if energy.calorific_value is None else str(energy.calorific_value),
        divisor=str(energy.divisor),
        decimals=energy.decimals,
        round=energy.mode,
        price_per=energy.price_per,
    )


def _rounding(rounding: Rounding) -> Any:
    if rounding.is_plain:
        return "carry"
    data: dict[str, Any] = {"lines": {"mode": rounding.line_mode, "to": _text(rounding.line_unit_fen, 2)}}
    if rounding.total_mode is not None:
        data["total"] = {"mode": rounding.total_mode, "to": _text(rounding.total_unit_fen, 2)}
    if rounding.carry:
        data["carry"] = True
    return data


def _year_start(start: YearStart) -> Any:
    if start.groups:
        return {"groups": {name: str(day) for name, day in start.groups}}
    if start.kind == "date":
        return str(start.start)
    return {"reading_group": "by_reading_group", "account": "by_account"}[start.kind]
