"""How old signatures may be; what makes a carried package good. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen

OLD, TOO_OLD = timedelta(days=3), timedelta(days=7)
FORMAT = "mainstay-carried-1"
MANIFEST, SEAL = "MANIFEST.json", "MANIFEST.sig"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
KINDS = ("signatures", "release", "packages")


class Refused(Exception):
    """A carried package that is not taken: a word for programs, the reason in both languages."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.en, self.zh = code, en, zh

    def told(self, language: str) -> str:
        """The reason in a language."""
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself: kind, number in the row, when and by whom made, size and hash of each file."""

    kind: str
    sequence: int
    made_at: str
    made_by: str
    files: Mapping[str, tuple[int, str]]

    def text(self) -> bytes:
        """As it is signed."""
        facts = {
            "format": FORMAT, "kind": self.kind, "sequence": self.sequence, "made_at": self.made_at,
            "made_by": self.made_by,
            "files": [{"name": name, "size": size, "sha256": sha} for name, (size, sha) in sorted(self.files.items())],
        }  # fmt: skip
        return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def manifest_from(text: bytes) -> Manifest:
    """Read a manifest whose signature was verified. Raises Refused for one this version does not understand."""
    try:
        facts: dict[str, Any] = json.loads(text)
        files = {str(one["name"]): (int(one["size"]), str(one["sha256"])) for one in facts["files"]}
        found = Manifest(facts["kind"], int(facts["sequence"]), facts["made_at"], facts["made_by"], files)
        good = facts["format"] == FORMAT and found.kind in KINDS and all(NAME.fullmatch(name) for name in files)
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise Refused(
            "format", "its manifest is of another format; update the product first", "清单格式不符；请先升级本系统"
        )
    return found


def check_sequence(manifest: Manifest, last: int) -> None:
    """A package must be newer than the last one taken. Raises Refused."""
    if manifest.sequence <= last:
        raise Refused(
            "sequence",
            f"it is number {manifest.sequence}, but number {last} was taken already; carry a newer one",
            f"序号为 {manifest.sequence}，而 {last} 号已导入；请携带更新的数据包",
        )


def judge_age(name: str, signatures_at: datetime | None, now: datetime) -> Seen:
    """A client by the age of its signatures: over seven days (or none at all) red, over three amber."""
    if signatures_at is None:
        return Seen(name, RED, "has no virus signatures", "没有病毒库")
    age = now - signatures_at
    figure = f"{signatures_at:%Y-%m-%d}"
    if age > TOO_OLD:
        return Seen(
            name,
            RED,
            "signatures older than seven days; carry an update in",
            "病毒库超过七天；请携带升级包导入",
            figure,
        )
    if age > OLD:
        return Seen(name, AMBER, "signatures older than three days", "病毒库超过三天", figure)
    return Seen(name, GREEN, figure=figure)
