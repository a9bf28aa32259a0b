"""Hazards: made by failing items, noticed, put right, rechecked by others, written off, seen again, come back."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mainstay.core.access.batch import system_user
from mainstay.core.documents.models import Document
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.todos.models import Todo
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.inspection.campaigns import actions as campaigns
from mainstay.inspection.hazards import actions, queries, rules
from mainstay.inspection.hazards.batch import escalate_hazards
from mainstay.inspection.hazards.models import Hazard, HazardStep, Notice
from mainstay.inspection.hazards.states import HAZARD, NOTICE
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.inspection.hazards.make import checker, found_in, noticed, owner, reported
from tests.inspection.make import body_for, failing, joint
from tests.pages.battery import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("graph", [HAZARD, NOTICE])
def test_graphs_are_sound(graph: object) -> None:
    assert list(graph.faults()) == []  # type: ignore[attr-defined]


def test_the_failing_item_makes_the_hazard() -> None:
    one = joint()
    hazard = found_in(one)
    assert (hazard.level, hazard.state, hazard.unit) == ("major", "found", one.county)
    assert hazard.deadline_on == hazard.found_on + timedelta(days=7)  # the item's own days
    general = found_in(one, "K2.2", place=1)
    assert general.deadline_on == general.found_on + timedelta(days=30)  # those of the level


def test_a_level_takes_the_days_in_force_on_the_day() -> None:
    actions.install_clocks(by=system_user())
    actions.save_clock(level="general", days=15, from_on=local_today(), basis="整改期限规定", by=system_user())
    assert queries.days_for("general", local_today()) == 15
    assert queries.days_for("general", local_today() - timedelta(days=1)) == 30


def test_seen_again_is_no_new_hazard_and_an_edit_counts_nothing() -> None:
    one = joint()
    hazard = found_in(one)
    first = one.assignments[0]
    edit = failing(first, record=str(hazard.inspection.record))
    campaigns.record_inspection(assignment=first, body=edit, by=one.member)
    hazard.refresh_from_db()
    assert hazard.seen == 1
    later = joint(unit=one.bureau)
    spare = campaigns.add_late_target(
        campaign=later.campaign, target=one.targets[0], group=later.group, reason="跟踪", by=system_user()
    )
    at = timezone.now() + timedelta(days=1)
    again = campaigns.record_inspection(assignment=spare, body=failing(spare, at=at), by=later.member)
    assert again.told[0] == {"item": "K1.1", "hazard": hazard.pk, "seen": "again", "level": "major"}  # type: ignore[attr-defined]
    hazard.refresh_from_db()
    assert (Hazard.objects.count(), hazard.seen) == (1, 2)
    assert hazard.found_on < hazard.last_seen_on


def test_written_off_and_found_again_is_a_repeat() -> None:
    one = joint()
    hazard = reported(one)
    for who in (checker(one, "甲"), checker(one, "乙")):
        actions.recheck_hazard(hazard=hazard, good=True, note_text="已更换", by=who)
    actions.close_hazard(hazard=hazard, by=checker(one, "丙"))
    edit = failing(one.assignments[0], record=str(hazard.inspection.record))
    told = campaigns.record_inspection(assignment=one.assignments[0], body=edit, by=one.member).told  # type: ignore[attr-defined]
    assert told[0]["seen"] == "repeat"
    assert Hazard.objects.get(state="found").repeat_of == hazard
    assert queries.sums(Hazard.objects.all())["came_back"] == 1


def test_a_notice_on_the_spot_uses_a_lent_number() -> None:
    one = joint()
    phone = signed_in(one.member)
    lent = phone.post(reverse("campaigns:phone_numbers"), json.dumps({"device": "phone-1"}), "application/json").json()
    number = lent["numbers"][0]
    deadline = (local_today() + timedelta(days=5)).isoformat()
    notice = {"number": number, "items": ["K1.1"], "deadline_on": deadline, "served": "hand", "received_by": "库主任丙"}
    body = failing(one.assignments[0], notices=[notice])
    assert phone.post(reverse("campaigns:phone_records"), json.dumps(body), "application/json").status_code == 201
    assert phone.post(reverse("campaigns:phone_records"), json.dumps(body), "application/json").status_code == 200
    made = Notice.objects.get()
    assert (made.number, made.state, made.received_by) == (number, "served", "库主任丙")
    assert (
        made.document
        and made.document.number == number
        and Document.objects.filter(kind="rectification_notice").count() == 1
    )
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.deadline_on.isoformat()) == ("noticed", deadline)
    assert made.issued_at == datetime.fromisoformat(body["left_at"])  # the day of the paper that was handed over
    edit = failing(one.assignments[0], record=body["record"], notices=[notice])
    assert phone.post(reverse("campaigns:phone_records"), json.dumps(edit), "application/json").status_code == 201
    assert Notice.objects.count() == 1
    foreign = failing(one.assignments[1], notices=[{**notice, "number": "2026-999999"}])
    assert phone.post(reverse("campaigns:phone_records"), json.dumps(foreign), "application/json").status_code == 403
    wrong = failing(one.assignments[1], notices=[{**notice, "number": lent["numbers"][1], "items": ["K2.1"]}])
    answer = phone.post(reverse("campaigns:phone_records"), json.dumps(wrong), "application/json")
    assert answer.json()["error"]["code"] == "bad_notice"
    assert one.assignments[1].state == "open"  # nothing of a refused record stays


def test_a_refusal_to_receive_needs_a_witness() -> None:
    one = joint()
    hazard = found_in(one)
    with pytest.raises(Problem) as caught:
        actions.issue_notice(
            hazards=[hazard], deadline_on=local_today(), served="hand", receipt_refused=True, by=checker(one)
        )
    assert caught.value.field == "witness"


def test_the_unit_reports_with_five_parts_and_evidence() -> None:
    one = joint()
    hazard, by = noticed(one), owner(one)
    with pytest.raises(Problem) as parts:
        actions.report_rectification(hazard=hazard, measures="换锁", done_on=local_today(), by=by)
    assert parts.value.code == "five_parts"
    five = {"duty": "王主任", "funds_fen": 120_000, "plan": "双人值守"}
    with pytest.raises(Problem) as evidence:
        actions.report_rectification(hazard=hazard, measures="换锁", done_on=local_today(), by=by, **five)  # type: ignore[arg-type]
    assert evidence.value.code == "no_evidence"
    actions.attach_evidence(hazard=hazard, file=BytesIO(b"\xff\xd8\xff"), name="a.jpg", by=by)
    actions.report_rectification(hazard=hazard, measures="换锁", done_on=local_today(), by=by, **five)  # type: ignore[arg-type]
    assert Todo.objects.filter(kind="recheck", done_at=None).count() == 1


@pytest.mark.parametrize("level", ["major", "general"])
def test_the_form_asks_for_the_five_parts_of_a_serious_hazard(level: str) -> None:
    one = joint()
    hazard = noticed(one)
    Hazard.objects.filter(pk=hazard.pk).update(level=level)
    page = signed_in(owner(one)).post(
        reverse("hazards:report", args=[hazard.pk]), {"measures": "换锁", "done_on": f"{local_today()}"}
    )
    asked = page.context["form"].errors.keys() & {"duty", "funds_fen", "plan"}
    assert asked == ({"duty", "funds_fen", "plan"} if level == "major" else set())


def test_a_serious_hazard_needs_two_others() -> None:
    one = joint()
    by = owner(one)
    hazard = reported(one, by=by)
    first, second = checker(one, "甲"), checker(one, "乙")
    actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=first)
    hazard.refresh_from_db()
    assert hazard.state == "submitted"
    with pytest.raises(Problem) as same:
        actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=first)
    assert same.value.code == "same_person"
    actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=second)
    hazard.refresh_from_db()
    assert hazard.state == "accepted"


def test_who_put_it_right_does_not_accept_it() -> None:
    one = joint()
    by = checker(one, "自己", ("plan_rectification", "attach_evidence", "report_rectification"))
    hazard = reported(one, by=by)
    with pytest.raises(Refused):
        actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        hazard.acceptances.create(by=by, rectifier=by, good=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=hazard.pk).update(state="closed", closed_by=by, closed_on=local_today())


def test_sent_back_the_next_round_begins_anew() -> None:
    one = joint()
    by = owner(one)
    hazard = reported(one, by=by)
    first, second = checker(one, "甲"), checker(one, "乙")
    actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=first)
    actions.recheck_hazard(hazard=hazard, good=False, note_text="仍打不乱", by=second)
    hazard.refresh_from_db()
    assert hazard.state == "rejected"
    actions.report_rectification(hazard=hazard, measures="再换锁芯", done_on=local_today(), by=by)
    actions.recheck_hazard(hazard=hazard, good=True, note_text="合格", by=first)
    hazard.refresh_from_db()
    assert hazard.state == "submitted"  # the first round's acceptance does not count any more


def test_a_deadline_is_extended_once_and_by_two_for_a_serious_hazard() -> None:
    one = joint()
    general = noticed(one, "K2.2")
    by, other = checker(one, "甲"), checker(one, "乙")
    later = general.deadline_on + timedelta(days=5)
    actions.extend_deadline(hazard=general, until_on=later, reason="待料", by=by)
    with pytest.raises(Problem) as twice:
        actions.extend_deadline(hazard=general, until_on=later + timedelta(days=5), reason="再延", by=by)
    assert twice.value.code == "extended"
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=general.pk).update(extensions=2)
    major = noticed(one, place=1)
    with pytest.raises(ApprovalFiled):
        actions.extend_deadline(hazard=major, until_on=major.deadline_on + timedelta(days=3), reason="订货", by=by)
    approve(approval=Approval.objects.get(), by=other)
    major.refresh_from_db()
    assert major.extensions == 1


def test_escalation_is_data_and_repeating_it_changes_nothing() -> None:
    actions.install_clocks(by=system_user())
    one = joint()
    hazard = noticed(one)
    ends = hazard.deadline_on
    assert escalate_hazards(ends - timedelta(days=4)) == 0
    assert escalate_hazards(ends - timedelta(days=3)) == 1
    assert escalate_hazards(ends - timedelta(days=3)) == 0
    assert escalate_hazards(ends + timedelta(days=7)) == 3
    todos = Todo.objects.filter(kind="hazard_escalation")
    assert {todo.unit_id for todo in todos} == {one.county.pk, one.bureau.pk, one.bank.pk}
    assert HazardStep.objects.filter(hazard=hazard, what="escalated").count() == 4
    hazard.refresh_from_db()
    assert rules.days_over(ends, hazard.state, ends + timedelta(days=9)) == 9


def test_a_hazard_of_another_unit_is_not_seen() -> None:
    one, other = joint(), joint()
    found_in(one)
    assert Hazard.objects.visible_to(owner(one)).count() == 1
    assert Hazard.objects.visible_to(owner(other)).count() == 0
    assert Hazard.objects.visible_to(one.member).count() == 0  # he has no right to hazards


def test_open_hazards_travel_in_the_packet() -> None:
    one = joint()
    hazard = noticed(one)
    found = signed_in(one.member).get(reverse("campaigns:phone_packet")).json()
    first = next(line for line in found["assignments"] if line["id"] == one.assignments[0].pk)
    assert [(line["id"], line["state"]) for line in first["hazards"]] == [(hazard.pk, "noticed")]


def test_a_good_record_makes_no_hazard() -> None:
    one = joint()
    campaigns.record_inspection(assignment=one.assignments[0], body=body_for(one.assignments[0]), by=one.member)
    assert not Hazard.objects.exists()


@pytest.mark.parametrize(
    ("today", "done", "due"),
    [("2026-09-11", 0, []), ("2026-09-12", 0, [-3]), ("2026-09-15", 1, [0]), ("2026-09-30", 0, [-3, 0, 3, 7])],
)
def test_rungs(today: str, done: int, due: list[int]) -> None:
    rungs = [rules.Rung(offset, "owner") for offset in (7, -3, 3, 0)]
    found = rules.rungs_due(rungs, date(2026, 9, 15), date.fromisoformat(today), done)
    assert [one.offset for one in found] == due
