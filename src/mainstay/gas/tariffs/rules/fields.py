"""Reading one mapping of tariff data: every value checked, unknown keys refused, errors with the path.

Amounts may be text or numbers; numbers go through `Decimal(str(x))`, so that no binary fraction gets in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from .errors import TariffError
from .plan import MonthDay

Path = tuple[str | int, ...]
T = TypeVar("T")

# Sums stay far inside 64-bit integers: a price below 100,000 a unit, a bound below a billion m³.
_LIMIT = Decimal(1_000_000_000)


def bad(path: Path, en: str, zh: str) -> TariffError:
    """A format error at a path; whoever knows the file adds its name and line."""
    place = ".".join(str(step + 1) if isinstance(step, int) else step for step in path) or "·"
    field = next((str(step) for step in reversed(path) if isinstance(step, str)), None)
    return TariffError("tariff.format", en=f"{place}: {en}", zh=f"{place}：{zh}", field=field, path=path)


def decimal_of(value: int | float | str | Decimal) -> Decimal:
    """The decimal number that is written. Python alone reads 1_0 as ten. Raises InvalidOperation."""
    text = str(value).strip()
    return Decimal("" if "_" in text else text)


def to_decimal(value: object, path: Path) -> Decimal:
    """A finite decimal number from a number or text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise bad(path, "must be a number", "应为数字")
    try:
        number = decimal_of(value)
    except InvalidOperation:
        raise bad(path, f"“{str(value)[:40]}” is not a number", f"“{str(value)[:40]}”不是数字") from None
    if not number.is_finite() or abs(number) > _LIMIT:
        raise bad(path, "the number is out of range", "数字超出范围")
    return number


def scaled(value: object, decimals: int, path: Path) -> int:
    """A number ≥ 0 as an integer count of its last allowed decimal."""
    number = to_decimal(value, path)
    if number < 0:
        raise bad(path, "must not be negative", "不能为负数")
    whole = number.scaleb(decimals)
    if whole != whole.to_integral_value():
        raise bad(path, f"at most {decimals} decimals are possible here", f"此处最多 {decimals} 位小数")
    return int(whole)


def to_date(value: object, path: Path) -> date:
    """An ISO date."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise bad(path, "must be a date like 2024-07-01", "应为日期，如 2024-07-01") from None


def to_month_day(value: object, path: Path) -> MonthDay:
    """A day of the year like "04-01"."""
    text = str(value)
    try:
        day = date.fromisoformat(f"2024-{text}")
    except ValueError:
        raise bad(path, 'must be month and day like "04-01"', '应为月日，如 "04-01"') from None
    return MonthDay(day.month, day.day)


class Fields:
    """One mapping under its path. Unknown keys are refused at once, with the known ones named."""

    def __init__(self, data: object, path: Path, known: Sequence[str]) -> None:
        if not isinstance(data, Mapping):
            raise bad(path, "must be a mapping of keys and values", "应为键值映射")
        for key in data:
            if key not in known:
                names = ", ".join(known)
                raise bad((*path, str(key)), f"unknown key; known here: {names}", f"未知的键；此处可用：{names}")
        self.data: Mapping[str, Any] = data
        self.path = path

    def __contains__(self, key: str) -> bool:
        return self.data.get(key) is not None

    def at(self, key: str) -> Path:
        """Path of a key."""
        return (*self.path, key)

    def raw(self, key: str) -> Any:
        """The value as it is, None when absent."""
        return self.data.get(key)

    def need(self, key: str) -> Any:
        """The value, an error when absent."""
        if key not in self:
            raise bad(self.path, f"`{key}` is missing", f"缺少 `{key}`")
        return self.data[key]

    def price_e4(self, key: str) -> int:
        """A price: yuan per m³ with up to four decimals, as 1/10000."""
        return scaled(self.need(key), 4, self.at(key))

    def fen(self, key: str) -> int:
        """An amount: yuan with up to two decimals, as fen."""
        return scaled(self.need(key), 2, self.at(key))

    def litres(self, key: str) -> int:
        """A volume: m³ with up to three decimals, as litres."""
        return scaled(self.need(key), 3, self.at(key))

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number in a range."""
        number = scaled(self.need(key), 0, self.at(key))
        if not least <= number <= most:
            raise bad(self.at(key), f"must be {least} to {most}", f"应在 {least} 至 {most} 之间")
        return number

    def decimal(self, key: str) -> Decimal:
        """A decimal number above 0."""
        number = to_decimal(self.need(key), self.at(key))
        if number <= 0:
            raise bad(self.at(key), "must be above 0", "应大于 0")
        return number

    def flag(self, key: str) -> bool:
        """true or false; false when absent."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            raise bad(self.at(key), "must be true or false", "应为 true 或 false")
        return bool(value)

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, Mapping | list | bool):
            raise bad(self.at(key), "must be a text", "应为文字")
        return str(value).strip()

    def choice(self, key: str, options: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value not in options:
            names = ", ".join(options)
            raise bad(self.at(key), f"“{value[:40]}” must be one of: {names}", f"“{value[:40]}”应为以下之一：{names}")
        return value

    def items(self, key: str, read: Callable[[object, Path], T]) -> tuple[T, ...]:
        """A list, each item read with its path; empty when absent."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not value:
            raise bad(self.at(key), "must be a list with at least one item", "应为至少一项的列表")
        return tuple(read(item, (*self.at(key), index)) for index, item in enumerate(value))


def names(value: object, path: Path) -> tuple[str, str]:
    """(English, Chinese) of a name given as {zh, en} or as one text for both."""
    if isinstance(value, Mapping):
        fields = Fields(value, path, ("zh", "en"))
        english, chinese = fields.text("en"), fields.text("zh")
    else:
        english = chinese = str(value).strip() if isinstance(value, str) else ""
    english, chinese = english or chinese, chinese or english
    if not english or "/" in english + chinese:
        raise bad(path, "must be a name without “/”, or {zh: …, en: …}", "应为不含“/”的名称，或 {zh: …, en: …}")
    return english, chinese
