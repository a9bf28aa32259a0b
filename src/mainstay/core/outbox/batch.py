"""Handing batches to the gateway: a folder it empties. Without one, somebody is asked to carry the file.

A file gets its name only after the database says that it was handed over, so a restart at any moment neither loses a
batch nor hands it over twice.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mainstay.core.access.batch import system_user
from mainstay.core.events.providers import provide
from mainstay.core.evidence.actions import open_file
from mainstay.core.jobs.models import Schedule
from mainstay.core.outbox.actions import CARRY, write_batch
from mainstay.core.outbox.models import Batch
from mainstay.core.outbox.queries import WRITE, waiting
from mainstay.core.todos.actions import open_todo

JOB = "core.outbox.carry"
PART = ".part"
SOON = timedelta(minutes=15)


@provide("install_schedules")
def install_schedule() -> None:
    """Carry messages every minute, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 1, "next_at": timezone.now()})


def carry(now: datetime) -> int:
    """Write what waits and hand it to the gateway, or ask somebody to carry it; returns how many batches left."""
    if not settings.OUTBOX_FOLDER:
        if waiting().exists():
            _ask(now)
        return 0
    if waiting().exists():
        write_batch(by=system_user())
    return hand_over(Path(settings.OUTBOX_FOLDER), now)


def hand_over(folder: Path, now: datetime) -> int:
    """Put every batch that was not handed over yet into a folder, each once; returns how many. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    _finish(folder)
    rows = list(Batch.objects.filter(handed_at=None).select_related("file__file").order_by("pk"))
    for one in rows:
        with transaction.atomic():
            _write(folder / f"{one.number}.csv{PART}", one)
            one.handed_at = now
            one.save(update_fields=["handed_at"])
        _finish(folder)
    return len(rows)


def _write(path: Path, batch: Batch) -> None:
    with open_file(batch.file.file) as source, path.open("wb") as target:
        target.write(source.read())
        target.flush()
        os.fsync(target.fileno())


def _finish(folder: Path) -> None:
    """Give files their names whose batch is on record as handed over; a file left half-way is written anew."""
    for path in sorted(folder.glob(f"*.csv{PART}")):
        number = path.name.removesuffix(f".csv{PART}")
        if Batch.objects.filter(number=number, handed_at__isnull=False).exists():
            path.rename(path.with_name(f"{number}.csv"))


def _ask(now: datetime) -> None:
    open_todo(
        kind=CARRY, subject="outbox", title_zh="有告警短信待发出：请导出并送往短信网关",
        title_en="Text messages wait: write them out and carry them to the gateway",
        url=reverse("outbox:message_list"), right=WRITE, due_at=now + SOON,
    )  # fmt: skip
