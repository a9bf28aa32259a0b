"""The five named rules as drafts, and the index of GB/T 22239."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mainstay.kit.yamls import load_yaml


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as it ships: to be edited by the company before it is published."""

    code: str
    title_zh: str
    title_en: str
    evidence: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of GB/T 22239 with the levels that ask for it and the measures whose evidence serves it."""

    number: str
    zh: str
    en: str
    levels: tuple[int, ...]
    measures: tuple[str, ...]


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(Path(__file__).with_name("regime.yaml"))
    return found


def drafts() -> list[Draft]:
    """The five named rules."""
    return [Draft(**{**one, "evidence": tuple(one["evidence"])}) for one in _facts()["rules"]]


def clauses() -> list[Clause]:
    """The index, in the order of the clauses of level 3."""
    return [Clause(number, zh, en, tuple(levels), tuple(rows)) for number, zh, en, levels, rows in _facts()["clauses"]]
