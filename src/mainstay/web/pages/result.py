"""The result page: what happened, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase

from mainstay.web.pages.base import Page, SignedRequest
from mainstay.web.pages.parts import Outcome


class ResultPage(Page):
    """Tells an outcome: declare `outcome()`."""

    template_name = "web/result.html"

    def outcome(self) -> Outcome:
        """Return what happened and the next actions."""
        raise TypeError(f"{type(self).__name__} declares no outcome")

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the outcome."""
        outcome = self.outcome()
        self.title = outcome.title
        return self.page(outcome=outcome)
