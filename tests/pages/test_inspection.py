"""Pages of checklists and campaigns."""

from __future__ import annotations

from typing import Any

from mainstay.core.access.batch import system_user
from mainstay.core.organisation.models import Unit
from mainstay.inspection.checklists import actions, queries
from mainstay.inspection.checklists.models import ChecklistVersion
from tests.inspection.make import SMALL, published
from tests.pages.battery import Page, battery

CHECKLISTS = "inspection.checklists."


def checklist(_unit: Unit) -> dict[str, Any]:
    return {"pk": published().checklist_id}


def version(_unit: Unit) -> dict[str, Any]:
    return {"pk": published().pk}


def draft(_unit: Unit) -> dict[str, Any]:
    known = ChecklistVersion.objects.filter(checklist__code=SMALL.code, state="draft").first()
    return {"pk": (known or actions.draft_version(checklist=published().checklist, by=system_user())).pk}


def item(unit: Unit) -> dict[str, Any]:
    key = draft(unit)["pk"]
    found = ChecklistVersion.objects.get(pk=key).items.first()
    assert found
    return {"pk": key, "item": found.pk}


def section(unit: Unit) -> dict[str, Any]:
    key = draft(unit)["pk"]
    found = ChecklistVersion.objects.get(pk=key).sections.first()
    assert found
    return {"pk": key, "section": found.pk}


TestChecklists = battery(
    Page("checklists:checklist_list", queries.VIEW, lambda unit: checklist(unit) and {}, by_unit=False),
    Page("checklists:checklist_create", CHECKLISTS + "create_checklist", by_unit=False),
    Page("checklists:checklist_import", CHECKLISTS + "import_checklist", by_unit=False),
    Page("checklists:checklist_detail", queries.VIEW, checklist, by_unit=False),
    Page("checklists:version_draft", CHECKLISTS + "draft_version", checklist, by_unit=False),
    Page("checklists:version_import", CHECKLISTS + "import_checklist", checklist, by_unit=False),
    Page("checklists:version_detail", queries.VIEW, version, by_unit=False),
    Page("checklists:version_change", CHECKLISTS + "edit_version", draft, by_unit=False),
    Page("checklists:version_publish", CHECKLISTS + "publish_version", draft, by_unit=False),
    Page("checklists:version_withdraw", CHECKLISTS + "withdraw_version", version, by_unit=False),
    Page("checklists:section_create", CHECKLISTS + "save_section", draft, by_unit=False),
    Page("checklists:section_change", CHECKLISTS + "save_section", section, by_unit=False),
    Page("checklists:item_create", CHECKLISTS + "save_item", draft, by_unit=False),
    Page("checklists:item_change", CHECKLISTS + "save_item", item, by_unit=False),
    Page("checklists:item_drop", CHECKLISTS + "drop_item", item, by_unit=False),
)
