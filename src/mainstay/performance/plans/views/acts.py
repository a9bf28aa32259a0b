"""The page that most acts of 4R share: a form about one thing, whose action is named in a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.performance.plans.forms import EmptyForm
from mainstay.web.pages import FormPage, SignedRequest


class ActPage(FormPage):
    """A form that calls one action.

    Declare `act` (the action) and, for an act on a thing, `key` (its keyword) and `rows()`; fields named `unit` offer
    the units that `right` reaches. `facts(form)` gives the keywords of the action.
    """

    form_class: type[forms.BaseForm] = EmptyForm
    act: Callable[..., Any]
    key = ""

    def rows(self) -> Any:
        """Return the rows among which the thing is looked for."""
        raise TypeError(f"{type(self).__name__} declares no rows")

    @cached_property
    def thing(self) -> Any:
        """Return what the act is about, or 404."""
        return get_object_or_404(self.rows(), pk=self.kwargs["pk"])

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form, once its thing is known to be there."""
        if self.key:
            _found = self.thing
        return super().get(request, *args, **kwargs)

    def get_title(self) -> Any:
        """Name the act, and the thing."""
        return f"{self.title}: {self.thing}" if self.key else self.title

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the thing."""
        return [(str(self.thing), self.thing.get_absolute_url())] if self.key else ()

    def make_form(self, bound: bool) -> Any:
        """Narrow the units to choose from to those the right reaches."""
        form = super().make_form(bound)
        if "unit" in form.fields and self.right:
            form.fields["unit"].queryset = units_visible_to(self.request.user, self.right).filter(closed_on=None)
        return form

    def facts(self, form: Any) -> dict[str, Any]:
        """Return the keywords of the action: by default the form's cleaned data."""
        return dict(form.cleaned_data)

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Call the action."""
        about = {self.key: self.thing} if self.key else {}
        return type(self).act(**about, **self.facts(form), by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the page of the thing the act was about, else of its result."""
        return str((self.thing if self.key else result).get_absolute_url())


def own_units(page: Any, right: str) -> list[Unit]:
    """Return the units a right of the page's user reaches."""
    return list(units_visible_to(page.request.user, right).filter(closed_on=None))
