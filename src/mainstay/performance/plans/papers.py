"""What contracts and charters say on paper: values only, the layout is in typst/."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mainstay.core.home import menu
from mainstay.performance.plans.models import Charter, Contract, Target
from mainstay.performance.plans.rules import bp_text, number_text


def company(user: Any) -> str:
    """The company's name, as the page header shows it."""
    return str(menu.fact("company_name", user, "") or "")


def contract_data(contract: Contract, user: Any) -> dict[str, Any]:
    """Values of a performance contract."""
    targets = contract.targets.select_related("indicator", "backing").order_by("position", "id")
    return {
        "company": company(user),
        "number": contract.number,
        "version": contract.version,
        "kind": contract.kind,
        "period": contract.period.code,
        "from_on": contract.period.from_on.isoformat(),
        "until_on": contract.period.until_on.isoformat(),
        "unit": str(contract.unit),
        "party_a": contract.party_a.name,
        "party_b": contract.person.name,
        "signed_a": _signed(contract.signed_a_at),
        "signed_b": _signed(contract.signed_b_at),
        "digest": contract.digest,
        "targets": [target_line(target) for target in targets],
    }


def target_line(target: Target) -> dict[str, str]:
    """A target as a line of a paper."""
    indicator = target.indicator
    backing = getattr(target, "backing", None)
    return {
        "name_zh": indicator.name_zh,
        "name_en": indicator.name_en or indicator.name_zh,
        "formula": indicator.formula_zh,
        "formula_en": indicator.formula_en or indicator.formula_zh,
        "unit": indicator.unit_zh,
        "unit_en": indicator.unit_en or indicator.unit_zh,
        "source": indicator.source,
        "weight": bp_text(target.weight_bp),
        "threshold": number_text(target.threshold_e4),
        "target": number_text(target.target_e4),
        "challenge": number_text(target.challenge_e4),
        "measures": backing.measures if backing else "",
    }


def charter_data(charter: Charter, user: Any) -> dict[str, Any]:
    """Values of an operating charter."""
    contract = charter.contract
    targets = contract.targets.select_related("indicator", "backing").order_by("position", "id")
    return {
        "company": company(user),
        "year": charter.period.code,
        "number": contract.number,
        "preamble_zh": charter.preamble_zh,
        "preamble_en": charter.preamble_en or charter.preamble_zh,
        "party_a": contract.party_a.name,
        "party_b": contract.person.name,
        "signed_a": _signed(contract.signed_a_at),
        "signed_b": _signed(contract.signed_b_at),
        "targets": [target_line(target) for target in targets],
    }


def _signed(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d") if at else ""
