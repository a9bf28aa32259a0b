"""Reports of clients, by set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from mainstay.continuity.antivirus.models import Client
from mainstay.continuity.antivirus.queries import clients
from mainstay.continuity.site.batch import record


def write_clients(rows: Sequence[dict[str, Any]], now: datetime) -> int:
    """Write what clients say (name, engine, signatures_on) and judge them at once; returns how many are new."""
    known = {one.name: one for one in Client.objects.filter(name__in=[row["name"] for row in rows])}
    fresh: list[Client] = []
    for row in rows:
        one = known.get(row["name"]) or Client(name=row["name"])
        one.engine, one.reported_at = row["engine"], now
        day = row["signatures_on"]
        one.signatures_at = timezone.make_aware(datetime.combine(day, time())) if day else None
        if one.pk is None:
            fresh.append(one)
    Client.objects.bulk_update(known.values(), ["engine", "signatures_at", "reported_at"])
    Client.objects.bulk_create(fresh)
    record("antivirus.clients", "", clients(now), now)
    return len(fresh)
