"""Each minute: sample the supplies, walk the policy's steps that are the application's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mainstay.continuity.power import nut
from mainstay.continuity.power.models import Outage, Sample
from mainstay.continuity.power.queries import look
from mainstay.continuity.power.queries_address import address
from mainstay.continuity.power.rules import Move, State, Walk, advance, worst_of
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.queries import HANDLE, declared
from mainstay.continuity.site.rules.declaration import PowerStep
from mainstay.core.access.batch import system_user
from mainstay.core.events.providers import answers, provide
from mainstay.core.jobs.actions import set_schedule
from mainstay.core.jobs.models import Schedule
from mainstay.core.jobs.registry import kinds
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.sqlkit import lock

log = structlog.get_logger(__name__)
JOB = "continuity.power.sample"
NOTIFY, REPORTS, BACKUP = "notify", "stop-reports", "extra-backup"
OURS = (NOTIFY, REPORTS, BACKUP)  # the others stop the application itself: the hosts' watchers take them
NEEDED = ("continuity.", "todos.", "audit.")  # kinds of jobs that go on while on battery
KEPT = timedelta(days=90)
ALARM = "on_battery"


@provide("install_schedules")
def install_schedule() -> None:
    """Let the supplies be sampled every minute, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 1, "next_at": timezone.now()})


def take_samples(now: datetime) -> int:
    """Ask every supply once, keep what it says, walk the policy; returns how many answered."""
    site = declared()
    if site is None or not site.ups:
        return 0
    states = {one.name: nut.state(address(site, one), one.name) for one in site.ups}
    with transaction.atomic():
        lock("power.walk", 0)
        Sample.objects.bulk_create(
            [_sample(name, state, now) for name, state in states.items() if state.status], ignore_conflicts=True
        )
        policy = [step for step in site.power if step.do in OURS]
        walk_policy(policy, worst_of(states.values()), now)
        _forget(now)
    record("power.supply", "", look(now), now)
    return sum(bool(one.status) for one in states.values())


def _sample(name: str, state: State, now: datetime) -> Sample:
    return Sample(
        ups=name, at=now.replace(second=0, microsecond=0), status=" ".join(state.status)[:40], charge=state.charge,
        load=state.load, runtime_s=state.runtime_s,
    )  # fmt: skip


def _forget(now: datetime) -> None:
    """Drop what is old, but minutes on battery: they are the curve of a test or an outage."""
    if now.minute == 0:
        Sample.objects.filter(at__lt=now - KEPT, status__startswith="OL").delete()


def walk_policy(policy: list[PowerStep], state: State, now: datetime) -> list[str]:
    """Take the steps that are due, each once and in order, or resume; returns what was done."""
    outage = Outage.objects.filter(open=True).first()
    if outage is None and not (state.on_battery or state.low):
        return []
    outage = outage or Outage.objects.create(began_at=now)
    walk, told = Walk.from_dict(outage.walk), []
    for move, at in advance(walk, policy, state, round(now.timestamp())):
        do, done = policy[at].do, RESUME if move == Move.RESUME else TAKE
        outcome = done[do](outage, state)
        told.append(f"{move} {do}")
        outage.steps = [*outage.steps, {"at": now.isoformat(), "move": str(move), "do": do, "outcome": outcome}]
        log.warning("power policy", move=str(move), step=do, outcome=outcome)
    outage.walk = walk.as_dict()
    if state.runtime_s is not None and state.on_battery:
        outage.lowest_s = min(state.runtime_s, outage.lowest_s if outage.lowest_s is not None else state.runtime_s)
    if state.status and not state.on_battery and not state.low:
        outage.open, outage.ended_at = False, now
    outage.save()
    return told


def _notify(outage: Outage, state: State) -> str:
    left = "?" if state.runtime_s is None else str(state.runtime_s // 60)
    open_todo(
        kind=ALARM,
        subject=f"power.outage:{outage.pk}",
        title_zh=f"市电中断，电池可支撑约 {left} 分钟",
        title_en=f"Mains failed; the battery lasts about {left} minutes",
        url=reverse("power:state"),
        right=HANDLE,
        due_at=timezone.now() + timedelta(minutes=10),
    )
    return ""


def _close(outage: Outage, state: State) -> str:
    close_todos(kind=ALARM, subject=f"power.outage:{outage.pk}")
    return ""


def _stop_reports(outage: Outage, state: State) -> str:
    """Let no background job start by itself but those that safety needs; returns which were switched off."""
    stopped, known = [], {one.kind for one in kinds()}
    for one in Schedule.objects.filter(active=True, kind__in=known).order_by("kind"):
        if not one.kind.startswith(NEEDED):
            set_schedule(kind=one.kind, every_minutes=one.every_minutes, active=False, by=system_user())
            stopped.append(one.kind)
    return " ".join(stopped)


def _resume_reports(outage: Outage, state: State) -> str:
    """Switch on again what this outage switched off, and nothing that a person had switched off before."""
    stopped = next((one["outcome"] for one in reversed(outage.steps) if one["do"] == REPORTS), "")
    for kind in stopped.split():
        if found := Schedule.objects.filter(kind=kind).first():
            set_schedule(kind=kind, every_minutes=found.every_minutes, active=True, by=system_user())
    return stopped


def _backup(outage: Outage, state: State) -> str:
    """Ask whoever makes backups for one more."""
    found = answers("extra_backup", reason=f"power.outage:{outage.pk}")
    return " ".join(str(one) for one in found) or "nobody makes backups here"


def _nothing(outage: Outage, state: State) -> str:
    return ""


Act = Callable[[Outage, State], str]
TAKE: dict[str, Act] = {NOTIFY: _notify, REPORTS: _stop_reports, BACKUP: _backup}
RESUME: dict[str, Act] = {NOTIFY: _close, REPORTS: _resume_reports, BACKUP: _nothing}
