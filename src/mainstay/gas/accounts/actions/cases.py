"""How every case begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.events.providers import provide
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.gas.accounts.models import Case
from mainstay.gas.accounts.states import CASE
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.customers.models import Account

TODO_RESTORE = "accounts.restore"
_known: ContextVar[bool] = ContextVar("case_known", default=False)
_KINDS = {"active": Case.Kind.RESTORATION, "suspended": Case.Kind.SUSPENSION, "closed": Case.Kind.CLOSING}


def of_case(case: Case, **_facts: Any) -> int:
    """The unit an act on a case touches."""
    return case.unit_id


def about_case(case: Case, **_facts: Any) -> str:
    """How the operation log names a case."""
    return f"accounts.case:{case.pk}"


def begin(kind: str, unit: Unit, on: date, by: User, **columns: Any) -> Case:
    """Keep a new case with the next number of the year. Called by actions."""
    year = local_today().year
    number = f"{year}-{next_number('account_case', year):06d}"
    return Case.objects.create(
        number=number, kind=kind, unit=unit, on=on, begun_by=by, begun_at=timezone.now(), **columns
    )


def end(case: Case, by: User, **columns: Any) -> Case:
    """Make a case done. Called by actions that hold it locked."""
    for name, value in columns.items():
        setattr(case, name, value)
    case.state, case.done_by, case.done_at = Case.State.DONE, by, timezone.now()
    case.save()
    return case


def locked(case: Case) -> Case:
    """The case as it is now, alone with it; Problem unless it is still under way."""
    lock("accounts.case", case.pk)
    fresh = Case.objects.select_related("account__unit", "unit").get(pk=case.pk)
    CASE.require(fresh.state, Case.State.DONE)
    return fresh


@contextmanager
def case_is_known() -> Iterator[None]:
    """Within: whoever opens or closes an account has its case already."""
    token = _known.set(True)
    try:
        yield
    finally:
        _known.reset(token)


@provide("account_moved")
def keep_case(
    *, account: Account, before: str, reason: str, until_on: date | None, by: User
) -> Case | None:  # fmt: skip
    """Keep a case, done at once, for an account that was opened, suspended, restored or closed without one."""
    close_todos(kind=TODO_RESTORE, subject=f"customers.account:{account.pk}", by=by)
    if until_on is not None:
        _remind(account, until_on)
    if _known.get():
        return None
    kind = _KINDS[account.state] if before else Case.Kind.OPENING
    on = account.closed_on or local_today() if before else account.opened_on or local_today()
    case = begin(kind, account.unit, on, by, account=account, until_on=until_on, reason=reason[:200])
    return end(case, by)


def _remind(account: Account, until_on: date) -> None:
    open_todo(
        kind=TODO_RESTORE, subject=f"customers.account:{account.pk}",
        title_zh=f"用户 {account.account_no} 报停至 {until_on}：恢复或延期",
        title_en=f"Account {account.account_no} is suspended until {until_on}: restore or prolong",
        url=account.get_absolute_url(), right="gas.customers.restore_account", unit_id=account.unit_id,
        due_at=timezone.make_aware(datetime.combine(until_on, time(8))),
    )  # fmt: skip


@action("gas.accounts.withdraw_case", title=_("Withdraw case"), unit=of_case, subject=about_case)
def withdraw_case(*, case: Case, reason: str, by: User) -> Case:
    """Give a case up: nothing more happens, and nothing that was done is undone. Raises Problem without a reason."""
    if not reason.strip():
        raise Problem(_("Say why the case is withdrawn."), field="reason", code="no_reason")
    case = locked(case)
    case.state, case.done_by, case.done_at = Case.State.WITHDRAWN, by, timezone.now()
    case.facts = {**case.facts, "withdrawn": reason.strip()[:200]}
    case.save()
    note_change(before={"state": "begun"}, after={"state": "withdrawn"}, reason=reason)
    return case
