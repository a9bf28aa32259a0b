"""Every write of plans and budgets."""

from mainstay.performance.plans.actions.amending import agree_amendment, propose_amendment, reject_amendment
from mainstay.performance.plans.actions.budgets import (
    commit_money,
    release_commitment,
    save_budget_account,
    set_budget,
    spend_money,
)
from mainstay.performance.plans.actions.charters import approve_charter, draft_charter, publish_charter
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
from mainstay.performance.plans.actions.targets import contribute, withdraw_contribution, write_backing
from mainstay.performance.plans.actions.templates import apply_template, import_targets, save_template

__all__ = [
    "agree_amendment",
    "apply_template",
    "approve_charter",
    "begin_closing",
    "close_contract",
    "close_period",
    "commit_money",
    "contribute",
    "create_contract",
    "create_year",
    "discard_contract",
    "draft_charter",
    "import_targets",
    "offer_contract",
    "propose_amendment",
    "publish_charter",
    "reject_amendment",
    "release_commitment",
    "remove_target",
    "reopen_period",
    "retire_indicator",
    "return_contract",
    "save_budget_account",
    "save_indicator",
    "save_target",
    "save_template",
    "set_budget",
    "set_terms",
    "sign_contract",
    "spend_money",
    "withdraw_contribution",
    "write_backing",
]
