"""What waits for the people of an inspection, on their workbench: every number leads to a list of as many rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.home.cards import figures_for
from mainstay.core.organisation.models import Unit
from mainstay.inspection.bulletins import actions as papers
from mainstay.inspection.campaigns.models import Assignment
from mainstay.inspection.hazards import actions as hazards
from mainstay.inspection.hazards.models import Hazard
from mainstay.kit.dates import local_today
from tests.inspection.bulletins.make import bulletin, editor, reviewed
from tests.inspection.hazards.make import checker, found_in, noticed, owner, reported
from tests.inspection.make import body_for, joint, person_in

pytestmark = pytest.mark.django_db


def cards_of(user: User) -> dict[str, tuple[str, str]]:
    """Number and hue by key; the list behind a number has as many rows."""
    user = User.objects.get(pk=user.pk)
    client, found = Client(), {}
    client.force_login(user)
    client.cookies["django_language"] = "en"
    for card, figure in figures_for(user):
        if card.key.partition(".")[0] not in {"hazards", "campaigns", "bulletins", "patrols"}:
            continue
        page = client.get(card.address(user))
        assert page.status_code == 200, card.key
        if card.url_name != "phone:app":
            assert len(page.context["table"].rows) == figure.number, card.key
        found[card.key] = (str(figure.number), figure.hue)
    return found


def of_campaigns(unit: Unit) -> User:
    rights = {f"inspection.campaigns.{verb}": ("subtree", None) for verb in ("view_campaign", "review_campaign")}
    return person_in(unit, "组织者", rights)


def rights_in(unit: Unit, *verbs: str, more: tuple[str, ...] = ()) -> User:
    """Somebody who does things with papers in a unit."""
    names = [*(f"inspection.bulletins.{verb}" for verb in verbs), *more]
    return person_in(unit, "经办人", dict.fromkeys(names, ("subtree", None)))


def test_an_organiser_sees_hazards_on_their_way() -> None:
    one = joint()
    by = checker(one)
    assert set(cards_of(by).values()) == {("0", "")}
    hazard = found_in(one)
    assert cards_of(by)["hazards.notice"] == ("1", "red")
    notice = hazards.issue_notice(hazards=[hazard], deadline_on=local_today(), by=by)
    Hazard.objects.filter(pk=hazard.pk).update(deadline_on=local_today() - timedelta(days=1))
    found = cards_of(by)
    assert (found["hazards.notice"], found["hazards.serve"]) == (("0", ""), ("1", "amber"))
    assert found["hazards.overdue"] == ("1", "red")
    assert notice.state == "issued"


def test_a_unit_sees_what_it_has_to_put_right_and_the_checkers_what_is_reported() -> None:
    one = joint()
    noticed(one)
    unit, by = owner(one), checker(one)
    assert cards_of(unit) == {"hazards.mine": ("1", "amber")}
    other = joint()
    reported(other)
    assert cards_of(by)["hazards.recheck"] == ("0", "")
    assert cards_of(checker(other))["hazards.recheck"] == ("1", "red")


def test_a_leader_sees_records_to_confirm_and_targets_of_today() -> None:
    from mainstay.inspection.campaigns.actions import record_inspection

    one = joint()
    Assignment.objects.filter(pk=one.assignments[0].pk).update(due_on=local_today() - timedelta(days=1))
    found = cards_of(one.leader)
    assert (found["campaigns.due"], found["campaigns.confirm"]) == (("3", "red"), ("0", ""))
    body = body_for(one.assignments[0], answers={"K1.2": {"result": "na"}}, photos=[])
    record_inspection(assignment=one.assignments[0], body=body, by=one.member)
    found = cards_of(one.leader)
    assert (found["campaigns.due"], found["campaigns.confirm"]) == (("2", "blue"), ("1", "amber"))
    assert cards_of(one.member)["campaigns.confirm"] == ("0", "")


def test_an_organiser_sees_campaigns_behind_their_plan() -> None:
    one = joint()
    by = of_campaigns(one.bureau)
    assert cards_of(by) == {"campaigns.behind": ("0", "")}
    Assignment.objects.filter(campaign=one.campaign).update(due_on=local_today() - timedelta(days=1))
    assert cards_of(by) == {"campaigns.behind": ("1", "red")}
    Assignment.objects.filter(campaign=one.campaign).update(
        state="exempt", exempt_reason="停用", exempt_by=system_user()
    )
    assert cards_of(by) == {"campaigns.behind": ("0", "")}


def test_seals_issue_and_receipts_wait_one_after_the_other() -> None:
    one = reviewed()
    by, issuer = editor(one), rights_in(one.bureau, "view_paper", "issue_paper")
    first, second = one.campaign.organisers.select_related("unit").order_by("order")
    seals = [rights_in(unit, "view_paper", "seal_paper") for unit in (one.bureau, one.bank)]
    for user in seals:
        assert cards_of(user) == {"bulletins.seal": ("0", "")}
    paper = papers.submit_paper(paper=bulletin(one, by), by=by)
    assert [cards_of(user)["bulletins.seal"] for user in seals] == [("1", "amber")] * 2
    papers.seal_paper(paper=paper, organiser=first, by=seals[0])
    assert [cards_of(user)["bulletins.seal"][0] for user in seals] == ["0", "1"]
    assert len(papers.queries.to_issue(by)) == 0
    papers.seal_paper(paper=paper, organiser=second, by=seals[1])
    assert cards_of(issuer)["bulletins.issue"] == ("1", "amber")
    head = rights_in(one.county, "view_paper", "acknowledge_paper")
    assert cards_of(head) == {"bulletins.acknowledge": ("0", "")}
    papers.issue_paper(paper=paper, by=by)
    assert cards_of(head) == {"bulletins.acknowledge": ("1", "amber")}
    papers.acknowledge_paper(paper=paper, unit=one.county, by=head)
    assert cards_of(head) == {"bulletins.acknowledge": ("0", "")}


def test_a_campaign_under_review_asks_for_its_papers() -> None:
    one = reviewed()
    by = rights_in(one.bureau, "draft_bulletin", more=("inspection.campaigns.view_campaign",))
    assert cards_of(by) == {"bulletins.draft": ("1", "amber")}
    bulletin(one, editor(one))
    assert papers.queries.campaigns_without_bulletin(User.objects.get(pk=by.pk)).count() == 0
    assert papers.queries.groups_without_summary(one.leader).count() == 1
    assert papers.queries.groups_without_summary(by).count() == 0
