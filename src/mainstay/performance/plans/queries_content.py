"""What a contract says, as data: the same for hash, paper, page and appraisal."""

from __future__ import annotations

from typing import Any

from mainstay.performance.plans.models import Contract, Target

_VALUES = ("weight_bp", "base_e4", "threshold_e4", "target_e4", "challenge_e4", "rule", "duty")


def content_of(contract: Contract) -> dict[str, Any]:
    """Return the content that both sides sign: parties, period, and every target with formula, values and rule."""
    targets = contract.targets.select_related("indicator").order_by("position", "id")
    return {
        "number": contract.number,
        "version": contract.version,
        "kind": contract.kind,
        "period": contract.period.code,
        "unit": contract.unit.code,
        "party_a": [contract.party_a.staff_no, contract.party_a.name],
        "party_b": [contract.person.staff_no, contract.person.name],
        "targets": [_target(target) for target in targets],
    }


def _target(target: Target) -> dict[str, Any]:
    indicator = target.indicator
    return {
        "indicator": indicator.code,
        "name_zh": indicator.name_zh,
        "name_en": indicator.name_en,
        "formula_zh": indicator.formula_zh,
        "unit_zh": indicator.unit_zh,
        "direction": indicator.direction,
        "source": indicator.source,
        **{name: getattr(target, name) for name in _VALUES},
    }
