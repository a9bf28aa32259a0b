"""What the form pages of this app share."""

from __future__ import annotations

from typing import Any

from mainstay.performance.appraisal import actions, queries
from mainstay.performance.appraisal.models import Appraisal, Round
from mainstay.performance.posts.views.common import ActPage, within

APP = "performance.appraisal"


class RoundAct(ActPage):
    """A form about a round."""

    acts = actions
    name = "round"

    def rows(self) -> Any:
        """Rounds in the reach of the right."""
        rows = Round.objects.select_related("period", "unit", "scheme", "policy", "training")
        return within(rows, self.request.user, self.right or "")


class AppraisalAct(ActPage):
    """A form about an appraisal that the person may see."""

    acts = actions
    name = "appraisal"

    def rows(self) -> Any:
        """Those in the reach of the right; without one, those the person may see."""
        rows = queries.appraisals_for(self.request.user)
        if not self.right:
            return rows
        return within(
            Appraisal.objects.select_related("person", "round__period", "round__scheme"), self.request.user, self.right
        )
