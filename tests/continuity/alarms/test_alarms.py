"""Alarms as text messages: to whom, when, once, again, and quiet when something comes and goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mainstay.continuity.alarms import actions, batch
from mainstay.continuity.alarms.models import Duty, Notice
from mainstay.continuity.alarms.rules import QUIET, REMIND, is_due, words
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen
from mainstay.core.outbox.models import Message
from mainstay.kit.errors import Problem
from tests.core.make import make_person, make_user

NOW = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
KEY = "power.supply"
RIGHTS = dict.fromkeys((actions.PUT, actions.END), ("all", None))


def on_duty(**changes: Any) -> Duty:
    """Somebody on duty since two days before."""
    user = changes.pop("user", None) or make_user(person=make_person("秦守一", phone="139 0000 0001"))
    facts = {"user": user, "from_at": NOW - timedelta(days=2), **changes}
    return actions.put_on_duty(**facts, by=make_user(rights=RIGHTS))


def seen(verdict: str, at: datetime, subject: str = "room") -> None:
    record(KEY, "", [Seen(subject, verdict, "on battery", "电池供电")], at)


def texts() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("text", flat=True))


@pytest.mark.parametrize(
    ("since", "told", "due"),
    [
        (NOW - MINUTE / 2, None, False),
        (NOW - MINUTE, None, True),
        (NOW - timedelta(hours=3), NOW - timedelta(hours=2), False),
        (NOW - timedelta(hours=5), NOW - REMIND, True),
        (NOW - MINUTE, NOW - MINUTE * 50, False),
        (NOW - MINUTE, NOW - QUIET, True),
    ],
)
def test_when_to_tell(since: datetime, told: datetime | None, due: bool) -> None:
    assert is_due(since, told, NOW) is due


def test_many_alarms_are_one_message() -> None:
    assert words(["a"]) == "运行安全告警：a" and words(list("abcde")) == "运行安全告警：a；b；c；另有 2 项"


@pytest.mark.django_db
def test_red_for_a_minute_is_told_once_and_again_after_hours() -> None:
    on_duty()
    seen(RED, NOW)
    assert batch.tell_those_on_duty(NOW) == 0, "it may end by itself"
    assert batch.tell_those_on_duty(NOW + MINUTE) == 1
    assert "D8" in texts()[0] and "电池供电" in texts()[0]
    assert [batch.tell_those_on_duty(NOW + MINUTE * n) for n in (2, 3, 60, 240)] == [0, 0, 0, 0]
    assert batch.tell_those_on_duty(NOW + MINUTE + REMIND) == 1


@pytest.mark.django_db
def test_what_comes_and_goes_is_told_once_an_hour() -> None:
    on_duty()
    for minute in range(0, 50, 5):
        seen(RED, NOW + MINUTE * minute)
        batch.tell_those_on_duty(NOW + MINUTE * (minute + 2))
        seen(GREEN, NOW + MINUTE * (minute + 3))
    assert len(texts()) == 1 and Observation.objects.filter(probe=KEY, verdict=RED).count() == 10
    seen(RED, NOW + MINUTE * 90)
    assert batch.tell_those_on_duty(NOW + MINUTE * 92) == 1


@pytest.mark.django_db
def test_several_at_once_are_one_message_a_person() -> None:
    on_duty()
    on_duty(user=make_user(person=make_person("陶然居", phone="13900000002")))
    record(KEY, "", [Seen(f"room{n}", RED, "on battery", "电池供电") for n in range(5)], NOW)
    assert batch.tell_those_on_duty(NOW + MINUTE) == 2
    assert len(texts()) == 2 and "另有 2 项" in texts()[0] and Notice.objects.count() == 10


@pytest.mark.django_db
def test_amber_only_for_those_who_want_it_and_accepted_red_counts_so() -> None:
    on_duty()
    head = on_duty(user=make_user(person=make_person("陶然居", phone="13900000002")), least="amber")
    seen(AMBER, NOW)
    assert batch.tell_those_on_duty(NOW + MINUTE) == 1 and Message.objects.get().to == str(head)
    seen(RED, NOW + MINUTE * 2, "other")
    Observation.objects.filter(subject="other").update(excused_until=NOW + timedelta(days=1))
    assert batch.tell_those_on_duty(NOW + MINUTE * 4) == 1
    assert set(Message.objects.values_list("to", flat=True)) == {str(head)}


@pytest.mark.django_db
def test_only_while_on_duty_and_never_somebody_who_is_locked() -> None:
    duty = on_duty()
    seen(RED, NOW)
    Duty.objects.update(from_at=NOW + timedelta(days=1))
    assert batch.tell_those_on_duty(NOW + MINUTE) == 0
    Duty.objects.update(from_at=NOW - timedelta(days=1), until_at=NOW)
    assert batch.tell_those_on_duty(NOW + MINUTE) == 0
    Duty.objects.update(until_at=None)
    duty.user.is_active = False
    duty.user.save()
    assert batch.tell_those_on_duty(NOW + MINUTE) == 0
    duty.user.is_active = True
    duty.user.save()
    assert batch.tell_those_on_duty(NOW + MINUTE) == 1


@pytest.mark.django_db
def test_a_broken_pass_leaves_neither_message_nor_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    on_duty()
    seen(RED, NOW)

    def broken(_rows: Any) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="power cut"):
        patch.setattr(Notice.objects, "bulk_create", broken)
        batch.tell_those_on_duty(NOW + MINUTE)
    assert not Message.objects.exists() and not connection.needs_rollback
    assert batch.tell_those_on_duty(NOW + MINUTE) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "0571-88001234"}, "phone"),
        ({"user": "nobody"}, "phone"),
        ({"until_at": NOW - timedelta(days=3)}, "until_at"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(changes: dict[str, Any], field: str) -> None:
    if "user" in changes:
        changes = {"user": make_user()}
    with pytest.raises(Problem) as refused:
        on_duty(**changes)
    assert refused.value.field == field


@pytest.mark.django_db
def test_nobody_is_on_duty_twice_and_an_ended_duty_may_begin_again() -> None:
    user = make_user(person=make_person(phone="13900000001"))
    duty = on_duty(user=user)
    with pytest.raises(Problem) as refused:
        on_duty(user=user)
    assert refused.value.code == "there"
    by = make_user(rights=RIGHTS)
    actions.end_duty(duty=duty, by=by)
    with pytest.raises(Problem) as refused:
        actions.end_duty(duty=duty, by=by)
    assert refused.value.code == "over"
    assert on_duty(user=user, from_at=timezone.now() + MINUTE).pk != duty.pk
