"""Two phones at one target: the second is shown what the first has recorded, and decides."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns.models import Assignment
from mainstay.inspection.campaigns.rules_records import differences
from mainstay.kit.errors import Problem


class Changed(Problem):
    """Somebody recorded here meanwhile: `current` is that record's body, `revision` the one to build on."""

    def __init__(self, message: Any, *, revision: int, who: str, current: dict[str, Any], found: list[Any]) -> None:
        super().__init__(message, field="base", code="changed")
        self.revision, self.who, self.current, self.found = revision, who, current, found

    def facts(self) -> dict[str, Any]:
        """What the phone needs to show the difference."""
        lines = [{"item": one.item, "mine": one.mine, "theirs": one.theirs} for one in self.found]
        return {"revision": self.revision, "by": self.who, "current": self.current, "differences": lines}


def changed_by_another(assignment: Assignment, body: dict[str, Any]) -> Changed:
    """The problem to raise: who recorded, what, and how it differs from `body`."""
    last = assignment.inspections.select_related("by__person").order_by("-revision").first()
    theirs = last.body if last else {}
    who = str(last.by) if last else ""
    text = _("%(who)s recorded at this target meanwhile. Look at the difference, then keep one or send yours again.")
    return Changed(
        text % {"who": who or "?"},
        revision=assignment.revision,
        who=who,
        current=theirs,
        found=differences(body, theirs),
    )
