"""The file of a business day that a bank sends (对账文件), read whole columns at a time.

A file that is in order throughout is taken by columns, a million lines in about a second. Anything else is read line
by line, which says what is wrong in which line; what that accepts is the definition, columns only get there faster.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.gas.bank.rules.files import BadFile, decoded
from mainstay.gas.bank.rules.messages import ACCOUNT_WIDTH, SERIAL_WIDTH, BadFrame
from mainstay.gas.bank.rules.values import CENT_DIGITS, CHARSETS, WAYS

_AMOUNTS = ("fen", "yuan")
_MARKS = {"head": "H", "line": "D"}
_PAYMENT, _REVERSAL = "P", "R"
Columns = tuple[list[str], list[str], list[int]]
_WANTED = {"mark", "day", "serial", "account_no", "type", *_AMOUNTS}


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A payment as the bank's file has it; a reversal is negative and names its payment's serial."""

    serial: str
    account_no: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class StatementFile:
    """What a file says: three columns of the same length, in the order of its lines."""

    business_on: dt.date
    serials: list[str] = field(default_factory=list)
    account_nos: list[str] = field(default_factory=list)
    fens: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        """Lines, without the head."""
        return len(self.serials)

    @property
    def rows(self) -> Iterator[StatementRow]:
        """The lines one by one."""
        return map(StatementRow, self.serials, self.account_nos, self.fens)

    @property
    def amount_fen(self) -> int:
        """Sum of all rows."""
        return sum(self.fens)

    @property
    def plain(self) -> bool:
        """Whether every row stands for one payment by itself: no serial is there twice, nothing is negative."""
        return len(set(self.serials)) == len(self.serials) and min(self.fens, default=1) > 0


def write_statement(layout: Mapping[str, Any], business_on: dt.date, rows: Sequence[StatementRow]) -> bytes:
    """The file of a business day in a layout."""
    facts = {"day": business_on, "count": len(rows), "sum": sum(row.amount_fen for row in rows)}
    lines = [_line(layout, "head", facts)]
    for row in rows:
        told = {"day": business_on, "serial": row.serial, "account_no": row.account_no, "sum": abs(row.amount_fen),
                "type": _PAYMENT if row.amount_fen > 0 else _REVERSAL}  # fmt: skip
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
    lines = decoded(raw, CHARSETS[layout["charset"]]).replace("\r\n", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise BadFile(1, _("The file is empty."))
    head, head_no, day = dict(_cut(layout, "head", lines[first], first + 1)), first + 1, WAYS["day"].write(business_on)
    if head.get("day", day) != day:
        raise BadFile(head_no, _("This line is of another day."))
    body = lines[first + 1 :]
    columns = _by_columns(layout, body, day) or _by_lines(layout, body, head_no, day)
    told = StatementFile(business_on, *columns)
    count, fen = _number(head, "count", head_no), _amount(head, head_no)
    if count != len(told):
        text = _("The head counts %(told)s lines, there are %(found)s.")
        raise BadFile(head_no, text % {"told": count, "found": len(told)})
    # A reversal takes away; banks that sum up all amounts without their sign are not followed.
    if fen != told.amount_fen:
        text = _("The head sums to %(told)s fen, the lines to %(found)s.")
        raise BadFile(head_no, text % {"told": fen, "found": told.amount_fen})
    return told


def _by_columns(layout: Mapping[str, Any], lines: list[str], day: str) -> Columns | None:
    """Serials, account numbers and fen of lines that are all in order; None when any of them is not."""
    lines = list(filter(str.strip, lines))
    if not lines:
        return [], [], []
    found = _fixed_columns(layout, lines) if layout.get("widths") else _split_columns(layout, lines)
    if found is None or set(found.get("day", [])) != {day} or set(found.get("mark", "D")) != {_MARKS["line"]}:
        return None
    serials, account_nos = found["serial"], found["account_no"]
    joined = "".join(serials)
    good = joined.isascii() and joined.isalnum() and all(serials)
    if not good or _longest(serials) > SERIAL_WIDTH or _longest(account_nos) > ACCOUNT_WIDTH:
        return None
    fens = _fens(found)
    types = found.get("type", [])
    if fens is None or not set(types) <= {_PAYMENT, _REVERSAL, ""}:
        return None
    if _REVERSAL in types:
        fens = [-fen if kind == _REVERSAL else fen for kind, fen in zip(types, fens, strict=True)]
    return serials, account_nos, fens


def _longest(texts: list[str]) -> int:
    return max(map(len, texts))


def _split_columns(layout: Mapping[str, Any], lines: list[str]) -> dict[str, list[str]] | None:
    """Columns of separated lines, when all have as many fields as the layout."""
    separator, names = layout["separator"], layout["line"]
    if {line.count(separator) for line in lines} != {len(names) - 1}:
        return None
    flat = separator.join(lines).split(separator)
    return {name: list(map(str.strip, flat[place :: len(names)])) for place, name in enumerate(names)}


def _fixed_columns(layout: Mapping[str, Any], lines: list[str]) -> dict[str, list[str]] | None:
    """Columns of lines of fixed length in bytes, each byte made a character; what matters must be ASCII."""
    if not all(map(str.isascii, lines)):
        lines = "\n".join(lines).encode(CHARSETS[layout["charset"]]).decode("latin-1").split("\n")
    names, widths = zip(*layout["line"], strict=True)
    ends = list(accumulate(widths))
    if set(map(len, lines)) != {ends[-1]}:
        return None
    found = {name: [line[end - width : end] for line in lines]
             for name, width, end in zip(names, widths, ends, strict=True) if name in _WANTED}  # fmt: skip
    if not all("".join(texts).isascii() for texts in found.values()):
        return None
    return {name: list(map(str.strip, texts)) for name, texts in found.items()}


def _fens(found: Mapping[str, list[str]]) -> list[int] | None:
    """Amounts in fen, minus sign first where there is one; None when any is written otherwise."""
    way = next(way for way in _AMOUNTS if way in found)
    texts = found[way]
    if "-" in "".join(texts):
        unsigned = _unsigned(way, [text.removeprefix("-") for text in texts])
        signs = (-1 if text.startswith("-") else 1 for text in texts)
        return None if unsigned is None else [sign * fen for sign, fen in zip(signs, unsigned, strict=True)]
    return _unsigned(way, texts)


def _unsigned(way: str, texts: list[str]) -> list[int] | None:
    if way == "yuan":
        if {text[-CENT_DIGITS - 1 : -CENT_DIGITS] for text in texts} != {"."} or min(
            map(len, texts)
        ) <= CENT_DIGITS + 1:
            return None
        texts = [text[: -CENT_DIGITS - 1] + text[-CENT_DIGITS:] for text in texts]
    joined = "".join(texts)
    return list(map(int, texts)) if joined.isascii() and joined.isdigit() and all(texts) else None


def _by_lines(layout: Mapping[str, Any], lines: list[str], before: int, day: str) -> Columns:
    """The same line by line; `before` lines of the file came earlier. Raises BadFile with the line's number."""
    rows = [_row(layout, text, number, day) for number, text in enumerate(lines, before + 1) if text.strip()]
    return [row.serial for row in rows], [row.account_no for row in rows], [row.amount_fen for row in rows]


def _row(layout: Mapping[str, Any], text: str, line_no: int, day: str) -> StatementRow:
    found = dict(_cut(layout, "line", text, line_no))
    if found.get("day") != day:
        raise BadFile(line_no, _("This line is of another day."))
    serial, account_no = found["serial"], found["account_no"]
    good = serial.isascii() and serial.isalnum() and len(serial) <= SERIAL_WIDTH and len(account_no) <= ACCOUNT_WIDTH
    if not good:
        raise BadFile(line_no, _("The serial or the account number is wrong."))
    kind = found.get("type", _PAYMENT) or _PAYMENT
    if kind not in {_PAYMENT, _REVERSAL}:
        raise BadFile(line_no, _("The type of a line is P or R."))
    amount = _amount(found, line_no)
    return StatementRow(serial, account_no, amount if kind == _PAYMENT else -amount)


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
