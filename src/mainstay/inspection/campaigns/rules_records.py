"""What a record of a visit must hold, and how two of them differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mainstay.inspection.checklists.rules import Fault, Given, ItemDef, faults_of_answers

Signed = Mapping[str, Any]  # role, name, refused, reason


@dataclass(frozen=True, slots=True)
class Demands:
    """What a campaign asks of a record."""

    min_inspectors: int = 2
    companion_needed: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing two records say differently."""

    item: str
    mine: Any
    theirs: Any


def faults_of_signatures(outcome: str, signatures: Sequence[Signed], demands: Demands) -> list[str]:
    """What is missing among the signatures under a finished inspection: words for programs.

    Enough different inspectors; somebody of the unit, or his refusal with a reason and a witness who signed.
    """
    if outcome != "done":
        return []
    signed = [one for one in signatures if not one.get("refused")]
    inspectors = {str(one["name"]).strip() for one in signed if one["role"] == "inspector"}
    faults = ["few_inspectors"] if len(inspectors) < demands.min_inspectors else []
    if demands.companion_needed and not any(one["role"] == "companion" for one in signed):
        refusal = next((one for one in signatures if one["role"] == "companion" and one.get("refused")), None)
        if refusal is None:
            faults.append("no_companion")
        elif not str(refusal.get("reason", "")).strip():
            faults.append("no_refusal_reason")
        elif not any(one["role"] == "witness" for one in signed):
            faults.append("no_witness")
    names = [(one["role"], str(one["name"]).strip()) for one in signatures]
    if len(set(names)) != len(names):
        faults.append("signed_twice")
    return faults


def faults_of_record(
    items: Sequence[ItemDef], given: Given, signatures: Sequence[Signed], *, outcome: str, on: date, demands: Demands
) -> list[Fault]:
    """Everything a record lacks for its outcome. Only a finished inspection must be complete."""
    known = {item.code for item in items}
    if outcome != "done":
        return [Fault("unknown_item", code) for code in given.answers if code not in known]
    faults = faults_of_answers(items, given, on)
    return faults + [Fault(word) for word in faults_of_signatures(outcome, signatures, demands)]


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Difference]:
    """What two bodies of records say differently: outcome, opinion, and each answer."""
    found = [
        Difference(name, mine.get(name), theirs.get(name))
        for name in ("outcome", "note")
        if mine.get(name) != theirs.get(name)
    ]
    left, right = mine.get("answers", {}), theirs.get("answers", {})
    for code in sorted(left.keys() | right.keys()):
        a, b = _filled(left.get(code)), _filled(right.get(code))
        if a != b:
            found.append(Difference(code, a, b))
    return found


def _filled(answer: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (answer or {}).items() if value not in (None, "")}
