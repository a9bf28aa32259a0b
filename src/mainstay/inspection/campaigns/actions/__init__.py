"""Every write of campaigns."""

from mainstay.inspection.campaigns.actions.exempt import add_late_target, exempt_assignment
from mainstay.inspection.campaigns.actions.groups import (
    assign_targets,
    drop_member,
    save_group,
    save_member,
    withdraw_targets,
)
from mainstay.inspection.campaigns.actions.numbers import lend_numbers, take_back_numbers
from mainstay.inspection.campaigns.actions.plan import (
    activate_campaign,
    change_campaign,
    close_campaign,
    create_campaign,
    reopen_campaign,
    review_campaign,
    set_organisers,
)
from mainstay.inspection.campaigns.actions.records import confirm_inspection, record_inspection, store_photo
from mainstay.inspection.campaigns.actions.targets import import_targets, plan_targets, save_target

__all__ = [
    "activate_campaign",
    "add_late_target",
    "assign_targets",
    "change_campaign",
    "close_campaign",
    "confirm_inspection",
    "create_campaign",
    "drop_member",
    "exempt_assignment",
    "import_targets",
    "lend_numbers",
    "plan_targets",
    "record_inspection",
    "reopen_campaign",
    "review_campaign",
    "save_group",
    "save_member",
    "save_target",
    "set_organisers",
    "store_photo",
    "take_back_numbers",
    "withdraw_targets",
]
