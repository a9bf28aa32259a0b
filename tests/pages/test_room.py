"""The pages of the machine room, and of rules and rights."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.continuity.machineroom import actions as room
from mainstay.continuity.machineroom.models import Item, Visit
from mainstay.continuity.machineroom.queries import VIEW as ROOM
from mainstay.continuity.regime import actions as regime
from mainstay.continuity.regime.models import BreakGlass, Rule, Violation
from mainstay.continuity.regime.queries import VIEW as RULES
from mainstay.kit.dates import local_today
from tests.core.make import make_role, make_user
from tests.pages.battery import Page, Rows, battery

_numbers = itertools.count(1)


def _item(_unit: Any) -> dict[str, Any]:
    return {"pk": Item.objects.create(kind="fire", label=f"MH-{next(_numbers)}", name="灭火器").pk}


def _visit(_unit: Any) -> dict[str, Any]:
    facts = {"who": "周远", "why": "检修", "escort": "何若兰", "planned_on": local_today()}
    return {"pk": Visit.objects.create(by=make_user(), **facts).pk}


def _rule(_unit: Any) -> dict[str, Any]:
    return {"pk": Rule.objects.create(code=f"AQ-{next(_numbers)}", owner="何若兰", review_on=local_today()).pk}


def _case(unit: Any) -> dict[str, Any]:
    facts = {"rule_id": _rule(unit)["pk"], "on": local_today(), "who": "某人", "what": "某事"}
    return {"pk": Violation.objects.create(by=make_user(), **facts).pk}


def _glass(_unit: Any) -> dict[str, Any]:
    now = timezone.now()
    facts = {"from_at": now, "until_at": now + timedelta(hours=1), "reason": "抢修"}
    return {"pk": BreakGlass.objects.create(user=make_user(), role=make_role(), **facts).pk}


TestRoom = battery(
    Page("machineroom:item_list", ROOM, make=Rows(_item), by_unit=False),
    Page("machineroom:item_detail", ROOM, make=_item, by_unit=False),
    Page("machineroom:item_create", room.SAVE, by_unit=False),
    Page("machineroom:item_change", room.SAVE, make=_item, by_unit=False),
    Page("machineroom:item_check", room.CHECK, make=_item, by_unit=False),
    Page("machineroom:item_retire", room.RETIRE, make=_item, by_unit=False),
    Page("machineroom:visit_list", ROOM, make=Rows(_visit), by_unit=False),
    Page("machineroom:visit_detail", ROOM, make=_visit, by_unit=False),
    Page("machineroom:visit_create", room.ADMIT, by_unit=False),
    Page("machineroom:visit_pass", room.PASS, make=_visit, by_unit=False),
)
TestRegime = battery(
    Page("regime:rule_list", RULES, by_unit=False),
    Page("regime:rule_detail", RULES, make=_rule, by_unit=False),
    Page("regime:rule_create", regime.SAVE, by_unit=False),
    Page("regime:rule_change", regime.SAVE, make=_rule, by_unit=False),
    Page("regime:review", regime.REVIEW, make=_rule, by_unit=False),
    Page("regime:drafts", regime.DRAFTS, by_unit=False),
    Page("regime:report", regime.REPORT, make=_rule, by_unit=False),
    Page("regime:settle", regime.SETTLE, make=_case, by_unit=False),
    Page("regime:index", RULES, by_unit=False),
    Page("regime:people", RULES, make=Rows(_glass), by_unit=False),
    Page("regime:review_rights", regime.RIGHTS, by_unit=False),
    Page("regime:break_glass", regime.GLASS, by_unit=False),
    Page("regime:end_break_glass", regime.END, make=_glass, by_unit=False),
)


@pytest.mark.django_db
def test_only_who_may_settle_a_violation_is_offered_it(client: Client) -> None:
    rule = Violation.objects.get(pk=_case(None)["pk"]).rule
    for rights, offered in (((RULES,), False), ((RULES, regime.SETTLE), True)):
        client.force_login(make_user(rights=dict.fromkeys(rights, ("all", None))))
        for address in ("/regime/", rule.get_absolute_url()):
            assert ("/settle/" in client.get(address).content.decode()) is offered
