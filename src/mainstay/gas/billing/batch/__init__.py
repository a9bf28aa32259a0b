"""The set-based billing engine: runs, chunks, and the writing of bills (see docs/adr/0003-set-based-billing.md)."""

from mainstay.gas.billing.batch.chunk import Sums
from mainstay.gas.billing.batch.dry import dry_run
from mainstay.gas.billing.batch.plan import fill_plan
from mainstay.gas.billing.batch.run import finish_run, work_run
from mainstay.gas.billing.batch.single import BillDraft, write_bills
from mainstay.gas.billing.batch.slow import Rated, Usage, rate_usage
from mainstay.gas.billing.batch.tariffs import PlanBook

__all__ = [
    "BillDraft",
    "PlanBook",
    "Rated",
    "Sums",
    "Usage",
    "dry_run",
    "fill_plan",
    "finish_run",
    "rate_usage",
    "work_run",
    "write_bills",
]
