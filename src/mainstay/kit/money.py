"""Money: integer fen, nothing else. Text in, text out, shares and taxes without a lost fen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

LARGEST_FEN = 10**15
_AMOUNT = re.compile(r"(-?)¥?(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?元?", re.ASCII)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")


def parse_yuan(text: str, *, negative: bool = False, field: str | None = None) -> int:
    """Fen of an amount in yuan as people write it: "1,234.50", "¥12", full-width digits, "12元".

    Raises Problem for anything else, for more than two decimals, and for amounts below zero unless `negative`.
    """
    clean = text if text.isascii() else unicodedata.normalize("NFKC", text).replace("−", "-")
    match = _AMOUNT.fullmatch(clean.strip())
    if not match or (match[1] and match[2]):
        raise Problem(_("Not an amount of money: write it like 1234.50."), field=field, code="not_money")
    sign, whole, decimals = match[1] or match[2], match[3].replace(",", ""), match[4] or ""
    if len(decimals) > 2:  # noqa: PLR2004  # fen are the smallest coin
        raise Problem(_("An amount has at most two decimals (fen)."), field=field, code="too_precise")
    if len(whole) > len(str(LARGEST_FEN)) or (fen := int(whole) * 100 + int(decimals.ljust(2, "0"))) >= LARGEST_FEN:
        raise Problem(_("This amount is too large: check it for a slip of the hand."), field=field, code="too_large")
    if sign and fen and not negative:
        raise Problem(_("The amount must not be below zero."), field=field, code="below_zero")
    return -fen if sign else fen


def yuan(fen: int, *, thousands: bool = True) -> str:
    """Amount in yuan with two decimals: 123450 → "1,234.50"."""
    whole, cents = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{cents:02d}" if thousands else f"{sign}{whole}.{cents:02d}"


def half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator rounded to a whole number, halves away from zero; denominator > 0."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def tax_part(gross_fen: int, rate_bp: int) -> int:
    """The tax contained in a gross amount, in fen, at a rate in basis points (9 % = 900)."""
    return half_up(gross_fen * rate_bp, 10_000 + rate_bp)


def share(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Cut `total_fen` in proportion to `weights` (whole numbers ≥ 0, not all 0): the parts sum exactly to the total.

    Each part is rounded down; the fen left over go one each to the largest remainders, earlier parts first.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Shares need weights of at least 0 that are not all 0.")
    size = abs(total_fen)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda index: -(size * weights[index] % whole))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return parts if total_fen >= 0 else [-part for part in parts]


def capitals(fen: int, *, prefix: bool = True) -> str:
    """人民币大写 of an amount, after 《正确填写票据和结算凭证的基本规定》 (annex to the payment and settlement rules).

    Where the rules leave a choice, one is made throughout: a zero yuan place before a jiao is read and a zero
    ten-thousand place before a thousand is not (壹拾万柒仟元零伍角叁分); 整 ends amounts in whole yuan only.
    """
    whole, cents = divmod(abs(fen), 100)
    jiao, rest = divmod(cents, 10)
    text = f"{_number(whole)}元" if whole else ""
    if not cents:
        text = f"{text or '零元'}整"
    elif whole and (not jiao or whole % 10 == 0):
        text += "零"
    text += f"{_DIGITS[jiao]}角" if jiao else ""
    text += f"{_DIGITS[rest]}分" if rest else ""
    return ("人民币" if prefix else "") + ("负" if fen < 0 else "") + text


def _number(value: int) -> str:
    """Capitals of a whole number above 0."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            high, low = divmod(value, size)
            gap = "零" if 0 < low < size // 10 else ""
            return f"{_number(high)}{unit}{gap}{_number(low) if low else ''}"
    digits = f"{value:04d}"
    text = "".join(_DIGITS[int(d)] + place if d != "0" else "零" for d, place in zip(digits, _PLACES, strict=True))
    return re.sub("零+", "零", text).strip("零")
