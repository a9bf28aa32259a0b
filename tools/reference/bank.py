"""The page of bank layouts: fields, codes, files, and worked messages in hexadecimal that the adapters make."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mainstay.gas.bank.library import layouts
from mainstay.gas.bank.rules.adapters import make_adapter
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.mac import SM4, mac_function
from mainstay.gas.bank.rules.messages import CODE_WORDS, KIND_WORDS, Code, Kind, Message
from mainstay.gas.bank.rules.statements import StatementRow, write_statement
from mainstay.gas.bank.views.journal import FIELD_WORDS
from tools.reference.texts import HEADS, TABLES

DAY = dt.date(2026, 11, 26)
KEY = bytes(range(16))
WIDE = 16


def _facts(kind: Kind, **more: Any) -> Message:
    return Message(kind=kind, trace="000001", at="1126153000", institution="0001", **more)


PAYMENT = {"serial": "HTB000000001", "business_on": DAY, "account_no": "1000000001", "amount_fen": 5_220}
MESSAGES = (
    _facts(Kind.SIGN_ON),
    _facts(Kind.QUERY, reply=True, code=Code.OK, token="4F0C1B22A9D3", text="李*", **PAYMENT),
    _facts(Kind.PAY, token="4F0C1B22A9D3", **PAYMENT),
    _facts(Kind.PAY, reply=True, code=Code.OK, text="李*", **PAYMENT),
    _facts(Kind.REVERSAL, original="HTB000000001", **{**PAYMENT, "serial": "HTB000000002"}),
)


def page(language: str, link: str) -> str:
    """The whole page."""
    from tools.reference.data import table

    words = TABLES["bank-layouts"][language]
    parts = [HEADS["bank-layouts"][language].format(link=link)]
    codes = [(f"`{code.value}`", CODE_WORDS[code]) for code in Code]
    parts += [f"## {words[0]}\n", table((words[1], words[2]), codes)]
    for key, layout in layouts().items():
        parts.append(f"## {layout['title']['en' if language == 'en' else 'zh']}\n\n`{key}`\n")
        parts.append(table((words[3], words[4], words[5]), _fields(layout)))
        parts += [_worked(key, layout, message, words) for message in MESSAGES]
        parts.append(_file(layout, words))
    return "\n".join(parts)


def _fields(layout: dict[str, Any]) -> list[tuple[Any, ...]]:
    if layout["family"] == "fixed":
        slots = [*layout["head"], *layout["body"]["pay"]]
        return [(place, FIELD_WORDS.get(one[0], one[0]), one[1]) for place, one in enumerate(slots, 1)]
    rows = []
    for place, one in layout["fields"].items():
        note = {2: "LLVAR", 3: "LLLVAR"}.get(one.get("length", 0), "")
        width = f"{note} {one['width']}".strip() if "width" in one else one.get("way", "")
        rows.append((place, FIELD_WORDS.get(one["name"], one["name"]), width))
    return rows


def _worked(key: str, layout: dict[str, Any], message: Message, words: tuple[str, ...]) -> str:
    body = make_adapter(key, layout).encode(message, mac_function(SM4, KEY))
    title = f"{KIND_WORDS[message.kind]}, {words[7] if message.reply else words[6]}"
    return f"{title}:\n\n```text\n{dump(Framing('2b').wrap(body))}\n```\n"


def dump(raw: bytes) -> str:
    """Bytes in lines of sixteen, with their ASCII."""
    lines = []
    for place in range(0, len(raw), WIDE):
        part = raw[place : place + WIDE]
        told = "".join(chr(one) if chr(one).isascii() and chr(one).isprintable() else "." for one in part)
        lines.append(f"{place:04x}  {part.hex(' '):<{WIDE * 3 - 1}}  {told}")
    return "\n".join(lines)


def _file(layout: dict[str, Any], words: tuple[str, ...]) -> str:
    rows = [StatementRow("HTB000000001", "1000000001", 5_220), StatementRow("HTB000000003", "1000000002", 10_000)]
    text = write_statement(layout["statement"], DAY, rows).decode("ascii").replace("\r\n", "\n").rstrip()
    return f"{words[8]}:\n\n```text\n{text}\n```\n"
