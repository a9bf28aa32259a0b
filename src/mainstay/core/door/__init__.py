"""The one door to every change of business data (see CONTRIBUTING: Writing an action)."""

from mainstay.core.door.errors import ApprovalFiled, Refused
from mainstay.core.door.run import action, note_change, refuse, undo_with, write_last
from mainstay.core.door.spec import ActionSpec, RightSpec, catalogue, register_right

__all__ = [
    "ActionSpec",
    "ApprovalFiled",
    "Refused",
    "RightSpec",
    "action",
    "catalogue",
    "note_change",
    "refuse",
    "register_right",
    "undo_with",
    "write_last",
]
