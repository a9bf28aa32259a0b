"""What stands behind targets, and how they carry each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.models import Backing, Contribution, Target
from mainstay.performance.plans.rules import bp_text
from mainstay.performance.plans.rules.shares import check_shares

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def _unit(child: Target | None = None, target: Target | None = None, **facts: Any) -> int | None:
    found = child or target
    link = facts.get("contribution")
    if found is None and isinstance(link, Contribution):
        found = link.child
    return found.contract.unit_id if found else None


def _about(child: Target | None = None, target: Target | None = None, **facts: Any) -> str:
    found = child or target
    link = facts.get("contribution")
    if found is None and isinstance(link, Contribution):
        found = link.child
    return f"plans.contract:{found.contract_id}" if found else ""


@action("performance.plans.write_backing", title=_("Write what stands behind a target"), unit=_unit, subject=_about)
def write_backing(*, target: Target, measures: str = "", resources: str = "", risks: str = "", by: User) -> Backing:
    """Note measures, resources needed and risks of a target; also after signing, for they go on."""
    found = Backing.objects.filter(target=target).first() or Backing(target=target)
    found.measures, found.resources, found.risks = measures.strip(), resources.strip(), risks.strip()
    found.save()
    note_change(after={"target": target.pk})
    return found


@action("performance.plans.contribute", title=_("Let a target carry another one"), unit=_unit, subject=_about)
def contribute(
    *, child: Target, parent: Target, share_bp: int = 10_000, covers_bp: int | None = None, by: User
) -> Contribution:
    """Say that a share of `child` counts for `parent`; given again it is changed. Raises Problem.

    A child's shares sum to at most 100 %. Where values of the two do not add up, `covers_bp` says which part of the
    parent the child answers for.
    """
    lock("plans.target", child.pk)
    _check_pair(child, parent, covers_bp)
    others = child.parents.exclude(parent=parent)
    check_shares([*others.values_list("share_bp", flat=True), share_bp])
    found = Contribution.objects.filter(child=child, parent=parent).first() or Contribution(child=child, parent=parent)
    found.share_bp, found.covers_bp = share_bp, covers_bp
    found.save()
    note_change(after={"child": child.pk, "parent": parent.pk, "share": bp_text(share_bp)})
    return found


@action("performance.plans.withdraw_contribution", title=_("Withdraw a contribution"), unit=_unit, subject=_about)
def withdraw_contribution(*, contribution: Contribution, by: User) -> Target:
    """Let a target no longer carry another one; returns the child."""
    child = contribution.child
    note_change(before={"child": child.pk, "parent": contribution.parent_id, "share_bp": contribution.share_bp})
    contribution.delete()
    return child


def _check_pair(child: Target, parent: Target, covers_bp: int | None) -> None:
    if child.pk == parent.pk:
        raise Problem(_("A target cannot carry itself."), field="parent", code="circle")
    if child.pk in _above({parent.pk}):
        raise Problem(_("This target is carried by that one already: the two would go in a circle."), field="parent")
    inner, outer = child.contract.period, parent.contract.period
    if not (outer.from_on <= inner.from_on and inner.until_on <= outer.until_on):
        raise Problem(_("The parent's period must hold that of the child."), field="parent", code="period")
    adds_up = child.indicator.additive and parent.indicator.additive
    if covers_bp is None and not (adds_up and child.indicator.unit_zh == parent.indicator.unit_zh):
        text = _("Values of these two do not add up: say which part of the parent this target answers for.")
        raise Problem(text, field="covers", code="covers")
    if covers_bp is not None and not 0 < covers_bp <= 10_000:  # noqa: PLR2004  # 100 %
        raise Problem(_("A share must lie above 0."), field="covers", code="shares")


def _above(targets: set[int]) -> set[int]:
    """Everything that some targets carry, directly or through others."""
    found: set[int] = set()
    while targets:
        found |= targets
        upper = Contribution.objects.filter(child__in=targets).values_list("parent", flat=True)
        targets = set(upper) - found
    return found
