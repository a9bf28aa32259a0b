"""The sheet of targets: staff number, indicator, weight, values. What is exported can be imported again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mainstay.core.door import rights
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Column, Row, RowError, Sheet
from mainstay.kit.sheets.columns import text_of
from mainstay.performance.plans.actions.templates import import_targets
from mainstay.performance.plans.models import Contract, Indicator, Period, Target
from mainstay.performance.plans.rules import Values, bp_text, check_rule, parse_number

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "performance.plans.import_targets"
EDIT = "performance.plans.edit_contract"


def _value(cell: Any) -> int:
    return parse_number(text_of(cell))


def _weight(cell: Any) -> int:
    """A weight in per cent; a cell formatted as per cent holds 0.25 for 25 %."""
    if isinstance(cell, float) and 0 < cell <= 1:
        return round(cell * 10_000)
    return parse_number(text_of(cell), decimals=2)


COLUMNS = (
    Column("staff_no", "工号", "Staff number", aliases=("员工编号",), example="HT0007"),
    Column("name", "姓名", "Name", required=False),
    Column("indicator", "指标编号", "Indicator", aliases=("指标",), example="SFL"),
    Column("weight", "权重", "Weight", parse=_weight, example="40"),
    Column("threshold", "门槛值", "Threshold", parse=_value, required=False),
    Column("target", "目标值", "Target", aliases=("目标",), parse=_value, example="95"),
    Column("challenge", "挑战值", "Challenge", parse=_value, required=False),
)


class Options(forms.Form):
    """The period whose contracts are meant."""

    period = forms.CharField(
        label=pgettext("plan", "Period"), max_length=10, help_text=gettext_lazy("Such as 2026 or 2026Q1.")
    )

    def clean_period(self) -> str:
        """A period that exists and is open."""
        code = str(self.cleaned_data["period"]).strip().upper()
        if not Period.objects.filter(code=code).exclude(state=Period.State.CLOSED).exists():
            raise forms.ValidationError(_("There is no open period with this code."))
        return code


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find each row's contract and indicator; rows of contracts that are signed, or of other units, are errors."""
    checked = Checked(payload=[])
    good = [row for row in sheet.rows if not row.errors]
    contracts = _contracts(str(options["period"]), user)
    codes = {str(row.values["indicator"]).upper() for row in good}
    indicators = {one.code: one for one in Indicator.objects.current(local_today()).filter(code__in=codes)}
    targets = {(t.contract_id, t.indicator_id): t for t in Target.objects.filter(contract__in=contracts.values())}
    seen: set[tuple[int, int]] = set()
    for row in good:
        try:
            facts = _row(row, contracts, indicators, targets, seen)
        except Problem as problem:
            checked.errors[row.number] = [RowError(problem.field or "", problem.message)]
            continue
        checked.payload.append(facts)
        checked.new += facts["target"] is None
        checked.already += facts["target"] is not None
    _weigh(checked)
    return checked


def _contracts(period: str, user: User) -> dict[str, Contract]:
    """Contracts of a period that may be edited, by staff number."""
    rows = Contract.objects.filter(period__code=period).select_related("person", "unit")
    ids = rights.unit_ids(user, EDIT) if rights.allowed(user, EDIT) else []
    rows = rows if ids is None else rows.filter(unit__in=ids)
    return {contract.person.staff_no: contract for contract in rows.order_by("-kind")}


def _row(
    row: Row,
    contracts: Mapping[str, Contract],
    indicators: Mapping[str, Indicator],
    targets: Mapping[tuple[int, int], Target],
    seen: set[tuple[int, int]],
) -> dict[str, Any]:
    values = row.values
    contract, indicator = contracts.get(values["staff_no"]), indicators.get(str(values["indicator"]).upper())
    if contract is None:
        raise Problem(_("No contract of this period in your units: draft it first."), field="staff_no")
    if not contract.is_open:
        raise Problem(_("This contract is signed: ask for an amendment instead."), field="staff_no")
    if indicator is None:
        raise Problem(_("There is no indicator with this code in use."), field="indicator")
    if (contract.pk, indicator.pk) in seen:
        raise Problem(_("This indicator stands in the sheet twice for the same contract."), field="indicator")
    seen.add((contract.pk, indicator.pk))
    facts = {
        "target_e4": values["target"],
        "threshold_e4": values.get("threshold"),
        "challenge_e4": values.get("challenge"),
    }
    found = targets.get((contract.pk, indicator.pk))
    rule = found.rule if found else indicator.rule
    check_rule(rule, Values(direction=indicator.direction, **facts))
    return {
        "contract": contract,
        "indicator": indicator,
        "weight_bp": values["weight"],
        "target": found,
        "rule": rule,
        "row": row.number,
        **facts,
    }


def _weigh(checked: Checked) -> None:
    """Remark on contracts whose weights in the sheet do not sum to 100 %; they can be imported, but not offered."""
    sums: dict[int, int] = {}
    last: dict[int, int] = {}
    for facts in checked.payload:
        sums[facts["contract"].pk] = sums.get(facts["contract"].pk, 0) + facts["weight_bp"]
        last[facts["contract"].pk] = facts["row"]
    for contract, total in sums.items():
        if total != 10_000:  # noqa: PLR2004  # 100 %
            checked.remarks[last[contract]] = _("weights in this sheet sum to %(sum)s") % {"sum": bp_text(total)}


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Write the good rows; returns how many targets are new."""
    rows = [{key: value for key, value in facts.items() if key != "row"} for facts in checked.payload]
    return int(import_targets(rows=rows, by=by))


KIND = ImportKind(
    "performance.targets",
    gettext_lazy("Targets of contracts"),
    RIGHT,
    COLUMNS,
    check,
    commit,
    Options,
    gettext_lazy(
        "One row a target: staff number, indicator, weight in per cent, values. Contracts must be drafted before."
    ),
)
