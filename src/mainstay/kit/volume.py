"""Gas volumes and meter indexes: integer litres in code, cubic metres with up to three decimals on paper."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

LARGEST_L = 10**13
_VOLUME = re.compile(r"(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?(?:m3|立方米|方)?", re.ASCII | re.IGNORECASE)
_DECIMALS = 3


def parse_m3(text: str, *, negative: bool = False, field: str | None = None) -> int:
    """Litres of a volume in cubic metres as people write it: "1,283", "12.345", "8m³", full-width digits.

    Raises Problem for anything else, for more than three decimals, and below zero unless `negative`.
    """
    clean = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("−", "-")
    match = _VOLUME.fullmatch(clean.strip())
    if not match:
        raise Problem(_("Not a volume: write cubic metres like 1283 or 12.345."), field=field, code="not_volume")
    sign, whole, decimals = match[1], match[2].replace(",", ""), match[3] or ""
    if len(decimals) > _DECIMALS:
        raise Problem(_("A volume has at most three decimals (litres)."), field=field, code="too_precise")
    if len(whole) > len(str(LARGEST_L)) or (litres := int(whole) * 1000 + int(decimals.ljust(3, "0"))) >= LARGEST_L:
        raise Problem(_("This volume is too large: check it for a slip of the hand."), field=field, code="too_large")
    if sign and litres and not negative:
        raise Problem(_("The volume must not be below zero."), field=field, code="below_zero")
    return -litres if sign else litres


def m3(litres: int, *, decimals: int | None = None, thousands: bool = True) -> str:
    """Cubic metres of a volume in litres: 1283000 → "1,283", 12345 → "12.345".

    As few decimals as tell it exactly, or at least `decimals` of them.
    """
    whole, rest = divmod(abs(litres), 1000)
    fraction = f"{rest:03d}".rstrip("0").ljust(decimals or 0, "0")
    text = (f"{whole:,}" if thousands else str(whole)) + (f".{fraction}" if fraction else "")
    return f"-{text}" if litres < 0 else text
