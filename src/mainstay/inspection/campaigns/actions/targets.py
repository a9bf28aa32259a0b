"""Targets as things, and the yearly plan that takes them up by set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.inspection.campaigns import batch
from mainstay.inspection.campaigns.actions.plan import about, in_draft, unit_of
from mainstay.inspection.campaigns.models import Campaign, Target
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit


def _unit(unit: Unit, **_facts: Any) -> int:
    return unit.pk


@action("inspection.campaigns.save_target", title=_("Change a target"), unit=_unit)
def save_target(
    *,
    unit: Unit,
    code: str,
    name: str,
    kind: str = "vault",
    klass: str = "city",
    target: Target | None = None,
    by: User,
    **more: Any,
) -> Target:
    """Register a target or change it; `more` are its place, contact and attributes. Problem when the code is taken."""
    if Target.objects.filter(code=code.strip()).exclude(pk=target.pk if target else 0).exists():
        raise Problem(_("There is a target with this code already."), field="code", code="taken")
    row = target or Target()
    before = {"code": row.code, "unit": row.unit_id} if target else None
    row.unit, row.code, row.name, row.kind, row.klass = unit, code.strip(), name.strip(), kind, klass
    for field, value in more.items():
        setattr(row, field, value)
    row.save()
    note_change(subject=f"campaigns.target:{row.pk}", before=before, after={"code": row.code, "unit": unit.pk})
    return row


@action(
    "inspection.campaigns.plan_targets", title=_("Put all targets of a kind on the list"), unit=unit_of, subject=about
)
def plan_targets(*, campaign: Campaign, classes: Sequence[str] = (), by: User) -> int:
    """Put every target of the campaign's kind below its lead organiser on the list, by set; returns how many are new.

    Days are spread over the window by block and stair; the targets of a stair share a day. `classes` narrows it.
    """
    in_draft(campaign)
    if not campaign.groups.exists():
        raise Problem(_("Make the groups first: tasks are shared among them by block."), code="no_group")
    count = batch.plan_assignments(campaign, list(classes))
    note_change(after={"planned": count})
    return count


@action("inspection.campaigns.import_targets", title=_("Import inspection targets from a sheet"))
def import_targets(*, rows: Sequence[dict[str, Any]], kind: str, campaign: Campaign | None = None, by: User) -> int:
    """Write checked rows (`sheet.check` names their keys) by set; returns how many targets are new.

    With a draft campaign each row also goes on its list, or changes group and day there.
    """
    if campaign is not None:
        in_draft(campaign)
    new = batch.write_targets(rows, kind)
    if campaign is not None:
        batch.list_targets(campaign, rows)
    note_change(after={"rows": len(rows), "new": new, "campaign": campaign.code if campaign else None})
    return new
