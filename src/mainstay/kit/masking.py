"""Personal data as shown by default: enough to recognise, not enough to use. Masking twice changes nothing."""

from __future__ import annotations

import re

_ROOM = re.compile(r"([0-9A-Za-z一二三四五六七八九十*-]+)(室|号|房|户)?$")
_HIDDEN = "***"


def phone(number: str) -> str:
    """138****5678; shorter numbers keep their last four digits, very short ones nothing."""
    return _keep(number, 3, 4) if len(number) >= 11 else _keep(number, 0, 4)  # noqa: PLR2004


def id_card(number: str) -> str:
    """110***********1234: neither birthday nor district."""
    return _keep(number, 3, 4) if len(number) >= 15 else _keep(number, 1, 1)  # noqa: PLR2004


def bank_card(number: str) -> str:
    """Only the last four digits."""
    return _keep(number, 0, 4)


def name(full: str) -> str:
    """张三 → 张*; the surname's first character stays."""
    full = full.strip()
    return full[:1] + re.sub(r"\S", "*", full[1:]) if len(full) > 1 else "*" * len(full)


def address(text: str) -> str:
    """阳光小区3号楼2单元501室 → 阳光小区3号楼2单元***室: the room is hidden.

    Without a recognisable room the last quarter is hidden.
    """
    if _HIDDEN in text:
        return text
    if match := _ROOM.search(text):
        return f"{text[: match.start()]}{_HIDDEN}{match[2] or ''}"
    return text[: -max(1, len(text) // 4)] + _HIDDEN if text else ""


def _keep(text: str, head: int, tail: int) -> str:
    """The first `head` and last `tail` characters; of a short text only the last third."""
    if len(text) - head - tail < 3:  # noqa: PLR2004
        head, tail = 0, min(tail, len(text) // 3)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]
