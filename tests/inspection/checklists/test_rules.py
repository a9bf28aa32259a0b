"""Judging answers, scoring, and faults of a checklist: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.inspection.checklists import rules
from mainstay.inspection.checklists.rules import ChecklistDef, Given, ItemDef, Option, SectionDef
from mainstay.inspection.checklists.rules_scoring import score

ON = date(2026, 9, 15)
PLAIN = ItemDef("A1", "锁", "Lock")
DAYS = ItemDef("A2", "录像天数", "Days kept", types=("number",), minimum_e3=30_000)
RANGE = ItemDef("A3", "温度", "Temperature", types=("number",), minimum_e3=18_000, maximum_e3=27_000)
UNTIL = ItemDef("A4", "有效期", "Valid until", types=("date",), date_rule="until")
WITHIN = ItemDef("A5", "测试", "Tested", types=("date",), date_rule="within", date_days=92)
HOSE = ItemDef("A6", "软管", "Hose", types=("choice",), options=(Option("a", "甲", "A"), Option("b", "乙", "B", True)))
FREE = ItemDef("A7", "备用小时", "Hours", types=("number",))


@pytest.mark.parametrize(
    ("item", "answer", "result"),
    [
        (PLAIN, None, ""),
        (PLAIN, {"result": "pass"}, "pass"),
        (PLAIN, {"result": "na"}, "na"),
        (DAYS, {"number": "30"}, "pass"),
        (DAYS, {"number": "29.999"}, "fail"),
        (DAYS, {"number": "29", "result": "pass"}, "fail"),  # milder than the limit: the limit decides
        (DAYS, {"number": "60", "result": "fail"}, "fail"),  # stricter: the inspector decides
        (DAYS, {"number": "many"}, ""),
        (RANGE, {"number": "18"}, "pass"),
        (RANGE, {"number": "27.001"}, "fail"),
        (UNTIL, {"date": "2026-09-15"}, "pass"),
        (UNTIL, {"date": "2026-09-14"}, "fail"),
        (WITHIN, {"date": "2026-06-15"}, "pass"),
        (WITHIN, {"date": "2026-06-14"}, "fail"),
        (WITHIN, {"date": "2026-09-16"}, "fail"),
        (HOSE, {"choice": "a"}, "pass"),
        (HOSE, {"choice": "b"}, "fail"),
        (FREE, {"number": "4"}, ""),  # no limit: the inspector has to say
        (FREE, {"number": "4", "result": "fail"}, "fail"),
        (FREE, {"result": "pass"}, ""),  # the number is still missing
    ],
)
def test_judging(item: ItemDef, answer: dict[str, Any] | None, result: str) -> None:
    assert rules.judge(item, answer, ON) == result


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_limits_mean_what_they_say(low: int, high: int, value: int) -> None:
    item = replace(RANGE, minimum_e3=min(low, high), maximum_e3=max(low, high))
    result = rules.judge(item, {"number": rules.in_units(value)}, ON)
    assert result == ("pass" if min(low, high) <= value <= max(low, high) else "fail")


@given(st.integers(-(10**12), 10**12))
def test_thousandths_round_trip(value: int) -> None:
    assert rules.thousandths(rules.in_units(value)) == value


def test_an_item_hidden_by_another_is_not_asked() -> None:
    after = ItemDef("A8", "应急电源", "Own supply", show_item="A1", show_value="fail")
    assert rules.results_of([PLAIN, after], {"A1": {"result": "pass"}}, ON) == {"A1": "pass"}
    assert rules.results_of([PLAIN, after], {"A1": {"result": "fail"}}, ON) == {"A1": "fail", "A8": ""}


def test_what_a_record_still_lacks() -> None:
    photo = replace(PLAIN, code="A9", photo=True)
    given_ = Given({"A1": {"result": "fail"}, "A9": {"result": "pass"}, "X": {"result": "pass"}})
    faults = rules.faults_of_answers([PLAIN, photo, DAYS], given_, ON)
    assert {(one.code, one.item) for one in faults} == {
        ("no_finding", "A1"),
        ("no_photo", "A9"),
        ("unanswered", "A2"),
        ("unknown_item", "X"),
    }
    mended = Given(
        {"A1": {"result": "fail", "note": "坏了"}, "A9": {"result": "pass"}, "A2": {"number": "31"}}, {"A9": 1}
    )
    assert rules.faults_of_answers([PLAIN, photo, DAYS], mended, ON) == []


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        (replace(PLAIN, code="1A"), "bad_code"),
        (replace(PLAIN, types=("smell",)), "bad_type"),
        (replace(HOSE, options=()), "no_options"),
        (replace(RANGE, minimum_e3=28_000), "limits_crossed"),
        (replace(PLAIN, minimum_e3=1), "limit_without_number"),
        (replace(PLAIN, date_rule="until"), "rule_without_date"),
        (replace(WITHIN, date_days=None), "no_days"),
        (replace(PLAIN, show_item="A2", show_value="fail"), "show_later"),
    ],
)
def test_faults_of_a_checklist(item: ItemDef, fault: str) -> None:
    found = rules.faults_of_checklist(ChecklistDef("c", "表", "C", sections=(SectionDef("S", "部", "Part", (item,)),)))
    assert fault in {one.code for one in found}


def _bank() -> ChecklistDef:
    """A part worth 8 points whose deductions count 0.42, and one worth 10 whose count in full."""
    first = SectionDef(
        "P1",
        "甲",
        "A",
        (replace(PLAIN, code="D1", points_e2=1900), replace(PLAIN, code="D2", points_e2=300)),
        800,
        4200,
    )
    second = SectionDef("P2", "乙", "B", (replace(PLAIN, code="D3", points_e2=1500),), 1000)
    return ChecklistDef("bank", "评估", "Evaluation", "deduction", (first, second))


def test_deductions_are_scaled_and_capped() -> None:
    found = score(_bank(), {"D1": "pass", "D2": "fail", "D3": "pass"})
    assert (found.got_e2, found.full_e2) == (1800 - 126, 1800)  # 3 points × 0.42
    capped = score(_bank(), {"D1": "fail", "D2": "fail", "D3": "fail"})
    assert [part.lost_e2 for part in capped.parts] == [800, 1000]  # 22 × 0.42 = 9.24 > 8; 15 > 10
    assert capped.rate_bp == 0


def test_pass_rate_and_weights() -> None:
    items = (replace(PLAIN, code="A1", weight=3), replace(PLAIN, code="A2"), replace(PLAIN, code="A3"))
    plain = ChecklistDef("c", "表", "C", "pass_rate", (SectionDef("S", "部", "Part", items),))
    results = {"A1": "pass", "A2": "fail", "A3": "na"}
    assert score(plain, results).rate_bp == 5000
    assert score(replace(plain, scoring="weighted"), results).rate_bp == 7500
    assert score(plain, {"A1": "na"}).rate_bp is None
    assert score(replace(plain, scoring="none"), results).rate_bp is None


@given(st.lists(st.sampled_from(["pass", "fail", "na", ""]), min_size=3, max_size=3))
def test_a_score_never_leaves_its_bounds(marks: list[str]) -> None:
    found = score(_bank(), dict(zip(("D1", "D2", "D3"), marks, strict=True)))
    assert 0 <= found.got_e2 <= found.full_e2
    assert found.got_e2 + sum(part.lost_e2 for part in found.parts) == found.full_e2


def test_days_within_reach_their_last_day() -> None:
    for back in range(100):
        day = ON - timedelta(days=back)
        assert rules.judge(WITHIN, {"date": day.isoformat()}, ON) == ("pass" if back <= 92 else "fail")
