"""What several pages of access share."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.access.actions import Issued
from mainstay.core.access.forms import ReasonForm
from mainstay.core.door import register_right
from mainstay.web.pages import Button, Fact, FormPage, Outcome

VIEW_USERS = register_right("core.access.view_users", gettext_lazy("View users"))
VIEW_ROLES = register_right("core.access.view_roles", gettext_lazy("View roles and grants"))
VIEW_TOKENS = register_right("core.access.view_tokens", gettext_lazy("View API tokens"))


class SubjectForm(FormPage):
    """A form about one row, whose key is in the address; afterwards back to `back` with it."""

    model: Any = None
    back = ""

    @cached_property
    def subject(self) -> Any:
        """Return the row, or 404."""
        return get_object_or_404(self.model, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Say what is done to whom."""
        return f"{self.title}{_(': ')}{self.subject}"

    def success(self, result: Any) -> Any:
        """Back to the row."""
        return reverse(self.back, args=[self.subject.pk])


class ReasonedForm(SubjectForm):
    """A form about one row that asks for the reason only."""

    form_class = ReasonForm


def issued_outcome(issued: Issued, title: Any, label: Any, back: str) -> Outcome:
    """Return the page that shows a secret once."""
    return Outcome(
        title=title,
        text=_("It is shown now and never again. Hand it over in person, or have it typed in at once."),
        facts=[Fact(_("User"), issued.user.username, "code"), Fact(label, issued.secret, "code", copy=True)],
        buttons=[Button(_("Back to the list"), back, primary=True)],
    )
