"""Every write of plans and budgets."""

from mainstay.performance.plans.actions.amending import agree_amendment, propose_amendment, reject_amendment
from mainstay.performance.plans.actions.contracts import (
    close_contract,
    create_contract,
    discard_contract,
    offer_contract,
    remove_target,
    return_contract,
    save_target,
    sign_contract,
)
from mainstay.performance.plans.actions.periods import (
    begin_closing,
    close_period,
    create_year,
    reopen_period,
    retire_indicator,
    save_indicator,
    set_terms,
)

__all__ = [
    "agree_amendment",
    "begin_closing",
    "close_contract",
    "close_period",
    "create_contract",
    "create_year",
    "discard_contract",
    "offer_contract",
    "propose_amendment",
    "reject_amendment",
    "remove_target",
    "reopen_period",
    "retire_indicator",
    "return_contract",
    "save_indicator",
    "save_target",
    "set_terms",
    "sign_contract",
]
