"""The inbox."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mainstay.core.todos.models import Todo
from mainstay.web.pages import InstantColumn
from mainstay.web.templatetags.mainstay import badge


class TodoTable(tables.Table):
    """What waits, the most urgent first."""

    title = tables.Column(empty_values=(), verbose_name=_("what"), orderable=False)
    state = tables.Column(empty_values=(), verbose_name=_("state"), orderable=False)
    due_at = InstantColumn(orderable=False)
    created_at = InstantColumn(orderable=False)
    whose = tables.Column(empty_values=(), verbose_name=_("for"), orderable=False)

    class Meta:
        model = Todo
        fields = ("title", "state", "due_at", "created_at", "whose")

    def render_title(self, record: Todo) -> Any:
        """Link to where it is done, or to its own page when it has no place."""
        return format_html('<a href="{}">{}</a>', record.url or record.get_absolute_url(), record.title)

    def value_title(self, record: Todo) -> str:
        """Text of the export."""
        return record.title

    def render_state(self, record: Todo) -> Any:
        """Overdue or waiting."""
        if record.due_at and record.due_at < timezone.now():
            return badge(_("overdue"), "red")
        return badge(_("waiting"), "amber")

    def value_state(self, record: Todo) -> Any:
        """Text of the export."""
        return _("overdue") if record.due_at and record.due_at < timezone.now() else _("waiting")

    def render_whose(self, record: Todo) -> Any:
        """Mine, or shared with everybody who has the right."""
        return _("me") if record.user_id else _("my units")

    value_whose = render_whose
