"""What an invoice needs to be right: names and numbers of buyers, amounts. Pure.

The unified social credit code (统一社会信用代码) has 18 characters, the last a check digit: GB 32100-2015. Older
taxpayer numbers of 15 or 20 digits stay valid for those who have one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters: without I, O, S, V, Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_OLD = re.compile(r"\d{15}|\d{20}")
INVOICE_NO = re.compile(r"\d{8}|\d{20}")
"""Number of an invoice: 20 digits of a fully digital one (数电票), 8 of an older one."""


def plain_tax_no(text: str) -> str:
    """A tax number as it is compared: full-width characters made plain, spaces and hyphens gone, capitals."""
    plain = text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    return re.sub(r"[\s-]", "", plain).upper()


def tax_no_fault(tax_no: str) -> str | None:
    """Why a tax number cannot be right: "form" or "check" (its check digit); None when it can."""
    if _OLD.fullmatch(tax_no):
        return None
    if len(tax_no) != len(_WEIGHTS) + 1 or any(sign not in _CODE for sign in tax_no):
        return "form"
    return None if tax_no[-1] == check_sign(tax_no[:-1]) else "check"


def check_sign(first: str) -> str:
    """The 18th character of a unified social credit code, from its first 17."""
    total = sum(_CODE.index(sign) * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return _CODE[(31 - total % 31) % 31]


@dataclass(frozen=True, slots=True)
class Billed:
    """A bill as an invoice counts it, in fen and litres; its amount includes the tax."""

    period: int
    seq: int
    amount_fen: int
    vat_fen: int
    volume_l: int


def together(bills: Sequence[Billed]) -> tuple[int, int]:
    """Amount and tax of bills on one invoice, in fen."""
    return sum(one.amount_fen for one in bills), sum(one.vat_fen for one in bills)


def names_invoice(text: str, invoice_no: str, amount_fen: int) -> bool:
    """Whether the text of an XML file is about an invoice: it carries the number and the amount (in yuan)."""
    size = f"{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"
    plain = size.rstrip("0").rstrip(".")
    amounts = "|".join(re.escape(form) for form in {size, plain})
    return bool(re.search(rf"(?<!\d){invoice_no}(?!\d)", text) and re.search(rf"(?<![\d.])(?:{amounts})(?![\d])", text))
