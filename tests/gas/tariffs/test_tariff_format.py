"""The tariff file: what it accepts, what it refuses with which words, and the round trip through stored data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mainstay.gas.tariffs import library
from mainstay.gas.tariffs.rate_command.case import KEYS
from mainstay.gas.tariffs.rules import TariffError, plan_from_data, plan_to_data, version_from_data, version_to_data
from tests.gas.tariffs.plans import PUBLISHED, changzhou, charge, chongqing, hunan, period, plan
from tests.gas.tariffs.test_foreign_tariffs import ALBION, HANGANG, SAKURA

HEAD = "- city: {zh: 甲市, en: Alpha}\n  effective: 2024-01-01\n  plans:\n  - code: residential\n"
EVERYTHING: dict[str, Any] = {
    "notice": "甲发改〔2024〕1号",
    "source": "https://example.org/notice",
    "bounds": ["100.5", 200],
    "seasons": [
        {"name": "summer", "from": "04-01", "to": "10-31", "prices": [1, 2, 3]},
        {"name": "winter", "from": "11-01", "to": "03-31", "prices": ["1.1234", 2, 3]},
    ],
    "heating": {"raise_bounds_by": [10, 20]},
    "household": {"from_persons": 5, "raise_bounds_by": [10, 0], "per": "person", "max_persons": 9},
    "low_income": {"free_volume_per_month": 4, "free_volume_per_year": 20, "flat_tier": 2},
    "base_fee": {"amount": 3, "per": "period"},
    "minimum": "4.5",
    "rounding": {"carry": True, "lines": {"mode": "floor", "to": "0.1"}, "total": {"mode": "ceiling", "to": 1}},
    "vat": {"rate": "12.5", "added": True},
    "volume_step": "0.001",
    "partial_year": "none",
    "year_starts": {"groups": {"odd": "11-01", "even": "12-01"}},
    "price_change_method": "by_day_normalised",
}


def written(body: str) -> library.Library:
    return library.from_text(HEAD + body)[0]


def refused(text: str) -> TariffError:
    with pytest.raises(TariffError) as caught:
        library.from_text(text)
    return caught.value


@pytest.mark.parametrize("found", [*PUBLISHED.values(), changzhou(), chongqing(), hunan()], ids=lambda p: p.address)
def test_published_plans_survive_storage(found: Any) -> None:
    assert plan_from_data(json.loads(json.dumps(plan_to_data(found)))) == found


@pytest.mark.parametrize(
    "data",
    [
        EVERYTHING, SAKURA, HANGANG, ALBION, {"tiers": [{"price": 1}], "maximum": True},
        {"tiers": [{"price": 1}], "rounding": "carry"}, {"tiers": [{"price": 1}], "year_starts": "by_account"},
        {"blocks": [{"upto_per_day": "0.5", "price": 2}, {"price": 3}], "vat": 13},
        {"bounds": [1], "prices": [1, 2], "low_income": {"flat_price": "0.5"}, "year_starts": "09-01"},
        {"bounds": [1], "seasons": [{"from": "01-01", "to": "12-31"}], "prices": [2, 3]},
    ],
)  # fmt: skip
def test_every_feature_survives_storage(data: dict[str, Any]) -> None:
    version = plan(data).versions[0]
    stored = json.loads(json.dumps(version_to_data(version)))
    assert version_from_data(stored) == version
    assert hash(version_from_data(stored)) == hash(version)


def test_binary_fractions_of_stored_numbers_are_read_as_written() -> None:
    assert charge(plan({"prices": [2.61, 2.83], "bounds": [0.1]}), 0.1).amount_fen == 26


def test_addresses_in_both_languages() -> None:
    found = PUBLISHED["Beijing/residential"]
    for address in ("Beijing", "北京", "beijing/RESIDENTIAL", "北京/residential", "北京/居民", " Beijing "):
        assert PUBLISHED.find(address) is found
    assert PUBLISHED.find("北京", "institution") is PUBLISHED["Beijing/institution"]
    with pytest.raises(TariffError, match="its plans: institution, residential"):
        PUBLISHED.find("Beijing/gold")
    with pytest.raises(TariffError, match="it has: Beijing, Changzhou"):
        PUBLISHED.find("Atlantis")


def test_versions_of_a_plan_are_several_entries() -> None:
    text = HEAD + "    tiers: [{price: 2}]\n" + (HEAD + "    tiers: [{price: 3}]\n").replace("2024", "2022")
    found = library.from_text(text)[0]["Alpha/residential"]
    assert [version.effective_on.year for version in found.versions] == [2022, 2024]


def test_extends_completes_a_published_plan() -> None:
    found = written("    extends: 常州/residential\n    prices: [2.7, 3.24, 4.05]\n")["Alpha/residential"]
    assert found.versions[0].effective_on.isoformat() == "2024-01-01"
    assert found.versions[0].ladder == changzhou().versions[0].ladder
    assert found.versions[0].household == changzhou().versions[0].household
    ratio = written("    extends: Hunan/residential\n    base_price: 2.45\n    price_decimals: 2\n")
    assert ratio["Alpha/residential"].versions[0].ladder.prices_e4 == ((24_500, 29_400, 36_800),)  # type: ignore[union-attr]


def test_prices_from_a_ratio_are_exact_unless_told() -> None:
    found = written("    bounds: [10, 20]\n    ratio: [1, 1.2, 1.5]\n    base_price: 2.45\n")
    assert found["Alpha/residential"].versions[0].ladder.prices_e4 == ((24_500, 29_400, 36_750),)  # type: ignore[union-attr]


def test_area_defaults_hold_for_all_its_plans() -> None:
    found = library.from_text(
        "- region: Alpha\n  effective: 2024-01-01\n  vat: 10\n  currency: XTS\n  notice: N1\n  plans:\n"
        "  - {code: a, tiers: [{price: 1}]}\n  - {code: b, vat: 5, tiers: [{price: 1}], name: {zh: 乙, en: Bee}}\n"
    )[0]
    assert (found["Alpha/a"].versions[0].tax.rate_bp, found["Alpha/b"].versions[0].tax.rate_bp) == (1000, 500)
    assert found["Alpha/a"].currency == "XTS"
    assert found.find("alpha", "乙") is found["Alpha/b"]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("    tiers: [{upto: 3, price: 2}, {uto: 4, price: 1}]\n", 5, "unknown key; known here: upto, price"),
        ("    tiers:\n    - {upto: 3, price: 2.61234}\n    - {price: 4}\n", 6, "at most 4 decimals"),
        ("    tiers: [{upto: 3, price: 2}]\n", 5, "goes without a bound"),
        ("    tiers: [{upto: 3, price: 2}, {upto: 3, price: 2}, {price: 1}]\n", 5, "bounds must rise"),
        ("    tiers: [{upto: 3, price: -2}, {price: 1}]\n", 5, "must not be negative"),
        ("    tiers: [{upto: 3, price: two}, {price: 1}]\n", 5, "“two” is not a number"),
        ("    tiers: [{upto: .nan, price: 2}, {price: 1}]\n", 5, "not a number"),
        ("    tiers: [{upto: 'NaN', price: 2}, {price: 1}]\n", 5, "out of range"),
        ("    tiers: [{upto: true, price: 2}, {price: 1}]\n", 5, "must be a number"),
        ("    bounds: [3]\n    prices: [1]\n", 4, "exactly one price more than bounds"),
        ("    tiers: [{price: 1}]\n    bands: [{price: 1}]\n", 4, "exactly one of tiers"),
        ("    notice: x\n", 4, "exactly one of tiers"),
        ("    tiers: [{price: 1}]\n    maximum: yes please\n", 6, "true or false"),
        ("    bounds: [1]\n    prices: [1, 2]\n    maximum: true\n", 7, "one flat price"),
        ("    tiers: [{price: 1}]\n    household: {from_persons: 5}\n", 6, "`raise_bounds_by` is missing"),
        ("    tiers: [{price: 1}]\n    household: {from_persons: 5, raise_bounds_by: [1]}\n", 6, "needs 0 numbers"),
        ("    tiers: [{price: 1}]\n    low_income: {}\n", 6, "give one of"),
        ("    bands: [{price: 1}]\n    low_income: {flat_tier: 1}\n", 6, "works with tiers only"),
        ("    tiers: [{price: 1}]\n    vat: 101\n", 6, "0 to 100"),
        ("    tiers: [{price: 1}]\n    year_starts: 13-01\n", 6, "month and day"),
        ("    tiers: [{price: 1}]\n    effective: tomorrow\n", 6, "must be a date"),
        ("    tiers: [{price: 1}]\n    price_change_method: magic\n", 6, "must be one of: by_reading, by_day"),
        ("    seasons: [{name: a, from: 04-01, to: 10-31, prices: [1]}]\n", 5, "01-01 lies in 0 seasons"),
        ("    extends: Nowhere/residential\n", 5, "no plan known before"),
        ("    tiers: [{price: 1}]\n    tiers: [{price: 2}]\n", 6, "written twice"),
        ("    tiers: [{price: 1]\n", 5, "not valid YAML"),
    ],
)
def test_mistakes_are_told_with_line_and_remedy(body: str, line: int, words: str) -> None:
    error = refused(HEAD + body)
    assert words in error.en
    assert f"line {line}: " in error.en
    assert f"第 {line} 行" in error.zh
    assert any("\u4e00" <= letter <= "\u9fff" for letter in error.zh.split("：", 1)[1])


def test_whole_files_that_are_no_tariffs() -> None:
    assert "empty" in refused("").en
    assert "list of cities" in refused("a: 1\n").en
    assert "give city or region" in refused("- plans: []\n").en
    assert "nested too deeply" in refused("- &a [*a]\n").en
    assert "two versions" in refused((HEAD + "    tiers: [{price: 2}]\n") * 2).en


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(TariffError, match=r"none\.yaml: cannot be read"):
        library.load(tmp_path / "none.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(HEAD.encode("gbk"))
    with pytest.raises(TariffError, match=r"latin\.yaml: the file is not UTF-8"):
        library.load(latin)
    own = tmp_path / "own.yaml"
    own.write_text(HEAD + "    tiers: [{price: 2}]\n", encoding="utf-8-sig")
    assert list(library.load(own)) == ["Alpha/residential"]
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * 5_000_001)
    with pytest.raises(TariffError, match="over 5 MB"):
        library.load(big)


@pytest.mark.parametrize("name", ["tariff-format.md", "tariff-format.zh-CN.md"])
def test_the_documented_files_can_be_used(name: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / "reference" / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        for found in library.from_text(block)[0].values():
            assert charge(found, 100, when=period("2024-08-01", "2024-09-01")).amount_fen > 0
    undocumented = [key for key in (*library.AREA_KEYS, *library.PLAN_KEYS, *KEYS) if f"`{key}" not in text]
    assert undocumented == []
