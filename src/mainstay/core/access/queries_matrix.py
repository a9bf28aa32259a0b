"""The rights matrix and the catalogue of actions, for pages and for the reference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mainstay.core.access import rules
from mainstay.core.access.models import Role, RoleRight
from mainstay.core.door import ActionSpec, RightSpec, catalogue
from mainstay.kit.money import yuan


@dataclass(frozen=True)
class Line:
    """A right with one cell per role: None where the role does not have it."""

    spec: RightSpec
    second: str
    cells: list[str | None]


@dataclass(frozen=True)
class RightsMatrix:
    """Roles across, rights down."""

    roles: list[Role]
    lines: list[Line]


def part_of(name: str) -> str:
    """Return the part and app of a right: "gas.billing"."""
    return name.rpartition(".")[0]


def parts() -> list[str]:
    """Return the parts that have rights."""
    return sorted({part_of(name) for name in catalogue()})


def second_person(spec: RightSpec) -> str:
    """Return in words when a second person must agree."""
    if not isinstance(spec, ActionSpec):
        return ""
    if callable(spec.four_eyes):
        return _("for administrators")
    return {"never": "", "above_limit": _("above the limit"), "always": _("always")}[spec.four_eyes]


def rights_matrix(part: str = "") -> RightsMatrix:
    """Return who may do what, for one part or all: two queries."""
    held: dict[tuple[int, str], RoleRight] = {(one.role_id, one.right): one for one in RoleRight.objects.all()}
    roles = list(Role.objects.order_by("-protected", "code"))
    lines = []
    for name, spec in catalogue().items():
        if (isinstance(spec, ActionSpec) and spec.everyone) or (part and part_of(name) != part):
            continue
        cells = [_cell(held.get((role.pk, name))) for role in roles]
        lines.append(Line(spec, second_person(spec), cells))
    return RightsMatrix(roles, lines)


def _cell(right: RoleRight | None) -> str | None:
    if right is None:
        return None
    scope = right.get_scope_display()
    return f"{scope} ≤ {yuan(right.limit_fen)}" if right.limit_fen is not None else scope


def catalogue_by_part() -> list[tuple[str, list[dict[str, Any]]]]:
    """Return (part, rights) with what the reference tells about each."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, spec in catalogue().items():
        groups[part_of(name)].append(_described(name, spec))
    return sorted(groups.items())


def _described(name: str, spec: RightSpec) -> dict[str, Any]:
    act = isinstance(spec, ActionSpec)
    return {
        "name": name,
        "title": str(spec.title),
        "kind": _("action") if act else _("view"),
        "everyone": isinstance(spec, ActionSpec) and spec.everyone,
        "place": _("a unit") if isinstance(spec, ActionSpec) and spec.unit else _("whole company") if act else "",
        "amount": _("compared with the limit") if isinstance(spec, ActionSpec) and spec.amount else "",
        "second": second_person(spec),
        "reserved": rules.reserved_for_administrators(name),
    }
