"""Writes docs/reference/commands.md from the verbs' own help: `PYTHONPATH=src python -m tools.reference`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from mainstay.cli import VERBS
from mainstay.commands.group import subjects

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "commands.md"
HEAD = """# Commands

`./mainstay VERB …` in a checkout, `mainstay VERB …` where it is installed. Every verb answers `--help`.

Exit codes: 0 done and well; 1 done, and something was found or failed; 2 called wrongly. `check`, `bench` and `drill`
take `--json` and then print one JSON object as their last line. A misspelt `MAINSTAY_*` setting is refused.
"""


def main() -> None:
    """Write the page."""
    parts = [HEAD]
    for verb in VERBS:
        if verb.name != "manage":
            parts.append(_section([verb.name], verb.summary))
        else:
            parts.append(f"## manage\n\n{verb.summary}: `mainstay manage help` lists them.\n")
        if verb.name in {"bench", "drill"}:
            parts += [_section([verb.name, name], text) for name, text in subjects(f"mainstay.{verb.name}").items()]
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _section(words: list[str], summary: str) -> str:
    """Return one verb's heading and what it says of itself, in English and without colours."""
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-P", "-m", "mainstay", *words, "--help"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} --help ended with {done.returncode}:\n{done.stderr}")
    level = "#" * (1 + len(words))
    return f"{level} {' '.join(words)}\n\n{summary}.\n\n```text\n{done.stdout.strip()}\n```\n"


if __name__ == "__main__":
    main()
