"""Keeping what probes saw: stretches, alarms as to-dos, the pass over everything that is due.

What a probe saw is measured, not decided by a person: it has no audit row; the stretches are the record.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mainstay.continuity.site import registry
from mainstay.continuity.site.models import Observation, Watch
from mainstay.continuity.site.queries import HANDLE
from mainstay.continuity.site.registry import Probe
from mainstay.continuity.site.rules.verdict import GREEN, RED, UNKNOWN, Seen, in_words
from mainstay.core.events.bus import publish
from mainstay.core.events.providers import provide
from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.sqlkit import lock


@dataclass(frozen=True, slots=True)
class Recorded:
    """A probe saw something new at a place."""

    probe: str
    place: str


log = structlog.get_logger(__name__)
JOB = "continuity.site.watch"
ALARM = "site_alarm"
ANSWER = timedelta(minutes=15)  # afterwards the to-do stands at the head of the inbox of those above


@provide("install_schedules")
def install_schedule() -> None:
    """Let the application's probes look every minute, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 1, "next_at": timezone.now()})


def take_pass(now: datetime, measure: str = "", *, all_of_them: bool = False) -> int:
    """Let every probe of the application look whose time has come (`all_of_them`: every one); returns how many did.

    A probe that breaks down leaves what it saw before as it is, and says so; the others still look.
    """
    looked = 0
    watches = {one.probe: one for one in Watch.objects.filter(place="")}
    for probe in registry.probes(measure):
        if probe.look is None:
            continue
        last = watches.get(probe.key)
        due = last is None or (now - last.looked_at).total_seconds() >= probe.every_s - 1
        if due or all_of_them:
            _look(probe, now)
            looked += 1
    return looked


def _look(probe: Probe, now: datetime) -> None:
    assert probe.look is not None  # noqa: S101 - the caller has looked
    began = time.perf_counter()
    try:
        with transaction.atomic():
            seen = list(probe.look(now))
    except Exception as error:
        log.exception("probe failed", probe=probe.key)
        note_fault(probe.key, "", f"{type(error).__name__}: {error}", now)
        return
    record(probe.key, "", seen, now, round((time.perf_counter() - began) * 1000))


def note_fault(key: str, place: str, text: str, now: datetime) -> None:
    """Keep that a probe could not look; when it last could stays as it was."""
    watch, made = Watch.objects.get_or_create(
        probe=key, place=place, defaults={"looked_at": now - timedelta(days=365), "fault": text[:200]}
    )
    if not made:
        watch.fault = text[:200]
        watch.save(update_fields=["fault"])


def record(key: str, place: str, seen: Iterable[Seen], now: datetime, took_ms: int = 0) -> list[Observation]:
    """Keep what a probe saw at a place: go on with stretches that are the same, end others; returns new stretches.

    What it does not see any more ends. What turned red opens a to-do, what is no longer red closes it.
    """
    with transaction.atomic():
        lock(f"observe:{key}:{place}", 0)
        held = {one.subject: one for one in Observation.objects.filter(probe=key, place=place, current=True)}
        same, fresh = [], []
        for one in {item.subject[:120]: item for item in seen}.values():
            there = held.pop(one.subject[:120], None)
            if there is not None and _is_same(there, one):
                there.figure, there.seen_at, there.times = one.figure[:60], now, there.times + 1
                same.append(there)
            else:
                fresh.append((there, _stretch(key, place, one, now)))
        Observation.objects.bulk_update(same, ["figure", "seen_at", "times"])
        ended = [*held.values(), *(old for old, _new in fresh if old)]
        Observation.objects.filter(pk__in=[one.pk for one in ended]).update(current=False)
        made = Observation.objects.bulk_create(new for _old, new in fresh)
        Watch.objects.update_or_create(
            probe=key, place=place, defaults={"looked_at": now, "took_ms": took_ms, "fault": ""}
        )
        _alarms(key, ended, made, now)
        if ended or made:
            publish(Recorded(key, place))
    return made


def _is_same(there: Observation, seen: Seen) -> bool:
    return (there.verdict, there.text_zh, there.text_en) == (seen.verdict, seen.zh[:300], seen.en[:300])


def _stretch(key: str, place: str, seen: Seen, now: datetime) -> Observation:
    return Observation(
        probe=key, place=place, subject=seen.subject[:120], verdict=seen.verdict, text_zh=seen.zh[:300],
        text_en=seen.en[:300], figure=seen.figure[:60], since=now, seen_at=now,
    )  # fmt: skip


def _alarms(key: str, ended: list[Observation], made: list[Observation], now: datetime) -> None:
    red = {one.subject: one for one in made if one.verdict == RED}
    for old in ended:
        if old.verdict == RED and old.subject not in red:
            close_todos(kind=ALARM, subject=alarm_key(key, old))
    measure = registry.probe(key).measure
    for one in red.values():
        open_todo(
            kind=ALARM,
            subject=alarm_key(key, one),
            title_zh=f"{measure} {one.place}{' ' if one.place else ''}{in_words(one.subject, True)}：{one.text_zh}",
            title_en=f"{measure} {one.place}{' ' if one.place else ''}{one.subject}: {one.text_en}",
            url=reverse("site:measure", args=[measure]),
            right=HANDLE,
            due_at=now + ANSWER,
        )


def alarm_key(key: str, one: Observation) -> str:
    """Under which subject the to-do of an alarm is found; the tail of a long name tells more than its head."""
    return f"{key}:{f'{one.place}:{one.subject}'[-(79 - len(key)) :]}"


def silent_hosts(now: datetime) -> Iterable[Seen]:
    """Tell for each host that can speak to the application whether its watcher does."""
    from mainstay.continuity.site.queries import declared

    site = declared()
    if site is None:
        return [Seen("site.toml", UNKNOWN, "no site is declared yet", "尚未声明站点")]
    keys = [one for one in registry.probes() if one.look_at is not None]
    heard: dict[str, datetime] = {}
    for watch in Watch.objects.filter(probe__in=[one.key for one in keys]).exclude(place=""):
        heard[watch.place] = max(watch.looked_at, heard.get(watch.place, watch.looked_at))
    found = []
    for host in site.hosts:
        if site.service.zone not in host.zones():
            continue
        at = heard.get(host.name)
        fine = at is not None and now - at <= timedelta(minutes=5)
        text = (
            ("", "")
            if fine
            else (
                "its watcher is silent; look at mainstay-watch there",
                "其监测程序没有消息；请查看该机的 mainstay-watch",
            )
        )
        found.append(Seen(host.name, GREEN if fine else RED if at else UNKNOWN, *text))
    return found
