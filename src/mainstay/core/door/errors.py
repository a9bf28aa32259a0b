"""What the door answers when it does not simply run an act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mainstay.core.workflow.models import Approval


class Refused(Exception):
    """The actor may not do this: no right, another unit, or above the rank's limit. The door puts it on record."""

    def __init__(self, right: str, reason: Any) -> None:
        super().__init__(reason)
        self.right = right
        self.reason = reason
        self.recorded = False

    def __str__(self) -> str:
        return str(self.reason)


class ApprovalFiled(Exception):
    """The act needs a second person; it was filed as an approval and nothing was changed yet."""

    def __init__(self, approval: Approval) -> None:
        super().__init__(approval.pk)
        self.approval = approval
