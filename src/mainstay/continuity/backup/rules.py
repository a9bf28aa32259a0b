"""Which copies there are, which one serves a moment, which are kept, when a proof is too old. No clock, no files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

BACKUP_LATE = dt.timedelta(hours=26)  # a nightly copy that is two hours overdue
DRILL_LATE = dt.timedelta(hours=50)  # a nightly drill that was left out once and is overdue again
SOFTWARE_LATE = dt.timedelta(days=8)
KEEP_ALL, KEEP_DAYS, KEEP_MONTHS = dt.timedelta(hours=48), 35, 24


class Kind(StrEnum):
    """What was proven."""

    BACKUP = "backup"
    FILES = "files"  # uploaded files and keys beside a PostgreSQL, whose data pgBackRest copies
    SOFTWARE = "software"
    VERIFY = "verify"
    DRILL = "drill"


class Verdict(StrEnum):
    """How a measure stands."""

    FINE = "fine"
    LATE = "late"
    FAILED = "failed"
    NEVER = "never"


MOST = {
    Kind.BACKUP: BACKUP_LATE,
    Kind.FILES: BACKUP_LATE,
    Kind.SOFTWARE: SOFTWARE_LATE,
    Kind.VERIFY: DRILL_LATE,
    Kind.DRILL: DRILL_LATE,
}


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the data in a repository. `at` is the state it holds; bytes as read, before packing."""

    label: str
    at: dt.datetime
    kind: str
    size: int
    repository: str


def choose(copies: Iterable[Copy], moment: dt.datetime | None) -> Copy | None:
    """The newest copy that holds nothing after a moment; None: the newest of all. None when there is no such copy."""
    usable = [one for one in copies if moment is None or one.at <= moment]
    return max(usable, key=lambda one: (one.at, one.label), default=None)


def dropped(copies: Sequence[Copy], now: dt.datetime) -> set[str]:
    """Labels of copies that need not be kept: all of two days stay, then the last of each day, then of each month."""
    kept: dict[tuple[object, ...], str] = {}
    for one in sorted(copies, key=lambda copy: (copy.at, copy.label)):
        age = now - one.at
        if age <= KEEP_ALL:
            kept[("each", one.label)] = one.label
        elif age.days <= KEEP_DAYS:
            kept[("day", one.at.date())] = one.label
        elif age.days <= KEEP_MONTHS * 31:
            kept[("month", one.at.year, one.at.month)] = one.label
    newest = max(copies, key=lambda copy: (copy.at, copy.label), default=None)
    staying = set(kept.values()) | ({newest.label} if newest else set())
    return {one.label for one in copies} - staying


def verdict(kind: Kind, at: dt.datetime | None, *, fine: bool, now: dt.datetime) -> Verdict:
    """Judge the last proof of a kind by its result and its age."""
    if at is None:
        return Verdict.NEVER
    if not fine:
        return Verdict.FAILED
    return Verdict.LATE if now - at > MOST[kind] else Verdict.FINE


# ------------------------------------------------------------------------------------------------ pgBackRest's words

GOOD_STATUS = re.compile(r"^\s*(?:stanza: \S+|status: ok|.*\bwal start\b.*)?\s*$")
COUNTS = re.compile(r"(missing|checksum invalid|size invalid|other): (\d+)")


def damage_in(said: str) -> list[str]:
    """What `pgbackrest verify --output=text --verbose` found; [] when all is whole.

    Its exit code is 0 on damage too, so the text alone counts: a status of error, or any count that is not nought. A
    text without a single "status: ok" proves nothing and is damage itself.
    """
    lines = [line.strip() for line in said.splitlines()]
    found = [line for line in lines if line.startswith("status: error") or "ERROR:" in line]
    for line in lines:
        if any(int(count) for _word, count in COUNTS.findall(line)):
            found.append(line)
    if not found and not any(line.startswith("status: ok") for line in lines):
        found.append("no status")
    return found


def copies_in(info: Sequence[Mapping[str, Any]], repository: str, key: int) -> list[Copy]:
    """The copies of one repository (pgBackRest's number `key`) in what `pgbackrest info --output=json` tells."""
    found = []
    for stanza in info:
        for one in stanza.get("backup", []):
            if one.get("database", {}).get("repo-key") == key and not one.get("error"):
                at = dt.datetime.fromtimestamp(one["timestamp"]["stop"], dt.UTC)
                size = int(one.get("info", {}).get("size", 0))
                found.append(Copy(str(one["label"]), at, str(one["type"]), size, repository))
    return found


def newest_wal(info: Sequence[Mapping[str, Any]], key: int) -> str:
    """The last segment of the journal that a repository holds; "" when it holds none."""
    found = [
        str(one["max"])
        for stanza in info
        for one in stanza.get("archive", [])
        if one.get("database", {}).get("repo-key") == key and one.get("max")
    ]
    return max(found, default="")


# ------------------------------------------------------------------------------------------------ what a proof says


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: a word of `FINDINGS` and what it is about."""

    word: str
    about: str = ""


FINDINGS = (
    "rows", "ledger", "seals", "structure", "damage", "no-copy", "no-journal", "not-recovered", "program", "busy",
    "no-space",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished backup, verification or drill. `moment`: the state concerned; sizes in bytes, times in seconds."""

    kind: Kind
    repository: str
    offsite: bool
    began_at: dt.datetime
    seconds: float
    label: str = ""
    moment: dt.datetime | None = None
    size: int = 0
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def fine(self) -> bool:
        """Whether nothing was wrong."""
        return not self.findings
