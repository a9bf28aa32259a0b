"""Columns of a sheet that is read: their titles, and what a cell may hold."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.kit.dates import parse_date, parse_period
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan
from mainstay.kit.volume import parse_m3

Parser = Callable[[Any], Any]
# Excel keeps 15 digits of a number; what a longer one ended with is lost.
EXACT = 10**15
SURE = 10**9
SHORT = 10  # digits of a number that is in range whatever they are
LONGEST_TEXT = 2_000
_WHOLE = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0*)?", re.ASCII)


class NoValue(str):
    """A cell of a workbook that has no value: the name of its error, or "=" for a formula whose result is not there."""

    __slots__ = ()

    def problem(self) -> Problem:
        """What to do about it."""
        if self == "=":
            text = _(
                "The result of this formula was not saved: open the sheet in Excel or WPS, save it, upload it again."
            )
            return Problem(text, code="no_result")
        return Problem(
            _("This cell holds the error %(error)s: correct it in the sheet.") % {"error": self}, code="error"
        )


class Kind(StrEnum):
    """What the cells of a column hold, and what they become."""

    TEXT = "text"
    INT = "int"
    MONEY = "money_fen"
    VOLUME = "volume_l"
    DATE = "date"
    PERIOD = "period"
    CHOICE = "choice"


UNITS: dict[str, int] = {Kind.INT: 1, Kind.MONEY: 100, Kind.VOLUME: 1000}
"""Our whole units in what people write, of the kinds that are numbers."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column looked for by its titles, in any order and either language.

    `choices` gives for kind CHOICE the words that may stand in a cell (both languages, any number of synonyms) and the
    value each stands for. `blank` lets cells of a column that must be there be empty. `negative` lets money, volumes
    and whole numbers be below zero. `parse` replaces the kind's own reading: it gets the raw cell and raises Problem.
    """

    key: str
    zh: str
    en: str
    kind: Kind | str = Kind.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = True
    blank: bool = False
    negative: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    parse: Parser | None = None
    example: str = ""

    @property
    def title(self) -> str:
        """Title in the language of the moment."""
        return self.zh if (get_language() or "").startswith("zh") else self.en

    @property
    def names(self) -> set[str]:
        """All titles as `plain_title` leaves them."""
        return {plain_title(name) for name in (self.key, self.zh, self.en, *self.aliases)}

    def parser(self) -> Parser:
        """Function from a cell that is not empty to its value; raises Problem."""
        negative = self.negative
        by_kind: dict[str, Parser] = {
            Kind.TEXT: text_of,
            Kind.INT: lambda cell: _whole(cell, negative),
            Kind.MONEY: lambda cell: _scaled(cell, UNITS[Kind.MONEY], parse_yuan, negative),
            Kind.VOLUME: lambda cell: _scaled(cell, UNITS[Kind.VOLUME], parse_m3, negative),
            Kind.DATE: _date,
            Kind.PERIOD: _period,
            Kind.CHOICE: _chooser(self.choices),
        }
        return self.parse or by_kind[self.kind]


def plain_title(title: str) -> str:
    """A title without what people add to it: spaces, case, asterisks, units in brackets, colons."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"\(.*?\)|\[.*?\]|[\s*:_.]", "", plain)


def text_of(cell: Any) -> str:
    """Text of a cell. A number typed into a text column (an account number) comes out as it is shown."""
    if isinstance(cell, str):
        text = cell.strip()
        if len(text) > LONGEST_TEXT:
            raise Problem(_("This text is too long: at most 2,000 characters."), code="too_long")
        # The mark that exports put before such texts so that no program takes them for formulas.
        return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(cell)
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)


def _number_text(number: float) -> str:
    if abs(number) >= EXACT:
        raise Problem(
            _("Excel has dropped digits of this long number: format the column as text and enter it again."),
            code="digits_lost",
        )
    if isinstance(number, int) or number.is_integer():
        return str(int(number))
    # 15 digits are what Excel keeps and shows; further ones are noise of binary fractions (0.1 + 0.2).
    return f"{number:.15g}"


def _scaled(cell: Any, units: int, parse: Callable[..., int], negative: bool) -> int:
    """Whole units (fen, litres) of a cell.

    A number of the sheet that is the very float nearest to a whole count of units is taken as that count, without
    the way through text; any other goes through text, which tells what is wrong with it.
    """
    if cell.__class__ is str and len(cell) < SHORT and cell.isascii() and cell.isdigit():
        return int(cell) * units
    if isinstance(cell, float) and 0 <= cell < SURE:
        count = round(cell * units)
        if count / units == cell:
            return count
    return parse(text_of(cell), negative=negative)


def _whole(cell: Any, negative: bool) -> int:
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not _WHOLE.fullmatch(text) or len(text) > 18:  # noqa: PLR2004  # the width of a bigint
        raise Problem(_("Not a whole number: write it like 12."), code="not_whole")
    number = int(text.partition(".")[0].replace(",", ""))
    if number < 0 and not negative:
        raise Problem(_("The number must not be below zero."), code="below_zero")
    return number


def _date(cell: Any) -> dt.date:
    return _date_of_text(cell) if isinstance(cell, str) else parse_date(_numeric_or_date(cell))


@lru_cache(maxsize=4096)
def _date_of_text(text: str) -> dt.date:
    return parse_date(text)


def _numeric_or_date(cell: Any) -> Any:
    return cell if isinstance(cell, int | float | dt.date) and not isinstance(cell, bool) else str(cell)


def _period(cell: Any) -> int:
    if isinstance(cell, dt.date):
        return cell.year * 100 + cell.month
    return parse_period(text_of(cell))


def _chooser(choices: Mapping[str, Any]) -> Parser:
    known = {plain_title(word): value for word, value in choices.items()}
    words = ", ".join(choices)

    def choose(cell: Any) -> Any:
        word = plain_title(text_of(cell))
        if word not in known:
            raise Problem(_("Not one of: %(words)s.") % {"words": words}, code="not_a_choice")
        return known[word]

    return choose
