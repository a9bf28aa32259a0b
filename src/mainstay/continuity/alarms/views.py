"""Who gets alarms as text messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.alarms import actions, forms, queries, tables
from mainstay.continuity.alarms.models import Duty
from mainstay.core.outbox.queries import VIEW as MESSAGES
from mainstay.web.pages import Button, FirstUse, FormPage, ListPage, SignedRequest

LIST = "alarms:duty_list"
TITLE = _("Alarms to those on duty")


class DutyList(ListPage):
    """Who is on duty, who was."""

    title = TITLE
    right = queries.VIEW
    table_class = tables.DutyTable
    export = False
    actions = (
        Button(_("Text messages to colleagues"), "outbox:message_list", (), MESSAGES, "message"),
        Button(_("Put on duty"), "alarms:duty_create", (), actions.PUT, "user-plus", True),
    )
    first_use = FirstUse(
        _("Nobody gets alarms by text message"),
        _("Put somebody on duty: what turns red and stays so for a minute is sent to the mobile number."),
        actions[1],
    )

    def queryset(self) -> Any:
        """With when each was told last."""
        return Duty.objects.select_related("user__person").annotate(told_at=Max("notices__at"))


class DutyCreate(FormPage):
    """Put somebody on duty."""

    title = _("Send alarms to somebody on duty")
    right = actions.PUT
    form_class = forms.DutyForm
    submit_label = _("Put on duty")
    intro: Any = _(
        "One message tells of everything that is new. What comes and goes is told once an hour, what stays after four "
        "hours again; what somebody accepted for a time counts amber."
    )

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(TITLE, reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Put."""
        return actions.put_on_duty(by=self.request.user, **form.cleaned_data)

    def success(self, result: Any) -> str:
        """Back to the list."""
        return reverse(LIST)


class DutyEnd(DutyCreate):
    """Take somebody off."""

    title = _("Take somebody off duty")
    right = actions.END
    form_class: Any = forms.EmptyForm
    submit_label = _("End duty")
    intro = ""

    @cached_property
    def duty(self) -> Duty:
        """The duty of the address."""
        return get_object_or_404(Duty.objects.select_related("user__person"), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Who."""
        return f"{self.title}: {self.duty}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """End."""
        return actions.end_duty(duty=self.duty, by=self.request.user)
