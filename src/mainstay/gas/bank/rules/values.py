"""How a value of a message is written in a layout, and read back. A layout names one of these for each field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mainstay.gas.bank.rules.messages import BadFrame

CHARSETS = {"ascii": "ascii", "gbk": "gb18030", "utf-8": "utf-8"}
"""GBK is read and written as GB 18030, which contains it and has every character."""
_CENT = 100
CENT_DIGITS = 2
"""Decimals of an amount in yuan."""


@dataclass(frozen=True, slots=True)
class Way:
    """`write` turns a value that is there into text, `read` text that is not empty into the value."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _digits(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise BadFrame("a number has other characters than digits")
    return int(text)


def _day(text: str) -> dt.date:
    _digits(text)
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else _no_day()  # noqa: PLR2004
    except ValueError:
        return _no_day()


def _no_day() -> dt.date:
    raise BadFrame("a date is no date")


def _yuan(fen: int) -> str:
    return f"{fen // _CENT}.{fen % _CENT:02d}"


def _fen(text: str) -> int:
    whole, dot, cents = text.partition(".")
    if not dot or len(cents) != CENT_DIGITS:
        raise BadFrame("an amount in yuan has two decimals")
    return _digits(whole) * _CENT + _digits(cents)


def _text(text: str) -> str:
    return text


WAYS = {
    "text": Way(_text, _text),
    "number": Way(str, _digits),
    "fen": Way(str, _digits),
    "yuan": Way(_yuan, _fen),
    "day": Way(lambda day: day.strftime("%Y%m%d"), _day),
}
"""Amounts are fen or yuan as the layout says for each field: the two are never guessed."""
USUAL = {"business_on": "day", "amount_fen": "fen", "count": "number"}
"""The way of a field for which the layout names none; every other field is text."""


def way_of(name: str, given: str | None = None) -> Way:
    """Return the way of a field. KeyError for one that does not exist."""
    return WAYS[given or USUAL.get(name, "text")]
