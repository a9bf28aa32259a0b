"""What a text message needs: a mobile number, and its line in the file that leaves. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

MOBILE = re.compile(r"1\d{10}")
HEADS = ("短信编号", "手机号码", "短信内容")
LONGEST = 300  # characters; carriers cut or refuse what is longer


def mobile(phone: str) -> str:
    """The mobile number in what was written as a phone, "" when there is none."""
    found = MOBILE.fullmatch(re.sub(r"[\s-]|^\+?86", "", phone))
    return found[0] if found else ""


def file_of(rows: Iterable[tuple[str, str, str]]) -> bytes:
    """The exchange file of some messages (number, mobile number, text): CSV as carriers' gateways and Excel read it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def signed(company: str, text: str) -> str:
    """A text with the company's name in front, as the rules of carriers ask, no longer than a message may be."""
    return f"【{company}】{text}"[:LONGEST] if company else text[:LONGEST]
