"""`mainstay rate` as a program: JSON lines in, JSON lines out, and every kind of bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[3] / "src"
PROGRAM = (
    "import sys; from mainstay.gas.tariffs.rate_command import main; code = main(sys.argv[1:]); "
    "assert not any(name.split('.')[0] == 'django' for name in sys.modules); sys.exit(code)"
)
JANUARY = {"from": "2024-01-01", "to": "2024-02-01"}


def run(lines: bytes, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], input=lines, capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def cases(*items: dict[str, Any] | str) -> bytes:
    return "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items).encode() + b"\n"


def test_a_case_gives_amount_lines_and_counter() -> None:
    code, answers, _ = run(
        cases({"id": "A1", "city": "Beijing", **JANUARY, "volume_m3": 400, "year_volume_m3": 200}), "--explain"
    )
    assert code == 0
    assert answers[0].pop("facts")[0]["code"] == "tiers"
    assert answers == [
        {
            "id": "A1",
            "plan": "Beijing/residential",
            "amount": "1239.00",
            "amount_fen": 123_900,
            "vat": "102.31",
            "vat_fen": 10_231,
            "lines": [
                {"kind": "gas", "tier": tier, "volume_m3": volume, "price": price, "amount": amount,
                 "amount_fen": int(amount.replace(".", "")), "vat": vat, "effective": "2018-07-10"}
                for tier, volume, price, amount, vat in (
                    (1, "150", "2.61", "391.50", "32.33"),
                    (2, "150", "2.83", "424.50", "35.05"),
                    (3, "100", "4.23", "423.00", "34.93"),
                )
            ],
            "year_volume_m3": "600",
        }
    ]  # fmt: skip


def test_names_and_forms_that_mean_the_same() -> None:
    same = [
        {"city": "北京", "plan": "居民", "period": ["2024-01-01", "2024-02-01"], "volume": "12.345"},
        {"plan": "Beijing/residential", "period": JANUARY, "volume_m3": 12.345},
        {"region": "beijing", **JANUARY, "volume_m3": "12.3450", "persons": "3", "low_income": "false"},
        # What adding binary fractions leaves behind
        '{"city": "Beijing", "volume_m3": 12.345000000000001}',
        '{"city": "Beijing", "volume_m3": 1.2345e1, "year_volume": 0}',
    ]
    code, answers, _ = run(cases(*same))
    assert code == 0
    assert [answer["amount"] for answer in answers] == ["32.22"] * len(same)
    assert {answer["year_volume_m3"] for answer in answers} == {"12.345"}


def test_a_split_shows_its_dates_and_seasons() -> None:
    case = {"city": "重庆", "plan": "institution", "from": "2024-10-11", "to": "2024-11-21", "volume_m3": 41}
    code, answers, _ = run(cases(case, {**case, "reading_at_change": {"2024-11-01": 30}}))
    assert code == 0
    lines = [[(x["from"], x["to"], x["season"], x["volume_m3"]) for x in answer["lines"]] for answer in answers]
    assert lines[0] == [
        ("2024-10-11", "2024-11-01", "off-peak", "21"),
        ("2024-11-01", "2024-11-21", "peak", "20"),
    ]
    assert [volume for *_, volume in lines[1]] == ["30", "11"]


def test_a_case_can_bring_the_local_numbers() -> None:
    code, answers, _ = run(
        cases(
            {"city": "湖南", **JANUARY, "volume_m3": 30, "low_income": True, "base_price": 2.45},
            {"city": "常州", **JANUARY, "volume_m3": 500, "prices": [2.7, 3.24, 4.05]},
            {"city": "重庆", **JANUARY, "volume_m3": 600, "bounds": [500, 660]},
        )
    )
    assert code == 0
    assert [answer["amount"] for answer in answers] == ["63.70", "1404.00", "1295.00"]


BAD = [
    ("{broken", "case.json", None),
    ('"text"', "case.input", "case"),
    ("[" * 100_000, "case.json", None),
    ('{"city": "Atlantis", "volume_m3": 1}', "case.city", "city"),
    ('{"city": "Beijing", "plan": "gold", "volume_m3": 1}', "case.plan", "plan"),
    ('{"volume_m3": 1}', "case.input", "city"),
    ('{"city": "Beijing"}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": -1}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 1e400}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 1e999999999999}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": ' + "9" * 5000 + "}", "case.json", None),
    ('{"city": "Beijing", "volume_m3": "1e9999"}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 1000000001}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": NaN}', "case.json", None),
    ('{"city": "Beijing", "volume_m3": "NaN"}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": "１２x"}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": true}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": [1]}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 12.3456}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 1, "volume": 1}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 1, "colour": 1}', "case.input", "colour"),
    ('{"city": "Beijing", "volume_m3": 1, "persons": 0}', "case.input", "persons"),
    ('{"city": "Beijing", "volume_m3": 1, "persons": 2.5}', "case.input", "persons"),
    ('{"city": "Beijing", "volume_m3": 1, "low_income": "maybe"}', "case.input", "low_income"),
    ('{"city": "Beijing", "volume_m3": 1, "from": "2024-02-01", "to": "2024-01-01"}', "case.input", "to"),
    ('{"city": "Beijing", "volume_m3": 1, "from": "2024-02-01"}', "case.input", "to"),
    ('{"city": "Beijing", "volume_m3": 1, "from": "2024-02-30", "to": "2024-03-01"}', "case.input", "from"),
    ('{"city": "Beijing", "volume_m3": 1, "from": "2011-02-01", "to": "2011-03-01"}', "tariff.not_in_force", "from"),
    ('{"city": "Beijing", "volume_m3": 1, "period": "2024"}', "case.input", "period"),
    ('{"city": "重庆", "plan": "institution", "volume_m3": 1}', "case.input", "from"),
    ('{"city": "常州", "volume_m3": 1}', "tariff.incomplete", "prices"),
    ('{"city": "常州", "volume_m3": 1, "prices": [1, 2]}', "case.counts", "prices"),
    ('{"city": "Beijing", "volume_m3": 1, "base_price": 1}', "case.not_missing", "prices"),
    ('{"city": "Beijing", "volume_m3": 1, "contract_price": 1}', "case.contract_price", "contract_price"),
    ('{"city": "Beijing", "volume_m3": 1, "price_change_method": "magic"}', "case.input", "price_change_method"),
    ('{"city": "Beijing", "volume_m3": 1, "reading_at_change": 5}', "case.input", "reading_at_change"),
    ('{"city": {"a": 1}, "volume_m3": 1}', "case.input", "city"),
    ('{"city": "Beijing", "volume_m3": 1, "volume_m3": 2}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": "1_0"}', "case.input", "volume_m3"),
    ('{"city": "Beijing", "volume_m3": 1, "calorific_value": 0}', "case.input", "calorific_value"),
]


@pytest.fixture(scope="module")
def bad_answers() -> tuple[int, list[dict[str, Any]]]:
    good = {"city": "Beijing", **JANUARY, "volume_m3": 10}
    code, answers, errors = run(cases(good, *(text for text, _, _ in BAD), good))
    assert errors == ""
    return code, answers


def test_bad_lines_do_not_stop_the_others(bad_answers: tuple[int, list[dict[str, Any]]]) -> None:
    code, answers = bad_answers
    assert code == 1
    assert len(answers) == len(BAD) + 2
    assert answers[0]["amount"] == answers[-1]["amount"] == "26.10"


@pytest.mark.parametrize("index", range(len(BAD)), ids=[text[:60] for text, _, _ in BAD])
def test_bad_lines_say_what_is_wrong(index: int, bad_answers: tuple[int, list[dict[str, Any]]]) -> None:
    answer = bad_answers[1][index + 1]
    _, code, field = BAD[index]
    assert answer["line"] == index + 2
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer["error"]["zh"])
    assert len(answer["error"]["en"]) > 10
    assert answer["error"]["en"] != answer["error"]["zh"]


def test_strange_bytes_blank_lines_and_monsters() -> None:
    good = json.dumps({"city": "北京", **JANUARY, "volume_m3": 10}, ensure_ascii=False).encode()
    lines = b"\xef\xbb\xbf" + good + b"\r\n\r\n  \n" + b"\xff\xfe\n" + b"x" * 3_000_000 + b"\n" + good
    code, answers, _ = run(lines)
    assert code == 1
    assert [answer.get("amount", answer.get("line")) for answer in answers] == ["26.10", 4, 5, "26.10"]
    assert "over 1 MB" in answers[2]["error"]["en"]


def test_a_tariff_file_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "- city: {zh: 甲市, en: Alpha}\n  effective: 2024-01-01\n  currency: XTS\n  plans:\n"
        "  - code: residential\n    tiers: [{upto: 10, price: 1.5}, {price: 2}]\n", encoding="utf-8",
    )  # fmt: skip
    code, answers, _ = run(
        cases({"city": "甲市", "volume_m3": 12}, {"city": "Beijing", "volume_m3": 1}), "--tariffs", str(own)
    )
    assert code == 1
    assert (answers[0]["amount"], answers[0]["currency"]) == ("19.00", "XTS")
    assert answers[1]["error"]["code"] == "case.city"


@pytest.mark.parametrize(
    "daily",
    [
        "    tiers: [{price: 2}]\n    base_fee: {amount: 0.31, per: day}",
        "    tiers: [{price: 2}]\n    minimum: {amount: 0.31, per: day}",
        "    blocks: [{upto_per_day: 1, price: 2}, {price: 3}]",
        "    bands: [{price: 2, base_fee: 300}]\n    normal_days: {from: 25, to: 35}",
    ],
)
def test_what_counts_days_asks_for_them(daily: str, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"- city: Alpha\n  effective: 2024-01-01\n  plans:\n  - code: residential\n{daily}\n")
    code, answers, _ = run(
        cases({"city": "Alpha", "volume_m3": 12}, {"city": "Alpha", "volume_m3": 12, "days": 31}),
        "--tariffs", str(own),
    )  # fmt: skip
    assert code == 1
    assert answers[0]["error"]["field"] == "from"
    assert "amount" in answers[1]


def test_a_bad_tariff_file_ends_with_two(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("- city: Alpha\n  plan: x\n", encoding="utf-8")
    code, answers, errors = run(b"", "--tariffs", str(own))
    assert (code, answers) == (2, [])
    assert "own.yaml: line 2:" in errors
    assert "第 2 行" in errors


def test_nothing_in_nothing_out() -> None:
    assert run(b"") == (0, [], "")
