"""Verbs for people who work on the product; they need a checkout, not only an installed package."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from mainstay.commands.words import _, say

ROOT = Path(__file__).resolve().parents[3]


def test(argv: list[str]) -> int:
    """Run the quality gates of the checkout."""
    if not (ROOT / "tools" / "gates").is_dir():
        say(_("The tests are in the source checkout: clone it and run ./mainstay test there."), error=True)
        return 2
    sys.path.insert(0, str(ROOT))
    code: int = import_module("tools.gates.main").main(argv)
    return code
