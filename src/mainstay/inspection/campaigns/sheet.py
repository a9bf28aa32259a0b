"""The sheet of targets: what is inspected, whose it is, and, for a campaign being planned, which group goes when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.inspection.campaigns.actions.targets import import_targets
from mainstay.inspection.campaigns.models import Campaign, InspectionGroup, Target
from mainstay.inspection.campaigns.models.plan import Class, Kind
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Column, Row, RowError, Sheet
from mainstay.kit.sheets.columns import text_of

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "inspection.campaigns.import_targets"
CLASS_WORDS = {
    "市区": "city", "城区": "city", "县城": "county", "县": "county", "农村": "rural", "乡镇": "rural",
    "居民": "resident",
    "工商": "business", "工商业": "business", "机房": "room",
}  # fmt: skip


def _klass(cell: Any) -> str:
    word = text_of(cell).strip()
    found = CLASS_WORDS.get(word, word.lower())
    if found not in Class.values:
        raise Problem(_("Not a class: write %(names)s.") % {"names": "、".join(CLASS_WORDS)})
    return found


COLUMNS = (
    Column("code", "编号", "Code", aliases=("对象编号",), example="K14"),
    Column("name", "名称", "Name", aliases=("检查对象",), example="新港镇业务库"),
    Column("unit", "单位代码", "Unit code", aliases=("所属单位",), example="YZ-09"),
    Column("klass", "类别", "Class", parse=_klass, example="农村"),
    Column("address", "地址", "Address", required=False),
    Column("block", "楼栋", "Block", required=False),
    Column("stair", "单元", "Stair", required=False),
    Column("room", "房号", "Room", required=False),
    Column("account_no", "户号", "Account", required=False),
    Column("contact", "联系人", "Contact", required=False),
    Column("phone", "电话", "Telephone", required=False),
    Column("group", "检查组", "Group", required=False, example="2"),
    Column("due_on", "检查日期", "Day", kind="date", required=False, example="2026-09-16"),
)
PLACE = ("address", "block", "stair", "room", "account_no", "contact", "phone")
LENGTHS = {name: getattr(Target._meta.get_field(name), "max_length", 0) for name in ("code", "name", *PLACE)}


class Options(forms.Form):
    """What the targets are, and the campaign whose list they go on."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    campaign = forms.CharField(
        label=gettext_lazy("Campaign"), max_length=30, required=False,
        help_text=gettext_lazy("Code of a campaign being planned; empty to register targets only."),
    )  # fmt: skip

    def clean_campaign(self) -> str:
        """A draft, or none."""
        code = str(self.cleaned_data["campaign"]).strip()
        if code and not Campaign.objects.filter(code=code, state=Campaign.State.DRAFT).exists():
            raise forms.ValidationError(_("There is no campaign being planned with this code."))
        return code


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find unit, group and what is registered already; rows of other people's units are errors."""
    campaign = _campaign(str(options["campaign"]), user)
    checked = Checked(payload={"campaign": campaign, "kind": options["kind"], "rows": []})
    good = [row for row in sheet.rows if not row.errors]
    codes = [str(row.values["code"]).strip() for row in good]
    around = _Around(
        campaign,
        _units(user),
        {one.code: one for one in Target.objects.filter(code__in=codes)},
        {} if campaign is None else {one.code: one for one in campaign.groups.all()},
    )
    seen: set[str] = set()
    for row in good:
        try:
            facts = around.facts(row, str(options["kind"]), seen)
        except Problem as problem:
            checked.errors[row.number] = [RowError(problem.field or "", problem.message)]
            continue
        checked.payload["rows"].append(facts)
        checked.new += facts["target"] is None
        checked.already += facts["target"] is not None
    return checked


def _campaign(code: str, user: User) -> Campaign | None:
    if not code:
        return None
    rows = Campaign.objects.visible_to(user, RIGHT).filter(code=code, state=Campaign.State.DRAFT)
    found = rows.first()
    if found is None:
        raise Problem(_("There is no campaign being planned with this code."), field="campaign", code="not_found")
    return found


def _units(user: User) -> dict[str, Unit]:
    ids = rights.unit_ids(user, RIGHT)
    rows = Unit.objects.filter(closed_on=None)
    return {one.code: one for one in (rows if ids is None else rows.filter(pk__in=ids))}


class _Around:
    """What a row may name."""

    def __init__(
        self,
        campaign: Campaign | None,
        units: dict[str, Unit],
        known: dict[str, Target],
        groups: dict[str, InspectionGroup],
    ) -> None:
        self.campaign, self.units, self.known, self.groups = campaign, units, known, groups

    def facts(self, row: Row, kind: str, seen: set[str]) -> dict[str, Any]:
        """What the row becomes. Raises Problem naming the column at fault."""
        values = {name: row.values.get(name) or "" for name in ("code", "name", "unit", "group", *PLACE)}
        values = {name: str(value).strip() for name, value in values.items()}
        for name, most in LENGTHS.items():
            if len(values[name]) > (most or 0):
                raise Problem(_("At most %(n)s characters.") % {"n": most}, field=name)
        unit, known = self.units.get(values["unit"]), self.known.get(values["code"])
        if unit is None:
            raise Problem(_("No unit of yours has this code."), field="unit")
        if values["code"] in seen:
            raise Problem(_("This code stands in the sheet twice."), field="code")
        seen.add(values["code"])
        if known and (known.kind != kind or known.unit.code not in self.units):
            raise Problem(_("This code belongs to a target of another kind or of somebody else."), field="code")
        place = {name: values[name] for name in PLACE}
        return {
            "target": known, "code": values["code"], "name": values["name"], "unit": unit,
            "klass": row.values["klass"], **place, **self._task(row, values["group"]),
        }  # fmt: skip

    def _task(self, row: Row, group: str) -> dict[str, Any]:
        due = row.values.get("due_on")
        if self.campaign is None:
            return {"group": None, "due_on": None}
        if group and group not in self.groups:
            raise Problem(_("This campaign has no group with this code: make it first."), field="group")
        if due and not self.campaign.from_on <= due <= self.campaign.until_on:
            raise Problem(_("The day lies outside the campaign's window."), field="due_on")
        return {"group": self.groups.get(group), "due_on": due}


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Write the good rows; returns how many targets are new."""
    return int(import_targets(**checked.payload, by=by))


KIND = ImportKind(
    "inspection.targets",
    gettext_lazy("Inspection targets"),
    RIGHT,
    COLUMNS,
    check,
    commit,
    Options,
    gettext_lazy("One row a target. With a campaign, its group and day go onto the list of the plan."),
)
