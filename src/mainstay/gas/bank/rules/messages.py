"""What a bank and the company say to each other, whatever the layout of the line (see `adapters`).

Amounts are integer fen. An empty text or None means that the message does not carry the field.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(StrEnum):
    """Kinds of messages (交易)."""

    SIGN_ON = "sign_on"
    SIGN_OFF = "sign_off"
    ECHO = "echo"
    QUERY = "query"
    PAY = "pay"
    REVERSAL = "reversal"
    DAY_CUT = "day_cut"
    NOTICE = "notice"


class Code(StrEnum):
    """Answers (应答码). The values are those of ISO 8583 where it has one; each layout may map them to its own."""

    OK = "00"
    AMOUNT_CHANGED = "13"
    NO_ACCOUNT = "14"
    NOTHING_DUE = "21"
    UNKNOWN_ORIGINAL = "25"
    BAD_FORMAT = "30"
    NOT_ALLOWED = "57"
    NOT_SIGNED_ON = "58"
    OVER_LIMIT = "61"
    ACCOUNT_CLOSED = "62"
    TOO_OFTEN = "65"
    REVERSED_BEFORE = "76"
    WRONG_DAY = "77"
    DAY_CUT = "90"
    CONFLICT = "94"
    TRY_AGAIN = "96"


KIND_WORDS = {
    Kind.SIGN_ON: _("sign-on"),
    Kind.SIGN_OFF: _("sign-off"),
    Kind.ECHO: _("echo test"),
    Kind.QUERY: pgettext_lazy("bank message", "query"),
    Kind.PAY: _("bank payment"),
    Kind.REVERSAL: _("bank reversal"),
    Kind.DAY_CUT: _("day cut"),
    Kind.NOTICE: _("reconciliation notice"),
}
CODE_WORDS = {
    Code.OK: pgettext_lazy("bank answer", "accepted"),
    Code.AMOUNT_CHANGED: _("the amount is not what is due now; query again"),
    Code.NO_ACCOUNT: _("no such account"),
    Code.NOTHING_DUE: _("nothing is due"),
    Code.UNKNOWN_ORIGINAL: _("the payment to reverse is not known; it will be refused if it still comes"),
    Code.BAD_FORMAT: _("a field is missing or wrong"),
    Code.NOT_ALLOWED: _("not agreed with this bank"),
    Code.NOT_SIGNED_ON: _("sign on first"),
    Code.OVER_LIMIT: _("above the agreed limit"),
    Code.ACCOUNT_CLOSED: _("the account is closed"),
    Code.TOO_OFTEN: _("too many requests a minute"),
    Code.REVERSED_BEFORE: _("this payment was reversed before it came"),
    Code.WRONG_DAY: _("not the open business date"),
    Code.DAY_CUT: _("the day is cut; this goes to reconciliation"),
    Code.CONFLICT: _("this serial stands for something else"),
    Code.TRY_AGAIN: _("could not be done now; nothing was booked, send it again"),
}
SERIAL_WIDTH = 12
ACCOUNT_WIDTH = 20
TEXT_BYTES = 60


class BadFrame(Exception):
    """Bytes that are no message of this line, with the reason for the log; the line is closed."""


class BadMac(BadFrame):
    """The code of authentication is missing or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in either direction.

    `serial` is the bank's own number of the act, `original` that of the payment a reversal takes back; `trace` only
    pairs a reply with its request; `token` stands for what was due when the customer was told.
    """

    kind: Kind
    reply: bool = False
    trace: str = ""
    serial: str = ""
    business_on: dt.date | None = None
    at: str = ""
    institution: str = ""
    terminal: str = ""
    account_no: str = ""
    amount_fen: int | None = None
    count: int | None = None
    original: str = ""
    token: str = ""
    code: Code | None = None
    text: str = ""


def digest(message: Message) -> str:
    """Fingerprint of what a serial stands for: the same serial must always come with the same content."""
    content = "|".join(
        (message.kind, message.account_no, str(message.amount_fen), message.original, str(message.business_on))
    )
    return sha256(content.encode()).hexdigest()[:32]


def due_token(account_no: str, items: list[tuple[int, int, int]], advance_fen: int) -> str:
    """What stands for the bills that were due: (period, seq, open fen) of each, and the advance; 12 characters.

    Any new bill, payment or correction in between gives another one.
    """
    told = f"{account_no}|{sorted(items)}|{advance_fen}"
    return sha256(told.encode()).hexdigest()[:12].upper()


def reply_to(request: Message, code: Code, **fields: object) -> Message:
    """The reply to a request: what pairs the two is given back, and the code."""
    facts: dict[str, object] = {
        "trace": request.trace,
        "serial": request.serial,
        "business_on": request.business_on,
        "at": request.at,
        "institution": request.institution,
        "terminal": request.terminal,
        "account_no": request.account_no,
        "amount_fen": request.amount_fen,
        "original": request.original,
        **fields,
    }
    return Message(kind=request.kind, reply=True, code=code, **facts)  # type: ignore[arg-type]  # names are its fields


def clip(text: str, width: int = TEXT_BYTES, charset: str = "gb18030") -> str:
    """The beginning of a text that fits into so many bytes, never half a character, without spaces at its ends."""
    raw = " ".join(text.split()).encode(charset, "replace")[:width]
    return raw.decode(charset, "ignore").strip()
