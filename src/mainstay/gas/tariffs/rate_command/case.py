"""One case of `mainstay rate`: JSON object in, rating, JSON-able object out; exact numbers, bilingual errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NoReturn

from mainstay.gas.tariffs.library import Library
from mainstay.gas.tariffs.rules import (
    ChargeLine,
    Counters,
    Period,
    Plan,
    Rating,
    Situation,
    TariffError,
    complete,
    decimal_of,
    months_between,
    rate,
    yuan_e4,
)
from mainstay.gas.tariffs.rules.plan import CHANGE_METHODS

KEYS = (
    "id", "city", "region", "plan", "from", "to", "period", "volume_m3", "volume", "year_volume_m3", "year_volume",
    "persons", "low_income", "heating", "months_in_year", "contract_price", "reading_at_change",
    "price_change_method", "months", "days", "calorific_value", "bounds", "prices", "base_price",
)  # fmt: skip
_KEYS = frozenset(KEYS)
_LOCAL = ("bounds", "prices", "base_price")
# A thousand million m³ is more than any city burns in a month.
_MOST = Decimal(1_000_000_000)
# What binary fractions leave behind when others computed a volume; anything coarser is a real fourth decimal.
_NOISE = Decimal("0.000001")


def _refuse(field: str, en: str, zh: str) -> NoReturn:
    raise TariffError("case.input", field=field, en=f"{field}: {en}", zh=f"{field}：{zh}")


class Rater:
    """Rates cases against one library; remembers looked-up and completed plans."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._plans: dict[object, Plan] = {}

    def rate(self, case: object) -> tuple[Plan, Rating]:
        """Plan and rating of one decoded case. Raises TariffError that names the field."""
        if not isinstance(case, dict):
            _refuse("case", "every line must be one JSON object", "每行应为一个 JSON 对象")
        if not case.keys() <= _KEYS:
            unknown = sorted(case.keys() - _KEYS)[0]
            known = ", ".join(KEYS)
            _refuse(str(unknown)[:40], f"unknown key; known: {known}", f"未知的键；可用：{known}")
        plan = self._plan(case)
        rating = rate(
            plan,
            _period(case, plan),
            _litres(_one(case, "volume_m3", "volume", required=True), "volume_m3"),
            Counters(_litres(_one(case, "year_volume_m3", "year_volume") or 0, "year_volume_m3")),
            _situation(case),
            readings_at_change=_readings(case.get("reading_at_change")),
            method=_method(case.get("price_change_method")),
        )
        return plan, rating

    def _plan(self, case: dict[str, Any]) -> Plan:
        city, code = _one(case, "city", "region") or "", case.get("plan") or ""
        if not isinstance(city, str) or not isinstance(code, str):
            _refuse("city", "must be a text", "应为文字")
        if not city and not code:
            _refuse("city", "give city, or plan as “city/plan”", "请给出 city，或以“城市/价目”给出 plan")
        local = tuple(repr(case[key]) if case.get(key) is not None else "" for key in _LOCAL)
        key = (city, code, local)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._library.find(code) if not city else self._library.find(city, code)
            if any(local):
                plan = _completed(plan, case)
            if len(self._plans) < 10_000:  # noqa: PLR2004 - a bound for endless input, not a rule
                self._plans[key] = plan
        return plan


def _completed(plan: Plan, case: Mapping[str, Any]) -> Plan:
    def numbers(key: str, decimals: int) -> tuple[int, ...] | None:
        value = case.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not value:
            _refuse(key, "must be a list of numbers", "应为数字列表")
        return tuple(_scaled(item, decimals, key) for item in value)

    bounds = numbers("bounds", 3)
    if bounds and any(late <= early for early, late in zip((0, *bounds), bounds, strict=False)):
        _refuse("bounds", "bounds must rise from tier to tier", "各档上限应逐档递增")
    base = None if case.get("base_price") is None else _scaled(case["base_price"], 4, "base_price")
    return complete(plan, bounds_l=bounds, prices_e4=numbers("prices", 4), base_price_e4=base)


def _one(case: Mapping[str, Any], name: str, other: str, *, required: bool = False) -> Any:
    """The value under either of two names."""
    value, same = case.get(name), case.get(other)
    if value is not None and same is not None:
        _refuse(name, f"give {name} or {other}, not both", f"{name} 与 {other} 只能给出其一")
    if value is None:
        value = same
    if value is None and required:
        _refuse(name, "is missing", "缺失")
    return value


def _period(case: Mapping[str, Any], plan: Plan) -> Period:
    start, end = case.get("from"), case.get("to")
    period = case.get("period")
    if period is not None:
        if start is not None or end is not None:
            _refuse("period", "give period, or from and to, not both", "period 与 from、to 只能给出其一")
        start, end = _ends(period)
    months = None if case.get("months") is None else _whole(case["months"], "months", 0, 1200)
    days = None if case.get("days") is None else _whole(case["days"], "days", 0, 36600)
    if start is None and end is None:
        # Without dates a rating is possible where nothing in the plan depends on them.
        version = plan.versions[-1]
        if len(plan.versions) > 1 or version.seasons or (days is None and version.counts_days):
            _refuse(
                "from",
                "give from and to: this plan's prices depend on dates",
                "请给出 from 与 to：此价目的价格与日期有关",
            )
        return Period(version.effective_on, version.effective_on, 1 if months is None else months, days)
    from_on, to_on = _date(start, "from"), _date(end, "to")
    if to_on < from_on:
        _refuse(
            "to", f"{to_on} is before from {from_on}: correct the dates", f"{to_on} 早于 from {from_on}：请更正日期"
        )
    return Period(from_on, to_on, _months(from_on, to_on) if months is None else months, days)


_months = lru_cache(maxsize=1 << 14)(months_between)


def _ends(period: object) -> tuple[Any, Any]:
    if isinstance(period, dict) and period.keys() == {"from", "to"}:
        return period["from"], period["to"]
    if isinstance(period, list) and len(period) == 2:  # noqa: PLR2004 - from and to
        return period[0], period[1]
    _refuse("period", 'must be {"from": …, "to": …} or [from, to]', '应为 {"from": …, "to": …} 或 [from, to]')


def _date(value: object, field: str) -> date:
    found = _read_date(value) if isinstance(value, str) else None
    if found is None:
        _refuse(field, "must be a date like 2024-07-01", "应为日期，如 2024-07-01")
    return found


@lru_cache(maxsize=1 << 14)
def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _situation(case: Mapping[str, Any]) -> Situation:
    get = case.get
    contract, heat = get("contract_price"), get("calorific_value")
    return Situation(
        3 if get("persons") is None else _whole(get("persons"), "persons", 1, 99),
        _flag(get("low_income"), "low_income"),
        _flag(get("heating"), "heating"),
        12 if get("months_in_year") is None else _whole(get("months_in_year"), "months_in_year", 1, 12),
        None if contract is None else _scaled(contract, 4, "contract_price"),
        None if heat is None else _heat(heat),
    )


def _heat(value: object) -> int:
    if not (heat := _scaled(value, 4, "calorific_value")):
        _refuse("calorific_value", "must be above 0", "应大于 0")
    return heat


def _readings(value: object) -> dict[date, int] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        _refuse("reading_at_change", 'must be {"date": m³ used until then}', '应为 {"日期": 至该日已用 m³}')
    return {_date(on, "reading_at_change"): _litres(used, "reading_at_change") for on, used in value.items()}


def _method(value: object) -> Any:
    if value is not None and value not in CHANGE_METHODS:
        _refuse(
            "price_change_method",
            f"must be one of {', '.join(CHANGE_METHODS)}",
            f"应为 {'、'.join(CHANGE_METHODS)} 之一",
        )
    return value


def _flag(value: object, field: str) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    _refuse(field, "must be true or false", "应为 true 或 false")


def _number(value: object, field: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        _refuse(field, "must be a number", "应为数字")
    try:
        number = decimal_of(value)
    except InvalidOperation:
        _refuse(field, f"“{str(value)[:40]}” is not a number", f"“{str(value)[:40]}”不是数字")
    if not number.is_finite() or number > _MOST:
        _refuse(field, "is too large (the limit is 1,000,000,000)", "过大（上限 1,000,000,000）")
    if number < 0:
        _refuse(field, "must not be negative", "不能为负数")
    return number


def _scaled(value: object, decimals: int, field: str) -> int:
    number = _number(value, field).scaleb(decimals)
    whole = number.to_integral_value(ROUND_HALF_UP)
    if abs(number - whole) > _NOISE:
        _refuse(field, f"has more than {decimals} decimals: round it first", f"超过 {decimals} 位小数：请先取整")
    return int(whole)


def _litres(value: object, field: str) -> int:
    if type(value) is int and 0 <= value <= 1_000_000_000:  # noqa: PLR2004 - _MOST, the common case without Decimal
        return value * 1000
    return _scaled(value, 3, field)


def _whole(value: object, field: str, least: int, most: int) -> int:
    number = value if type(value) is int else _scaled(value, 0, field)
    if not least <= number <= most:
        _refuse(field, f"must be {least} to {most}", f"应在 {least} 至 {most} 之间")
    return number


def money_text(fen: int) -> str:
    """Fen as yuan with two decimals."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def volume_text(litres: int) -> str:
    """Litres as m³ without trailing zeros."""
    whole, rest = divmod(abs(litres), 1000)
    sign = "-" if litres < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0") if rest else f"{sign}{whole}"


def answer(plan: Plan, rating: Rating, *, explain: bool = False) -> dict[str, Any]:
    """The JSON-able answer: amounts and volumes as decimal text, amounts also in fen."""
    split = bool(rating.lines) and rating.lines[0].to_on != rating.lines[-1].to_on
    unit = next((v.energy.unit for v in plan.versions if v.energy), None)
    data: dict[str, Any] = {
        "plan": plan.address,
        "amount": money_text(rating.amount_fen),
        "amount_fen": rating.amount_fen,
        "vat": money_text(rating.vat_fen),
        "vat_fen": rating.vat_fen,
        "lines": [_line(line, split, unit) for line in rating.lines],
        ("year_volume_m3" if unit is None else f"year_{unit}"): volume_text(rating.counters.year_l),
    }
    if plan.currency != "CNY":
        data["currency"] = plan.currency
    if explain:
        data["facts"] = [fact.as_dict() for fact in rating.facts]
    return data


def _line(line: ChargeLine, split: bool, unit: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": line.kind}
    if line.tier is not None:
        data["tier"] = line.tier
    if line.price_e4 is not None:
        data["volume_m3"] = volume_text(line.volume_l)
        data["price"] = yuan_e4(line.price_e4)
    if line.quantity_m is not None and unit is not None:
        data[unit] = volume_text(line.quantity_m)
    data["amount"] = money_text(line.amount_fen)
    data["amount_fen"] = line.amount_fen
    data["vat"] = money_text(line.vat_fen)
    data["effective"] = line.version_on.isoformat()
    if line.season is not None:
        data["season"] = line.season
    if split:
        data["from"] = line.from_on.isoformat()
        data["to"] = line.to_on.isoformat()
    return data
