"""Every write of responsibility."""

from mainstay.performance.posts.actions.analyses import answer_analysis, finish_analysis, start_analysis
from mainstay.performance.posts.actions.consultation import (
    answer_consultation,
    approve_description,
    consult_description,
    revise_description,
)
from mainstay.performance.posts.actions.descriptions import (
    derive_indicator,
    draft_description,
    drop_requirement,
    edit_description,
    remove_duty,
    require_qualification,
    save_duty,
    set_superior,
)
from mainstay.performance.posts.actions.processes import (
    approve_process,
    draft_process,
    edit_process,
    publish_process,
    remove_step,
    reopen_process,
    save_step,
)
from mainstay.performance.posts.actions.qualifications import (
    cancel_training,
    finish_training,
    plan_training,
    record_qualification,
    save_qualification,
)

__all__ = [
    "answer_analysis",
    "answer_consultation",
    "approve_description",
    "approve_process",
    "cancel_training",
    "consult_description",
    "derive_indicator",
    "draft_description",
    "draft_process",
    "drop_requirement",
    "edit_description",
    "edit_process",
    "finish_analysis",
    "finish_training",
    "plan_training",
    "publish_process",
    "record_qualification",
    "remove_duty",
    "remove_step",
    "reopen_process",
    "require_qualification",
    "revise_description",
    "save_duty",
    "save_qualification",
    "save_step",
    "set_superior",
    "start_analysis",
]
