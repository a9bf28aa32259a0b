"""Targets by sheet: registered, changed, and sent on the list of a plan with group and day."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.inspection.campaigns import actions
from mainstay.inspection.campaigns.models import Target
from tests.core.make import make_unit
from tests.inspection.make import Joint, joint, person_in

pytestmark = pytest.mark.django_db
HEADS = ("编号", "名称", "单位代码", "类别", "地址", "检查组", "检查日期")


def _sheet(*rows: tuple[Any, ...]) -> BytesIO:
    book = Workbook()
    for row in (HEADS, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _setting() -> tuple[Joint, User]:
    one = joint(active=False)
    rights = ("inspection.campaigns.import_targets", "inspection.campaigns.view_campaign")
    return one, person_in(one.bureau, "组织者", dict.fromkeys(rights, ("subtree", None)))


def _checked(by: User, file: BytesIO, **options: str) -> Any:
    given = {"kind": "vault", "campaign": "", **options}
    return check_sheet(kind="inspection.targets", name="对象.xlsx", file=file, options=given, by=by)


def test_targets_are_registered_and_changed() -> None:
    one, by = _setting()
    old = one.targets[0]
    rows = (
        ("K99", "新港镇业务库", one.county.code, "农村", "新港镇", "", ""),
        (old.code, "改名库", one.county.code, "市区"),
    )
    found = _checked(by, _sheet(*rows))
    assert (found.bad_rows, found.new_rows) == (0, 1), found.preview
    commit_sheet(sheet_import=found, by=by)
    made = Target.objects.get(code="K99")
    assert (made.name, made.klass, made.unit, made.kind) == ("新港镇业务库", "rural", one.county, "vault")
    old.refresh_from_db()
    assert (old.name, old.klass) == ("改名库", "city")


def test_a_sheet_sends_groups_to_targets_on_days_of_the_window() -> None:
    one, by = _setting()
    second = actions.save_group(campaign=one.campaign, code="2", name="第二组", by=system_user())
    day = one.campaign.from_on + timedelta(days=1)
    rows = (
        ("K99", "新港镇业务库", one.county.code, "农村", "", "2", day),
        (one.targets[0].code, "库", one.county.code, "农村", "", "2", day),
    )
    found = _checked(by, _sheet(*rows), campaign=one.campaign.code)
    commit_sheet(sheet_import=found, by=by)
    commit_sheet(sheet_import=_checked(by, _sheet(*rows), campaign=one.campaign.code), by=by)
    listed = one.campaign.assignments.filter(group=second)
    assert sorted(listed.values_list("target__code", "due_on")) == sorted([("K99", day), (one.targets[0].code, day)])
    assert one.campaign.assignments.count() == len(one.targets) + 1


def test_rows_that_cannot_be_are_named_and_nothing_is_written() -> None:
    one, by = _setting()
    far = make_unit("外市局")
    early = one.campaign.from_on - timedelta(days=1)
    rows = (
        ("K90", "库", far.code, "农村"), ("K91", "库", one.county.code, "洞穴"), ("K92", "库", one.county.code, "农村"),
        ("K92", "库", one.county.code, "农村"), ("K93", "库", one.county.code, "农村", "", "9", ""),
        ("K94", "库", one.county.code, "农村", "", "", early), ("K" * 50, "库", one.county.code, "农村"),
    )  # fmt: skip
    found = _checked(by, _sheet(*rows), campaign=one.campaign.code)
    assert (found.rows, found.bad_rows, found.new_rows) == (7, 6, 1)
    assert not Target.objects.filter(code__startswith="K9").exists()
