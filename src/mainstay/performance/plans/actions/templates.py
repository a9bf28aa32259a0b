"""Contracts for many people at once: templates, and targets from a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.organisation.models import Holding, Person
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.plans.actions.contracts import SERIES, save_target
from mainstay.performance.plans.models import Contract, ContractTemplate, Indicator, Target
from mainstay.performance.plans.queries_people import superiors

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.performance.plans.models import Period

_LINE = ("weight_bp", "target_e4", "threshold_e4", "challenge_e4", "base_e4", "rule", "duty")


@action(
    "performance.plans.save_template",
    title=_("Keep a contract as a template"),
    unit=lambda contract, **_facts: contract.unit_id,
)
def save_template(*, contract: Contract, code: str, name_zh: str, name_en: str = "", by: User) -> ContractTemplate:
    """Keep the targets of a contract as a template; a code that exists is replaced. Raises Problem: no targets."""
    targets = list(contract.targets.select_related("indicator").order_by("position", "id"))
    if not targets:
        raise Problem(_("The contract has no targets yet."), code="empty")
    code = code.strip().upper()
    found = ContractTemplate.objects.filter(code=code).first() or ContractTemplate(code=code)
    found.name_zh, found.name_en = name_zh.strip(), name_en.strip()
    found.lines = [
        {"indicator": target.indicator.code, **{name: getattr(target, name) for name in _LINE}} for target in targets
    ]
    found.save()
    note_change(after={"code": code, "targets": len(targets)})
    return found


@action(
    "performance.plans.apply_template", title=_("Draft contracts from a template"), unit=lambda unit, **_facts: unit.pk
)
def apply_template(
    *, template: ContractTemplate, period: Period, unit: Unit, post_name: str = "", by: User
) -> dict[str, int]:
    """Draft a contract for everybody who holds a post in a unit and below, of posts with a word in their name if given.

    Party A is the head of the person's unit, else of the unit above (see `superiors`). Returns counts: made, had
    (there is one already), headless (nobody stands above). Raises Problem: nobody, closed period, indicators gone.
    """
    if not period.is_open:
        raise Problem(_("This period is closed: no contract can begin in it."), field="period", code="closed")
    indicators = _indicators(template)
    held = _holders(unit, post_name)
    if not held:
        raise Problem(_("Nobody holds such a post here."), field="post_name", code="nobody")
    had = set(Contract.objects.filter(period=period, kind="person").values_list("person", "unit"))
    bosses = superiors(period)
    counts = {"made": 0, "had": 0, "headless": 0}
    contracts = []
    for person, person_unit in held:
        boss = bosses.of(person, person_unit)
        if (person, person_unit.pk) in had:
            counts["had"] += 1
        elif boss is None:
            counts["headless"] += 1
        else:
            contracts.append(_draft(period, person, person_unit, boss))
    counts["made"] = len(contracts)
    Contract.objects.bulk_create(contracts, batch_size=500)
    Target.objects.bulk_create(list(_targets(template, contracts, indicators)), batch_size=500)
    note_change(after={"template": template.code, "period": period.code, **counts})
    return counts


def _indicators(template: ContractTemplate) -> dict[str, Indicator]:
    codes = [line["indicator"] for line in template.lines]
    found = {one.code: one for one in Indicator.objects.current(local_today()).filter(code__in=codes)}
    if missing := sorted(set(codes) - set(found)):
        text = _("The template uses indicators that are retired: %(codes)s.") % {"codes": ", ".join(missing)}
        raise Problem(text, field="template", code="retired")
    return found


def _holders(unit: Unit, post_name: str) -> list[tuple[int, Unit]]:
    rows = Holding.objects.current(local_today()).filter(post__unit__path__startswith=unit.path)
    if post_name.strip():
        rows = rows.filter(post__name_zh__contains=post_name.strip())
    rows = rows.select_related("post__unit").order_by("post__unit__path", "person")
    return list({(row.person_id, row.post.unit_id): (row.person_id, row.post.unit) for row in rows}.values())


def _draft(period: Period, person: int, unit: Unit, boss: int) -> Contract:
    year = period.from_on.year
    number = f"HY{year}-{next_number(SERIES, year):05d}"
    return Contract(number=number, period=period, unit=unit, person_id=person, party_a_id=boss)


def _targets(
    template: ContractTemplate, contracts: Sequence[Contract], indicators: dict[str, Indicator]
) -> Iterable[Target]:
    for contract in contracts:
        for position, line in enumerate(template.lines, 1):
            values = {name: line.get(name) for name in _LINE}
            yield Target(contract=contract, indicator=indicators[line["indicator"]], position=position, **values)


@action("performance.plans.import_targets", title=_("Import targets from a sheet"))
def import_targets(*, rows: Sequence[dict[str, Any]], by: User) -> int:
    """Write checked rows of a sheet: {"contract", "indicator", "target" (or None), values}; returns the new ones."""
    new = 0
    for row in rows:
        save_target(**row, by=by)
        new += row["target"] is None
    note_change(after={"rows": len(rows), "new": new})
    return new


def people_named(numbers: Iterable[str]) -> dict[str, Person]:
    """People by staff number: one query."""
    return {person.staff_no: person for person in Person.objects.filter(staff_no__in=list(numbers))}
