"""The detail page: what it is, where it stands, what can be done, its parts, and what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.functional import cached_property

from mainstay.web.pages.answers import is_fragment
from mainstay.web.pages.base import Page, SignedRequest
from mainstay.web.pages.parts import Fact, LogLine, Section, Step, log_of


class DetailPage(Page):
    """One thing, by primary key in the address (`pk`).

    Declare `right`, `queryset()` (narrowed to what the user may see: everything else is 404) and any of
    `get_title`, `badge` (word, hue), `facts`, `steps`, `get_actions`, `sections`, `notices`. With
    `tabs = True` the sections become tabs, each loaded when it is opened.
    """

    template_name = "web/detail.html"
    model: Any = None
    tabs = False
    show_log = True

    def queryset(self) -> Any:
        """Return the rows this person may see."""
        return self.model._default_manager.all()

    @cached_property
    def subject(self) -> Any:
        """Return the thing this page is about, or 404."""
        found = self.queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_title(self) -> Any:
        """Return the heading: by default the thing's own name."""
        return self.title or str(self.subject)

    def badge(self) -> tuple[Any, str] | None:
        """Return the state as (word, hue), shown beside the heading."""
        return None

    def facts(self) -> Sequence[Fact]:
        """Return the few facts of the header."""
        return ()

    def steps(self) -> Sequence[Step]:
        """Return the steps bar; usually `steps_of(graph, state)`."""
        return ()

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Return what needs attention as (hue, text)."""
        return ()

    def sections(self) -> Sequence[Section]:
        """Return the parts below the header."""
        return ()

    def log(self) -> Sequence[LogLine]:
        """Return the operation log, newest first."""
        return log_of(self.subject, self.request.user)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page, or for htmx one section of it (`?section=key`)."""
        wanted = request.GET.get("section", "")
        sections = self.sections()
        if wanted and is_fragment(request):
            return self.one_section(sections, wanted)
        current = next((one for one in sections if one.key == wanted), sections[0] if sections else None)
        return self.page(
            subject=self.subject,
            badge=self.badge(),
            facts=self.facts(),
            steps=self.steps(),
            notices=self.notices(),
            sections=[current] if self.tabs and current else sections,
            tab_list=sections if self.tabs else (),
            current_tab=current.key if current else "",
            log=self.log() if self.show_log else (),
        )

    def one_section(self, sections: Sequence[Section], wanted: str) -> HttpResponse:
        """Render a single section as a fragment."""
        section = next((one for one in sections if one.key == wanted), None)
        if section is None:
            raise Http404
        context = {"section": section, "subject": self.subject, "view": self}
        return TemplateResponse(self.request, "web/parts/section.html", context)


def steps_of(path: Sequence[tuple[Any, Any]], state: Any, *, stopped: bool = False) -> list[Step]:
    """Return the steps bar for a state on its usual path: `path` is (state, title) pairs in order.

    States before the current one are done, those after it are to do. A state off the path (cancelled, say)
    marks nothing as current; pass `stopped=True` to show the current step as stopped.
    """
    states = [one for one, _title in path]
    position = states.index(state) if state in states else -1
    steps = []
    for number, (_state, title) in enumerate(path):
        if number == position:
            last = number == len(path) - 1
            kind = "stopped" if stopped else ("done" if last else "current")
        else:
            kind = "done" if number < position else "todo"
        steps.append(Step(title, kind))
    return steps
