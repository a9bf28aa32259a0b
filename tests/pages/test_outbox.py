"""The pages of text messages to colleagues, and of those on duty."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.continuity.alarms import actions as alarms
from mainstay.continuity.alarms.models import Duty
from mainstay.continuity.alarms.queries import VIEW as DUTY
from mainstay.core.outbox.actions import queue_message, write_batch
from mainstay.core.outbox.queries import VIEW, WRITE
from tests.core.make import make_user
from tests.pages.battery import Page, Rows, battery

_numbers = itertools.count(1)


def _message(_unit: Any) -> dict[str, Any]:
    queue_message(key=f"page{next(_numbers)}", to="秦守一", phone="13900000001", text="告警")
    return {}


def _batch(unit: Any) -> dict[str, Any]:
    _message(unit)
    return {"pk": write_batch(by=make_user(rights={WRITE: ("all", None)})).pk}


def _duty(_unit: Any) -> dict[str, Any]:
    facts = {"phone": "13900000001", "from_at": timezone.now(), "by": make_user()}
    return {"pk": Duty.objects.create(user=make_user(), **facts).pk}


TestOutbox = battery(
    Page("outbox:message_list", VIEW, make=_message, by_unit=False),
    Page("outbox:batch_list", WRITE, make=Rows(_batch), by_unit=False),
    Page("outbox:write", WRITE, make=_message, by_unit=False, method="post", scope="all"),
)
TestAlarms = battery(
    Page("alarms:duty_list", DUTY, make=Rows(_duty), by_unit=False),
    Page("alarms:duty_create", alarms.PUT, by_unit=False),
    Page("alarms:duty_end", alarms.END, make=_duty, by_unit=False),
)


@pytest.mark.django_db
def test_only_who_may_end_a_duty_is_offered_it(client: Client) -> None:
    _duty(None)
    for rights, offered in (((DUTY,), False), ((DUTY, alarms.END), True)):
        client.force_login(make_user(rights=dict.fromkeys(rights, ("all", None))))
        assert ("/end/" in client.get("/alarms/").content.decode()) is offered
