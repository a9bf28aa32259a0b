"""Pages over a real model (the units of the organisation), declared as the product's own pages are."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from mainstay.config import urls as product
from mainstay.core import door
from mainstay.core.organisation.models import Unit
from mainstay.kit.errors import Problem
from mainstay.web.pages import (
    BatchAction,
    Button,
    CodeColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    FormStep,
    ListPage,
    MoneyColumn,
    Section,
    StepPage,
)

handler400, handler403 = product.handler400, product.handler403
handler404, handler500 = product.handler404, product.handler500
CALLS: list[Any] = []


class UnitTable(tables.Table):
    code = CodeColumn(linkify=("test:detail", [tables.A("pk")]))
    name_zh = tables.Column(verbose_name="名称")
    name_en = tables.Column(verbose_name="Name")
    pk = MoneyColumn(verbose_name="Amount", accessor="pk")
    path = tables.Column(verbose_name="Secret")
    head = tables.Column(verbose_name="Above", accessor="parent__name_zh")

    class Meta:
        order_by = "name_en"

    def render_path(self) -> str:
        return "***"


class UnitFilter(django_filters.FilterSet):
    code = django_filters.CharFilter(lookup_expr="startswith", label="Code")
    active_from = django_filters.NumberFilter(field_name="pk", lookup_expr="gte", label="From")
    top = django_filters.BooleanFilter(field_name="parent", lookup_expr="isnull", label="Top")


class Units(ListPage):
    title = "Units"
    right = "test.view"
    table_class = UnitTable
    filterset_class = UnitFilter
    filters_shown = 1
    model = Unit
    search_fields = ("name_en",)
    first_use = FirstUse("No units yet", "Units hold posts.", Button("Add unit", "/test/form/"))
    actions = (Button("Add unit", "/test/form/", right="test.add"),)
    batch_actions = (
        BatchAction("close", "Close units", lambda request, rows: f"closed {rows.count()}", right="test.close"),
    )

    def queryset(self) -> Any:
        return Unit.objects.exclude(code__startswith="HIDDEN").select_related("parent")


class FewUnits(Units):
    count_limit = 30
    export_limit = 30


class BrokenUnits(Units):
    def queryset(self) -> Any:
        raise OperationalError("canceling statement due to statement timeout")


class UnitDetail(DetailPage):
    right = "test.view"
    model = Unit

    def facts(self) -> list[Fact]:
        return [Fact("Phone", "138****5678", reveal_url="/test/reveal/"), Fact("Due", -12345, "money")]

    def get_actions(self) -> list[Button]:
        return [
            Button("Close unit", "/test/form/", right="test.close"),
            Button("Print unit", "/test/form/", primary=True),
        ]

    def sections(self) -> list[Section]:
        return [Section("Posts", facts=[Fact("Head", "<b>nobody</b>")], key="posts"), Section("Rooms", key="rooms")]


class UnitForm(forms.Form):
    code = forms.CharField(label="Code", max_length=8)
    note = forms.CharField(label="Note", required=False)


class AddUnit(FormPage):
    title = "Add unit"
    right = "test.add"
    form_class = UnitForm
    submit_label = "Add this unit"
    success_url = "/test/list/"
    success_message = "The unit was added."

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        code = form.cleaned_data["code"]
        if code == "taken":
            raise Problem("This code is taken: choose another.", field="code")
        if code == "whole":
            raise Problem("The books are closed: wait until tomorrow.")
        if code == "refused":
            raise door.Refused("test.add", "Above your limit.")
        if code == "eyes":
            raise door.ApprovalFiled(Unit(pk=1))  # type: ignore[arg-type]  # anything with a key
        CALLS.append(code)
        return code


class AddInSteps(StepPage):
    title = "Add in steps"
    submit_label = "Add it all"
    success_url = "/test/list/"
    form_steps = (FormStep("one", "One", UnitForm), FormStep("two", "Two", UnitForm))

    def steps_call(self, data: dict[str, Any], request: HttpRequest) -> Any:
        if data["two"]["code"] == "bad":
            raise Problem("Two is bad.")
        CALLS.append(data)


def raising(request: HttpRequest, what: str) -> HttpResponse:
    errors = {
        "problem": Problem("The index is too low.", code="index_low"),
        "refused": door.Refused("test.view", "Another unit."),
        "forbidden": PermissionDenied("Not yours."),
        "fault": RuntimeError("boom"),
    }
    raise errors[what]


pages = [
    path("list/", Units.as_view(), name="list"),
    path("few/", FewUnits.as_view(), name="few"),
    path("broken/", BrokenUnits.as_view(), name="broken"),
    path("detail/<int:pk>/", UnitDetail.as_view(), name="detail"),
    path("form/", AddUnit.as_view(), name="form"),
    path("steps/", AddInSteps.as_view(), name="steps"),
    path("raise/<str:what>/", raising, name="raise"),
]
urlpatterns = [path("test/", include((pages, "test"))), *product.urlpatterns]
