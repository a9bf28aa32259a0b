"""Every write of hazards."""

from mainstay.inspection.hazards.actions.found import receive_record
from mainstay.inspection.hazards.actions.notices import issue_notice, serve_notice, void_notice
from mainstay.inspection.hazards.actions.rechecks import close_hazard, recheck_hazard
from mainstay.inspection.hazards.actions.rectify import (
    attach_evidence,
    change_level,
    extend_deadline,
    plan_rectification,
    report_rectification,
)
from mainstay.inspection.hazards.actions.settings import install_clocks, save_clock
from mainstay.inspection.hazards.actions.supply import decide_supply

__all__ = [
    "attach_evidence",
    "change_level",
    "close_hazard",
    "decide_supply",
    "extend_deadline",
    "install_clocks",
    "issue_notice",
    "plan_rectification",
    "receive_record",
    "recheck_hazard",
    "report_rectification",
    "save_clock",
    "serve_notice",
    "void_notice",
]
