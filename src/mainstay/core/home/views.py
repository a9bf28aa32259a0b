"""The workbench, and the answers of the search box."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.audit.models import Entry
from mainstay.core.audit.queries import title_of
from mainstay.core.home import cards, search
from mainstay.core.publications.queries import to_acknowledge
from mainstay.core.todos.queries import waiting_for
from mainstay.web.pages import Page, SignedRequest
from mainstay.web.pages.answers import is_fragment

SHOWN = 8


class Workbench(Page):
    """What matters now for this person: numbers, to-dos, texts to read, what he did last."""

    title = _("My work")
    template_name = "home/workbench.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add cards, to-dos, publications, recent acts."""
        user = self.request.user
        shown = [
            {"title": card.title, "figure": figure, "url": card.address(user)}
            for card, figure in cards.figures_for(user)
        ]
        todos = list(waiting_for(user).order_by("due_at", "id")[: SHOWN + 1])
        acts = Entry.objects.filter(by=user.pk).exclude(action="core.access.log_in").order_by("-id")[:SHOWN]
        return super().context(
            cards=[one for one in shown if one["figure"].waits],
            clear=[one for one in shown if not one["figure"].waits],
            todos=todos[:SHOWN],
            more_todos=len(todos) > SHOWN,
            texts=to_acknowledge(user)[:SHOWN],
            recent=[{"at": one.at, "what": title_of(one.action), "refused": one.outcome == "refused"} for one in acts],
            now=timezone.now(),
            **extra,
        )


class Search(Page):
    """The search box: a drop-down for htmx, a page for everybody else."""

    title = _("Search")
    template_name = "home/search.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with groups of hits."""
        text = request.GET.get("q", "")[:60]
        found: dict[str, Any] = {
            "groups": search.search(request.user, text),
            "text": text.strip(),
            "short": len(text.strip()) < search.SHORTEST,
        }
        if is_fragment(request):
            return self.drop_down(found)
        return self.page(**found)

    def drop_down(self, found: dict[str, Any]) -> HttpResponse:
        """Render the hits only."""
        return TemplateResponse(self.request, "home/hits.html", found)
