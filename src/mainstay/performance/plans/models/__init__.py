"""Plans and budgets (R1)."""

from mainstay.performance.plans.models.budgets import BudgetAccount, BudgetEntry, BudgetLine
from mainstay.performance.plans.models.charters import Charter
from mainstay.performance.plans.models.contracts import Amendment, Contract, ContractTemplate, ContractVersion
from mainstay.performance.plans.models.periods import Indicator, Period, Terms
from mainstay.performance.plans.models.targets import Backing, Contribution, Target

__all__ = [
    "Amendment",
    "Backing",
    "BudgetAccount",
    "BudgetEntry",
    "BudgetLine",
    "Charter",
    "Contract",
    "ContractTemplate",
    "ContractVersion",
    "Contribution",
    "Indicator",
    "Period",
    "Target",
    "Terms",
]
