"""The tariff library: reads tariff files (YAML) into plans that are addressed "city/plan" in either language.

The built-in library is library/published.yaml. Format: docs/reference/tariff-format.md. Django is not needed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

import yaml

from mainstay.kit.yamls import LOADER

from .rules.data import LADDER_KEYS, VERSION_KEYS, Head, assemble, version_from_data
from .rules.errors import TariffError
from .rules.fields import Fields, Path, bad, names
from .rules.plan import Plan, Version

PUBLISHED = FilePath(__file__).with_name("library") / "published.yaml"
RESIDENTIAL = "residential"
# What an area may say once for all its plans.
AREA_DEFAULTS = (
    "effective", "notice", "source", "year_starts", "price_change_method", "vat", "rounding", "volume_step",
    "partial_year", "transfer", "currency",
)  # fmt: skip
AREA_KEYS = ("city", "region", *AREA_DEFAULTS, "plans")
PLAN_KEYS = ("code", "name", "extends", "currency", *VERSION_KEYS)
STANDARD_NAMES = {
    RESIDENTIAL: "居民",
    "institution": "执行居民价格的非居民",
    "non-residential": "非居民",
}
_MOST_BYTES = 5_000_000
_MOST_NODES = 500_000
_DEEPEST = 30


class Library(dict[str, Plan]):
    """Plans by canonical address ("Beijing/residential"); `find` also knows Chinese names and a city alone."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        super().__init__(plans)
        self._index: dict[tuple[str, str], Plan] = {}
        for plan in plans.values():
            codes = {plan.code, plan.name_en, plan.name_zh, STANDARD_NAMES.get(plan.code, "")} - {""}
            for city in (plan.city_en, plan.city_zh):
                for code in codes:
                    self._index.setdefault((city.casefold(), code.casefold()), plan)

    def find(self, city: str, plan: str = "") -> Plan:
        """The plan of a city; `city` may be the whole address, and a city alone means its residential plan.

        Raises TariffError that names what there is.
        """
        if not plan and "/" in city:
            city, plan = city.split("/", 1)
        key = (city.strip().casefold(), (plan or RESIDENTIAL).strip().casefold())
        found = self._index.get(key)
        if found is None:
            raise self._unknown(city, plan or RESIDENTIAL, key[0])
        return found

    def _unknown(self, city: str, plan: str, folded: str) -> TariffError:
        codes = sorted({item.code for (name, _), item in self._index.items() if name == folded})
        if codes:
            return TariffError(
                "case.plan", field="plan",
                en=f"{city} has no plan “{plan[:60]}”; its plans: {', '.join(codes)}",
                zh=f"{city} 没有价目“{plan[:60]}”；现有：{'、'.join(codes)}",
            )  # fmt: skip
        cities = sorted({(item.city_en, item.city_zh) for item in self.values()})[:40]
        return TariffError(
            "case.city", field="city",
            en=f"“{city[:60]}” is not in the tariff library; it has: {', '.join(en for en, _ in cities)}",
            zh=f"价目库中没有“{city[:60]}”；现有：{'、'.join(zh for _, zh in cities)}",
        )  # fmt: skip


def load(path: str | FilePath | None = None) -> Library:
    """The library of a file, or the built-in one. Raises TariffError with file and line of what is wrong."""
    if path is None:
        return _published()[0]
    return _load(FilePath(path))[0]


@lru_cache(maxsize=1)
def _published() -> tuple[Library, dict[str, dict[str, Any]]]:
    return _load(PUBLISHED)


def _load(path: FilePath) -> tuple[Library, dict[str, dict[str, Any]]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise TariffError(
                "tariff.file", en="the file is over 5 MB: no tariff file", zh="文件超过 5 MB，不是价目文件"
            )
        return from_text(path.read_text(encoding="utf-8-sig"), own_base=path == PUBLISHED)
    except UnicodeDecodeError:
        error = TariffError(
            "tariff.file", en="the file is not UTF-8 text: save it as UTF-8", zh="文件不是 UTF-8 文本：请另存为 UTF-8"
        )
    except OSError as problem:
        error = TariffError("tariff.file", en=f"cannot be read: {problem.strerror}", zh=f"无法读取：{problem.strerror}")
    except TariffError as problem:
        error = problem
    raise error.at(path.name, path.name)


def from_text(text: str, *, own_base: bool = False) -> tuple[Library, dict[str, dict[str, Any]]]:
    """Library and raw latest version per address out of a tariff file's text. Raises TariffError with the line."""
    data, lines = _parse(text)
    known = {} if own_base else dict(_published()[1])
    try:
        return _collect(data, known)
    except TariffError as problem:
        line = next((lines[p] for n in range(len(problem.path), -1, -1) if (p := problem.path[:n]) in lines), None)
        raise (problem if line is None else problem.at(f"line {line}", f"第 {line} 行")) from None


def _collect(data: object, known: dict[str, dict[str, Any]]) -> tuple[Library, dict[str, dict[str, Any]]]:
    if not isinstance(data, list) or not data:
        raise bad((), "must be a list of cities with their plans", "应为城市及其价目的列表")
    heads: dict[str, Head] = {}
    versions: dict[str, list[Version]] = {}
    raws: dict[str, dict[str, Any]] = {}
    for head, version, path in _entries(data, dict(known), raws):
        address = f"{head.city[0]}/{head.code}"
        heads.setdefault(address, head)
        found = versions.setdefault(address, [])
        found.append(version_from_data(version, path))
        assemble(heads[address], found, path)
    return Library({address: assemble(head, versions[address]) for address, head in heads.items()}), raws


def _entries(
    data: list[Any], known: dict[str, dict[str, Any]], raws: dict[str, dict[str, Any]]
) -> Iterator[tuple[Head, dict[str, Any], Path]]:
    """(plan head, version data, path) of every plan entry, area defaults and `extends` worked in."""
    for number, area in enumerate(data):
        fields = Fields(area, (number,), AREA_KEYS)
        if ("city" in fields) == ("region" in fields):
            raise bad((number,), "give city or region", "请给出 city 或 region")
        key = "city" if "city" in fields else "region"
        english, chinese = names(fields.raw(key), fields.at(key))
        defaults = {name: fields.raw(name) for name in AREA_DEFAULTS if name in fields}
        fields.need("plans")
        for index, plan in enumerate(fields.items("plans", lambda value, path: Fields(value, path, PLAN_KEYS))):
            path = (number, "plans", index)
            code = plan.text("code")
            if not code or "/" in code:
                raise bad(path, "`code` is missing, or has a “/”", "缺少 `code`，或其中含有“/”")
            merged = _merged(plan, defaults, known)
            name = names(plan.raw("name"), plan.at("name")) if "name" in plan else ("", "")
            head = Head((english, chinese), code, name, str(merged.pop("currency", "CNY")))
            for city in (english, chinese):
                known[f"{city}/{code}"] = raws[f"{city}/{code}"] = merged
            yield head, merged, path


def _merged(plan: Fields, defaults: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    own = {key: value for key, value in plan.data.items() if key not in ("code", "name", "extends")}
    if "extends" not in plan:
        return {**defaults, **own}
    address = plan.text("extends")
    base = known.get(address)
    if base is None:
        raise bad(
            plan.at("extends"), f"“{address[:60]}” is no plan known before this line; write city/plan",
            f"“{address[:60]}”不是在此之前的价目；请写作 城市/价目",
        )  # fmt: skip
    dropped: tuple[str, ...] = ()
    if any(key in own for key in ("tiers", "bands", "blocks")):
        dropped = (*LADDER_KEYS, "bands", "blocks")
    elif "prices" in own:
        dropped = ("ratio", "base_price")
    return {**{key: value for key, value in base.items() if key not in dropped}, **defaults, **own}


def _parse(text: str) -> tuple[object, dict[Path, int]]:
    """YAML text as plain data with exact decimals, and the line of every place in it."""
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        detail = getattr(problem, "problem", None) or "unreadable"
        raise TariffError(
            "tariff.yaml", en=f"line {line}: not valid YAML ({detail})", zh=f"第 {line} 行：YAML 格式有误（{detail}）"
        ) from None
    if root is None:
        raise TariffError("tariff.yaml", en="the file is empty", zh="文件为空")
    lines: dict[Path, int] = {}
    return _plain(root, (), lines), lines


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    lines[path] = node.start_mark.line + 1
    if len(lines) > _MOST_NODES or len(path) > _DEEPEST:
        raise TariffError("tariff.yaml", en="the file is nested too deeply or too large", zh="文件嵌套过深或过大")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node)
    data: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = (*path, key)
        lines[here] = key_node.start_mark.line + 1
        if key in data:
            raise TariffError(
                "tariff.yaml",
                en=f"line {lines[here]}: `{key}` is written twice", zh=f"第 {lines[here]} 行：`{key}` 重复",
            )  # fmt: skip
        data[key] = _plain(value_node, here, lines)
    return data


def _scalar(node: yaml.Node) -> object:
    kind, value = node.tag.rsplit(":", 1)[-1], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return value.casefold() in ("true", "yes", "on", "y")
    if kind in ("int", "float"):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value
