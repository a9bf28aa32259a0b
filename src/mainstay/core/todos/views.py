"""Pages of to-dos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.todos import actions, forms, queries
from mainstay.core.todos.filters import TodoFilter
from mainstay.core.todos.models import Todo
from mainstay.core.todos.tables import TodoTable
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, SignedRequest

LIST = "todos:todo_list"


class TodoList(ListPage):
    """One inbox over all parts."""

    title = _("To-dos")
    table_class = TodoTable
    filterset_class = TodoFilter
    search_fields = ("title_zh", "title_en")
    first_use = FirstUse(_("Nothing waits for you"), _("What you or your units must do appears here."))

    def queryset(self) -> Any:
        """Open ones, escalated and dated first."""
        rows = queries.waiting_for(self.request.user)
        return rows.order_by(F("escalated_at").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "id")


class TodoDetail(DetailPage):
    """One to-do."""

    def queryset(self) -> Any:
        """Open ones that are mine or my units'."""
        return queries.waiting_for(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the inbox."""
        return [(_("To-dos"), reverse(LIST))]

    def get_actions(self) -> Sequence[Button]:
        """Do it, take it, assign it, mark it."""
        todo, pk = self.subject, (self.subject.pk,)
        buttons = [Button(_("Open what is to be done"), todo.url, primary=True)] if todo.url else []
        if todo.user_id is None:
            buttons.append(Button(_("Take it"), "todos:take", pk))
        buttons.append(Button(_("Assign"), "todos:assign", pk, "core.todos.assign_todo"))
        return [*buttons, Button(_("Mark as done"), "todos:finish", pk, icon="check")]

    def facts(self) -> Sequence[Fact]:
        """When and for whom."""
        todo = self.subject
        return [
            Fact(_("Due"), todo.due_at, "instant"),
            Fact(_("Since"), todo.created_at, "instant"),
            Fact(_("For"), _("me") if todo.user_id else _("my units")),
            Fact(_("Subject"), todo.subject, "code"),
        ]


class TodoForm(FormPage):
    """A form about one open to-do."""

    verb = ""
    form_class: type[BaseForm] = forms.EmptyForm

    @cached_property
    def todo(self) -> Todo:
        """Return the to-do, or 404."""
        return get_object_or_404(queries.waiting_for(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name it."""
        return f"{self.title}: {self.todo}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Do it."""
        return getattr(actions, self.verb)(todo=self.todo, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the inbox."""
        return reverse(LIST)


class Finish(TodoForm):
    """Mark as done."""

    title = _("Mark as done")
    verb = "finish_todo"
    submit_label = _("Mark as done")


class Take(TodoForm):
    """Make it one's own."""

    title = _("Take it")
    verb = "take_todo"
    submit_label = _("Take this to-do")


class Assign(TodoForm):
    """Give it to somebody."""

    title = _("Assign")
    right = "core.todos.assign_todo"
    verb = "assign_todo"
    form_class = forms.AssignForm
    submit_label = _("Assign this to-do")
