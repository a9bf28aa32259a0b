"""Visits in vain by the sheet."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils import timezone

from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.batch import NewVisit
from mainstay.gas.readings.models import Visit


def write_visits(rows: Sequence[NewVisit], *, period: int, by_id: int) -> int:
    """Keep visits of a sheet; the same row of another sheet is the same visit. Returns how many are new."""
    keys = {_key(row, period): row for row in rows}
    known = set(Visit.objects.filter(pk__in=list(keys)).values_list("pk", flat=True))
    ids = {row.installation_id for row in rows}
    places = {
        pk: (account_id, book_id)
        for pk, account_id, book_id in Installation.objects.filter(pk__in=ids).values_list(
            "pk", "account_id", "account__book_entry__book"
        )
        if book_id is not None
    }
    made = [
        Visit(
            client_key=key, installation_id=row.installation_id, account_id=places[row.installation_id][0],
            book_id=places[row.installation_id][1], period=period, on=row.on, reason=row.reason, note=row.note[:120],
            by_id=by_id, recorded_at=timezone.now(),
        )
        for key, row in keys.items()
        if key not in known and row.installation_id in places
    ]  # fmt: skip
    Visit.objects.bulk_create(made)
    return len(made)


def _key(row: NewVisit, period: int) -> uuid.UUID:
    """One for each meter, period, day and reason, whoever sends it how often."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"mainstay.visit:{row.installation_id}:{period}:{row.on}:{row.reason}")
