"""Checklists: made, versioned, edited, published, withdrawn, read from XLSForm."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.inspection.checklists import batch, queries, rules
from mainstay.inspection.checklists.models import Checklist, ChecklistItem, ChecklistSection, ChecklistVersion
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef
from mainstay.inspection.checklists.rules_words import sentence
from mainstay.inspection.checklists.states import VERSION
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def _about(version: ChecklistVersion, **_facts: Any) -> str:
    return f"checklists.checklistversion:{version.pk}"


@action("inspection.checklists.create_checklist", title=_("Make a checklist"))
def create_checklist(*, code: str, name_zh: str, name_en: str = "", by: User) -> Checklist:
    """Make a checklist with an empty first draft. Raises Problem when the code is taken or odd."""
    code = code.strip()
    if not rules.CODE.fullmatch(code.replace("_", "-")):
        text = _("A code begins with a letter and has letters, digits, points and hyphens, at most 24.")
        raise Problem(text, field="code", code="bad_code")
    if Checklist.objects.filter(code=code).exists():
        raise Problem(_("There is a checklist with this code already."), field="code", code="taken")
    made = Checklist.objects.create(code=code, name_zh=name_zh.strip(), name_en=name_en.strip())
    ChecklistVersion.objects.create(checklist=made, number=1)
    note_change(after={"code": code})
    return made


@action("inspection.checklists.draft_version", title=_("Draft the next version of a checklist"))
def draft_version(*, checklist: Checklist, by: User) -> ChecklistVersion:
    """Copy the newest version into a draft. Raises Problem when there is a draft already."""
    lock("checklist", checklist.pk)
    last = checklist.versions.select_related("checklist").order_by("-number").first()
    if last is not None and last.state == ChecklistVersion.State.DRAFT:
        raise Problem(_("There is a draft already. Change that one."), code="draft")
    number = (last.number if last else 0) + 1
    scoring = last.scoring if last else ChecklistVersion.Scoring.NONE
    draft = ChecklistVersion.objects.create(checklist=checklist, number=number, scoring=scoring)
    if last is not None:
        batch.store_definition(draft, queries.definition_of(last))
    note_change(after={"code": checklist.code, "version": number})
    return draft


@action("inspection.checklists.edit_version", title=_("Change a draft checklist"), subject=_about)
def edit_version(*, version: ChecklistVersion, scoring: str, note: str = "", by: User) -> ChecklistVersion:
    """Say how a draft is scored and what is new in it."""
    _require_draft(version)
    before = {"scoring": version.scoring}
    version.scoring, version.note = scoring, note.strip()
    version.save(update_fields=["scoring", "note"])
    note_change(before=before, after={"scoring": scoring})
    return version


@action("inspection.checklists.save_section", title=_("Change a part of a checklist"), subject=_about)
def save_section(
    *,
    version: ChecklistVersion,
    code: str,
    zh: str,
    en: str = "",
    points_e2: int = 0,
    scale_e4: int = 10_000,
    section: ChecklistSection | None = None,
    by: User,
) -> ChecklistSection:
    """Add a part to a draft, or change one. Raises Problem for a code that is odd or taken."""
    _require_draft(version)
    if not rules.CODE.fullmatch(code):
        raise Problem(sentence(rules.Fault("bad_code", code)), field="code", code="bad_code")
    taken = version.sections.filter(code=code).exclude(pk=section.pk if section else 0).exists()
    if taken or version.items.filter(code=code).exists():
        raise Problem(sentence(rules.Fault("code_twice", code)), field="code", code="taken")
    row = section or ChecklistSection(version=version, order=_next(version.sections))
    row.code, row.zh, row.en, row.points_e2, row.scale_e4 = code, zh.strip(), en.strip(), points_e2, scale_e4
    row.save()
    note_change(after={"section": code})
    return row


@action("inspection.checklists.save_item", title=_("Change an item of a checklist"), subject=_about)
def save_item(
    *,
    version: ChecklistVersion,
    section: ChecklistSection,
    facts: dict[str, Any],
    item: ChecklistItem | None = None,
    by: User,
) -> ChecklistItem:
    """Add an item to a part of a draft, or change one. `facts` are the fields of an `ItemDef`; Problem at fault."""
    _require_draft(version)
    made = ItemDef(**facts)
    others = [one for one in queries.definition_of(version).items() if item is None or one.code != item.code]
    before = {one.code for one in others}
    if made.code in before or version.sections.filter(code=made.code).exists():
        raise Problem(sentence(rules.Fault("code_twice", made.code)), field="code", code="taken")
    alone = ChecklistDef("x", "x", "x", sections=(rules.SectionDef("x-x", "", "", (*others, made)),))
    for fault in rules.faults_of_checklist(alone):
        if fault.item == made.code:
            raise Problem(sentence(fault), field=_FIELD_OF.get(fault.code), code=fault.code)
    order = item.order if item and item.section_id == section.pk else _next(section.items)
    row = batch.item_row(version, section, order, made)
    row.pk = item.pk if item else None
    row.save()
    note_change(before={"item": item.code} if item else None, after={"item": made.code})
    return row


_FIELD_OF = {
    "bad_code": "code",
    "code_twice": "code",
    "bad_type": "types",
    "no_options": "options",
    "limits_crossed": "maximum",
    "limit_without_number": "types",
    "rule_without_date": "date_rule",
    "no_days": "date_days",
    "show_later": "show_item",
}


@action("inspection.checklists.drop_item", title=_("Take an item off a checklist"), subject=_about)
def drop_item(*, version: ChecklistVersion, item: ChecklistItem, by: User) -> None:
    """Remove an item from a draft. Raises Problem when another item is shown because of it."""
    _require_draft(version)
    hanging = version.items.filter(show_item=item.code).values_list("code", flat=True)[:3]
    if hanging:
        text = _("%(codes)s are shown because of this item: change them first.")
        raise Problem(text % {"codes": ", ".join(hanging)}, code="in_use")
    note_change(before={"item": item.code})
    item.delete()


@action("inspection.checklists.publish_version", title=_("Publish a checklist"), subject=_about)
def publish_version(*, version: ChecklistVersion, by: User) -> ChecklistVersion:
    """Put a draft in force: from now on it never changes, and the one before is superseded.

    Raises Problem with every fault that stands in the way.
    """
    lock("checklist", version.checklist_id)
    version.refresh_from_db()
    VERSION.require(version.state, ChecklistVersion.State.PUBLISHED)
    definition = queries.definition_of(version)
    faults = rules.faults_of_checklist(definition)
    if faults:
        raise Problem(" ".join(str(sentence(fault)) for fault in faults[:10]), code=faults[0].code)
    older = version.checklist.versions.filter(state=ChecklistVersion.State.PUBLISHED)
    older.update(state=ChecklistVersion.State.SUPERSEDED)
    version.state, version.published_at, version.published_by = ChecklistVersion.State.PUBLISHED, timezone.now(), by
    version.digest = digest_of(definition)
    version.save(update_fields=["state", "published_at", "published_by", "digest"])
    note_change(before={"state": "draft"}, after={"state": "published", "digest": version.digest})
    return version


@action("inspection.checklists.withdraw_version", title=_("Withdraw a checklist"), subject=_about)
def withdraw_version(*, version: ChecklistVersion, reason: str, by: User) -> ChecklistVersion:
    """Take a published version out of force; campaigns that use it go on with it."""
    VERSION.require(version.state, ChecklistVersion.State.SUPERSEDED)
    version.state = ChecklistVersion.State.SUPERSEDED
    version.save(update_fields=["state"])
    note_change(before={"state": "published"}, after={"state": "superseded"}, reason=reason)
    return version


@action("inspection.checklists.import_checklist", title=_("Read a checklist from a form"))
def import_checklist(*, definition: ChecklistDef, checklist: Checklist | None = None, by: User) -> ChecklistVersion:
    """Put a definition into the draft of a checklist (a new checklist by default, under the definition's code)."""
    if checklist is None:
        known = Checklist.objects.filter(code=definition.code).first()
        checklist = known or create_checklist(code=definition.code, name_zh=definition.zh, name_en=definition.en, by=by)
    draft = checklist.versions.filter(state=ChecklistVersion.State.DRAFT).first()
    draft = draft or draft_version(checklist=checklist, by=by)
    faults = [
        one for one in rules.faults_of_checklist(definition) if one.code in ("bad_code", "code_twice", "no_items")
    ]
    if faults:
        raise Problem(" ".join(str(sentence(fault)) for fault in faults[:10]), field="file", code=faults[0].code)
    draft.scoring = definition.scoring
    draft.save(update_fields=["scoring"])
    count = batch.store_definition(draft, definition)
    note_change(subject=_about(draft), after={"code": checklist.code, "version": draft.number, "items": count})
    return draft


@action("inspection.checklists.install_library", title=_("Install the library of checklists"))
def install_library(*, by: User) -> list[Checklist]:
    """Put the checklists that come with the product in force; one whose code exists is left as it is."""
    made = []
    for definition in batch.library():
        if not Checklist.objects.filter(code=definition.code).exists():
            version = import_checklist(definition=definition, by=by)
            made.append(publish_version(version=version, by=by).checklist)
    note_change(after={"installed": [one.code for one in made]})
    return made


def digest_of(definition: ChecklistDef) -> str:
    """The hash that fixes a published wording."""
    return hashlib.sha256(json.dumps(asdict(definition), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def renamed(definition: ChecklistDef, code: str) -> ChecklistDef:
    """The same definition under another code."""
    return replace(definition, code=code)


def _require_draft(version: ChecklistVersion) -> None:
    lock("checklist", version.checklist_id)
    version.refresh_from_db()
    if version.state != ChecklistVersion.State.DRAFT:
        raise Problem(_("A published checklist never changes. Draft its next version."), code="published")


def _next(rows: Any) -> int:
    return int(rows.aggregate(last=Max("order"))["last"] or 0) + 1
