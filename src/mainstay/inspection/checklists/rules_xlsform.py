"""A checklist as the sheets of an XLSForm, and back. Pure: rows are dictionaries of texts.

What XLSForm has a column for stands there (type, label, hint, required, relevant, constraint); the rest is carried in
attributes of our own namespace (`bind::ms:…`), which other form programs keep and ignore. A form from elsewhere is read
by its types and constraints alone.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mainstay.inspection.checklists.rules import (
    SEVERITIES,
    TYPES,
    ChecklistDef,
    ItemDef,
    Option,
    SectionDef,
    in_units,
    thousandths,
)

Row = dict[str, str]
Sheets = dict[str, list[Row]]
ZH, EN = "label::中文 (zh)", "label::English (en)"
HINT_ZH, HINT_EN = "hint::中文 (zh)", "hint::English (en)"
RESULT_LIST = "result"
RESULT_CHOICES = (("pass", "合格", "Pass"), ("fail", "不合格", "Fail"), ("na", "不适用", "Not applicable"))
NAMESPACE = 'ms="urn:mainstay:checklist"'
COLUMNS = {
    "survey": (
        "type",
        "name",
        ZH,
        EN,
        HINT_ZH,
        HINT_EN,
        "required",
        "relevant",
        "constraint",
        "appearance",
        "bind::ms:item",
    ),
    "choices": ("list_name", "name", ZH, EN),
    "settings": ("form_title", "form_id", "version", "default_language", "namespaces", "ms_checklist"),
}
_FIELDS = ("severity", "basis", "requirement_zh", "requirement_en", "unit", "date_rule", "show_item", "show_value")
_NUMBERS = ("days", "weight", "points_e2", "minimum_e3", "maximum_e3", "date_days")
_XLS_TYPES = {"number": "decimal", "date": "date", "text": "text", "photo": "image", "signature": "image"}
_INFERRED = {
    "decimal": "number",
    "integer": "number",
    "range": "number",
    "date": "date",
    "text": "text",
    "image": "photo",
}
_LOW = re.compile(r"\.\s*>=\s*(-?[\d.]+)")
_HIGH = re.compile(r"\.\s*<=\s*(-?[\d.]+)")


def to_sheets(checklist: ChecklistDef, version: str) -> Sheets:
    """Return survey, choices and settings of a checklist."""
    survey: list[Row] = []
    choices = [_choice(RESULT_LIST, *one) for one in RESULT_CHOICES]
    for section in checklist.sections:
        own = {"points_e2": section.points_e2, "scale_e4": section.scale_e4}
        survey.append(
            {"type": "begin_group", "name": section.code, ZH: section.zh, EN: section.en, "bind::ms:item": _json(own)}
        )
        for item in section.items:
            survey += _rows_of(item)
            choices += [_choice(f"{item.code}_options", one.code, one.zh, one.en) for one in item.options]
        survey.append({"type": "end_group", "name": section.code})
    facts = {"zh": checklist.zh, "en": checklist.en, "scoring": checklist.scoring}
    settings = {
        "form_title": checklist.zh,
        "form_id": checklist.code,
        "version": version,
        "default_language": "中文 (zh)",
        "namespaces": NAMESPACE,
        "ms_checklist": _json(facts),
    }
    return {"survey": survey, "choices": choices, "settings": [settings]}


def _choice(name: str, code: str, zh: str, en: str) -> Row:
    return {"list_name": name, "name": code, ZH: zh, EN: en}


def _rows_of(item: ItemDef) -> list[Row]:
    """The item's own question, and the questions that hang on it: its result, a picture, what was found."""
    relevant = f"${{{item.show_item}}} = '{item.show_value}'" if item.show_item else ""
    rows = []
    for number, kind in enumerate(item.types):
        name = item.code if number == 0 else f"{item.code}__{kind}"
        rows.append(_question(item, kind, name, relevant))
    rows[0] |= {HINT_ZH: item.requirement_zh or item.basis, HINT_EN: item.requirement_en or item.basis}
    rows[0]["bind::ms:item"] = _json(_carried(item))
    judged = item.code
    if item.needs_result and "pass_fail" not in item.types:
        judged = f"{item.code}__result"
        rows.append(_extra(judged, f"select_one {RESULT_LIST}", "结果", "Result", relevant) | {"required": "yes"})
    if item.photo:
        rows.append(_extra(f"{item.code}__photo", "image", "照片", "Photo", relevant) | {"required": "yes"})
    if item.needs_result:
        rows.append(_extra(f"{item.code}__note", "text", "发现的问题", "Finding", f"${{{judged}}} = 'fail'"))
    return rows


def _question(item: ItemDef, kind: str, name: str, relevant: str) -> Row:
    row = _extra(name, _XLS_TYPES.get(kind, ""), item.zh, item.en, relevant)
    if kind == "pass_fail":
        row["type"] = f"select_one {RESULT_LIST}"
    elif kind == "choice":
        row["type"] = f"select_one {item.code}_options"
    elif kind == "signature":
        row["appearance"] = "signature"
    if kind in ("pass_fail", "choice", "number", "date"):
        row["required"] = "yes"
    return row


def _extra(name: str, kind: str, zh: str, en: str, relevant: str) -> Row:
    return {"type": kind, "name": name, ZH: zh, EN: en, "relevant": relevant}


def _carried(item: ItemDef) -> dict[str, Any]:
    facts: dict[str, Any] = {name: getattr(item, name) for name in (*_FIELDS, *_NUMBERS) if getattr(item, name)}
    for name in ("minimum_e3", "maximum_e3"):  # a limit of 0 is a limit
        if getattr(item, name) is not None:
            facts[name] = getattr(item, name)
    facts |= {"types": list(item.types), "severity": item.severity, "photo": item.photo, "weight": item.weight}
    if bad := [one.code for one in item.options if one.bad]:
        facts["bad"] = bad
    return facts


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def from_sheets(sheets: Mapping[str, Sequence[Mapping[str, str]]]) -> ChecklistDef:
    """Read a checklist out of an XLSForm's sheets. Raises ValueError with a word for what is wrong.

    Questions outside of a group come into a part of their own; notes, calculations and other helpers are passed over.
    """
    settings = next(iter(sheets.get("settings", ())), {})
    options: dict[str, list[Option]] = defaultdict(list)
    for row in sheets.get("choices", ()):
        if row.get("name"):
            options[row.get("list_name", "")].append(Option(row["name"], _zh(row), _en(row)))
    facts = _loaded(settings.get("ms_checklist", ""))
    sections = _sections(sheets.get("survey", ()), options)
    title = settings.get("form_title", "")
    return ChecklistDef(
        code=settings.get("form_id", "") or "form",
        zh=facts.get("zh", title),
        en=facts.get("en", title),
        scoring=facts.get("scoring", "none"),
        sections=tuple(sections),
    )


def _sections(survey: Sequence[Mapping[str, str]], options: Mapping[str, list[Option]]) -> list[SectionDef]:
    sections: list[SectionDef] = []
    heading: dict[str, Any] | None = None
    items: list[ItemDef] = []

    def close() -> None:
        nonlocal items
        if items:
            facts = heading or {"code": "S0", "zh": "检查项", "en": "Items"}
            sections.append(SectionDef(items=tuple(items), **facts))
        items = []

    for row in survey:
        kind, _space, rest = row.get("type", "").strip().partition(" ")
        kind = f"{kind}_{rest}" if kind in ("begin", "end") else kind
        if kind == "begin_group":
            close()
            own = {k: int(v) for k, v in _loaded(row.get("bind::ms:item", "")).items()}
            heading = {"code": row.get("name", ""), "zh": _zh(row), "en": _en(row), **own}
        elif kind == "end_group":
            close()
            heading = None
        elif "__" not in row.get("name", "") and (item := _item(kind, rest, row, options)):
            items.append(item)
    close()
    return sections


def _item(kind: str, rest: str, row: Mapping[str, str], options: Mapping[str, list[Option]]) -> ItemDef | None:
    facts = _loaded(row.get("bind::ms:item", ""))
    chosen = options.get(rest, []) if kind == "select_one" else []
    if facts:
        bad = set(facts.pop("bad", ()))
        types = tuple(facts.pop("types", ()))
        listed = options.get(f"{row['name']}_options", []) if "choice" in types else []
        given = tuple(Option(one.code, one.zh, one.en, one.code in bad) for one in listed)
        known = {k: v for k, v in facts.items() if k in (*_FIELDS, *_NUMBERS, "photo")}
        return ItemDef(row["name"], _zh(row), _en(row), types=types, options=given, **known)
    if kind == "select_one":
        is_result = {one.code for one in chosen} <= {"pass", "fail", "na", "yes", "no"}
        kinds, given = (("pass_fail",), ()) if is_result else (("choice",), tuple(chosen))
    elif kind in _INFERRED:
        signature = "signature" in row.get("appearance", "")
        kinds, given = (("signature",) if signature else (_INFERRED[kind],)), ()
    else:
        return None
    severity = "general" if kinds[0] in ("pass_fail", "number", "choice", "date") else "none"
    low, high = (
        _limit(pattern, row.get("constraint", "")) if kinds == ("number",) else None for pattern in (_LOW, _HIGH)
    )
    return ItemDef(
        row.get("name", ""),
        _zh(row),
        _en(row),
        types=kinds,
        severity=severity,
        options=given,
        requirement_zh=row.get("hint", "") or row.get(HINT_ZH, ""),
        minimum_e3=low,
        maximum_e3=high,
    )


def _limit(pattern: re.Pattern[str], constraint: str) -> int | None:
    found = pattern.search(constraint)
    return thousandths(found[1]) if found else None


def _label(row: Mapping[str, str], *marks: str) -> str:
    named = [
        value for key, value in row.items() if key.startswith("label") and any(mark in key.lower() for mark in marks)
    ]
    return next((value for value in named if value), "") or row.get("label", "") or row.get("name", "")


def _zh(row: Mapping[str, str]) -> str:
    return _label(row, "中文", "(zh", "chinese")


def _en(row: Mapping[str, str]) -> str:
    return _label(row, "english", "(en")


def _loaded(text: str) -> dict[str, Any]:
    if not text:
        return {}
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("bad_facts")
    return found


def describe_limits(item: ItemDef) -> str:
    """The limits in signs: "≥ 30 天", "18–27 ℃", "" without."""
    low, high = in_units(item.minimum_e3), in_units(item.maximum_e3)
    text = f"{low}–{high}" if low and high and low != high else f"= {low}" if low and low == high else ""
    text = text or (f"≥ {low}" if low else f"≤ {high}" if high else "")
    return f"{text} {item.unit}".strip() if text else ""


assert set(_XLS_TYPES) | {"pass_fail", "choice"} == set(TYPES)  # noqa: S101 - a slip here would lose answers
assert "general" in SEVERITIES  # noqa: S101
