"""Numbers of indicators: whole 1/10000 of the unit (`_e4`), shares in basis points (`_bp`), points in 1/100 (`_e2`)."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

E4 = 10_000
FULL_BP = 10_000
_LARGEST = 10**14
_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?%?", re.ASCII)


def parse_number(text: str, *, decimals: int = 4, field: str | None = None) -> int:
    """Scaled whole number of a number as people write it: "96.5" → 965000 (1/10000), "12.5 %" with decimals=2 → 1250.

    Raises Problem for what is no number, for more decimals than the scale has, and beyond 14 digits.
    """
    clean = unicodedata.normalize("NFKC", str(text)).replace("−", "-").replace(" ", "")
    match = _NUMBER.fullmatch(clean)
    if not match:
        raise Problem(_("Not a number: write it like 96.5."), field=field, code="not_number")
    rest = (match[3] or "").rstrip("0")
    if len(rest) > decimals:
        text = _("At most %(count)s decimals.") % {"count": decimals}
        raise Problem(text, field=field, code="too_precise")
    value = int(match[2].replace(",", "") + rest.ljust(decimals, "0"))
    if value >= _LARGEST:
        raise Problem(_("This number is too large: check it for a slip of the hand."), field=field, code="too_large")
    return -value if match[1] == "-" else value


def number_text(value: int | None, *, decimals: int = 4) -> str:
    """A scaled whole number as people read it: 965000 → "96.5", 1234500000 → "123,450"; "–" for none."""
    if value is None:
        return "–"
    whole, rest = divmod(abs(value), 10**decimals)
    tail = f"{rest:0{decimals}d}".rstrip("0") if rest else ""
    return f"{'-' if value < 0 else ''}{whole:,}{'.' if tail else ''}{tail}"


def bp_text(value: int | None) -> str:
    """Basis points as per cent: 1250 → "12.5 %"."""
    return "–" if value is None else f"{number_text(value, decimals=2)} %"


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    size = abs(value)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if value >= 0 else -whole
