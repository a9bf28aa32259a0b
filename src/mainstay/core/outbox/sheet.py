"""The sheet of answers that comes back from the carrier: one row for each text message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.outbox.actions import import_answers
from mainstay.core.outbox.models import Message
from mainstay.core.outbox.queries import ANSWERS
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.kit.sheets import Column, RowError, Sheet
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

GOOD, BAD = {"成功", "已送达", "delivered", "ok", "success"}, {"失败", "未送达", "failed", "fail"}
COLUMNS = (
    Column("number", "短信编号", "Message no.", aliases=("编号", "message")),
    Column("result", "结果", "Result", aliases=("状态", "status")),
    Column("reason", "失败原因", "Reason", aliases=("原因", "备注"), required=False),
)


HINT = gettext_lazy("One row for each message as the carrier answered. Nothing counts before you import.")


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find each row's message and judge its answer; writes nothing."""
    if final:
        lock("outbox.batch", 0)
    return judge(sheet, Message.objects.all(), _("There is no such message."))


def judge(sheet: Sheet, messages: QuerySet[Any], unknown: str) -> Checked:
    """Answers of a carrier, row by row: the payload is (message, delivered, reason) of those that wait for theirs.

    `messages` are those that may be answered here, with `number` and `state` ("sent" waits); `unknown` is what is said
    of any other number.
    """
    checked, seen = Checked(payload=[]), set()
    rows = [row for row in sheet.rows if not row.errors]
    numbers = [str(row.values["number"]).strip() for row in rows]
    known = {one.number: one for one in messages.filter(number__in=[one for one in numbers if one])}
    for row, number in zip(rows, numbers, strict=True):
        word, message = str(row.values["result"]).strip().lower(), known.get(number)
        fault: tuple[str, str] | None = None
        if message is None:
            fault = ("number", unknown)
        elif number in seen:
            fault = ("number", _("This message is in the sheet twice."))
        elif word not in GOOD | BAD:
            fault = ("result", _("The result is 成功 or 失败."))
        if fault or message is None:
            checked.errors[row.number] = [RowError(*(fault or ("", "")))]
            continue
        seen.add(number)
        if message.state != Message.State.SENT:
            checked.already += 1
        else:
            checked.payload.append((message, word in GOOD, str(row.values.get("reason") or "")))
    checked.new = len(checked.payload)
    return checked


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Write the good rows; returns how many are new."""
    return import_answers(results=checked.payload, by=by)


KIND = ImportKind(
    "core.outbox.answers", gettext_lazy("Answers to text messages to colleagues"), ANSWERS, COLUMNS, check, commit,
    hint=HINT,
)  # fmt: skip
