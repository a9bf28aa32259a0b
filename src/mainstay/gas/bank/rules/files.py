"""Files for and from a bank: withholding batches out and back (代扣文件), and what is wrong with a file.

Counts and sums in the head must be those of the lines, else nothing is read. Line numbers in errors begin at 1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.gas.bank.rules.messages import clip

TAKEN = "0000"
"""Result of a withholding line whose money was taken."""


class BadFile(Exception):
    """A file that cannot be taken, with the line and what is wrong; nothing of it was read."""

    def __init__(self, line_no: int, text: Any) -> None:
        super().__init__(line_no, text)
        self.line_no, self.text = line_no, text


def decoded(raw: bytes, charset: str) -> str:
    """The text of a file. Raises BadFile with the first line that is not in the character set."""
    try:
        return raw.decode("ascii" if raw.isascii() else charset)
    except UnicodeDecodeError as error:
        line_no = raw[: error.start].count(b"\n") + 1
        raise BadFile(line_no, _("The file is not in the character set of this bank.")) from None


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
    texts = decoded(raw, "gb18030").replace("\r\n", "\n").split("\n")
    lines = [(number, line) for number, line in enumerate(texts, 1) if line.strip()]
    if not lines:
        raise BadFile(1, _("The file is empty."))
    head_no, head = lines[0][0], lines[0][1].split("|")
    if len(head) != 8 or head[0] != "H":  # noqa: PLR2004  # mark, unit, batch, date, four figures
        raise BadFile(head_no, _("The line has another number of fields."))
    if head[1] != unit or head[2] != batch_no:
        raise BadFile(head_no, _("The file is of batch %(batch)s.") % {"batch": head[2]})
    rows = [_returned(text, number) for number, text in lines[1:]]
    taken = [row.amount_fen for row in rows if row.result == TAKEN]
    figures = [len(rows), sum(row.amount_fen for row in rows), len(taken), sum(taken)]
    if head[4:] != [str(figure) for figure in figures]:
        told = {"told": " / ".join(head[4:]), "found": " / ".join(map(str, figures))}
        raise BadFile(head_no, _("The head says %(told)s, the lines add up to %(found)s.") % told)
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
