"""What waits to leave, and what became of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from mainstay.core.door import register_right
from mainstay.core.home import menu
from mainstay.core.outbox.models import Message

VIEW = register_right("core.outbox.view_messages", _("View text messages to colleagues"))
WRITE, ANSWERS = "core.outbox.write_batch", "core.outbox.import_answers"


def sender() -> str:
    """The company's name before a text message: Chinese as the text, whatever language whoever sends it reads."""
    with override("zh-hans"):
        return str(menu.fact("company_name", None, "") or "")


def waiting() -> QuerySet[Message]:
    """Messages that have not left, the oldest first."""
    return Message.objects.filter(state=Message.State.WAITING).order_by("pk")
