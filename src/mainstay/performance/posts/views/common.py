"""What the form pages of this app share."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from mainstay.core.door import rights
from mainstay.performance.posts import actions, forms
from mainstay.web.pages import FormPage, SignedRequest


class ActPage(FormPage):
    """A form about one thing (`name`, found in `rows()`), ending in the action `verb` and on the thing's page.

    The form's `values()`, or its cleaned data, are the action's arguments beside the thing.
    """

    form_class: type[BaseForm] = forms.EmptyForm
    acts: Any = actions
    verb = ""
    name = ""

    def rows(self) -> Any:
        """Return the things this person may act on."""
        raise TypeError(f"{type(self).__name__} declares no rows")

    @cached_property
    def subject(self) -> Any:
        """Return the thing, or 404."""
        return get_object_or_404(self.rows(), pk=self.kwargs["pk"])

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form, or 404."""
        self.get_title()  # 404 before a form is shown
        return super().get(request, *args, **kwargs)

    def get_title(self) -> Any:
        """Say what is done to what."""
        return f"{self.title}: {self.subject}"

    def arguments(self, form: Any) -> dict[str, Any]:
        """Return the action's arguments."""
        values = form.values() if hasattr(form, "values") else form.cleaned_data
        return {self.name: self.subject, **values}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Act."""
        return getattr(self.acts, self.verb)(**self.arguments(form), by=request.user)

    def success(self, result: Any) -> Any:
        """Back to the thing."""
        return self.home().get_absolute_url()

    def home(self) -> Any:
        """Return the thing whose page follows."""
        return self.subject


def within(rows: Any, user: Any, right: str, unit: str = "unit_id") -> Any:
    """Narrow rows to the units a right of the user reaches; `unit` leads from a row to its unit's id."""
    ids = rights.unit_ids(user, right)
    return rows if ids is None else rows.filter(**{f"{unit}__in": ids})
