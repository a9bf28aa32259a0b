"""Items that are due, visitors with their pass, cameras that answer."""

from __future__ import annotations

import socket
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.continuity.machineroom import actions, queries
from mainstay.continuity.machineroom.models import Item, Visit
from mainstay.continuity.machineroom.rules import judge_item, judge_visit
from mainstay.continuity.site.queries import HANDLE
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED
from mainstay.core.todos.queries import waiting_for
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.core.make import make_user

TODAY = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
ALL = (queries.VIEW, actions.SAVE, actions.CHECK, actions.RETIRE, actions.ADMIT, actions.PASS)


@pytest.mark.parametrize(
    ("last_on", "fine", "every", "verdict"),
    [
        (None, True, 90, RED),
        (TODAY - timedelta(days=91), True, 90, RED),
        (TODAY - timedelta(days=90), True, 90, AMBER),
        (TODAY - timedelta(days=75), True, 90, GREEN),
        (TODAY, False, 90, RED),
        (TODAY, True, 1, GREEN),
        (TODAY - timedelta(days=1), True, 1, AMBER),
    ],
)
def test_an_item_is_due(last_on: date | None, fine: bool, every: int, verdict: str) -> None:
    assert judge_item("x", last_on, fine, every, TODAY).verdict == verdict


def test_a_visitor_is_not_forgotten_in_the_room() -> None:
    assert judge_visit("x", NOW - timedelta(hours=12), NOW).verdict == GREEN
    assert judge_visit("x", NOW - timedelta(hours=12, minutes=1), NOW).verdict == RED


def test_a_camera_is_alive_when_its_port_accepts() -> None:
    with socket.socket() as camera:
        camera.bind(("127.0.0.1", 0))
        camera.listen()
        port = camera.getsockname()[1]
        assert queries.answers_at(f"127.0.0.1:{port}")
    assert not queries.answers_at(f"127.0.0.1:{port}") and not queries.answers_at("127.0.0.1:x")


def keeper() -> Any:
    """Who keeps the room."""
    return make_user(rights=dict.fromkeys(ALL, ("all", None)))


def item(by: Any, **changes: Any) -> Item:
    """A registered extinguisher."""
    facts = {"kind": "fire", "label": "MH-01", "name": "二氧化碳灭火器", "every_days": 30}
    return actions.save_item(**{**facts, **changes}, by=by)


@pytest.mark.django_db
def test_an_extinguisher_is_an_alarm_until_it_is_checked_and_fine() -> None:
    by, handler, today = keeper(), make_user(rights={HANDLE: ("all", None)}), local_today()
    one = item(by)
    assert "MH-01" in waiting_for(handler).get().title_zh
    with pytest.raises(Problem) as refused:
        actions.check_item(item=one, on=today, fine=False, by=by)
    assert refused.value.field == "note"
    actions.check_item(item=one, on=today, fine=False, note="压力不足", by=by)
    assert waiting_for(handler).exists()
    actions.check_item(item=one, on=today, fine=True, by=by)
    assert not waiting_for(handler).exists()
    for on, code in ((today + timedelta(days=1), "future"), (today - timedelta(days=1), "older")):
        with pytest.raises(Problem) as refused:
            actions.check_item(item=one, on=on, fine=True, by=by)
        assert refused.value.code == code
    with pytest.raises(Problem):
        item(by)
    actions.retire_item(item=one, reason="报废", by=by)
    assert [seen.subject for seen in queries.look_at_items(timezone.now())] == ["register"]


@pytest.mark.django_db
def test_a_pass_lets_in_once_and_out_once_on_its_day(client: Client) -> None:
    by = keeper()
    facts = {"who": "周远", "why": "更换电池", "escort": "何若兰"}
    for changes, code in (({"planned_on": local_today() - timedelta(days=1)}, "past"), ({"escort": "周远"}, "alone")):
        with pytest.raises(Problem) as refused:
            actions.admit_visitor(**{**facts, "planned_on": local_today(), **changes}, by=by)
        assert refused.value.code == code
    visit = actions.admit_visitor(**facts, planned_on=local_today(), by=by)
    later = actions.admit_visitor(**facts, planned_on=local_today() + timedelta(days=2), by=by)
    assert visit.code != later.code
    with pytest.raises(Problem) as refused:
        actions.pass_visitor(visit=later, by=by)
    assert refused.value.code == "other_day"
    assert [actions.pass_visitor(visit=visit, by=by).state for _time in range(2)] == ["in", "out"]
    with pytest.raises(Problem) as refused:
        actions.pass_visitor(visit=visit, by=by)
    assert refused.value.code == "over"
    client.force_login(by)
    assert "<svg" in client.get(f"/machineroom/visits/{visit.pk}/").content.decode()
    assert client.get("/machineroom/visits/", {"q": visit.code}).content.decode().count("周远") == 1
    assert Visit.objects.count() == 2
