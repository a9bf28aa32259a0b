"""Districts and communities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.gas.customers import actions, forms, queries
from mainstay.gas.customers.filters import AreaFilter
from mainstay.gas.customers.models import Area
from mainstay.gas.customers.tables import CHANGE_AREA, AreaTable
from mainstay.web.pages import Button, FirstUse, FormPage, ListPage, Page, SignedRequest, act_on

CREATE = "gas.customers.create_area"


class AreaList(ListPage):
    """Areas."""

    title = _("Areas")
    right = queries.VIEW_AREA
    model = Area
    table_class = AreaTable
    filterset_class = AreaFilter
    search_placeholder = _("Name or initials")
    actions = (Button(_("Create area"), "customers:area_create", right=CREATE, icon="plus", primary=True),)
    first_use = FirstUse(
        _("No areas yet"),
        _("Districts hold communities, communities hold addresses."),
        Button(_("Create the first area"), "customers:area_create", right=CREATE, primary=True),
    )

    def queryset(self) -> Any:
        """All areas: they are no secret."""
        return Area.objects.select_related("parent", "unit").order_by("name", "pk")


class AreaCreate(FormPage):
    """A new area."""

    title = _("Create area")
    right = CREATE
    form_class = forms.NewAreaForm
    submit_label = _("Create area")

    def form_kwargs(self) -> dict[str, Any]:
        """For the branches offered."""
        return {"user": self.request.user}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_area(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the list, at the new one."""
        return f"{reverse('customers:area_list')}?q={result.name}"


class AreaChange(FormPage):
    """Another name or district."""

    title = _("Change area")
    right = CHANGE_AREA
    form_class = forms.AreaForm
    submit_label = _("Save area")

    @cached_property
    def area(self) -> Area:
        """An area of the person's branches (of any when he has the right to all), or 404."""
        ids = rights.unit_ids(self.request.user, self.right or "")
        rows = Area.objects.select_related("parent") if ids is None else Area.objects.filter(unit__in=ids)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Act and area."""
        return act_on(self.title, self.area)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Areas"), reverse("customers:area_list"))]

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.area.name, "parent": self.area.parent}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        return actions.change_area(area=self.area, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the list."""
        return reverse("customers:area_list")


class AreaOptions(Page):
    """Suggestions for a community field."""

    right = None

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the options of a list of suggestions."""
        areas = queries.areas_beginning(request.GET.get("community", "").strip()[:60])
        return render(request, "customers/area_options.html", {"areas": areas})
