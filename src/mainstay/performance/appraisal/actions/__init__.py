"""Every write of appraisal and reward."""

from mainstay.performance.appraisal.actions.calibrating import (
    begin_calibration,
    change_grade,
    complete_scoring,
    finish_calibration,
    score_again,
)
from mainstay.performance.appraisal.actions.careers import write_career
from mainstay.performance.appraisal.actions.rating import add_cross_raters, assign_raters, give_ratings
from mainstay.performance.appraisal.actions.rewards import (
    approve_consequences,
    approve_pool,
    create_pool,
    propose_consequences,
    put_into_effect,
    set_post_factor,
)
from mainstay.performance.appraisal.actions.rounds import estimate_severity, save_criterion, set_scheme, start_round
from mainstay.performance.appraisal.actions.talking import (
    close_round,
    confirm_result,
    decide_appeal,
    file_appeal,
    hold_interview,
)

__all__ = [
    "add_cross_raters",
    "approve_consequences",
    "approve_pool",
    "assign_raters",
    "begin_calibration",
    "change_grade",
    "close_round",
    "complete_scoring",
    "confirm_result",
    "create_pool",
    "decide_appeal",
    "estimate_severity",
    "file_appeal",
    "finish_calibration",
    "give_ratings",
    "hold_interview",
    "propose_consequences",
    "put_into_effect",
    "save_criterion",
    "score_again",
    "set_post_factor",
    "set_scheme",
    "start_round",
    "write_career",
]
