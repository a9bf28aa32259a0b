"""Reads about checklists: versions as definitions, what is in force."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right
from mainstay.inspection.checklists.models import Checklist, ChecklistItem, ChecklistSection, ChecklistVersion
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef, Option, SectionDef

VIEW = register_right("inspection.checklists.view_checklist", _("View checklists"))
COPIED = (
    "code", "zh", "en", "severity", "basis", "requirement_zh", "requirement_en", "days", "weight", "points_e2", "photo",
    "minimum_e3", "maximum_e3", "unit", "date_rule", "date_days", "show_item", "show_value",
)  # fmt: skip


def checklists() -> QuerySet[Checklist]:
    """All checklists."""
    return Checklist.objects.order_by("code")


def latest_versions() -> dict[int, ChecklistVersion]:
    """The newest version of each checklist with the number of its items, by the checklist's key: one query."""
    rows = ChecklistVersion.objects.annotate(item_count=Count("items")).order_by("number")
    return {version.checklist_id: version for version in rows}


def versions_in_force() -> QuerySet[ChecklistVersion]:
    """The published versions, which a campaign may use."""
    published = ChecklistVersion.objects.filter(state=ChecklistVersion.State.PUBLISHED)
    return published.select_related("checklist").order_by("checklist__code")


def item_def(item: ChecklistItem) -> ItemDef:
    """An item as the rules take it."""
    facts: dict[str, Any] = {name: getattr(item, name) for name in COPIED}
    return ItemDef(**facts, types=tuple(item.types), options=tuple(Option(**one) for one in item.options))


def definition_of(version: ChecklistVersion) -> ChecklistDef:
    """A version as the rules take it: two queries."""
    return definitions_of([version])[version.pk]


def definitions_of(versions: list[ChecklistVersion]) -> dict[int, ChecklistDef]:
    """Several versions as the rules take them, by key: two queries."""
    items: dict[int, list[ItemDef]] = defaultdict(list)
    for item in ChecklistItem.objects.filter(version__in=versions).order_by("order", "id"):
        items[item.section_id].append(item_def(item))
    sections: dict[int, list[SectionDef]] = defaultdict(list)
    for one in ChecklistSection.objects.filter(version__in=versions).order_by("order", "id"):
        made = SectionDef(one.code, one.zh, one.en, tuple(items[one.pk]), one.points_e2, one.scale_e4)
        sections[one.version_id].append(made)
    return {
        one.pk: ChecklistDef(
            one.checklist.code, one.checklist.name_zh, one.checklist.name_en, one.scoring, tuple(sections[one.pk])
        )
        for one in versions
    }
