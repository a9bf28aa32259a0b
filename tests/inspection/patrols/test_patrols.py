"""Patrols: rounds made by themselves once, walked by label, missed, closed; nothing a phone brings late is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.core.access.batch import system_user
from mainstay.core.todos.models import Todo
from mainstay.inspection.campaigns.models import Assignment, Campaign, Inspection
from mainstay.inspection.campaigns.queries_packet import packet
from mainstay.inspection.patrols import actions, batch, queries
from mainstay.inspection.patrols.models import PatrolRound
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.inspection.patrols.make import patrol, walked

pytestmark = pytest.mark.django_db


def test_rounds_are_made_three_days_ahead_and_only_once() -> None:
    today = local_today()
    one, leader, walker = patrol(from_on=today - timedelta(days=2))
    assert [row.from_on - today for row in one.rounds.order_by("from_on")] == [timedelta(days=n) for n in range(-2, 4)]
    assert actions.make_rounds(patrol=one, today=today, by=system_user()) == []
    assert len(actions.make_rounds(patrol=one, today=today + timedelta(days=2), by=system_user())) == 2
    made = Campaign.objects.filter(patrol_round__patrol=one).first()
    assert made and (made.state, made.kind, made.assignments.count()) == ("active", "room", 2)
    assert {member.person for member in made.groups.get().members.all()} == {leader.person, walker.person}


def test_a_packet_holds_todays_rounds_and_the_next_but_none_that_are_over() -> None:
    today = local_today()
    _one, _leader, walker = patrol(from_on=today - timedelta(days=5))
    found = packet(walker, "d1")
    assert {line["from_on"] for line in found["campaigns"]} == {f"{today + timedelta(days=n)}" for n in range(4)}
    assert all(line["recurring"] for line in found["campaigns"])


def test_a_missed_point_shows_and_its_leader_side_is_told_once() -> None:
    today = local_today()
    one, _leader, walker = patrol(from_on=today - timedelta(days=1))
    yesterday = one.rounds.get(from_on=today - timedelta(days=1))
    first, second = Assignment.objects.filter(campaign=yesterday.campaign).order_by("stair")
    walked(first, walker, scanned=True)
    assert batch.make_all_rounds(today) == 0
    assert batch.tell_missed(today) == 0
    assert [todo.title_zh[:3] for todo in Todo.objects.filter(kind="missed_round")] == ["漏检："]
    now, before = queries.rounds_of(one, today)
    assert (now.state, before.state, before.walked, before.missed, before.scanned) == ("open", "missed", 1, 1, 1)
    # The record was made today: yesterday's round counts it as late.
    assert before.walks[first.target_id].state == "late"
    assert before.walks[second.target_id].state == "missed"
    assert queries.missed_since(type(one).objects.all(), today) == {one.pk: 1}
    assert queries.newest_of([one], today)[one.pk] == ["missed", "open"]


def test_a_phone_that_comes_back_a_day_late_is_still_heard_until_the_round_closes() -> None:
    today = local_today()
    one, _leader, walker = patrol(from_on=today - timedelta(days=8))
    oldest, next_one = one.rounds.order_by("from_on")[:2]
    actions.make_rounds(patrol=one, today=today, by=system_user())
    assert {row.pk: row.campaign.state for row in PatrolRound.objects.filter(pk__in=[oldest.pk, next_one.pk])} == {
        oldest.pk: "closed",
        next_one.pk: "active",
    }
    made = walked(next_one.campaign.assignments.order_by("stair")[0], walker)
    actions.make_rounds(patrol=one, today=today + timedelta(days=1), by=system_user())
    assert Inspection.objects.get(pk=made.pk).state == "locked"
    with pytest.raises(Problem) as caught:
        walked(oldest.campaign.assignments.order_by("stair")[0], walker)
    assert caught.value.code == "locked"


def test_a_pause_makes_no_rounds_and_its_days_are_not_missed() -> None:
    today = local_today()
    one, _leader, _walker = patrol(from_on=today + timedelta(days=1))
    assert one.rounds.count() == 3
    with pytest.raises(Problem):
        actions.pause_patrol(patrol=one, paused=True, by=system_user())
    actions.pause_patrol(patrol=one, paused=True, reason="机房改造", by=system_user())
    assert actions.make_rounds(patrol=one, today=today + timedelta(days=20), by=system_user()) == []
    actions.pause_patrol(patrol=one, paused=False, by=system_user())
    assert actions.make_rounds(patrol=one, today=today, by=system_user()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rhythm": "weekly", "anchor": 8}, "anchor"),
        ({"rhythm": "weekly", "days": 8}, "days"),
        ({"targets": []}, "no_points"),
        ({"checklists": []}, "not_in_force"),
        ({"until_on": local_today()}, "window"),
    ],
)
def test_a_plan_that_cannot_be_walked_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(Problem) as caught:
        patrol(**change)
    assert caught.value.code == code
