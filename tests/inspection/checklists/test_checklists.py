"""Checklists: the library, versions that never change, the editor, XLSForm there and back."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mainstay.core.access.batch import system_user
from mainstay.core.audit.models import Entry
from mainstay.inspection.checklists import actions, batch, queries, xlsform
from mainstay.inspection.checklists.models import Checklist, ChecklistItem, ChecklistSection, ChecklistVersion
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef, Option, SectionDef, faults_of_checklist
from mainstay.kit.errors import Problem
from tests.core.make import make_unit, make_user
from tests.pages.battery import signed_in

LIBRARY = {one.code: one for one in batch.library()}
RICH = ChecklistDef(
    "rich",
    "齐全",
    "Rich",
    "deduction",
    (
        SectionDef(
            "R",
            "部分",
            "Part",
            (
                ItemDef(
                    "R1",
                    "甲",
                    "A",
                    requirement_zh="须完好",
                    requirement_en="Must be sound",
                    days=3,
                    weight=2,
                    points_e2=150,
                ),
                ItemDef("R2", "乙", "B", types=("number",), minimum_e3=0, maximum_e3=0, unit="元", severity="major"),
                ItemDef(
                    "R3",
                    "丙",
                    "C",
                    types=("choice", "date"),
                    options=(Option("x", "好", "ok"), Option("y", "坏", "bad", True)),
                    date_rule="within",
                    date_days=30,
                ),
                ItemDef("R4", "丁", "D", types=("text",), severity="none", show_item="R1", show_value="fail"),
                ItemDef("R5", "戊", "E", types=("photo",), severity="none", photo=True),
            ),
            800,
            4200,
        ),
    ),
)


def _installed(code: str = "vault-security") -> ChecklistVersion:
    actions.install_library(by=system_user())
    return Checklist.objects.get(code=code).versions.get()


def test_the_library_is_whole() -> None:
    assert set(LIBRARY) == {"household-gas", "machine-room", "vault-business", "vault-security"}
    assert sum(len(list(one.items())) for one in LIBRARY.values()) == 141
    assert {code: faults_of_checklist(one) for code, one in LIBRARY.items()} == {code: [] for code in LIBRARY}
    assert len(LIBRARY["vault-security"].sections) == 10
    assert all(item.en and item.zh and item.basis for one in LIBRARY.values() for item in one.items())


@pytest.mark.parametrize("code", [*LIBRARY, "rich"])
def test_every_checklist_survives_xlsform(code: str) -> None:
    from pyxform.xls2xform import convert

    before = {**LIBRARY, "rich": RICH}[code]
    data = xlsform.write_workbook(before, "3")
    xml = convert(xlsform=BytesIO(data), file_type=".xlsx", validate=False).xform
    assert all(f"/{item.code}" in xml for item in before.items())
    assert xlsform.read_workbook(BytesIO(data)) == before


def test_a_form_from_elsewhere() -> None:
    sheets = {
        "survey": [
            {"type": "begin group", "name": "G", "label::English (en)": "Group"},
            {"type": "select_one yes_no", "name": "q1", "label::English (en)": "Locked?"},
            {"type": "decimal", "name": "q2", "label": "Degrees", "constraint": ". >= 18 and . <= 27.5"},
            {"type": "note", "name": "n", "label": "Only a word"},
            {"type": "end group"},
            {"type": "select_one kinds", "name": "q3", "label": "Kind"},
        ],
        "choices": [
            {"list_name": "yes_no", "name": "yes", "label": "Yes"},
            {"list_name": "yes_no", "name": "no", "label": "No"},
            {"list_name": "kinds", "name": "a", "label": "A"},
        ],
        "settings": [{"form_title": "Foreign", "form_id": "foreign"}],
    }
    found = xlsform.from_sheets(sheets)
    assert [(section.code, [item.code for item in section.items]) for section in found.sections] == [
        ("G", ["q1", "q2"]),
        ("S0", ["q3"]),
    ]
    _q1, q2, q3 = found.items()
    assert (q2.types, q2.minimum_e3, q2.maximum_e3) == (("number",), 18_000, 27_500)
    assert q3.options == (Option("a", "A", "A"),)


def test_what_is_no_form_is_said() -> None:
    with pytest.raises(Problem) as caught:
        xlsform.read_workbook(BytesIO(b"code,name\n1,2\n"))
    assert caught.value.code == "no_xlsform"


@pytest.mark.django_db
def test_the_database_gives_back_what_was_stored() -> None:
    actions.install_library(by=system_user())
    versions = list(ChecklistVersion.objects.select_related("checklist"))
    found = queries.definitions_of(versions)
    assert {one.code: one for one in found.values()} == LIBRARY
    assert actions.install_library(by=system_user()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["change", "delete", "add", "section"])
def test_a_published_version_never_changes(how: str) -> None:
    version = _installed()
    item, section = version.items.first(), version.sections.first()
    assert item and section
    with pytest.raises(IntegrityError), transaction.atomic():
        if how == "change":
            ChecklistItem.objects.filter(pk=item.pk).update(severity="none")
        elif how == "delete":
            ChecklistItem.objects.filter(pk=item.pk).delete()
        elif how == "add":
            ChecklistItem.objects.create(version=version, section=section, code="NEW", zh="新", types=["text"])
        else:
            ChecklistSection.objects.filter(pk=section.pk).update(zh="改")


@pytest.mark.django_db
def test_the_next_version_is_a_copy_that_can_be_changed() -> None:
    version = _installed()
    by = make_user(
        rights={
            "inspection.checklists." + verb: ("all", None)
            for verb in ("draft_version", "save_item", "publish_version", "drop_item", "save_section")
        }
    )
    draft = actions.draft_version(checklist=version.checklist, by=by)
    with pytest.raises(Problem):
        actions.draft_version(checklist=version.checklist, by=by)
    item = draft.items.get(code="V4.3")
    facts = {name: getattr(item, name) for name in queries.COPIED}
    facts |= {"types": tuple(item.types), "options": (), "minimum_e3": 90_000}
    actions.save_item(version=draft, section=item.section, facts=facts, item=item, by=by)
    actions.publish_version(version=draft, by=by)
    version.refresh_from_db()
    assert version.state == "superseded"
    assert version.items.get(code="V4.3").minimum_e3 == 30_000
    assert draft.items.get(code="V4.3").minimum_e3 == 90_000
    assert Entry.objects.filter(action="inspection.checklists.publish_version", by=by).count() == 1


@pytest.mark.django_db
def test_bad_items_are_refused_with_their_field() -> None:
    version = _installed()
    draft = actions.draft_version(checklist=version.checklist, by=system_user())
    section = draft.sections.first()
    assert section
    facts: dict[str, Any] = {"code": "V1.1", "zh": "重复", "en": ""}
    with pytest.raises(Problem) as twice:
        actions.save_item(version=draft, section=section, facts=facts, by=system_user())
    assert (twice.value.field, twice.value.code) == ("code", "taken")
    with pytest.raises(Problem) as limit:
        actions.save_item(
            version=draft, section=section, facts={**facts, "code": "N1", "minimum_e3": 5}, by=system_user()
        )
    assert limit.value.field == "types"


@pytest.mark.django_db
def test_an_item_that_shows_another_is_kept() -> None:
    made = actions.import_checklist(definition=replace(RICH, code="rich"), by=system_user())
    with pytest.raises(Problem) as caught:
        actions.drop_item(version=made, item=made.items.get(code="R1"), by=system_user())
    assert "R4" in str(caught.value)


@pytest.mark.django_db
def test_the_editor_in_the_browser() -> None:
    version = _installed()
    every = [name for name in actions.__dict__ if hasattr(actions.__dict__[name], "spec")]
    rights = {actions.__dict__[name].spec.name: ("all", None) for name in every} | {queries.VIEW: ("all", None)}
    client = signed_in(make_user(rights=rights, unit=make_unit()), "zh-hans")
    client.post(reverse("checklists:version_draft", args=[version.checklist_id]))
    draft = version.checklist.versions.get(state="draft")
    item = draft.items.get(code="V4.3")
    address = reverse("checklists:item_change", args=[draft.pk, item.pk])
    page = client.get(address).content.decode()
    assert "录像保存天数" in page
    sent = {
        "section": item.section_id,
        "code": "V4.3",
        "zh": item.zh,
        "en": item.en,
        "types": ["number"],
        "severity": "major",
        "minimum": "x",
        "weight": 1,
        "points": 0,
    }
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "三位小数" in refused.content.decode()
    assert client.post(address, {**sent, "minimum": "90"}).status_code == 302
    assert draft.items.get(code="V4.3").limits == "≥ 90"
    workbook = client.get(reverse("checklists:version_xlsform", args=[draft.pk]))
    file = BytesIO(workbook.content)
    file.name = "form.xlsx"
    assert (
        client.post(reverse("checklists:version_import", args=[version.checklist_id]), {"file": file}).status_code
        == 302
    )
    assert client.post(reverse("checklists:version_publish", args=[draft.pk])).status_code == 302
    assert version.checklist.versions.get(state="published").items.get(code="V4.3").minimum_e3 == 90_000
