"""What a checklist is, and how an answer is judged. Pure: no database, no clock.

Limits are whole thousandths of the item's unit (`_e3`), points whole hundredths (`_e2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

PASS, FAIL, NOT_APPLICABLE, OPEN = "pass", "fail", "na", ""
RESULTS = (PASS, FAIL, NOT_APPLICABLE)
TYPES = ("pass_fail", "number", "date", "choice", "text", "photo", "signature")
SEVERITIES = ("none", "general", "major")
DATE_RULES = ("", "until", "within")  # valid until that day; done within so many days
CODE = re.compile(r"[A-Za-z](?:[A-Za-z0-9.-]|_(?!_)){0,23}")
THOUSAND = 1000

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of an item; a bad one makes the item fail."""

    code: str
    zh: str
    en: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class ItemDef:
    """One line of a checklist (检查项).

    `severity` is the proposed level of the hazard when it fails, `days` the time to put it right (None: that of the
    level), `photo` says that a picture is taken whatever the result. `date_rule` "until": the day must not be over;
    "within": it must lie at most `date_days` back. The item is shown when `show_item` was answered `show_value`.
    """

    code: str
    zh: str
    en: str
    types: tuple[str, ...] = ("pass_fail",)
    severity: str = "general"
    basis: str = ""
    requirement_zh: str = ""
    requirement_en: str = ""
    days: int | None = None
    weight: int = 1
    points_e2: int = 0
    photo: bool = False
    minimum_e3: int | None = None
    maximum_e3: int | None = None
    unit: str = ""
    options: tuple[Option, ...] = ()
    date_rule: str = ""
    date_days: int | None = None
    show_item: str = ""
    show_value: str = ""

    @property
    def is_judged(self) -> bool:
        """Tell whether limits, bad options or a rule for the day decide the result."""
        limits = self.minimum_e3 is not None or self.maximum_e3 is not None
        return limits or bool(self.date_rule) or any(option.bad for option in self.options)

    @property
    def needs_result(self) -> bool:
        """Tell whether the inspector says himself if it is right."""
        return "pass_fail" in self.types or (not self.is_judged and self.severity != "none")


@dataclass(frozen=True, slots=True)
class SectionDef:
    """A part of a checklist. For deduction: its full points, and what its sum is multiplied by (1/10000)."""

    code: str
    zh: str
    en: str
    items: tuple[ItemDef, ...] = ()
    points_e2: int = 0
    scale_e4: int = 10_000


@dataclass(frozen=True, slots=True)
class ChecklistDef:
    """A checklist as people write it: what YAML, XLSForm and the database all hold."""

    code: str
    zh: str
    en: str
    scoring: str = "none"
    sections: tuple[SectionDef, ...] = ()

    def items(self) -> Iterator[ItemDef]:
        """All items in order."""
        for section in self.sections:
            yield from section.items


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a checklist or an answer: a word for programs, and the item it belongs to."""

    code: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that was entered at one target: answers by item code, and how many photos each item has."""

    answers: Mapping[str, Answer]
    photos: Mapping[str, int] = field(default_factory=dict)


def thousandths(text: Any) -> int | None:
    """Turn "12.5" into 12500; None for nothing or what is no number with at most three decimals."""
    if text is None or str(text).strip() == "":
        return None
    try:
        value = Decimal(str(text).strip()) * THOUSAND
    except InvalidOperation:
        return None
    return int(value) if value.is_finite() and value == value.to_integral_value() else None


def in_units(value_e3: int | None) -> str:
    """Turn 12500 into "12.5"; "" for nothing."""
    if value_e3 is None:
        return ""
    whole, rest = divmod(abs(value_e3), THOUSAND)
    decimals = f".{rest:03d}".rstrip("0").rstrip(".")
    return f"{'-' if value_e3 < 0 else ''}{whole}{decimals}"


def is_shown(item: ItemDef, answers: Mapping[str, Answer], results: Mapping[str, str]) -> bool:
    """Tell whether an item is asked at all, given what was answered before it."""
    if not item.show_item:
        return True
    other = answers.get(item.show_item) or {}
    return item.show_value in {results.get(item.show_item, OPEN), str(other.get("choice", ""))}


def judge(item: ItemDef, answer: Answer | None, on: date) -> str:
    """Return pass, fail, na, or "" while unanswered.

    Where limits, bad options or a rule for the day apply, they decide; the inspector may be stricter, not milder.
    """
    if not answer:
        return OPEN
    said = str(answer.get("result") or OPEN)
    if said == NOT_APPLICABLE:
        return NOT_APPLICABLE
    measured = _measured(item, answer, on)
    if FAIL in (said, measured):
        return FAIL
    if item.needs_result:
        return said if measured in (PASS, None) and _complete(item, answer) else OPEN
    if item.is_judged:
        return measured if measured and _complete(item, answer) else OPEN
    return PASS if _complete(item, answer) else OPEN


def _complete(item: ItemDef, answer: Answer) -> bool:
    wanted = [kind for kind in item.types if kind in ("number", "date", "choice", "text")]
    return all(str(answer.get(kind, "")).strip() for kind in wanted)


def _measured(item: ItemDef, answer: Answer, on: date) -> str | None:
    """What the item's own rules say; None when they say nothing."""
    verdicts = []
    if item.minimum_e3 is not None or item.maximum_e3 is not None:
        verdicts.append(_number(item, thousandths(answer.get("number"))))
    if item.date_rule and answer.get("date"):
        verdicts.append(_day(item, date.fromisoformat(str(answer["date"])), on))
    chosen = next((option for option in item.options if option.code == answer.get("choice")), None)
    if chosen is not None and any(option.bad for option in item.options):
        verdicts.append(FAIL if chosen.bad else PASS)
    known = [verdict for verdict in verdicts if verdict is not None]
    if FAIL in known:
        return FAIL
    return PASS if known and len(known) == len(verdicts) else None


def _number(item: ItemDef, value_e3: int | None) -> str | None:
    if value_e3 is None:
        return None
    low = item.minimum_e3 is not None and value_e3 < item.minimum_e3
    high = item.maximum_e3 is not None and value_e3 > item.maximum_e3
    return FAIL if low or high else PASS


def _day(item: ItemDef, day: date, on: date) -> str:
    if item.date_rule == "until":
        return PASS if day >= on else FAIL
    return PASS if on - timedelta(days=item.date_days or 0) <= day <= on else FAIL


def results_of(items: Sequence[ItemDef], answers: Mapping[str, Answer], on: date) -> dict[str, str]:
    """Judge all items in order; what is not shown is left out."""
    results: dict[str, str] = {}
    for item in items:
        if is_shown(item, answers, results):
            results[item.code] = judge(item, answers.get(item.code), on)
    return results


def faults_of_answers(items: Sequence[ItemDef], given: Given, on: date) -> list[Fault]:
    """What a record still lacks: answers, pictures where they are needed, a word or a picture for what fails."""
    results = results_of(items, given.answers, on)
    faults = [Fault("unknown_item", code) for code in given.answers if code not in {item.code for item in items}]
    for item in items:
        result = results.get(item.code)
        photos = given.photos.get(item.code, 0)
        note = str((given.answers.get(item.code) or {}).get("note", "")).strip()
        if result == OPEN and not {"photo", "signature"} >= set(item.types):
            faults.append(Fault("unanswered", item.code))
        elif result in (PASS, FAIL) and item.photo and not photos:
            faults.append(Fault("no_photo", item.code))
        elif result == FAIL and item.severity != "none" and not (photos or note):
            faults.append(Fault("no_finding", item.code))
    return faults


def faults_of_checklist(checklist: ChecklistDef) -> list[Fault]:
    """What stands in the way of publishing: no items, codes twice or odd, limits crossed, options without a choice."""
    codes = [item.code for item in checklist.items()] + [section.code for section in checklist.sections]
    faults = [Fault("code_twice", code) for code in sorted({code for code in codes if codes.count(code) > 1})]
    faults += [Fault("bad_code", code) for code in codes if not CODE.fullmatch(code)]
    if not any(section.items for section in checklist.sections):
        faults.append(Fault("no_items"))
    before: set[str] = set()
    for item in checklist.items():
        faults += [Fault(code, item.code) for code in _faults_of_item(item, before)]
        before.add(item.code)
    if checklist.scoring == "deduction" and not any(section.points_e2 for section in checklist.sections):
        faults.append(Fault("no_points"))
    return faults


def _faults_of_item(item: ItemDef, before: set[str]) -> Iterator[str]:
    if not item.types or any(kind not in TYPES for kind in item.types):
        yield "bad_type"
    if "choice" in item.types and not item.options:
        yield "no_options"
    if item.minimum_e3 is not None and item.maximum_e3 is not None and item.minimum_e3 > item.maximum_e3:
        yield "limits_crossed"
    if (item.minimum_e3 is not None or item.maximum_e3 is not None) and "number" not in item.types:
        yield "limit_without_number"
    if item.date_rule and "date" not in item.types:
        yield "rule_without_date"
    if item.date_rule == "within" and not item.date_days:
        yield "no_days"
    if item.show_item and item.show_item not in before:
        yield "show_later"
