"""Sealing the audit log, and finding out whether anybody has been at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from mainstay.core.audit import rules
from mainstay.core.audit.models import Entry, Seal
from mainstay.core.events.providers import provide
from mainstay.core.jobs.models import Schedule
from mainstay.kit.sqlkit import lock

ROWS_PER_SEAL = 10_000
CHUNK = 2_000
FILE = "seals.jsonl"
JOB = "audit.seal"


@dataclass(frozen=True)
class Tampering:
    """Something that is not as it was sealed. `kind`: changed, missing, inserted, seal, chain, export."""

    kind: str
    row_id: int | None = None
    seal_id: int | None = None


def install_schedule() -> None:
    """Let the log be sealed every hour, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 60, "next_at": timezone.now()})


@provide("sealed_tables")
def sealed_tables() -> list[str]:
    """Tables whose rows never change, by which a restored copy is compared."""
    return [Entry._meta.db_table]


def seal_audit() -> list[Seal]:
    """Seal every row written so far, 10,000 to a seal; returns the new seals. Killed half-way, it goes on next time."""
    last_id = _last_settled_id()
    made: list[Seal] = []
    while True:
        with transaction.atomic():
            lock("audit_seal", 0)
            seal = _seal_next(last_id)
        if seal is None:
            return made
        made.append(seal)


def _last_settled_id() -> int:
    """Return the highest id below which no row can still appear.

    PostgreSQL hands out ids before the rows are committed. Waiting for a SHARE lock waits for every writer, so once it
    is granted no lower id is on its way; it is given back at once. SQLite has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                cursor.execute("LOCK TABLE audit_entry IN SHARE MODE")
        return Entry.objects.aggregate(last=Max("id"))["last"] or 0


def _seal_next(last_id: int) -> Seal | None:
    before = Seal.objects.order_by("-id").values("last_id", "chain").first()
    first_id = before["last_id"] + 1 if before else 1
    ids = Entry.objects.filter(id__gte=first_id, id__lte=last_id).order_by("id").values_list("id", flat=True)
    end = next(iter(ids[ROWS_PER_SEAL - 1 : ROWS_PER_SEAL]), None) or (last_id if ids[:1] else None)
    if end is None:
        return None
    batch = rules.Batch()
    for row in _rows(first_id, end):
        batch.add(row)
    fact = batch.seal(first_id, end, before["chain"] if before else rules.BEGINNING)
    return Seal.objects.create(**asdict(fact), marks=batch.marks, sealed_at=timezone.now())


def _rows(first_id: int, last_id: int) -> Iterator[dict[str, Any]]:
    rows = Entry.objects.filter(id__gte=first_id, id__lte=last_id).order_by("id").values(*rules.COLUMNS)
    yield from rows.iterator(chunk_size=CHUNK)


def find_tampering(exported: list[rules.SealFact] | None = None) -> Iterator[Tampering]:
    """Recompute everything: chain, seals, rows; compare with exported seals when given. Reads each row once."""
    seals = list(Seal.objects.order_by("id").defer("marks"))
    facts = {seal.pk: _fact(seal) for seal in seals}
    broken = list(rules.broken_links(facts.values()))
    for seal in seals:
        if facts[seal.pk] in broken:
            yield Tampering("chain", seal_id=seal.pk)
        yield from _compare_rows(seal)
    for row_id in Entry.objects.filter(id__lt=1).values_list("id", flat=True):
        yield Tampering("inserted", row_id=row_id)
    stored = {fact.last_id: fact for fact in facts.values()}
    for fact in exported or ():
        if stored.get(fact.last_id) != fact:
            yield Tampering("export", row_id=fact.last_id)


def _compare_rows(seal: Seal) -> Iterator[Tampering]:
    sealed = dict(rules.read_marks(bytes(seal.marks or b"")))
    batch, touched = rules.Batch(), 0
    for row in _rows(seal.first_id, seal.last_id):
        mark = batch.add(row)
        expected = sealed.pop(row["id"], None)
        if expected != mark:
            touched += 1
            yield Tampering("changed" if expected else "inserted", row["id"], seal.pk)
    for row_id in sealed:
        yield Tampering("missing", row_id, seal.pk)
    if (batch.digest, batch.rows) != (seal.digest, seal.rows) and not touched and not sealed:
        yield Tampering("seal", seal_id=seal.pk)


def _fact(seal: Seal) -> rules.SealFact:
    return rules.SealFact(seal.first_id, seal.last_id, seal.rows, seal.digest, seal.chain)


def export_seals(folder: Path) -> Path:
    """Write all seals, one JSON object a line, to `folder`/seals.jsonl; keep the file away from this machine."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8") as file:
        for seal in Seal.objects.order_by("id").defer("marks").iterator():
            file.write(json.dumps(asdict(_fact(seal)), sort_keys=True) + "\n")
    partial.replace(path)
    return path


def read_export(path: Path) -> list[rules.SealFact]:
    """Read a file of `export_seals`. Raises ValueError for anything else."""
    try:
        return [rules.SealFact(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]
    except (TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path.name} is no file of exported seals") from error
