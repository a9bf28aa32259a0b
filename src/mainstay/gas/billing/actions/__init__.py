"""Every write of billing goes through these acts."""

from mainstay.gas.billing.actions.bills import bill_account, cancel_bill, rebill
from mainstay.gas.billing.actions.charges import (
    adjust_bill,
    recover_write_off,
    reduce_bill,
    waive_late_fee,
    write_off,
)
from mainstay.gas.billing.actions.openings import count_sold, take_over_counter
from mainstay.gas.billing.actions.rebillings import (
    begin_rebilling,
    complete_rebilling,
    drop_rebilling,
    plan_rebilling,
)
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
    "adjust_bill",
    "begin_rebilling",
    "bill_account",
    "cancel_bill",
    "complete_rebilling",
    "complete_run",
    "count_sold",
    "drop_rebilling",
    "plan_rebilling",
    "plan_run",
    "rebill",
    "recover_write_off",
    "reduce_bill",
    "release_run",
    "start_dry_run",
    "start_run",
    "take_over_counter",
    "waive_late_fee",
    "write_off",
]
