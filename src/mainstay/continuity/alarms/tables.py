"""Table of duty."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.continuity.alarms.actions import END
from mainstay.continuity.alarms.models import Duty
from mainstay.core.door import rights
from mainstay.web.pages import BadgeColumn, InstantColumn
from mainstay.web.templatetags.mainstay import badge


class DutyTable(tables.Table):
    """Who gets alarms, the latest first."""

    user = tables.Column(orderable=False)
    phone = tables.Column(orderable=False)
    least = BadgeColumn(hues={"red": "red", "amber": "amber"}, orderable=False)
    from_at = InstantColumn(orderable=False)
    until_at = InstantColumn(orderable=False)
    told_at = InstantColumn(verbose_name=_("told last"), orderable=False)
    state = tables.Column(empty_values=(), verbose_name=_("state"), orderable=False)

    class Meta:
        model = Duty
        fields = ("user", "phone", "least", "from_at", "until_at", "told_at", "state")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.now()

    def render_phone(self, value: str) -> str:
        """Its last four figures."""
        return f"***{value[-4:]}"

    value_phone = render_phone

    def render_state(self, record: Duty) -> Any:
        """On duty, later, over; and for those who may the way to end it."""
        if record.until_at and record.until_at <= self.now:
            return badge(pgettext_lazy("duty", "over"), "grey")
        word = badge(_("later"), "blue") if record.from_at > self.now else badge(pgettext_lazy("duty", "now"), "green")
        if not rights.allowed(self.request.user, END):
            return word
        return format_html('{} <a href="{}">{}</a>', word, reverse("alarms:duty_end", args=[record.pk]), _("End …"))
