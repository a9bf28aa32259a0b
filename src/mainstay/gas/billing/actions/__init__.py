"""Every write of billing goes through these acts."""

from mainstay.gas.billing.actions.bills import bill_account, cancel_bill, rebill
from mainstay.gas.billing.actions.openings import take_over_counter
from mainstay.gas.billing.actions.runs import (
    abandon_run,
    complete_run,
    plan_run,
    release_run,
    start_dry_run,
    start_run,
)
from mainstay.gas.billing.rights import VIEW_BILL, VIEW_RUN

__all__ = [
    "VIEW_BILL",
    "VIEW_RUN",
    "abandon_run",
    "bill_account",
    "cancel_bill",
    "complete_run",
    "plan_run",
    "rebill",
    "release_run",
    "start_dry_run",
    "start_run",
    "take_over_counter",
]
