"""Pages of ratings: what one owes, and the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.kit.dates import local_today
from mainstay.performance.appraisal import actions, forms, queries
from mainstay.performance.appraisal.tables import TaskTable
from mainstay.performance.posts.views.common import ActPage
from mainstay.web.pages import FirstUse, ListPage

LIST = "appraisal:task_list"


class TaskList(ListPage):
    """Whom one is to rate."""

    title = _("Ratings to give")
    table_class = TaskTable
    first_use = FirstUse(_("Nothing to rate"), _("When a round begins, those you are asked to rate appear here."))

    def queryset(self) -> Any:
        """The own ones, open ones first."""
        return queries.tasks_of(self.request.user)


class Rate(ActPage):
    """Rate one person on every criterion."""

    acts = actions
    title = _("Rate")
    name = "task"
    verb = "give_ratings"
    form_class = forms.RatingForm
    submit_label = _("Give ratings")

    def rows(self) -> Any:
        """The own ones."""
        return queries.tasks_of(self.request.user)

    def get_title(self) -> Any:
        """Whom."""
        return _("Rate %(person)s") % {"person": self.subject.ratee}

    @property
    def intro(self) -> Any:
        """What keeps this person from rating; otherwise that it is final."""
        bar = queries.bar_to_appraise(self.request.user, self.subject.round)
        return bar or _("Ratings are kept as given. Levels 1 and 5 need an incident: what happened, and when?")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Ratings to give"), reverse(LIST))]

    def form_kwargs(self) -> dict[str, Any]:
        """The criteria in use."""
        return {"criteria": queries.criteria_on(local_today())}

    def success(self, result: Any) -> Any:
        """To the next one."""
        return reverse(LIST)
