"""The tree of targets: company, units, people; what parts have reached is loaded where somebody looks."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans import queries
from mainstay.performance.plans.models import Contract, Period
from mainstay.performance.plans.queries_parts import rolled_up
from mainstay.performance.plans.queries_tree import lines_of, people_of, periods_with_contracts, tree_of
from mainstay.web.pages import Page, SignedRequest
from mainstay.web.pages.answers import is_fragment


class Tree(Page):
    """Company, units, people: what each target is covered by."""

    title = _("Tree of targets")
    right = queries.VIEW
    template_name = "plans/tree.html"

    @cached_property
    def periods(self) -> list[Period]:
        """The periods to choose from."""
        return periods_with_contracts()

    @cached_property
    def period(self) -> Period | None:
        """The period asked for, else the latest year, else the latest."""
        wanted = self.request.GET.get("period", "")
        chosen = next((one for one in self.periods if one.code == wanted), None)
        years = (one for one in self.periods if one.kind == Period.Kind.YEAR)
        return chosen or next(years, None) or next(iter(self.periods), None)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the tree."""
        tree = tree_of(self.request.user, self.period) if self.period else []
        return super().context(periods=self.periods, period=self.period, tree=tree, **extra)


class TreePeople(Page):
    """The people of one unit, loaded when the branch is opened."""

    title = _("Contracts of people")
    right = queries.VIEW
    template_name = "plans/tree_people_page.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer with a fragment, or a page of its own."""
        period = get_object_or_404(Period.objects, pk=kwargs["period"])
        rows = people_of(self.request.user, period, kwargs["unit"])
        if is_fragment(request):
            return TemplateResponse(request, "plans/tree_people.html", {"rows": rows})
        return self.page(rows=rows)


class TreeReached(Page):
    """The targets of one unit with what they and their parts have reached, loaded when the unit comes into view."""

    title = _("What has been reached")
    right = queries.VIEW
    template_name = "plans/tree_reached_page.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer with the rows, or a page of its own."""
        rows = Contract.objects.visible_to(self.request.user).exclude(kind=Contract.Kind.PERSON)
        contract = get_object_or_404(rows.select_related("period"), pk=kwargs["pk"])
        lines = lines_of([contract.pk])
        for line in lines:
            line.target.contract = contract
        rolled = rolled_up([line.target for line in lines])
        for line in lines:
            line.rolled = rolled[line.target.pk]
        context: dict[str, Any] = {"lines": lines, "reached": True, "contract": contract}
        if is_fragment(request):
            return TemplateResponse(request, "plans/tree_lines.html", context)
        return self.page(**context)
