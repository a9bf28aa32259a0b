"""Numbers on the command line: those that make no sense are refused before anything begins."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from mainstay.commands.words import _

MOST = 100_000_000


def whole(least: int = 1, most: int = MOST) -> Callable[[str], int]:
    """Return what reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            words = _("{text} is no whole number from {least} to {most}")
            raise argparse.ArgumentTypeError(words.format(text=text[:20], least=f"{least:,}", most=f"{most:,}"))
        return number

    return read
