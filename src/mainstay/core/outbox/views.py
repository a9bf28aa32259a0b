"""Pages of the outbox: messages and what became of them, the files that left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.answers import download
from mainstay.core.outbox import queries, tables
from mainstay.core.outbox.actions import write_batch
from mainstay.core.outbox.filters import MessageFilter
from mainstay.core.outbox.models import Batch, Message
from mainstay.web.pages import Button, FirstUse, ListPage, Page, SignedRequest

TITLE = _("Text messages to colleagues")


class MessageList(ListPage):
    """What waits, what left, what came back."""

    title = TITLE
    right = queries.VIEW
    table_class = tables.MessageTable
    filterset_class = MessageFilter
    search_fields = ("to", "text", "number")
    search_placeholder = _("Addressee, text or number")
    model = Message
    first_use = FirstUse(
        _("No text message was queued yet"),
        _("Alarms of operational safety go to whoever is on duty, as text messages that leave in numbered files."),
    )

    def get_actions(self) -> Sequence[Button]:
        """Write out by hand where there is no gateway; files and answers."""
        found = [
            Button(_("Files"), "outbox:batch_list", (), queries.WRITE, "files"),
            Button(_("Import answers"), "sheets:import_upload", ("core.outbox.answers",), queries.ANSWERS),
        ]
        if not settings.OUTBOX_FOLDER:
            write = Button(_("Write out messages"), "outbox:write", (), queries.WRITE, "send", True, method="post")
            found.append(write)
        return found


class Write(Page):
    """The button that writes what waits into a file."""

    right = queries.WRITE

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Write it, and go to the files."""
        made = write_batch(by=self.request.user)
        text = _("%(n)s messages are in the file %(number)s. Carry it to the gateway, and bring the answers back.")
        messages.success(request, str(text % {"n": made.messages, "number": made.number}))
        return HttpResponseRedirect(reverse("outbox:batch_list"))

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An address opened by hand leads to the messages."""
        return HttpResponseRedirect(reverse("outbox:message_list"))


class BatchList(ListPage):
    """The files; they hold the numbers in full."""

    title = _("Files of text messages")
    right = queries.WRITE
    table_class = tables.BatchTable
    export = False

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the messages."""
        return [(TITLE, reverse("outbox:message_list"))]

    def queryset(self) -> Any:
        """With who wrote them."""
        return Batch.objects.select_related("by__person")


class BatchFile(Page):
    """A file as it left."""

    right = queries.WRITE

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give it to save."""
        return download(get_object_or_404(Batch.objects.select_related("file__file"), pk=kwargs["pk"]).file)
