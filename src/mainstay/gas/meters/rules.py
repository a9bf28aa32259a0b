"""What makes a meter number, a dial and a day good enough to be written down. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[0-9A-Z-]{4,24}", re.ASCII)


def tidy_number(text: str) -> str:
    """A meter number as it is stored: capitals, no spaces. "" when it is none (4 to 24 letters, digits, hyphens)."""
    if _NUMBER.fullmatch(text):
        return text
    number = "".join(text.split()).upper()
    return number if _NUMBER.fullmatch(number) else ""
