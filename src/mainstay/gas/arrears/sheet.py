"""The sheet of answers that comes back into the isolated network: one row for each text message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.door import rights
from mainstay.core.outbox.sheet import COLUMNS, HINT, judge
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import Checked, ImportKind
from mainstay.gas.arrears.actions_messages import import_answers
from mainstay.gas.arrears.models import Message
from mainstay.kit.sheets import Sheet
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RIGHT = "gas.arrears.import_answers"


def check(sheet: Sheet, options: Mapping[str, Any], user: User, final: bool) -> Checked:
    """Find each row's message among those of the user's branches and judge its answer; writes nothing."""
    if final:
        lock("arrears.messages", 0)
    ids = rights.unit_ids(user, RIGHT)
    mine = Message.objects.all() if ids is None else Message.objects.filter(act__account__unit__in=ids)
    return judge(sheet, mine, _("No such message in your branches."))


def commit(*, sheet_import: SheetImport, sheet: Sheet, checked: Checked, by: User) -> int:
    """Write the good rows; returns how many are new."""
    return import_answers(results=checked.payload, by=by)


KIND = ImportKind(
    "gas.arrears.messages", gettext_lazy("Answers to text messages"), RIGHT, COLUMNS, check, commit,
    hint=HINT,
)  # fmt: skip
