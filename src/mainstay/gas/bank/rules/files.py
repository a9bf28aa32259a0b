"""Files of a bank: the statement of a business day (对账文件), and withholding batches out and back (代扣文件).

Counts and sums in the head must be those of the lines, else nothing is read. Line numbers in errors begin at 1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.gas.bank.rules.messages import ACCOUNT_WIDTH, SERIAL_WIDTH, BadFrame, clip
from mainstay.gas.bank.rules.values import CHARSETS, WAYS

_AMOUNTS = ("fen", "yuan")
_MARKS = {"head": "H", "line": "D"}
TAKEN = "0000"
"""Result of a withholding line whose money was taken."""


class BadFile(Exception):
    """A file that cannot be taken, with the line and what is wrong; nothing of it was read."""

    def __init__(self, line_no: int, text: Any) -> None:
        super().__init__(line_no, text)
        self.line_no, self.text = line_no, text


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A payment as the bank's file has it; a reversal is negative and names its payment's serial."""

    serial: str
    account_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class StatementFile:
    """What a file says; `plain` when no serial is there twice and nothing is negative."""

    business_on: dt.date
    rows: list[StatementRow]

    @property
    def amount_fen(self) -> int:
        """Sum of all rows."""
        return sum(row.amount_fen for row in self.rows)

    @property
    def plain(self) -> bool:
        """Whether every row stands for one payment by itself."""
        return len({row.serial for row in self.rows}) == len(self.rows) and all(r.amount_fen > 0 for r in self.rows)


def write_statement(layout: Mapping[str, Any], business_on: dt.date, rows: Sequence[StatementRow]) -> bytes:
    """The file of a business day in a layout."""
    facts = {"day": business_on, "count": len(rows), "sum": sum(row.amount_fen for row in rows)}
    lines = [_line(layout, "head", facts)]
    for row in rows:
        told = {"day": business_on, "serial": row.serial, "account_no": row.account_no, "sum": abs(row.amount_fen),
                "type": "P" if row.amount_fen > 0 else "R"}  # fmt: skip
        lines.append(_line(layout, "line", told))
    return ("\r\n".join(lines) + "\r\n").encode(CHARSETS[layout["charset"]])


def _line(layout: Mapping[str, Any], part: str, facts: Mapping[str, Any]) -> str:
    texts = []
    for one in layout[part]:
        name, width = (one[0], one[1]) if layout.get("widths") else (one, 0)
        text = _written(name, part, facts)
        number = name in {*_AMOUNTS, "count"}
        texts.append(text.rjust(width, "0") if number else text.ljust(width))
    return str(layout.get("separator", "")).join(texts)


def _written(name: str, part: str, facts: Mapping[str, Any]) -> str:
    if name == "mark":
        return _MARKS[part]
    if name in _AMOUNTS:
        return WAYS[name].write(facts["sum"])
    if name == "day":
        return WAYS["day"].write(facts["day"])
    return str(facts.get(name, ""))


def read_statement(layout: Mapping[str, Any], raw: bytes, business_on: dt.date) -> StatementFile:
    """Read a bank's file of a business day. Raises BadFile; every line must be of that day, the head must add up."""
    lines = _texts(raw, CHARSETS[layout["charset"]])
    if not lines:
        raise BadFile(1, _("The file is empty."))
    head = dict(_cut(layout, "head", lines[0], 1))
    day = WAYS["day"].write(business_on)
    if head.get("day", day) != day:
        raise BadFile(1, _("This line is of another day."))
    rows = [_row(layout, text, number, day) for number, text in enumerate(lines[1:], 2)]
    count, fen = _number(head, "count", 1), _amount(head, 1)
    if count != len(rows):
        raise BadFile(
            1, _("The head counts %(told)s lines, there are %(found)s.") % {"told": count, "found": len(rows)}
        )
    # A reversal takes away; banks that sum up all amounts without their sign are not followed.
    total = sum(row.amount_fen for row in rows)
    if fen != total:
        raise BadFile(1, _("The head sums to %(told)s fen, the lines to %(found)s.") % {"told": fen, "found": total})
    return StatementFile(business_on, rows)


def _texts(raw: bytes, charset: str) -> list[str]:
    try:
        text = raw.decode(charset)
    except UnicodeDecodeError as error:
        line_no = raw[: error.start].count(b"\n") + 1
        raise BadFile(line_no, _("The file is not in the character set of this bank.")) from None
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _row(layout: Mapping[str, Any], text: str, line_no: int, day: str) -> StatementRow:
    found = dict(_cut(layout, "line", text, line_no))
    if found.get("day") != day:
        raise BadFile(line_no, _("This line is of another day."))
    serial, account_no = found["serial"], found["account_no"]
    good = serial.isascii() and serial.isalnum() and len(serial) <= SERIAL_WIDTH and len(account_no) <= ACCOUNT_WIDTH
    if not good:
        raise BadFile(line_no, _("The serial or the account number is wrong."))
    kind = found.get("type", "P") or "P"
    if kind not in {"P", "R"}:
        raise BadFile(line_no, _("The type of a line is P or R."))
    amount = _amount(found, line_no)
    return StatementRow(serial, account_no, amount if kind == "P" else -amount)


def _cut(layout: Mapping[str, Any], part: str, text: str, line_no: int) -> Iterator[tuple[str, str]]:
    """Names and texts of a line."""
    if not layout.get("widths"):
        parts = text.split(layout["separator"])
        if len(parts) != len(layout[part]):
            raise BadFile(line_no, _("The line has another number of fields."))
        yield from zip(layout[part], (one.strip() for one in parts), strict=True)
        return
    raw, charset, place = text.encode(CHARSETS[layout["charset"]]), CHARSETS[layout["charset"]], 0
    if len(raw) != sum(width for _name, width in layout[part]):
        raise BadFile(line_no, _("The line has another length."))
    for name, width in layout[part]:
        piece = raw[place : place + width].decode(charset, "replace").strip()
        if name == "mark" and piece != _MARKS[part]:
            raise BadFile(line_no, _("The line has another mark."))
        yield name, piece
        place += width


def _number(found: Mapping[str, str], name: str, line_no: int) -> int:
    try:
        return int(WAYS["number"].read(found[name]))
    except BadFrame:
        raise BadFile(line_no, _("A number has other characters than digits.")) from None


def _amount(found: Mapping[str, str], line_no: int) -> int:
    way = next(way for way in _AMOUNTS if way in found)
    text = found[way]
    try:
        return -int(WAYS[way].read(text[1:])) if text.startswith("-") else int(WAYS[way].read(text))
    except BadFrame:
        raise BadFile(line_no, _("The amount is wrong.")) from None


@dataclass(frozen=True, slots=True)
class WithholdingRow:
    """One customer of a batch; `result` and `note` come back from the bank."""

    line_no: int
    agreement_no: str
    account_no: str
    payer: str
    amount_fen: int
    result: str = ""
    note: str = ""


def write_withholding(unit: str, batch_no: str, business_on: dt.date, rows: Sequence[WithholdingRow], *,
                      back: bool = False) -> bytes:  # fmt: skip
    """A batch: head with unit, batch, date, count and sum in fen; one line a customer; GBK, CRLF.

    `back` writes what a bank sends back: the head then also counts and sums what was taken.
    """
    taken = [row for row in rows if row.result == TAKEN]
    head = ["H", unit, batch_no, business_on.strftime("%Y%m%d"), str(len(rows)), str(sum(r.amount_fen for r in rows))]
    if back:
        head += [str(len(taken)), str(sum(row.amount_fen for row in taken))]
    lines = ["|".join(head)]
    for row in rows:
        facts = [f"{row.line_no:06d}", row.agreement_no, row.account_no, clip(row.payer.replace("|", " ")),
                 str(row.amount_fen)]  # fmt: skip
        lines.append("|".join(["D", *facts, *([row.result, clip(row.note.replace("|", " "))] if back else [])]))
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def read_withholding(raw: bytes, unit: str, batch_no: str) -> list[WithholdingRow]:
    """What a bank sends back. Raises BadFile: another batch, counts or sums that do not add up, wrong lines."""
    lines = _texts(raw, "gb18030")
    if not lines:
        raise BadFile(1, _("The file is empty."))
    head = lines[0].split("|")
    if len(head) != 8 or head[0] != "H":  # noqa: PLR2004  # mark, unit, batch, date, four figures
        raise BadFile(1, _("The line has another number of fields."))
    if head[1] != unit or head[2] != batch_no:
        raise BadFile(1, _("The file is of batch %(batch)s.") % {"batch": head[2]})
    rows = [_returned(text, number) for number, text in enumerate(lines[1:], 2)]
    taken = [row.amount_fen for row in rows if row.result == TAKEN]
    figures = [len(rows), sum(row.amount_fen for row in rows), len(taken), sum(taken)]
    if head[4:] != [str(figure) for figure in figures]:
        told = {"told": " / ".join(head[4:]), "found": " / ".join(map(str, figures))}
        raise BadFile(1, _("The head says %(told)s, the lines add up to %(found)s.") % told)
    return rows


def _returned(text: str, line_no: int) -> WithholdingRow:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 8 or parts[0] != "D":  # noqa: PLR2004  # mark, number, three names, amount, result, note
        raise BadFile(line_no, _("The line has another number of fields."))
    if not (parts[1].isdigit() and parts[5].isdigit() and parts[6]):
        raise BadFile(line_no, _("A number has other characters than digits."))
    return WithholdingRow(int(parts[1]), parts[2], parts[3], parts[4], int(parts[5]), parts[6], parts[7])


def fee_fen(count: int, amount_fen: int, each_fen: int, e4: int) -> int:
    """A bank's fee of a day: so much a payment, and so many ten-thousandths of the sum, rounded half up."""
    return count * each_fen + (amount_fen * e4 + 5_000) // 10_000
