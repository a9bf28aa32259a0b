"""Looking ahead every day: which approvals and contracts end soon."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from mainstay.core.events.providers import provide
from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.actions import open_todo
from mainstay.gas.accounts.actions.contracts import ENDS as CONTRACT_ENDS
from mainstay.gas.accounts.actions.reliefs import ENDS as RELIEF_ENDS
from mainstay.gas.accounts.models import Contract, Relief

JOB = "accounts.expiry"
RELIEF_DAYS = 30
CONTRACT_DAYS = 60
A_DAY = 24 * 60


@provide("install_schedules")
def install_schedule() -> None:
    """Let expiries be looked for once a day, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": A_DAY, "next_at": timezone.now()})


def remind_of_expiry(today: date) -> int:
    """Open a to-do for each approval and contract that ends soon; one that has its to-do keeps it. Returns how many."""
    reliefs = Relief.objects.ending(today, today + timedelta(days=RELIEF_DAYS)).select_related("account")
    contracts = Contract.objects.ending(today, today + timedelta(days=CONTRACT_DAYS)).select_related("account")
    for relief in reliefs:
        _remind(relief, RELIEF_ENDS, "accounts.relief", "gas.accounts.grant_relief",
                (f"用户 {relief.account} 的优惠资格 {relief.until_on} 到期",
                 f"Approval of account {relief.account} ends on {relief.until_on}"))  # fmt: skip
    for contract in contracts:
        _remind(contract, CONTRACT_ENDS, "accounts.contract", "gas.accounts.sign_contract",
                (f"合同 {contract} {contract.until_on} 到期：续签或终止",
                 f"Contract {contract} ends on {contract.until_on}: renew it or let it end"))  # fmt: skip
    return len(reliefs) + len(contracts)


def _remind(one: Any, kind: str, subject: str, right: str, titles: tuple[str, str]) -> None:
    open_todo(
        kind=kind, subject=f"{subject}:{one.pk}", title_zh=titles[0], title_en=titles[1], url=one.get_absolute_url(),
        right=right, unit_id=one.account.unit_id,
        due_at=timezone.make_aware(datetime.combine(one.until_on, time(8))),
    )  # fmt: skip
