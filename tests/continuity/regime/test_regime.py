"""Rules that turn red with their evidence, violations, reviews of rights, rights in an emergency."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.continuity.regime import actions, queries
from mainstay.continuity.regime.library import clauses, drafts
from mainstay.continuity.regime.models import BreakGlass, Review, Rule
from mainstay.continuity.regime.rules import Standing, judge_rule
from mainstay.continuity.site.queries import tiles
from mainstay.continuity.site.registry import MEASURES
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN
from mainstay.core.access.models import Grant
from mainstay.core.audit.models import Entry
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.door.rights import allowed, forget
from mainstay.core.publications.models import Publication
from mainstay.core.workflow.actions import approve
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.core.make import make_entry, make_role, make_unit, make_user

TODAY = date(2026, 3, 31)
FINE = Standing("R", True, TODAY + timedelta(days=200), 10, 10, TODAY, ("D1",))
ALL = (
    queries.VIEW, actions.DRAFTS, actions.SAVE, actions.REVIEW, actions.REPORT, actions.SETTLE, actions.RIGHTS,
    actions.GLASS, actions.END, "core.publications.edit_publication", "core.access.grant_role", "core.access.end_grant",
)  # fmt: skip


def head() -> Any:
    """Who keeps the rules."""
    return make_user(rights=dict.fromkeys(ALL, ("all", None)))


@pytest.mark.parametrize(
    ("changes", "evidence", "verdict"),
    [
        ({}, GREEN, GREEN),
        ({}, AMBER, GREEN),
        ({}, RED, RED),
        ({}, UNKNOWN, RED),
        ({"published": False}, GREEN, RED),
        ({"review_on": TODAY - timedelta(days=1)}, GREEN, RED),
        ({"review_on": TODAY + timedelta(days=30)}, GREEN, AMBER),
        ({"read": 9, "read_by": TODAY - timedelta(days=1)}, GREEN, AMBER),
        ({"read": 9}, GREEN, GREEN),
    ],
)
def test_a_rule_holds_or_not(changes: dict[str, Any], evidence: str, verdict: str) -> None:
    facts = {name: getattr(FINE, name) for name in FINE.__slots__}
    assert judge_rule(Standing(**{**facts, **changes}), {"D1": evidence}, TODAY).verdict == verdict


def test_what_ships_names_measures_that_exist() -> None:
    assert len(drafts()) == 5 and len({one.code for one in drafts()}) == 5
    assert all(key in MEASURES for one in drafts() for key in one.evidence)
    assert all(key in MEASURES and one.zh and one.en for one in clauses() for key in one.measures)
    assert {key for one in clauses() for key in one.measures} == set(MEASURES) - {""}


@pytest.mark.django_db
def test_the_drafts_are_entered_once_and_are_red_until_published() -> None:
    by, unit = head(), make_unit()
    assert actions.enter_drafts(unit=unit, owner="何若兰", by=by) == 5
    assert actions.enter_drafts(unit=unit, owner="何若兰", by=by) == 0
    assert Publication.objects.filter(code__startswith="AQ-", state="draft").count() == 5
    assert {one.verdict for one in queries.look_at_rules(timezone.now())} == {RED}
    assert tiles(timezone.now(), ["D5"])[0].verdict == RED


@pytest.mark.django_db
def test_a_review_moves_the_day_on_and_codes_are_unique() -> None:
    by = head()
    facts = {"owner": "何若兰", "review_on": local_today() - timedelta(days=1), "review_days": 180, "evidence": ["D9"]}
    rule = actions.save_rule(code="AQ-1", by=by, **facts)
    actions.review_rule(rule=rule, note="无需修改", by=by)
    assert rule.review_on == local_today() + timedelta(days=180)
    for code, evidence in (("AQ-1", []), ("AQ-2", ["D11"])):
        with pytest.raises(Problem):
            actions.save_rule(code=code, by=by, **{**facts, "evidence": evidence})


@pytest.mark.django_db
def test_a_violation_is_settled_by_somebody_else() -> None:
    by, other = head(), head()
    rule = Rule.objects.create(code="AQ-1", owner="x", review_on=local_today())
    case = actions.report_violation(rule=rule, on=local_today(), who="某终端", what="接入手机热点", by=by)
    with pytest.raises(Refused):
        actions.settle_violation(violation=case, outcome="自行处理", by=by)
    actions.settle_violation(violation=case, outcome="通报并培训", by=other)
    with pytest.raises(Problem):
        actions.settle_violation(violation=case, outcome="再次", by=other)


@pytest.mark.django_db
def test_the_peoples_side_sees_leavers_missing_reviews_and_attempts() -> None:
    by, today = head(), local_today()

    def seen() -> dict[str, str]:
        return {one.subject: one.verdict for one in queries.look_at_people(timezone.now())}

    assert seen()["review of rights"] == RED and seen()["leavers"] == GREEN
    assert actions.review_rights(found="无", by=by).grants >= 1
    assert seen()["review of rights"] == GREEN
    assert [queries.review_due(today, Review(on=today - timedelta(days=n))).verdict for n in (77, 79, 93)] == [
        GREEN,
        AMBER,
        RED,
    ]
    by.person.left_on = today - timedelta(days=1)
    by.person.save(update_fields=["left_on"])
    assert seen()[by.username] == RED
    other = make_user()
    for _time in range(queries.MANY):
        make_entry(other, outcome=Entry.Outcome.REFUSED)
    assert seen()[f"attempts of {other.username}"] == RED


@pytest.mark.django_db
def test_an_emergency_right_needs_two_people_is_an_alarm_and_ends_by_itself() -> None:
    one, other, clerk, unit = head(), head(), make_user(), make_unit()
    role = make_role({"core.organisation.view_unit": ("all", None)})
    facts = {"user": clerk, "role": role, "unit": unit, "hours": 4, "reason": "夜间抢修", "by": one}
    with pytest.raises(ApprovalFiled) as filed:
        actions.break_glass(**facts)
    assert not allowed(clerk, "core.organisation.view_unit")
    approve(approval=filed.value.approval, by=other)
    forget(clerk)
    assert allowed(clerk, "core.organisation.view_unit")
    assert [seen.verdict for seen in queries.look_at_break_glass(timezone.now())] == [RED]
    assert actions.end_all_over() == 0
    BreakGlass.objects.update(from_at=timezone.now() - timedelta(hours=5), until_at=timezone.now() - timedelta(hours=1))
    assert actions.end_all_over() == 1 and actions.end_all_over() == 0
    forget(clerk)
    assert not allowed(clerk, "core.organisation.view_unit") and not Grant.objects.filter(user=clerk).exists()
    assert [seen.verdict for seen in queries.look_at_break_glass(timezone.now())] == [GREEN]


@pytest.mark.django_db
def test_the_pages_tell_it(client: Client) -> None:
    by = head()
    actions.enter_drafts(unit=make_unit(), owner="何若兰", by=by)
    client.force_login(by)
    rule = Rule.objects.get(code="AQ-01")
    for address, word in (
        ("/regime/", "机房与网络管理制度"), (f"/regime/{rule.pk}/", "尚未发布"), ("/regime/index/", "8.1.3.1"),
        ("/regime/people/", "从未复核权限"),
    ):  # fmt: skip
        assert word in client.get(address).content.decode(), address


@pytest.mark.django_db
def test_the_rights_matrix_is_taken_away_as_a_sheet(client: Client) -> None:
    from python_calamine import CalamineWorkbook

    make_role({"core.access.view_roles": ("all", None)}, code="auditors")
    client.force_login(make_user(rights={"core.access.view_roles": ("all", None)}))
    answer = client.get("/access/matrix/?export=xlsx")
    (name,) = (book := CalamineWorkbook.from_filelike(BytesIO(b"".join(answer)))).sheet_names
    rows = {row[0]: row for row in book.get_sheet_by_name(name).to_python()}
    assert "continuity.regime.break_glass" in rows and any(rows["core.access.view_roles"][3:])
