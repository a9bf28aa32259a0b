"""Every write of this app: cases, openings, leaving and transfers, approvals, contracts."""

from mainstay.gas.accounts.actions.cases import withdraw_case
from mainstay.gas.accounts.actions.contracts import end_contract, sign_contract
from mainstay.gas.accounts.actions.leaving import begin_leaving, finish_closing
from mainstay.gas.accounts.actions.masters import settle_masters
from mainstay.gas.accounts.actions.openings import file_application, open_from_application
from mainstay.gas.accounts.actions.reliefs import end_relief, grant_relief
from mainstay.gas.accounts.actions.transfers import finish_transfer

__all__ = [
    "begin_leaving",
    "end_contract",
    "end_relief",
    "file_application",
    "finish_closing",
    "finish_transfer",
    "grant_relief",
    "open_from_application",
    "settle_masters",
    "sign_contract",
    "withdraw_case",
]
