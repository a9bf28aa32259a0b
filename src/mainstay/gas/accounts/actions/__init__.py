"""Every write of this app: cases, openings, leaving and transfers."""

from mainstay.gas.accounts.actions.cases import withdraw_case
from mainstay.gas.accounts.actions.leaving import begin_leaving, finish_closing
from mainstay.gas.accounts.actions.openings import file_application, open_from_application
from mainstay.gas.accounts.actions.transfers import finish_transfer

__all__ = [
    "begin_leaving",
    "file_application",
    "finish_closing",
    "finish_transfer",
    "open_from_application",
    "withdraw_case",
]
