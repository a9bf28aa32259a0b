"""The commands page names every verb and every subject."""

from __future__ import annotations

from mainstay.cli import VERBS
from mainstay.commands.group import subjects
from tools.reference import PAGE


def test_the_page_is_complete() -> None:
    wanted = {f"## {verb.name}" for verb in VERBS}
    wanted |= {f"### {group} {name}" for group in ("bench", "drill") for name in subjects(f"mainstay.{group}")}
    written = {line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("##")}
    assert written == wanted, "write it again: PYTHONPATH=src python -m tools.reference"
