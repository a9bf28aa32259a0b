"""The machine room: items with their checks, the access register with its passes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import segno
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.machineroom import actions, forms, queries, tables
from mainstay.continuity.machineroom.models import Item, Visit
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest

ITEMS, VISITS = "machineroom:item_list", "machineroom:visit_list"
ITEMS_TITLE, VISITS_TITLE = _("Items of the machine room"), _("Access register")


class ItemList(ListPage):
    """Extinguishers, doors, cameras, signs, drills."""

    title = ITEMS_TITLE
    right = queries.VIEW
    model = Item
    table_class = tables.ItemTable
    search_fields = ("label", "name", "place")
    actions = (Button(_("Register item"), "machineroom:item_create", (), actions.SAVE, "plus", True),)
    first_use = FirstUse(
        _("Nothing is registered yet"),
        _("Register extinguishers, doors, cameras, signs and drills; what is overdue turns the board red."),
        actions[0],
    )


class ItemDetail(DetailPage):
    """One item and its checks."""

    right = queries.VIEW
    model = Item

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(ITEMS_TITLE, reverse(ITEMS))]

    def get_actions(self) -> Sequence[Button]:
        """Check it, change it, give it up."""
        if self.subject.retired_on:
            return ()
        pk = (self.subject.pk,)
        return [
            Button(_("Record check"), "machineroom:item_check", pk, actions.CHECK, "clipboard-check", primary=True),
            Button(_("Change item"), "machineroom:item_change", pk, actions.SAVE, "edit"),
            Button(_("Give up item"), "machineroom:item_retire", pk, actions.RETIRE, "ban", danger=True),
        ]

    def facts(self) -> Sequence[Fact]:
        """What it is and when it is due."""
        one = self.subject
        return [
            Fact(_("kind"), one.get_kind_display()),
            Fact(_("standing place"), one.place),
            Fact(_("check every (days)"), one.every_days),
            Fact(_("last checked"), one.last_on, "date"),
            Fact(_("next check"), one.due_on, "date"),
            Fact(_("network address"), one.address, "code"),
            Fact(_("given up on"), one.retired_on, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """The checks, newest first."""
        checks = list(self.subject.checks.select_related("by__person")[:50])
        return [Section(_("Checks"), template="machineroom/checks.html", context={"checks": checks}, key="checks")]


class _ItemForm(FormPage):
    """An item, new or there."""

    @cached_property
    def item(self) -> Item | None:
        """The item of the address; None for a new one."""
        return get_object_or_404(Item, pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list, or the item."""
        found: list[tuple[Any, str]] = [(ITEMS_TITLE, reverse(ITEMS))]
        return found if self.item is None else [*found, (self.item, self.item.get_absolute_url())]


class ItemSave(_ItemForm):
    """Register or change."""

    title = _("Register an item of the machine room")
    right = actions.SAVE
    form_class = forms.ItemForm
    submit_label = _("Save item")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        if self.item is None:
            return super().initial()
        return {name: getattr(self.item, name) for name in forms.ItemForm.base_fields}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.save_item(item=self.item, by=self.request.user, **form.cleaned_data)


class ItemCheck(_ItemForm):
    """Record a check."""

    title = _("Check an item of the machine room")
    right = actions.CHECK
    form_class = forms.CheckForm
    submit_label = _("Record check")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Record it."""
        assert self.item is not None  # noqa: S101 - the address has its key
        return actions.check_item(item=self.item, by=self.request.user, **form.cleaned_data)

    def success(self, result: Any) -> str:
        """Back to the item."""
        return str(result.item.get_absolute_url())


class ItemRetire(_ItemForm):
    """Give it up."""

    title = _("Give up an item of the machine room")
    right = actions.RETIRE
    form_class = forms.RetireForm
    submit_label = _("Give up item")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Give it up."""
        assert self.item is not None  # noqa: S101 - the address has its key
        return actions.retire_item(item=self.item, by=self.request.user, **form.cleaned_data)


class VisitList(ListPage):
    """Who was in the room."""

    title = VISITS_TITLE
    right = queries.VIEW
    model = Visit
    table_class = tables.VisitTable
    search_fields = ("who", "company", "why", "escort", "code")
    search_placeholder = _("Name, company, or scan the pass")
    actions = (Button(_("Admit visitor"), "machineroom:visit_create", (), actions.ADMIT, "user-plus", True),)
    first_use = FirstUse(
        _("Nobody was in the room yet"), _("Every visitor is admitted, escorted, signed in and out."), actions[0]
    )

    def queryset(self) -> Any:
        """With who admitted."""
        return Visit.objects.select_related("by__person")


class VisitDetail(DetailPage):
    """One visit and its pass."""

    right = queries.VIEW
    model = Visit

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the register."""
        return [(VISITS_TITLE, reverse(VISITS))]

    def badge(self) -> tuple[Any, str] | None:
        """Expected, in the room, gone."""
        return tables.STATES[self.subject.state]

    def get_actions(self) -> Sequence[Button]:
        """Let in, or out."""
        labels = {"expected": _("Let in"), "in": _("Let out")}
        if self.subject.state not in labels:
            return ()
        pk = (self.subject.pk,)
        return [Button(labels[self.subject.state], "machineroom:visit_pass", pk, actions.PASS, "login", primary=True)]

    def facts(self) -> Sequence[Fact]:
        """Who, why, with whom, when."""
        one = self.subject
        return [
            Fact(_("company"), one.company),
            Fact(_("reason"), one.why),
            Fact(_("escort"), one.escort),
            Fact(_("for the day"), one.planned_on, "date"),
            Fact(_("in"), one.came_at, "instant"),
            Fact(_("out"), one.left_at, "instant"),
            Fact(_("admitted by"), one.by),
        ]

    def sections(self) -> Sequence[Section]:
        """The pass, to print or to show."""
        drawn = BytesIO()
        picture = segno.make(self.subject.code, error="m")
        picture.save(drawn, kind="svg", scale=5, border=2, xmldecl=False)  # not a model: a picture
        shown = mark_safe(drawn.getvalue().decode())  # noqa: S308 - made here from hexadecimal digits
        return [Section(_("Pass"), template="machineroom/pass.html", context={"picture": shown}, key="pass")]


class VisitCreate(FormPage):
    """Admit a visitor."""

    title = _("Admit a visitor to the machine room")
    right = actions.ADMIT
    form_class = forms.VisitForm
    submit_label = _("Admit visitor")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the register."""
        return [(VISITS_TITLE, reverse(VISITS))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Write it down."""
        return actions.admit_visitor(by=self.request.user, **form.cleaned_data)


class VisitPass(FormPage):
    """Let in or out."""

    title = _("Let a visitor in or out")
    right = actions.PASS
    form_class = forms.EmptyForm
    submit_label = _("Let pass")
    intro = _("The first time the pass lets in, the second time out. The time is taken now.")

    @cached_property
    def visit(self) -> Visit:
        """The visit of the address."""
        return get_object_or_404(Visit, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the visit."""
        return [(VISITS_TITLE, reverse(VISITS)), (self.visit, self.visit.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Let pass."""
        return actions.pass_visitor(visit=self.visit, by=self.request.user)
