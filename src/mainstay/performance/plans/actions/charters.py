"""The operating charter: drafted on the company's signed contract, approved, published to everybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.publications.actions import edit_publication, publish
from mainstay.kit.errors import Problem
from mainstay.performance.plans.models import Charter, Contract
from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.performance.plans.states import CHARTER

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def _unit(charter: Charter | None = None, contract: Contract | None = None, **_facts: Any) -> int | None:
    found = contract or (charter.contract if charter else None)
    return found.unit_id if found else None


@action("performance.plans.draft_charter", title=_("Draft the operating charter"), unit=_unit)
def draft_charter(
    *, contract: Contract, preamble_zh: str, preamble_en: str = "", charter: Charter | None = None, by: User
) -> Charter:
    """Draft the charter of a year on the company's contract, or change a draft. Raises Problem."""
    if contract.kind != Contract.Kind.COMPANY:
        raise Problem(_("The charter rests on the company's own contract."), field="contract", code="not_company")
    if charter is not None and charter.state != Charter.State.DRAFT:
        raise Problem(_("An approved charter is not changed. Draft a new one."), code="approved")
    found = charter or Charter()
    found.contract, found.period = contract, contract.period
    found.preamble_zh, found.preamble_en = preamble_zh.strip(), preamble_en.strip()
    found.save()
    note_change(after={"contract": contract.number})
    return found


@action("performance.plans.approve_charter", title=_("Approve the operating charter"), unit=_unit)
def approve_charter(*, charter: Charter, by: User) -> Charter:
    """Approve a charter whose contract both sides have signed. Raises Problem."""
    CHARTER.require(charter.state, Charter.State.APPROVED)
    if not charter.contract.is_in_force:
        raise Problem(_("The company's contract is not signed by both sides yet."), code="not_signed")
    charter.state = Charter.State.APPROVED
    charter.save(update_fields=["state"])
    note_change(after={"state": "approved"})
    return charter


@action("performance.plans.publish_charter", title=_("Publish the operating charter"), unit=_unit)
def publish_charter(*, charter: Charter, acknowledge_by: date, by: User) -> Charter:
    """Publish the charter to every employee: all get a to-do to read and acknowledge it. Raises Problem.

    A charter of the same year that was published before is superseded.
    """
    CHARTER.require(charter.state, Charter.State.PUBLISHED)
    year = charter.period.code
    text = edit_publication(
        code=f"CHARTER-{year}", title_zh=f"{year}年度经营任务书", title_en=f"Operating charter {year}",
        body=body_of(charter), unit=charter.contract.unit, kind="charter", acknowledge_by=acknowledge_by, by=by,
    )  # fmt: skip
    publish(publication=text, by=by)
    older = Charter.objects.filter(period=charter.period, state=Charter.State.PUBLISHED)
    older.update(state=Charter.State.SUPERSEDED)
    charter.publication, charter.state = text, Charter.State.PUBLISHED
    charter.save(update_fields=["publication", "state"])
    note_change(after={"publication": text.pk, "acknowledge_by": acknowledge_by.isoformat()})
    return charter


def body_of(charter: Charter) -> str:
    """The charter as a text to read, Chinese first: preamble and targets."""
    targets = charter.contract.targets.select_related("indicator").order_by("position", "id")
    lines = [
        f"- {target.indicator.name_zh}：{number_text(target.target_e4)} {target.indicator.unit_zh}"
        f"（权重 {bp_text(target.weight_bp)}；{target.indicator.formula_zh}）"
        for target in targets
    ]
    english = [
        f"- {target.indicator.name_en or target.indicator.name_zh}: {number_text(target.target_e4)} "
        f"{target.indicator.unit_en or target.indicator.unit_zh} (weight {bp_text(target.weight_bp)})"
        for target in targets
    ]
    body = [charter.preamble_zh, "# 年度目标", "\n".join(lines)]
    if charter.preamble_en:
        body += [charter.preamble_en, "# Targets of the year", "\n".join(english)]
    return "\n\n".join(body)
