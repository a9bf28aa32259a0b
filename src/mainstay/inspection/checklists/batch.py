"""Whole checklists in and out of the database, and the library that comes with the product."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mainstay.inspection.checklists.models import ChecklistItem, ChecklistSection, ChecklistVersion
from mainstay.inspection.checklists.queries import COPIED
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef, Option, SectionDef, thousandths
from mainstay.kit.yamls import load_yaml

LIBRARY = Path(__file__).with_name("library")
DETAILS = "details.yaml"


def store_definition(version: ChecklistVersion, definition: ChecklistDef) -> int:
    """Write parts and items into a draft in place of those it has; returns the number of items."""
    version.items.all().delete()
    version.sections.all().delete()
    count = 0
    for order, section in enumerate(definition.sections, 1):
        row = ChecklistSection.objects.create(
            version=version, code=section.code, zh=section.zh, en=section.en, order=order,
            points_e2=section.points_e2, scale_e4=section.scale_e4,
        )  # fmt: skip
        rows = [item_row(version, row, place, item) for place, item in enumerate(section.items, 1)]
        count += len(ChecklistItem.objects.bulk_create(rows))
    return count


def item_row(version: ChecklistVersion, section: ChecklistSection, order: int, item: ItemDef) -> ChecklistItem:
    """An item's row, not yet written."""
    facts = {name: getattr(item, name) for name in COPIED}
    options = [{"code": one.code, "zh": one.zh, "en": one.en, "bad": one.bad} for one in item.options]
    return ChecklistItem(
        version=version, section=section, order=order, types=list(item.types), options=options, **facts
    )  # fmt: skip


def library() -> list[ChecklistDef]:
    """The checklists that come with the product, in order of their codes."""
    details = _loaded(LIBRARY / DETAILS)
    found = []
    for path in sorted(LIBRARY.glob("*.yaml")):
        if path.name != DETAILS:
            data = _loaded(path)
            found.append(read_checklist(data, {**details.get(data["code"], {}), "bases": details["bases"]}))
    return found


def read_checklist(data: dict[str, Any], details: dict[str, Any]) -> ChecklistDef:
    """Read a checklist of the library's form; `details` adds limits, options and rules for days by item."""
    sections = [
        SectionDef(
            one["code"], one["name"]["zh"], one["name"]["en"],
            tuple(_item(item, details.get(item["code"], {}), details.get("bases", {})) for item in one["items"]),
        )
        for one in data["sections"]
    ]  # fmt: skip
    return ChecklistDef(
        data["code"], data["name"]["zh"], data["name"]["en"], data.get("scoring", "pass_rate"), tuple(sections)
    )


def _item(data: dict[str, Any], more: dict[str, Any], bases: dict[str, str]) -> ItemDef:
    types = data["type"] if isinstance(data["type"], list) else [data["type"]]
    rule = "until" if more.get("until") else "within" if more.get("within") else ""
    basis = "；".join(bases.get(one.strip(), one.strip()) for one in data["basis"].split(";"))
    options = tuple(Option(code, zh, en, bad) for code, (zh, en, bad) in more.get("options", {}).items())
    return ItemDef(
        data["code"], data["zh"], data["en"], types=tuple(types), severity=data["severity"], basis=basis,
        photo=data["photo"], minimum_e3=thousandths(more.get("min")), maximum_e3=thousandths(more.get("max")),
        unit=more.get("unit", ""), options=options, date_rule=rule, date_days=more.get("within"), days=more.get("days"),
    )  # fmt: skip


def _loaded(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = load_yaml(path)
    return loaded
