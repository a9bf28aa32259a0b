"""Homes: what the counter is told, and the proposal to stop supply that a person decides."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from mainstay.core.access.batch import system_user
from mainstay.core.events.providers import answers
from mainstay.core.todos.models import Todo
from mainstay.inspection.campaigns import actions as campaigns
from mainstay.inspection.campaigns.models import Campaign, Target
from mainstay.inspection.hazards import actions
from mainstay.inspection.hazards.batch import escalate_hazards, propose_stops
from mainstay.inspection.hazards.models import Hazard
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.inspection.hazards.make import noticed
from tests.inspection.make import body_for, joint

pytestmark = pytest.mark.django_db


def _home() -> Hazard:
    """A serious hazard at a home, its deadline over by a day."""
    one = joint()
    hazard = noticed(one)
    Campaign.objects.filter(pk=one.campaign.pk).update(kind="household")
    Target.objects.filter(pk=hazard.target_id).update(account_no="1000000040")
    Hazard.objects.filter(pk=hazard.pk).update(deadline_on=local_today() - timedelta(days=1))
    return Hazard.objects.get(pk=hazard.pk)


def _warnings(account_no: str) -> list[tuple[str, str]]:
    account = SimpleNamespace(account_no=account_no, pk=0)
    return [line for found in answers("hazards_of_account", account_no=account_no) for line in _lines(account, found)]


def _lines(account: SimpleNamespace, _found: dict[str, object]) -> list[tuple[str, str]]:
    from mainstay.inspection.hazards.providers import warnings_of_account

    return warnings_of_account(account=account, user=system_user())


def test_the_counter_is_told_of_open_hazards() -> None:
    _home()
    assert [hue for hue, _text in _warnings("1000000040")] == ["red"]
    assert _warnings("1000000041") == []


def test_stopping_supply_is_proposed_once_and_decided_by_a_person() -> None:
    hazard, today = _home(), local_today()
    assert propose_stops(today) == 1
    assert propose_stops(today) == 0 and escalate_hazards(today) == 0
    assert Todo.objects.filter(kind="stop_supply", done_at=None).count() == 1
    with pytest.raises(Problem):
        actions.decide_supply(hazard=hazard, stop=True, reason=" ", by=system_user())
    actions.decide_supply(hazard=hazard, stop=True, reason="多次上门拒不整改", by=system_user())
    assert not Todo.objects.filter(kind="stop_supply", done_at=None).exists()
    assert len(_warnings("1000000040")) == 2


def test_a_vault_has_no_supply_to_stop() -> None:
    hazard = noticed(joint())
    with pytest.raises(Problem) as caught:
        actions.decide_supply(hazard=hazard, stop=True, reason="x", by=system_user())
    assert caught.value.code == "no_home"


def test_a_refusal_is_told_too() -> None:
    one = joint()
    Target.objects.filter(pk=one.targets[0].pk).update(account_no="1000000042")
    body = body_for(one.assignments[0], outcome="refused", signatures=[], photos=[])
    campaigns.record_inspection(assignment=one.assignments[0], body={**body, "answers": {}}, by=one.member)
    assert [hue for hue, _text in _warnings("1000000042")] == ["amber"]
